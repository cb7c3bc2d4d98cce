"""The workbook: contributions for people who know spreadsheets.

In the order of the work: `layout` knows sheets and columns, `template` makes the empty workbook, `packing` opens
and closes files safely, `cells` reads one cell, `reading` finds sheets, columns and rows, `gathering` makes
`drafts` of rows, `painting` gives the workbook back with what is wrong in it. Here are the three doors to them;
openpyxl is loaded behind them only.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from accords.intake.document import Document, Unreadable
from accords.intake.findings import Finding
from accords.intake.form import Section

if TYPE_CHECKING:
    from openpyxl import Workbook

    from accords.intake.tables import Tables

SUFFIXES = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods")
"""Names that mean a workbook; what cannot be read of them is told from the content."""


@dataclass(frozen=True, slots=True)
class Contributed:
    """A workbook that somebody has filled in: its contributions, and what could not be read of it.

    `language`: that of its titles.
    """

    path: Path
    workbook: Workbook
    language: str
    documents: tuple[Document, ...]
    unread: tuple[Finding, ...]

    def painted(self, findings: Iterable[Finding]) -> bytes:
        """Return the workbook with those findings in it that are about it, or about no file."""
        from accords.intake.workbook import painting

        own = [item for item in findings if item.document is None or item.document.path == str(self.path)]
        return painting.painted(self.workbook, own, self.language)


def read(path: Path, form: Section) -> Contributed:
    """Return what a workbook contributes; raises `Unreadable`, or `UsageError` where openpyxl is not installed."""
    from accords.intake.workbook import gathering, layout, packing, reading

    workbook = packing.opened(path)
    content = reading.read(workbook, layout.Layout(form), str(path))
    documents = tuple(gathering.gather(content))
    return Contributed(path, workbook, content.language, documents, tuple(content.found))


def replaceable(path: Path) -> bool:
    """Tell whether nothing of anybody's is lost where a painted copy is written to a file.

    There is none, or it is a painted copy whose cells hold what they held when it was painted.
    """
    if not os.path.lexists(path):
        return True
    from accords.intake.workbook import packing, painting

    try:
        return painting.is_untouched(packing.opened(path))
    except Unreadable:
        return False


def blank(form: Section, tables: Tables, language: str) -> bytes:
    """Return the empty workbook in a language; raises `UsageError` where openpyxl is not installed."""
    from accords.intake.workbook import packing

    packing.library()
    from accords.intake.blank import required_keys
    from accords.intake.workbook import layout, template

    sheets = layout.Layout(form, lambda section: required_keys(section, tables))
    return packing.packed(template.template(sheets, tables, language))
