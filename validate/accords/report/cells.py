"""Cells of a CSV that people open in a spreadsheet: none of them starts a formula.

Apart from the writers, because two of them need it. Where a spreadsheet would take a value for a formula, it
gets a leading apostrophe, and so does a value that has one of its own: to drop one leading apostrophe from a
cell gives the value back.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_STARTS = "=+-@\t\r\n'＝＋－＠"  # the wide ones count as well where East Asian text is usual


def line(texts: Sequence[str]) -> str:
    """Return one line of a CSV."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow(texts)  # so that a cell with either of them is quoted
    return out.getvalue().removesuffix("\r\n") + "\n"


def safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    begins = text.lstrip(" ")[:1]  # blanks before a sign do not keep a spreadsheet from reading a formula
    return f"'{text}" if begins and begins in _STARTS and not _NUMBER.fullmatch(text) else text
