"""Writes a comparison as CSV, one line for each changed cell, for people who open it in a spreadsheet.

Values are formula-safe as in `report.cells`. An empty cell stands both for an empty value and for none. The
form that is exact is JSON.
"""

from __future__ import annotations

import json

from accords.changes import Cell, Difference, RowChange
from accords.report.cells import line, safe

COLUMNS = ("resource", "change", "key", "row", "field", "before", "after", "lints")


def to_csv(difference: Difference) -> str:
    """Return the changed rows as CSV with a header; `key` is a JSON object, `lints` are parted by blanks."""
    cells = (_texts(row, cell) for row in difference.rows for cell in row.cells or (Cell("", None, None),))
    return "".join([line(COLUMNS), *(line([safe(text) for text in texts]) for texts in cells)])


def _texts(row: RowChange, cell: Cell) -> tuple[str, ...]:
    key = json.dumps(dict(row.key), ensure_ascii=False)
    before, after = cell.before or "", cell.after or ""
    return row.resource, row.kind.value, key, str(row.row), cell.field, before, after, " ".join(row.lints)
