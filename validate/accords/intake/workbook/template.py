"""Makes the empty workbook: sheets, titles, help, dropdowns, text cells and an example row on each sheet.

Apart from `layout`, which says what there is to fill in: here is how it looks. The lists of the dropdowns stand
on a hidden sheet and have names, since some spreadsheets lose a list that is only a range of another sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from accords.intake.form import LANGUAGES, Kind
from accords.intake.register import Register, names_of
from accords.intake.scalars import Vocabulary
from accords.intake.tables import Tables
from accords.intake.workbook.layout import FIRST_SHEET, FOR, ROW, SUPPORT, SUPPORTS, Column, Layout, Sheet, told
from accords.intake.workbook.packing import heighten, new, write
from accords.intake.workbook.reading import OWN

TITLES, KEYS, FIRST = 1, 2, 3  # rows: what columns are called, which they are, where contributions start
ROWS, LAST = 20, 2_000  # rows whose cells are made (below, columns are text as a whole), and where dropdowns end
_HEAD, _NEEDED = PatternFill("solid", fgColor="FFDDEBF7"), PatternFill("solid", fgColor="FFBDD7EE")
_EXAMPLE = PatternFill("solid", fgColor="FFF2F2F2")
_GREY: dict[str, Any] = {"color": "FF808080", "italic": True, "size": 9}
_MEANING = 100  # characters in the column of the help that says what a column means
_PROMPT, _PROMPT_TITLE = 255, 32  # characters that an input message may have
_WIDE = ("title", "summary", "description", "note", "url", "uncertain", "name")


def template(layout: Layout, tables: Tables, language: str) -> Workbook:
    """Return the empty workbook in a language; the tables give codes, labels and known names."""
    return _Template(layout, tables, language).workbook()


class _Template:
    """Lays out one workbook."""

    def __init__(self, layout: Layout, tables: Tables, language: str) -> None:
        self._layout, self._tables, self._language = layout, tables, language
        self._told = told(language)
        self._labels: dict[str, dict[str, str]] = {}
        self._names: set[str] = set()
        self._workbook = new()

    def workbook(self) -> Workbook:
        """Return it."""
        sheets = [
            self._workbook.create_sheet(sheet.words[self._language].title) for sheet in self._layout.sheets.values()
        ]
        lists = self._workbook.create_sheet(self._told["lists"])
        lists.sheet_state = "hidden"
        write(lists, KEYS, 1, f"{OWN}lists")
        for made, sheet in zip(sheets, self._layout.sheets.values(), strict=True):
            for number, column in enumerate(sheet.columns, 1):
                self._column(made, number, column, lists)
            self._example(made, sheet)
            made.freeze_panes = made.cell(FIRST, 2)
            made.row_dimensions[TITLES].height = 48
        self._help(self._workbook.create_sheet(self._told["help"], 1))
        self._workbook.active = 0
        return self._workbook

    def _column(self, sheet: Worksheet, number: int, column: Column, lists: Worksheet) -> None:
        words, letter = column.words[self._language], get_column_letter(number)
        head = write(sheet, TITLES, number, f"{words.title}{column.star}", bold=True)
        head.fill = _NEEDED if column.needed else _HEAD
        others = [one for one in LANGUAGES if one != self._language]
        help_texts = [
            f"{column.words[one].title}. {column.words[one].description}" for one in (self._language, *others)
        ]
        head.comment = Comment("\n\n".join(help_texts), "accords", height=220, width=380)
        write(sheet, KEYS, number, column.key, **_GREY).alignment = Alignment()
        sheet.column_dimensions[letter].width = 36 if column.key.split(".")[-1].startswith(_WIDE) else 18
        sheet.column_dimensions[letter].number_format = "@"
        for row in range(FIRST, FIRST + ROWS):
            sheet.cell(row, number).number_format = "@"
        validation = DataValidation(
            type="list" if (named := self._list(column, lists)) else None,
            formula1=named,
            allow_blank=True,
            showErrorMessage=bool(column.item and (column.item.vocabulary or column.item.choices)),
            errorStyle="warning",
            errorTitle=self._told["dropdown"]["title"],
            error=self._told["dropdown"]["text"],
            showInputMessage=True,
            promptTitle=_cut(words.title, _PROMPT_TITLE),
            prompt=_cut(words.description or words.title, _PROMPT),
        )
        validation.add(f"{letter}{FIRST}:{letter}{LAST}")
        sheet.add_data_validation(validation)

    def _list(self, column: Column, lists: Worksheet) -> str | None:
        """Return the name of the list that a column offers, made where it is asked for first; None: none."""
        item = column.item
        if column.key == FOR:
            first = quote_sheetname(self._layout.sheets[FIRST_SHEET].words[self._language].title)
            return self._name("rows", f"{first}!$A${FIRST + 1}:$A${LAST}")
        if column.key == SUPPORT:
            return self._filled("supports", SUPPORTS, lists)
        if item is None:
            return None
        if item.vocabulary:
            return self._filled(item.vocabulary, self._codes(item.vocabulary).values(), lists)
        if item.refers in ("parties", "places"):
            return self._filled(f"known_{item.refers}", self._known(item.refers), lists)
        if item.choices:
            return self._filled(f"choices_{item.name}", item.choices, lists)
        return self._filled("flags", ("yes", "no"), lists) if item.kind is Kind.FLAG else None

    def _filled(self, name: str, values: Iterable[str], lists: Worksheet) -> str | None:
        """Write a list to the hidden sheet, unless it is there, and return its name."""
        if name not in self._names:
            number, texts = len([one for one in self._names if one != "rows"]) + 2, list(values)
            if not texts:
                return None
            write(lists, TITLES, number, name)
            for row, text in enumerate(texts, FIRST):
                write(lists, row, number, text)
            letter = get_column_letter(number)
            area = f"${letter}${FIRST}:${letter}${FIRST + len(texts) - 1}"
            return self._name(name, f"{quote_sheetname(lists.title)}!{area}")
        return f"accords_{name}"

    def _name(self, name: str, area: str) -> str:
        if name not in self._names:
            self._names.add(name)
            self._workbook.defined_names[f"accords_{name}"] = DefinedName(f"accords_{name}", attr_text=area)
        return f"accords_{name}"

    def _codes(self, vocabulary: str) -> Mapping[str, str]:
        """Return what is offered for each code in use: its label, or itself where the label means others, too."""
        if vocabulary not in self._labels:
            rows = list(self._tables.rows(vocabulary))
            known = Vocabulary(rows)
            usable = {row["code"]: row[f"label_{self._language}"] for row in rows if row["status"] == "active"}
            said = {code: label if label and known.find(label) == [code] else code for code, label in usable.items()}
            self._labels[vocabulary] = dict(sorted(said.items(), key=lambda pair: pair[1].casefold()))
        return self._labels[vocabulary]

    def _known(self, kind: str) -> list[str]:
        """Return the names of the parties or places that are known, each of which means one of them."""
        register = Register(self._tables)
        found: set[str] = set()
        for (identifier, *_), row in self._tables[kind].rows.items():
            names = (row[key] for key in sorted(names_of(kind), key=lambda key: not key.endswith(self._language)))
            own = (name for name in names if name and register.find(kind, name) == {identifier})
            found.add(next(own, identifier))
        return sorted(found, key=str.casefold)

    def _example(self, made: Worksheet, sheet: Sheet) -> None:
        example = self._told["example"]
        for number, column in enumerate(sheet.columns, 1):
            text = example if column.key in (ROW, FOR) else sheet.example.get(column.key, "")
            if text and column.item and column.item.vocabulary:
                text = self._codes(column.item.vocabulary).get(text, text)
            cell = write(made, FIRST, number, text, **_GREY) if text else made.cell(FIRST, number)
            cell.alignment, cell.fill = Alignment(), _EXAMPLE

    def _help(self, made: Worksheet) -> None:
        """Explain the workbook in both languages, that of the workbook first."""
        write(made, KEYS, 1, f"{OWN}help")
        made.row_dimensions[KEYS].hidden = True
        row = FIRST
        for one in sorted(LANGUAGES, key=lambda one: one != self._language):
            for step in told(one)["steps"]:
                write(made, row, 1, step).alignment = Alignment()
                row += 1
            row += 1
            for number, text in enumerate(told(one)["head"], 1):
                write(made, row, number, text, bold=True)
            for sheet in self._layout.sheets.values():
                row += 1
                write(made, row, 1, sheet.words[one].title, bold=True)
                write(made, row, 4, sheet.words[one].description)
                heighten(made, row, _MEANING)
                for column in sheet.columns:
                    row += 1
                    cells = (
                        sheet.words[one].title,
                        column.words[one].title,
                        told(one)["needed" if column.needed else "follows"] if column.star else "",
                    )
                    for number, text in enumerate((*cells, column.words[one].description), 1):
                        write(made, row, number, text)
            row += 2
        for letter, width in (("A", 16), ("B", 34), ("C", 10), ("D", _MEANING)):
            made.column_dimensions[letter].width = width


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
