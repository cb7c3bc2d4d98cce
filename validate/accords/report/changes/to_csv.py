"""Writes a comparison as CSV, one line for each changed cell, for people who open it in a spreadsheet.

Where a spreadsheet would take a value for a formula, it gets a leading apostrophe, and so does a value that
has one of its own: to drop one leading apostrophe from a cell gives the value back. An empty cell stands
both for an empty value and for none. The form that is exact is JSON.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence

from accords.changes import Cell, Difference, RowChange

COLUMNS = ("resource", "change", "key", "row", "field", "before", "after", "lints")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_STARTS = "=+-@\t\r\n'＝＋－＠"  # the wide ones count as well where East Asian text is usual


def to_csv(difference: Difference) -> str:
    """Return the changed rows as CSV with a header; `key` is a JSON object, `lints` are parted by blanks."""
    cells = (_texts(row, cell) for row in difference.rows for cell in row.cells or (Cell("", None, None),))
    return "".join([_line(COLUMNS), *(_line([_safe(text) for text in texts]) for texts in cells)])


def _line(texts: Sequence[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow(texts)  # so that a cell with either of them is quoted
    return out.getvalue().removesuffix("\r\n") + "\n"


def _texts(row: RowChange, cell: Cell) -> tuple[str, ...]:
    key = json.dumps(dict(row.key), ensure_ascii=False)
    before, after = cell.before or "", cell.after or ""
    return row.resource, row.kind.value, key, str(row.row), cell.field, before, after, " ".join(row.lints)


def _safe(text: str) -> str:
    begins = text.lstrip(" ")[:1]  # blanks before a sign do not keep a spreadsheet from reading a formula
    return f"'{text}" if begins and begins in _STARTS and not _NUMBER.fullmatch(text) else text
