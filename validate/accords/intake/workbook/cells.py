"""Reads one cell of a workbook: its text, or what a spreadsheet has made of it.

Apart from `reading`, which knows where cells stand. A cell that holds text is text. Of what is no text only that
is taken which can mean one thing only: a year, a whole day, a plain number or yes and no where one is asked.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from accords.checks.text import PLACEHOLDERS
from accords.intake.form import Kind
from accords.intake.workbook.layout import Column
from accords.tidy import mended

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell

REFUSED = "cell-refused"
_BETWEEN_QUOTES = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_EPOCH = datetime.datetime(1899, 12, 30)
_SERIALS = range(20_000, 80_000)  # 1954 to 2119, as spreadsheets count days


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a cell is not read: a code of the catalogue, its variant, and what its sentence says."""

    code: str
    variant: str
    value: str
    params: dict[str, Any] = field(default_factory=dict)


def read(cell: Cell, column: Column) -> str | Fault:
    """Return the text of a cell, "" where it says nothing, or why it cannot be taken."""
    value, kind = cell.value, column.item.kind if column.item else None
    if value is None:
        return ""
    if cell.data_type == "f":
        return Fault(REFUSED, "formula", str(getattr(value, "text", None) or value))
    if cell.data_type == "e":
        return Fault(REFUSED, "error", str(value))
    if isinstance(value, bool):
        return ("yes" if value else "no") if kind is Kind.FLAG else Fault(REFUSED, "boolean", str(value).upper())
    if isinstance(value, int | float):
        return _number(value, cell.number_format, column)
    if isinstance(value, datetime.datetime | datetime.date | datetime.time | datetime.timedelta):
        return _date(value, cell.number_format, kind)
    return _text(str(value))


def _text(value: str) -> str | Fault:
    from openpyxl.utils.escape import unescape

    text = unescape(value) if "_x" in value else value
    plain = mended(text)
    if variant := PLACEHOLDERS.get(plain.lower()):
        return Fault("placeholder-text", variant, plain)
    return text if plain else ""


def _number(value: float, number_format: str, column: Column) -> str | Fault:
    """Return a number as plain digits where one is asked, or a year where a date is."""
    shown, kind = _digits(value), column.item.kind if column.item else None
    if kind is Kind.NUMBER:
        return Fault(REFUSED, "percent", shown) if "%" in _codes(number_format) else shown
    if kind is Kind.DATE:
        if value == int(value) and 1000 <= value < 2200:
            return shown
        if int(value) in _SERIALS:
            day = (_EPOCH + datetime.timedelta(days=int(value))).date()
            return Fault(REFUSED, "serial", shown, {"day": day.isoformat()})
    if kind is Kind.FLAG or (column.item is None and value == int(value)):
        return shown
    return Fault(REFUSED, "number", shown)


def _date(value: Any, number_format: str, kind: Kind | None) -> str | Fault:
    """Return a whole day; nobody can tell what a date was that shows no day or no year."""
    if isinstance(value, datetime.time | datetime.timedelta):
        return Fault(REFUSED, "time", str(value))
    day = value.date() if isinstance(value, datetime.datetime) else value
    if kind is not Kind.DATE:
        return Fault(REFUSED, "day", day.isoformat())
    if isinstance(value, datetime.datetime) and value.time() != datetime.time():
        return Fault(REFUSED, "time", value.isoformat(" "))
    codes = _codes(number_format)
    if "d" in codes and "y" in codes:
        return str(day.isoformat())
    return Fault(REFUSED, "month", day.isoformat(), {"month": day.isoformat()[:7], "day": day.isoformat()})


def _codes(number_format: str) -> str:
    """Return what a format shows, without the texts in it."""
    return _BETWEEN_QUOTES.sub("", number_format).lower()


def _digits(value: float) -> str:
    """Return a number as a spreadsheet shows it, in full."""
    return f"{value}" if isinstance(value, int) else format(Decimal(format(value, ".15g")), "f")
