"""Reads a workbook into rows: which sheet is which, which column is which, what each cell says.

Apart from `gathering`, which makes contributions of the rows: here is what people do to workbooks. Sheets may be
renamed and moved, columns moved and added, rows left empty, hidden or filtered; all is found by the keys in the
second row or, where that was deleted, by the titles in either language. What cannot be placed is a finding.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from accords.intake.document import Document, Trail
from accords.intake.findings import Finding, Findings
from accords.intake.folding import folded
from accords.intake.form import LANGUAGES
from accords.intake.workbook import cells
from accords.intake.workbook.layout import FOR, ROW, Column, Layout, Sheet, told

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

OWN = "accords."
"""How the key of a sheet starts that is ours and holds nothing to read."""

_HEAD = 5  # rows in which the keys or titles of columns may stand
_NEEDED = 2  # columns that must be known before a sheet is taken for one of ours


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet: the texts of its filled cells and the places of all, by the key of the column."""

    sheet: Sheet
    texts: Mapping[str, str]
    columns: Mapping[str, Column]
    spots: Mapping[str, str]

    @property
    def name(self) -> str:
        """Return what other sheets call the row, or ""."""
        return self.texts.get(ROW, "").strip()


@dataclass(slots=True)
class Content:
    """What a workbook says: rows by sheet, the language of its titles, and what could not be read.

    `carrier` stands for the workbook as a whole where a finding belongs to none of its contributions.
    """

    path: str
    language: str
    rows: list[Row] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)
    _cells: dict[Trail, str] = field(default_factory=dict)

    @property
    def carrier(self) -> Document:
        """Return the document that findings about the workbook itself belong to."""
        return Document(self.path, {}, {}, self._cells)

    def report(self, code: str, variant: str, spot: str, key: str, value: str, params: Mapping[str, Any]) -> None:
        """Keep a finding about a cell."""
        self._cells[(spot,)] = spot
        self.findings.report(code, self.carrier, (spot, key), variant, params, value=value)

    @property
    def found(self) -> list[Finding]:
        """Return what could not be read."""
        return self.findings.found


def read(workbook: Workbook, layout: Layout, path: str) -> Content:
    """Return the rows of a workbook; what is wrong with single cells is among its findings."""
    content = Content(path, language(workbook, layout))
    for sheet in workbook.worksheets:
        _Reader(sheet, layout, content).read()
    return content


def language(workbook: Workbook, layout: Layout) -> str:
    """Return the language in which most titles of columns are written."""
    titles = {one: {t for sheet in layout.sheets.values() for t in _titles(sheet, one)} for one in LANGUAGES}
    counts: Counter[str] = Counter()
    for sheet in workbook.worksheets:
        texts = [folded(str(cell.value)) for cell in _filled(sheet) if cell.row <= _HEAD]
        counts.update({one: sum(text in titles[one] for text in texts) for one in LANGUAGES})
    return max(LANGUAGES, key=lambda one: counts[one])


def place(sheet: str, coordinate: str) -> str:
    """Return a cell as findings name it: `Agreements!C5`, or `'Thỏa thuận'!C5`."""
    from openpyxl.utils import quote_sheetname

    return f"{sheet if sheet.isascii() and sheet.isalnum() else quote_sheetname(sheet)}!{coordinate}"


def _filled(sheet: Worksheet) -> Iterator[Cell]:
    """Yield the cells that hold something, row by row; a sheet may be a million rows long and hold three."""
    for spot in sorted(sheet._cells):
        cell = cast("Cell", sheet._cells[spot])  # one that is merged into another holds nothing
        if cell.value is not None and (cell.data_type != "s" or str(cell.value).strip()):
            yield cell


def _titles(sheet: Sheet, one: str) -> dict[str, str]:
    """Return the keys of a sheet's columns by their folded titles in one language."""
    return {folded(column.words[one].title): column.key for column in sheet.columns}


class _Reader:
    """Reads one sheet."""

    def __init__(self, sheet: Worksheet, layout: Layout, content: Content) -> None:
        self._sheet, self._layout, self._content = sheet, layout, content
        self._rows: dict[int, dict[int, Cell]] = {}
        for cell in _filled(sheet):
            self._rows.setdefault(cell.row, {})[cell.column] = cell
        self._head = [number for number in self._rows if number <= _HEAD]

    def read(self) -> None:
        """Read it, unless it is empty or one of ours that holds nothing to read."""
        if not self._rows or any(
            str(cell.value).startswith(OWN) for row in self._head for cell in self._rows[row].values()
        ):
            return
        kind, columns, start = self._recognised()
        if kind is None:
            first = self._rows[min(self._rows)]
            self._report("sheet-unknown", "", first[min(first)], ROW, self._sheet.title)
            return
        self._merged(start)
        strange: dict[int, Cell] = {}
        for number in sorted(self._rows):
            if number > start:
                self._row(kind, columns, number)
                strange |= {at: cell for at, cell in self._rows[number].items() if at not in columns | strange}
        for at, cell in strange.items():
            heads = [self._rows[row][at] for row in self._head if row <= start and at in self._rows[row]]
            variant = "untitled" if not heads else "doubled" if self._known(kind, heads) else "unknown"
            self._report("column-unknown", variant, heads[0] if heads else cell, ROW, str((heads or [cell])[0].value))

    def _recognised(self) -> tuple[Sheet | None, dict[int, Column], int]:
        """Return which sheet it is, its columns by number, and the last row above the contributions."""
        ranked = [
            ((sum(column.item is not None for column in columns.values()), sheet.name == self._named_so()), option)
            for option in self._options()
            for sheet, columns, _ in [option]
        ]
        (own, _), (kind, columns, number) = max(ranked, key=lambda pair: pair[0], default=((0, False), (None, {}, 0)))
        if kind is None or own < _NEEDED:
            return None, {}, 0
        further = [row for row in self._head if row > number and self._rated(kind, row) >= _NEEDED]
        return kind, columns, max(further, default=number)  # titles above keys, or keys above titles

    def _options(self) -> Iterator[tuple[Sheet, dict[int, Column], int]]:
        """Yield what the sheet may be: by the keys in a row, then by its titles in either language."""
        for number in self._head:
            texts = {at: str(cell.value).strip() for at, cell in self._rows[number].items()}
            for sheet in self._layout.sheets.values():
                yield sheet, self._columns(sheet, texts), number
                for one in LANGUAGES:
                    yield sheet, self._columns(sheet, _named(texts, _titles(sheet, one))), number

    def _rated(self, kind: Sheet, row: int) -> int:
        """Return how many cells of a row are keys or titles of a sheet's columns."""
        return sum(self._known(kind, [cell]) for cell in self._rows[row].values())

    def _named_so(self) -> str:
        """Return the sheet that is called like this one, or ""."""
        titles = {
            folded(sheet.words[one].title): sheet.name for sheet in self._layout.sheets.values() for one in LANGUAGES
        }
        return titles.get(folded(self._sheet.title), "")

    def _columns(self, sheet: Sheet, texts: Mapping[int, str]) -> dict[int, Column]:
        """Return the columns that texts are keys of, the first of each."""
        found: dict[int, Column] = {}
        for at in sorted(texts):
            column = self._layout.column(sheet.name, texts[at])
            if column and column.key not in {one.key for one in found.values()}:
                found[at] = column
        return found

    def _known(self, kind: Sheet, heads: list[Cell]) -> bool:
        titles = _titles(kind, "en") | _titles(kind, "vi")
        return any(
            folded(str(cell.value)) in titles or self._layout.column(kind.name, str(cell.value)) for cell in heads
        )

    def _merged(self, start: int) -> None:
        """Report merged cells among the contributions: all but one of them look filled and are empty."""
        for merged in self._sheet.merged_cells.ranges:
            first = self._rows.get(merged.min_row, {}).get(merged.min_col)
            if merged.max_row > start and first is not None:
                self._report(cells.REFUSED, "merged", first, ROW, str(merged.coord))

    def _row(self, kind: Sheet, columns: Mapping[int, Column], number: int) -> None:
        from openpyxl.utils import get_column_letter

        filled = self._rows[number]
        if not any(at in columns for at in filled):
            return
        names = {column.key: at for at, column in columns.items()}
        marks = [str(filled[names[key]].value) for key in (ROW, FOR) if key in names and names[key] in filled]
        if example := any(_is_example(mark) for mark in marks):
            self._example(kind, columns, filled)
        texts: dict[str, str] = {}
        for at, column in () if example else columns.items():
            if at in filled:
                said = cells.read(filled[at], column)
                if isinstance(said, cells.Fault):
                    self._report(said.code, said.variant, filled[at], column.key, said.value, said.params)
                elif said:
                    texts[column.key] = said
        if texts.keys() - {ROW, FOR}:  # rows are often numbered in advance
            letters = {at: get_column_letter(at) for at in columns}
            spots = {one.key: place(self._sheet.title, f"{letters[at]}{number}") for at, one in columns.items()}
            self._content.rows.append(Row(kind, texts, {one.key: one for one in columns.values()}, spots))

    def _example(self, kind: Sheet, columns: Mapping[int, Column], filled: Mapping[int, Cell]) -> None:
        """Report an example that somebody has written over: it is not read, and it seems to be meant."""
        plain = [column for column in columns.values() if column.item and not column.item.vocabulary]
        ours = {folded(text) for text in kind.example.values()}
        for at, column in columns.items():
            if at in filled and column in plain and folded(str(filled[at].value)) not in ours:
                self._report("example-changed", "", filled[at], column.key, str(filled[at].value))
                return

    def _report(
        self, code: str, variant: str, cell: Cell, key: str, value: str, params: Mapping[str, Any] | None = None
    ) -> None:
        self._content.report(code, variant, place(self._sheet.title, cell.coordinate), key, value, params or {})


def _named(texts: Mapping[int, str], titles: Mapping[str, str]) -> dict[int, str]:
    """Return the keys of columns by the titles in a row; a star marks what is needed."""
    return {at: titles[folded(text)] for at, text in texts.items() if folded(text) in titles}


def _is_example(text: str) -> bool:
    """Tell whether a row is called an example, in either language; a number may follow."""
    names = "|".join(folded(told(one)["example"]) for one in LANGUAGES)
    return bool(re.fullmatch(rf"(?:{names})(?: [0-9]+)?", folded(text)))
