"""What the tests of workbooks share: the blank, filled in as a contributor would."""

from __future__ import annotations

import functools
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from intake import ROOT

from accords.descriptor import load
from accords.intake import workbook
from accords.intake.form import LANGUAGES, Section, read_form
from accords.intake.tables import Tables
from accords.intake.workbook.layout import Layout
from accords.intake.workbook.template import FIRST, KEYS

Filling = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows by sheet; a row has values by the keys of columns."""


@functools.cache
def form() -> Section:
    """Return the form of our contributions."""
    return read_form(load(ROOT).files)


@functools.cache
def blank(language: str = "en") -> bytes:
    """Return the empty workbook."""
    return workbook.blank(form(), Tables(load(ROOT)), language)


def opened(content: bytes | Path) -> openpyxl.Workbook:
    """Open a workbook."""
    return openpyxl.load_workbook(io.BytesIO(content) if isinstance(content, bytes) else content)


def sheet_of(book: openpyxl.Workbook, name: str) -> Any:
    """Return a sheet of the blank by the name that the layout gives it."""
    titles = {Layout(form()).sheets[name].words[language].title for language in LANGUAGES}
    return next(sheet for sheet in book.worksheets if sheet.title in titles)


def cell_of(book: openpyxl.Workbook, name: str, key: str, row: int = 1) -> Any:
    """Return a cell of the blank: the row of contributions counts from 1."""
    sheet = sheet_of(book, name)
    keys = {cell.value: cell.column for cell in sheet[KEYS]}
    return sheet.cell(FIRST + row, keys[key])


def filled(rows: Filling, language: str = "en") -> openpyxl.Workbook:
    """Return the blank with rows below the examples."""
    book = opened(blank(language))
    for name, entries in rows.items():
        for number, entry in enumerate(entries, 1):
            for key, value in entry.items():
                cell_of(book, name, key, number).value = value
    return book


MEMORANDUM: Filling = {
    "agreements": [
        {
            "row": "A1",
            "agreement.title_en": "Memorandum of understanding of the Cedar Clinic and the Health Ministry on nursing",
            "agreement.agreement_type": "Memorandum of understanding",
            "agreement.signed_date": "2024-05-06",
            "agreement.signed_date_basis": "stated",
            "agreement.status": "signed",
            "agreement.summary_en": "The two sides train nurses together.",
            "agreement.areas.1": "Nursing",
            "agreement.modes.2": "Khóa đào tạo ngắn hạn",
            "agreement.parties.1.party": "Bộ Y tế",
            "agreement.parties.1.role": "Bên ký kết",
        }
    ],
    "roles": [
        {"for": "A1", "roles.party": "Cedar Clinic", "roles.role": "signatory", "roles.representative_name": "Kim Oak"}
    ],
    "parties": [
        {
            "parties.name_en": "Cedar Clinic",
            "parties.party_type": "clinic",
            "parties.country": "Hàn Quốc",
            "parties.place": "Seoul",
        }
    ],
    "events": [
        {
            "for": "A1",
            "events.title_en": "Signing of the memorandum of the Cedar Clinic and the Ministry of Health",
            "events.event_type": "signing",
            "events.status": "held",
            "events.start_date": "2024-05-06",
            "events.date_basis": "stated",
            "events.place": "Hà Nội",
            "events.areas.1": "nursing",
            "events.agreements.1.relation": "signs",
        }
    ],
    "commitments": [
        {
            "for": "A1",
            "commitments.item": "training_place",
            "commitments.description_en": "Courses for nurses",
            "commitments.provider": "Cedar Clinic",
            "commitments.quantity": "20",
            "commitments.quantity_qualifier": "at_least",
            "commitments.unit": "person",
            "commitments.status": "pledged",
            "commitments.date": "2024-05-06",
        }
    ],
    "sources": [
        {
            "row": "S1",
            "for": "A1",
            "sources.url": "https://www.example.org/news/2024/cedar-clinic-123456.html?utm_source=mail",
            "sources.source_type": "news",
            "sources.title": "Cedar Clinic trains nurses from Viet Nam",
            "sources.title_language": "en",
            "sources.publisher": "Example News",
            "sources.published_date": "2024-05-07",
            "sources.extent_read": "full",
            "sources.supports.1.of": "all",
        }
    ],
    "evidence": [
        {
            "for": "A1",
            "source": "S1",
            "support": "supports",
            "evidence.of": "Courses for nurses",
            "evidence.field": "quantity",
            "evidence.value_in_source": "over 20",
        }
    ],
}
"""The memorandum of `intake` as rows of a workbook."""
