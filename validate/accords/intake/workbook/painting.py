"""Gives a contributor's workbook back with what is wrong in it: red cells, a comment on each, a sheet that lists all.

Apart from `reading`: here the file is changed, and only so. What an earlier painting has left is taken away first,
so that a workbook can go to and fro. Texts in cells are never touched.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, cast

from openpyxl.comments import Comment
from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils.exceptions import CellCoordinatesException

from accords.intake.findings import Finding
from accords.intake.wording import worded
from accords.intake.workbook.layout import told
from accords.intake.workbook.packing import heighten, packed, write
from accords.intake.workbook.reading import OWN
from accords.intake.workbook.template import TITLES

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

RED = "FFFF7C80"
_MARK = "— accords —"  # in a comment: what stands below it is ours
_WIDTHS = {"A": 24, "B": 28, "C": 12, "D": 70, "E": 70}
_MARKED = 2  # the row of the list, hidden, that says what the sheet is, and what the cells of all others held
_LONGEST = 2_000  # characters of a comment
_SHOWN = 2_000  # findings of one workbook in its list


def painted(workbook: Workbook, findings: Iterable[Finding], language: str) -> bytes:
    """Return the bytes of a workbook with its findings in it; `language`: in which they are written."""
    _clean(workbook)
    by_cell: dict[str, list[str]] = defaultdict(list)
    lines: list[tuple[str, ...]] = []
    for finding in findings:
        spot = (finding.document.cell(finding.trail) if finding.document else None) or ""
        message, hint = worded(finding.problem, language)
        severity = told(language)["report"]["severities"][finding.problem.severity.label]
        lines.append((spot, _title(workbook, spot), severity, message, hint))
        by_cell[spot].append(f"{message}\n→ {hint}" if hint else message)
    for spot, texts in by_cell.items():
        if cell := _at(workbook, spot):
            cell.fill = PatternFill("solid", fgColor=RED)
            before = f"{cell.comment.text}\n" if cell.comment else ""
            said = "\n".join(texts)
            cell.comment = Comment(f"{before}{_MARK}\n{said}"[:_LONGEST], "accords", height=160, width=420)
    held = _digest(workbook)
    order = {sheet.title: number for number, sheet in enumerate(workbook.worksheets)}
    _list(workbook, sorted(lines, key=lambda line: _place(_at(workbook, line[0]), order)), language, held)
    return packed(workbook)


def is_untouched(workbook: Workbook) -> bool:
    """Tell whether a workbook is painted, and nobody has written into a cell of it since."""
    lists = [sheet for sheet in workbook.worksheets if sheet.cell(_MARKED, 1).value == f"{OWN}errors"]
    held = lists[0].cell(_MARKED, 2).value if lists else None
    _clean(workbook)
    return held == _digest(workbook)


def _digest(workbook: Workbook) -> str:
    """Return the SHA-256 of what the cells of a workbook hold, sheet by sheet."""
    found = hashlib.sha256()
    for sheet in workbook.worksheets:
        cells = sorted(
            (cell.row, cell.column, str(cell.value)) for cell in sheet._cells.values() if cell.value is not None
        )
        found.update(repr((sheet.title, cells)).encode())
    return found.hexdigest()


def _place(cell: Cell | None, order: Mapping[str, int]) -> tuple[int, int, int]:
    """Return where a cell stands, as people read; what is about no cell comes first."""
    return (order[cell.parent.title], cell.row, cell.column) if cell else (-1, 0, 0)


def _clean(workbook: Workbook) -> None:
    """Take away what an earlier painting has left."""
    for sheet in list(workbook.worksheets):
        if any(str(sheet.cell(row, 1).value) == f"{OWN}errors" for row in (1, 2)):
            workbook.remove(sheet)
            continue
        for cell in list(sheet._cells.values()):
            if cell.comment and _MARK in cell.comment.text:
                left = cell.comment.text.partition(_MARK)[0].rstrip("\n")
                cell.comment = Comment(left, cell.comment.author) if left else None
                cell.fill = PatternFill()


def _at(workbook: Workbook, spot: str) -> Cell | None:
    """Return the cell that a finding names, the first of those that it is merged with; None where there is none."""
    title, _, coordinate = spot.rpartition("!")
    plain = title[1:-1].replace("''", "'") if title.startswith("'") else title
    if plain not in workbook.sheetnames:
        return None
    sheet: Worksheet = workbook[plain]
    try:
        cell: Cell = sheet[coordinate]
    except (ValueError, CellCoordinatesException):
        return None
    merged = next((area for area in sheet.merged_cells.ranges if coordinate in area), None)
    return cast("Cell", sheet.cell(merged.min_row, merged.min_col)) if merged else cell


def _title(workbook: Workbook, spot: str) -> str:
    """Return what the column of a cell is called, or ""."""
    cell = _at(workbook, spot)
    title = cast("Worksheet", cell.parent).cell(TITLES, cell.column).value if cell else None
    return str(title or "").removesuffix(" *").removesuffix(" (*)")


def _list(workbook: Workbook, lines: list[tuple[str, ...]], language: str, held: str) -> None:
    """Add the sheet that lists what is wrong, with a link to each cell; `held`: the digest of all other cells."""
    words = told(language)
    title = words["errors"]
    while title in workbook.sheetnames:
        title += " +"
    sheet: Worksheet = workbook.create_sheet(title, 0)
    workbook.active = 0
    for other in workbook.worksheets:
        other.sheet_view.tabSelected = other is sheet
    write(sheet, 1, 1, words["report"]["told" if lines else "none"], bold=True).alignment = Alignment()
    write(sheet, _MARKED, 1, f"{OWN}errors")
    write(sheet, _MARKED, 2, held)
    sheet.row_dimensions[_MARKED].hidden = True
    for column, head in enumerate(words["report"]["head"], 1):
        write(sheet, 3, column, head, bold=True)
    for row, line in enumerate(lines[:_SHOWN], 4):
        for column, text in enumerate(line, 1):
            write(sheet, row, column, text)
        if line[0]:
            linked = write(sheet, row, 1, line[0], color="FF0563C1", underline="single")
            linked.hyperlink = f"#{line[0]}"
        heighten(sheet, row, _WIDTHS["D"])
    for letter, width in _WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A4"
