"""The package as a workbook: flat tables first, then every table, code lists, codebook, changes, how to cite.

Apart from the CSVs, because a spreadsheet that opens a CSV makes dates of `2023-06` and numbers of codes; here
every cell is text and stays it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from typing import Any

from accords.build.release import Release
from accords.build.to_codebook import columns
from accords.build.to_flat import flats
from accords.build.to_metadata import reference
from accords.intake.workbook import packing
from accords.register.flat import DERIVED

_WIDEST, _NARROWEST, _SAMPLE = 60, 10, 200
_WHEN = datetime.datetime(2000, 1, 1)  # equal packages give equal bytes; the release's own day stands inside
_LONGEST = 32_767  # characters that a cell of a spreadsheet holds
_NAME = 31  # characters that the name of a sheet may have
_HEAD = (
    "table",
    "column",
    "title",
    "tiêu đề",
    "type",
    "must",
    "refers to",
    "filled",
    "values",
    "what it says",
    "example",
)


def xlsx(release: Release) -> dict[str, bytes]:
    """Return the workbook; raises `UsageError` where the library for workbooks is not installed."""
    workbook = _Workbook()
    for table in flats(release):
        workbook.sheet(table.name, tuple(table.columns), table.rows)
    described = release.described()
    lists = [(item, schema) for item, schema in described if item.vocabulary or "/vocabularies/" in item.path]
    for item, schema in [*(pair for pair in described if pair not in lists), *lists]:
        rows = ([row[name] for name in schema.names] for row in release.tables.rows(item.name))
        workbook.sheet(item.name, schema.names, rows)
    workbook.sheet("codebook", _HEAD, _codebook(release))
    if release.package.changes:
        text = release.package.files.read(release.package.changes).decode("utf-8")
        workbook.sheet("what's new", ("",), ([line] for line in text.splitlines()))
    workbook.sheet("how to cite", ("", ""), _about(release))
    return {f"{release.stem}.xlsx": workbook.packed()}


class _Workbook:
    """A workbook that is written sheet after sheet, row after row, so that it never stands in memory as cells."""

    def __init__(self) -> None:
        packing.library()
        from openpyxl import Workbook

        self._book = Workbook(write_only=True)
        self._book.properties.creator, self._book.properties.created = "accords", _WHEN
        self._names: set[str] = set()

    def sheet(self, name: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Add a sheet of text cells: the header stays in sight and has a filter, columns are as wide as their texts."""
        from openpyxl.utils import get_column_letter

        held = [list(row) for row in rows]
        sheet = self._book.create_sheet(self._named(name))
        for number, label in enumerate(head, 1):
            longest = max((len(row[number - 1]) for row in held[:_SAMPLE]), default=0)
            width = min(_WIDEST, max(_NARROWEST, len(label) + 4, longest + 2))
            sheet.column_dimensions[get_column_letter(number)].width = width
        if any(head):
            sheet.freeze_panes = "B2"
            sheet.auto_filter.ref = f"A1:{get_column_letter(len(head))}{len(held) + 1}"
            sheet.append([self._cell(sheet, label, bold=True) for label in head])
        for row in held:
            sheet.append([self._cell(sheet, text) if text else None for text in row])

    def packed(self) -> bytes:
        """Return the bytes of the workbook, the same for the same sheets."""
        return packing.packed(self._book)

    def _cell(self, sheet: Any, text: str, bold: bool = False) -> Any:
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
        from openpyxl.styles import Font

        cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text)[:_LONGEST])
        cell.data_type, cell.number_format = "s", "@"
        if bold:
            cell.font = Font(bold=True)
        return cell

    def _named(self, name: str) -> str:
        """Return a name that a sheet may have, unlike all others; letter case does not tell them apart."""
        plain = re.sub(r"[\[\]:*?/\\]", "-", name)[:_NAME]
        found, number = plain, 1
        while found.casefold() in self._names:
            number += 1
            found = f"{plain[: _NAME - len(str(number)) - 1]}-{number}"
        self._names.add(found.casefold())
        return found


def _about(release: Release) -> list[tuple[str, str]]:
    told = release.descriptor
    about = [
        ("title", told.get("title", "")),
        ("version", release.package.version or ""),
        ("released", release.created.date().isoformat()),
        ("terms judged as of", release.as_of.isoformat()),
        ("what it is", told.get("description", "")),
        ("how to cite", reference(release)),
        *(
            ("licence", f"{item.get('title') or item.get('name')}: {item.get('path', '')}")
            for item in told.get("licenses", [])
        ),
        ("empty cells", "not recorded"),
        ("dates", "2023, 2023-06 and 2023-06-14 are years, months and days; ? uncertain, ~ about, % both"),
    ]
    if release.forced:
        about.insert(0, ("NOT VALID", "built by force, although the package has errors; do not publish it"))
    return about


def _codebook(release: Release) -> Iterable[tuple[str, ...]]:
    titles = {field.name: (field.title, field.title_vi) for _, schema in release.described() for field in schema.fields}
    for table in flats(release):
        for number, (name, told) in enumerate(table.columns.items()):
            held = [row[number] for row in table.rows if row[number]]
            filled = f"{100 * len(held) / len(table.rows):.0f} %" if table.rows else ""
            title, title_vi = titles.get(name) or DERIVED[name]
            example = held[0] if held else ""
            yield (table.name, name, title, title_vi, "string", "", "", filled, str(len(set(held))), told, example)
    for item, schema in release.described():
        for column in columns(release, item, schema):
            cells: tuple[str, ...] = astuple(column)  # name, titles, type …: the columns of the sheet in their order
            yield (item.name, *cells)
