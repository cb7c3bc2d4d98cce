"""Workbooks: the blank, what is read of a filled one and what is refused, and how it comes back painted."""

from __future__ import annotations

import datetime
import io
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import workbooks
from intake import MEMORANDUM, Ours, copy
from openpyxl.comments import Comment
from workbooks import blank, cell_of, filled, form, opened, sheet_of

from accords import words
from accords.catalogue import catalogue, problem
from accords.cli import main
from accords.intake import workbook
from accords.intake.document import Unreadable
from accords.intake.form import LANGUAGES
from accords.intake.wording import worded
from accords.intake.workbook.layout import Layout, told
from accords.intake.workbook.painting import RED
from accords.problems import Problem, Severity

TITLE = "agreement.title_en"
SIMPLE: dict[str, Any] = {
    TITLE: "Memorandum of understanding of the Cedar Clinic and the Health Ministry on nursing",
    "agreement.agreement_type": "Bản ghi nhớ",
    "agreement.signed_date": "2024-05-06",
    "agreement.signed_date_basis": "stated",
    "agreement.status": "signed",
    "agreement.summary_en": "The two sides train nurses together.",
    "agreement.areas.2": "Nursing",
    "agreement.parties.1.party": "Bộ Y tế",
    "agreement.parties.1.role": "signatory",
    "agreement.parties.3.party": "Cedar Clinic",
    "agreement.parties.3.role": "signatory",
    "parties.3.party_type": "clinic",
    "parties.3.country": "South Korea",
    "events.1.title_en": "Signing of the memorandum of the Cedar Clinic and the Ministry of Health",
    "events.1.start_date": "2024-05-06",
    "events.1.date_basis": "stated",
    "events.1.place": "Hà Nội",
    "sources.1.url": "https://www.example.org/news/2024/cedar-clinic-123456.html",
    "sources.1.source_type": "news",
    "sources.1.title": "Cedar Clinic trains nurses from Viet Nam",
    "sources.1.title_language": "en",
    "sources.1.extent_read": "full",
}


def saved(book: openpyxl.Workbook, folder: Path, name: str = "1.xlsx") -> Path:
    path = folder / name
    book.save(path)
    return path


def faults(path: Path) -> list[str]:
    """Return what is found while a workbook is read: cell, code, and the sentence."""
    return faults_of(workbook.read(path, form()))


def faults_of(read: workbook.Contributed) -> list[str]:
    cells = [(item.document.cell(item.trail) if item.document else "", item.problem) for item in read.unread]
    return [f"{cell} [{item.code}] {item.message}" for cell, item in cells]


def content(path: Path) -> list[dict[str, Any]]:
    return [document.content for document in workbook.read(path, form()).documents]


@pytest.fixture
def ours(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ours:
    return Ours(copy(tmp_path / "package"), capsys)


def add(ours: Ours, path: Path, *options: str) -> tuple[int, str]:
    return ours.run("add", str(path), "--package", str(ours.root), "--as-of", "2026-11-22", *options)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_blank_has_what_a_contributor_needs(language: str) -> None:
    book = opened(blank(language))
    layout = Layout(form())
    assert book.sheetnames[:2] == [layout.sheets["agreements"].words[language].title, told(language)["help"]]
    assert book[told(language)["lists"]].sheet_state == "hidden"
    for name, sheet in layout.sheets.items():
        made = sheet_of(book, name)
        assert made.freeze_panes == "B3"
        assert [cell.value for cell in made[2]] == [column.key for column in sheet.columns]
        titles = [str(cell.value).removesuffix(" *").removesuffix(" (*)") for cell in made[1]]
        assert titles == [column.words[language].title for column in sheet.columns]
        assert len(set(titles)) == len(titles), "a title that stands twice cannot be read without the keys"
        assert {cell.number_format for row in made.iter_rows(min_row=3, max_row=20) for cell in row} == {"@"}
        assert {made.column_dimensions[cell.column_letter].number_format for cell in made[1]} == {"@"}
        for cell, column in zip(made[1], sheet.columns, strict=True):
            assert all(column.words[one].description in cell.comment.text for one in LANGUAGES)
        rules = made.data_validations.dataValidation
        assert len(rules) == len(sheet.columns)
        assert all(len(rule.prompt) <= 255 and len(rule.promptTitle) <= 32 for rule in rules)
    assert cell_of(book, "agreements", TITLE, -2).value.endswith(" *")
    assert not cell_of(book, "agreements", "sources.1.url", -2).value.endswith("*)")


def test_a_star_stands_where_something_is_needed_and_nowhere_else() -> None:
    """An identifier is needed by no new record; in a numbered group only what the rest of the group calls for."""
    book = opened(blank())
    stars = {
        (sheet, cell.value): cell.offset(-1).value.partition(" (*)" if "(*)" in cell.offset(-1).value else " *")[1]
        for sheet in Layout(form()).sheets
        for cell in sheet_of(book, sheet)[2]
    }
    assert not [key for (_, key), star in stars.items() if star and key.endswith(("_id", ".new"))]
    always = {key for (sheet, key), star in stars.items() if star == " *" and sheet == "agreements"}
    assert always == {
        "agreement.title_en", "agreement.agreement_type", "agreement.status", "agreement.summary_en",
        *(f"agreement.parties.{number}.{key}" for number in (1, 2) for key in ("party", "role")),
    }  # fmt: skip
    then = {key for (sheet, key), star in stars.items() if star == " (*)" and sheet == "agreements"}
    assert then >= {"events.1.title_en", "sources.1.extent_read", "sources.2.source_type", "agreement.parties.3.role"}
    assert not then & {"parties.1.party_type", "sources.1.url", "agreement.areas.1", "events.1.place"}
    assert {key for (sheet, key), star in stars.items() if star == " *" and sheet == "parties"} == {
        "parties.name_en", "parties.party_type",
    }  # fmt: skip


def test_the_dropdowns_offer_labels_that_mean_one_code() -> None:
    book = opened(blank("vi"))
    kind = cell_of(book, "agreements", "agreement.agreement_type")
    rules = sheet_of(book, "agreements").data_validations.dataValidation
    rule = next(rule for rule in rules if kind.coordinate in rule.sqref)
    assert (rule.type, rule.formula1, rule.errorStyle) == ("list", "accords_agreement_types", "warning")
    area = book.defined_names["accords_agreement_types"].attr_text.replace("'", "").replace("$", "")
    title, _, cells = area.partition("!")
    offered = [cell.value for (cell,) in book[title][cells]]
    assert "Thỏa thuận hợp tác" in " ".join(offered)
    assert not set(offered) & {"memorandum_of_understanding"}
    for name, defined in book.defined_names.items():
        title, _, cells = defined.attr_text.replace("'", "").replace("$", "").partition("!")
        assert all(cell.value for (cell,) in book[title][cells]) or name == "accords_rows"


def test_the_blank_is_the_same_each_time_and_says_nothing(ours: Ours, tmp_path: Path) -> None:
    first, second = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    for path in (first, second):
        assert ours.run("template", "--xlsx", str(path), "--package", str(ours.root))[0] == 0
    assert first.read_bytes() == second.read_bytes()
    code, said = add(ours, first)
    assert code == 1
    assert "[contribution-empty]" in said


def test_the_examples_say_what_is_in_the_data(ours: Ours, tmp_path: Path) -> None:
    book = opened(blank())
    for sheet in Layout(form()).sheets:
        for row in sheet_of(book, sheet).iter_rows(min_row=3, max_row=3, max_col=2):
            for cell in row:
                cell.value = "A1" if cell.value == "Example" else cell.value
    code, said = add(ours, saved(book, tmp_path), "--dry-run")
    assert code == 0, said
    assert not any(line.startswith("added ") for line in said.splitlines())


def test_yaml_and_a_workbook_make_the_same_rows(ours: Ours, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = Ours(copy(tmp_path / "other" / "package"), capsys)
    assert other.add(MEMORANDUM)[0] == 0
    code, said = add(ours, saved(filled(workbooks.MEMORANDUM), tmp_path))
    assert code == 0, said
    assert "ADDED: 16 rows in 14 tables, 1 contribution" in said
    assert ours.snapshot() == other.snapshot()
    assert add(ours, tmp_path / "1.xlsx")[1] == "NOTHING TO DO: all of it is in the package already\n"


def test_one_row_is_enough_for_the_simple_case(ours: Ours, tmp_path: Path) -> None:
    code, said = add(ours, saved(filled({"agreements": [SIMPLE]}, "vi"), tmp_path))
    assert code == 0, said
    agreement = ours.row("agreements", agreement_id="cedar-clinic-moh-vnm-2024")
    assert agreement["agreement_type"] == "memorandum_of_understanding"
    assert ours.row("parties", party_id="cedar-clinic")["party_type"] == "clinic"
    event = ours.row("event_agreements", agreement_id="cedar-clinic-moh-vnm-2024")
    assert event["relation"] == "signs"
    assert ours.row("party_citations", party_id="cedar-clinic")["support"] == "supports"


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_what_libreoffice_saves_is_read_alike(tmp_path: Path) -> None:
    book = filled(workbooks.MEMORANDUM, "vi")
    cell = cell_of(book, "agreements", "agreement.effective_date")
    cell.value, cell.number_format = datetime.datetime(2024, 6, 1), "mmm-yy"
    ours, theirs = saved(book, tmp_path), tmp_path / "saved" / "1.xlsx"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    program = ["soffice", "--headless", profile, "--convert-to", "xlsx", "--outdir", str(theirs.parent), str(ours)]
    subprocess.run(program, capture_output=True, check=True, timeout=120)
    before, after = workbook.read(ours, form()), workbook.read(theirs, form())
    assert [item.content for item in after.documents] == [item.content for item in before.documents]
    assert [item.cells for item in after.documents] == [item.cells for item in before.documents]
    assert faults_of(after) == faults_of(before)
    assert len(after.unread) == 1
    assert after.language == "vi"
    rules = sheet_of(opened(theirs), "agreements").data_validations.dataValidation
    assert any(rule.formula1 == "accords_agreement_types" for rule in rules)


def test_findings_name_the_cell_also_where_it_is_empty(ours: Ours, tmp_path: Path) -> None:
    entry = SIMPLE | {"agreement.status": "", "agreement.agreement_type": "Pact", "agreement.signed_date": "17/11/2023"}
    book = filled({"agreements": [entry, {"row": "2", TITLE: "Another", "agreement.agreement_type": "Pact"}]})
    code, said = add(ours, saved(book, tmp_path))
    assert code == 1
    for key, row, what in (
        ("agreement.agreement_type", 1, "[code-unknown] agreement_type"),
        ("agreement.agreement_type", 2, "[code-unknown] agreement_type"),
        ("agreement.signed_date", 1, "[spreadsheet-mangled-date] signed_date"),
        ("agreement.status", 1, "[entry-missing] status"),
    ):
        assert f"Agreements!{cell_of(book, 'agreements', key, row).coordinate} error {what}" in said


DAY, FIRST_DAY = datetime.datetime(2023, 6, 14), datetime.datetime(2023, 6, 1)
CELLS: dict[str, tuple[str, Any, str, str]] = {
    "a year as a number": ("agreement.signed_date", 2023, "0", "2023"),
    "a day as a date": ("agreement.signed_date", DAY, "yyyy-mm-dd", "2023-06-14"),
    "a day as a date of Excel": ("agreement.signed_date", DAY, "mm-dd-yy", "2023-06-14"),
    "a day with a month's name": ("agreement.signed_date", DAY, "d-mmm-yyyy", "2023-06-14"),
    "a month that became a day": ("agreement.signed_date", FIRST_DAY, "mmm-yy", "does not show all"),
    "a day without its year": ("agreement.signed_date", DAY, "d-mmm", "does not show all"),
    "a day with the hour": ("agreement.signed_date", datetime.datetime(2023, 6, 14, 9, 30), "yyyy-mm-dd hh:mm", "time"),
    "the days since 1900": ("agreement.signed_date", 44986, "General", "in Excel it is 2023-03-01"),
    "a date in a text": (TITLE, DAY, "yyyy-mm-dd", "made a date"),
    "a number in a text": (TITLE, 7, "General", 'the number "7"'),
    "a truth value": (TITLE, True, "General", "the truth value \"TRUE\""),
    "yes as a truth value": ("agreement.new", True, "General", "yes"),
    "a formula": (TITLE, '=HYPERLINK("http://example.org")', "@", "the formula \"=HYPERLINK("),
    "an error": (TITLE, "#N/A", "General", "could not compute"),
    "a word for nothing": ("parties.1.country", "NA", "@", "stands for a missing value"),
    "a name of a row as a number": ("row", 3, "General", ""),
    "blanks only": ("agreement.notes", "  \n\u00a0 ", "@", ""),
    "a line break": ("agreement.notes", "one_x000D_\ntwo", "@", "one\r\ntwo"),
    "a million letters": ("agreement.notes", "a" * 1_000_000, "@", "a" * 32_767),  # what a cell can hold
}  # fmt: skip


@pytest.fixture(scope="module")
def read_cells(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, dict[str, Any], list[str]]]:
    """Return for each case its cell, the contribution of its row, and what is found; all in one workbook."""
    entry = {"agreement.title_en": "Title", "agreement.summary_en": "Summary", "agreement.parties.1.party": "MOH"}
    book = filled({"agreements": [entry for _ in CELLS]})
    spots = {}
    for row, (case, (key, value, number_format, _)) in enumerate(CELLS.items(), 1):
        cell = cell_of(book, "agreements", key, row)
        cell.value, cell.number_format = value, number_format
        spots[case] = f"Agreements!{cell.coordinate}"
    read = workbook.read(saved(book, tmp_path_factory.mktemp("cells")), form())
    found = faults_of(read)
    return {
        case: (spot, document.content, [line for line in found if line.startswith(f"{spot} ")])
        for (case, spot), document in zip(spots.items(), read.documents, strict=True)
    }


@pytest.mark.parametrize("case", CELLS)
def test_a_cell_is_read_rightly_or_refused_with_a_reason(
    case: str, read_cells: dict[str, tuple[str, dict[str, Any], list[str]]]
) -> None:
    key, _, _, expected = CELLS[case]
    _, made, found = read_cells[case]
    parts = key.split(".")
    read = made.get(parts[0], {}).get(parts[1], "") if parts[0] == "agreement" else ""
    if found:
        assert (len(found), read) == (1, "")
        assert expected in found[0]
    else:
        assert read == expected


def test_percentages_are_not_taken_for_numbers(tmp_path: Path) -> None:
    book = filled({"agreements": [{TITLE: "A"}], "commitments": [{"commitments.quantity": 0.5}, {}, {}]})
    for row, (value, number_format) in enumerate([(0.5, "0%"), (0.1 + 0.2, "General"), (2500, "#,##0")], 1):
        cell = cell_of(book, "commitments", "commitments.quantity", row)
        cell.value, cell.number_format = value, number_format
    path = saved(book, tmp_path)
    assert [line.partition("]")[2] for line in faults(path)] == [' the cell shows a percentage and holds "0.5"']
    assert [entry["quantity"] for entry in content(path)[0]["commitments"]] == ["0.3", "2500"]


def test_what_people_do_to_sheets_changes_nothing(tmp_path: Path) -> None:
    plain = saved(filled(workbooks.MEMORANDUM), tmp_path, "plain.xlsx")
    book = filled(workbooks.MEMORANDUM)
    sheet = sheet_of(book, "agreements")
    sheet.title = "Our papers 2024"
    sheet.move_range(f"A4:{sheet.cell(4, sheet.max_column).coordinate}", rows=9)
    sheet.row_dimensions[13].hidden = True
    sheet.column_dimensions["C"].hidden = True
    sheet.insert_cols(3)
    sheet.cell(1, 3).value = "Remarks of mine"
    sheet.cell(1_048_576, 16_384).number_format = "0"
    for name in ("parties", "events", "sources"):  # the keys deleted: titles are left
        sheet_of(book, name).delete_rows(2)
    sheet_of(book, "places").delete_rows(1, 200)
    book.create_sheet("Empty")
    book.move_sheet(sheet_of(book, "evidence"), -4)
    for row in range(20, 60):
        sheet.cell(row, 1).value = row  # rows numbered in advance
    changed = saved(book, tmp_path, "changed.xlsx")
    assert faults(changed) == []
    assert content(changed) == content(plain)


def test_what_has_no_place_is_named(tmp_path: Path) -> None:
    book = filled({"agreements": [SIMPLE]})
    sheet = sheet_of(book, "agreements")
    cell_of(book, "agreements", TITLE, 0).value = "Agreement on something that is no example"
    last = sheet.max_column
    sheet.cell(1, last + 1).value, sheet.cell(4, last + 1).value = "Budget", "100"
    sheet.cell(2, last + 2).value, sheet.cell(4, last + 2).value = TITLE, "Again"
    sheet.cell(4, last + 4).value = "stray"
    sheet.merge_cells("B4:B6")
    book.create_sheet("Notes of mine")["B2"] = "call them"
    found = "\n".join(faults(saved(book, tmp_path)))
    assert '[column-unknown] the column "Budget" is none of this sheet' in found
    assert f'[column-unknown] the column "{TITLE}" stands here a second time' in found
    assert '[column-unknown] "stray" stands in a column without a title' in found
    assert 'Agreements!B4 [cell-refused] the cells "B4:B6" are merged' in found
    assert "'Notes of mine'!B2 [sheet-unknown]" in found
    assert "Agreements!B3 [example-changed]" in found


def test_more_columns_may_be_added_by_their_numbers(tmp_path: Path) -> None:
    book = filled({"agreements": [{TITLE: "A", "agreement.parties.1.party": "MOH"}]})
    sheet = sheet_of(book, "agreements")
    sheet.cell(2, 100).value, sheet.cell(4, 100).value = "agreement.parties.12.party", "WHO"
    path = saved(book, tmp_path)
    assert faults(path) == []
    assert content(path)[0]["agreement"]["parties"] == [{"party": "MOH"}, {"party": "WHO"}]


def test_rows_find_what_they_belong_to(tmp_path: Path) -> None:
    rows: workbooks.Filling = {
        "agreements": [{"row": "A1", TITLE: "First"}, {"row": 2, TITLE: "Second"}],
        "events": [
            {"row": "E1", "events.title_en": "Visit", "events.place": "Ha Long"},
            {"for": "2", "events.title_en": "Talks"},
        ],
        "sources": [{"row": "S1", "for": "visit", "sources.url": "https://example.org/1"}, {"sources.title": "Whose?"}],
        "evidence": [
            {"for": "E1", "source": "S1", "support": "infers", "evidence.of": "Visit"},
            {"for": "a1", "source": "S1", "support": "supports", "evidence.of": "agreement"},
            {"for": "A1", "source": "S1", "support": "proves", "evidence.of": "agreement"},
        ],
        "roles": [{"for": "talks", "roles.party": "MOH", "roles.role": "host"}, {"for": "A9", "roles.party": "WHO"}],
        "parties": [{"parties.name_en": "Nobody"}, {"row": "P", "parties.name_en": "Host", "parties.parent": "Nobody"}],
        "places": [{"places.name_en": "Hạ Long"}],
    }  # fmt: skip
    path = saved(filled(rows), tmp_path)
    first, second, visit, rest = content(path)
    assert [entry["title_en"] for entry in second["events"]] == ["Talks"]
    assert second["events"][0]["parties"] == [{"party": "MOH", "role": "host"}]
    assert visit["places"] == [{"name_en": "Hạ Long"}]
    assert visit["sources"] == [{"url": "https://example.org/1", "infers": [{"of": "Visit"}]}]
    assert first["sources"] == [{"url": "https://example.org/1", "supports": [{"of": "agreement"}]}]
    assert [entry["name_en"] for entry in rest["parties"]] == ["Nobody", "Host"]
    found = [line.partition("] ")[2] for line in faults(path)]
    assert sorted(found) == [
        '"proves" is none of supports, infers, contradicts',
        'no row of an agreement, or of an event that stands alone, is called "A9"',
        "the row does not say which agreement or event it belongs to, and there is more than one, or none",
    ]


def repacked(change: Callable[[str, bytes], bytes], **more: bytes) -> bytes:
    """Return the blank with the files in its zip changed, and further ones."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(blank())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, text in more.items():
            new.writestr(name, text)
    return out.getvalue()


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;">]><sst>&c;</sst>'


def hostile(case: str) -> bytes:
    same = {
        "text": b"a,b\n1,2\n",
        "nothing": b"",
        "an old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "a password": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64) + "EncryptedPackage".encode("utf-16-le"),
        "torn": blank()[:5_000],
    }
    if case in same:
        return same[case]
    changes: dict[str, Callable[[str, bytes], bytes]] = {
        "entities": lambda name, text: BOMB if name == "xl/styles.xml" else text,
        "entities in UTF-16": lambda name, text: BOMB.decode().encode("utf-16") if "styles" in name else text,
        "a bomb": lambda name, text: text + b" " * 80_000_000 if name == "xl/styles.xml" else text,
        "no XML": lambda name, text: b"<" if name == "xl/workbook.xml" else text,
        "a sheet gone": lambda name, text: b"" if name == "xl/worksheets/sheet1.xml" else text,
    }
    more = {"macros": {"xl/vbaProject.bin": b"x"}, "OpenDocument": {"content.xml": b"x"}}.get(case, {})
    if case == "a plain zip":
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("a.csv", "a,b\n")
        return out.getvalue()
    return repacked(changes.get(case, lambda name, text: text), **more)


FILES = {
    "text": "is no workbook, whatever its name says",
    "nothing": "is no workbook, whatever its name says",
    "an old workbook": "of the old kind (.xls)",
    "a password": "protected by a password",
    "torn": "is not read",
    "a plain zip": "a zip, but no workbook",
    "entities": "declares a document type",
    "entities in UTF-16": "is not UTF-8",
    "a bomb": "unpacks to more than",
    "no XML": "cannot be read as a workbook",
    "a sheet gone": "cannot be read as a workbook",
    "macros": "holds macros",
    "OpenDocument": "OpenDocument",
}


@pytest.mark.parametrize("case", FILES)
def test_what_is_no_workbook_ends_in_one_sentence(case: str, tmp_path: Path) -> None:
    path = tmp_path / "1.xlsx"
    path.write_bytes(hostile(case))
    with pytest.raises(Unreadable) as caught:
        workbook.read(path, form())
    assert FILES[case] in str(caught.value)
    assert str(caught.value).count("\n") == 0


def test_without_the_library_a_sentence_says_how_to_get_it(
    ours: Ours, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(filled({}), tmp_path)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    for arguments in (["template", "--xlsx", str(tmp_path / "2.xlsx")], ["add", str(path)]):
        code, said = ours.run(*arguments, "--package", str(ours.root))
        assert code == 2
        assert said == (
            "accords: workbooks need openpyxl, which is not installed; install it with: pip install 'accords[xlsx]'\n"
        )


def wrong() -> openpyxl.Workbook:
    """Return a Vietnamese workbook with three faults in three cells, and a comment of its author."""
    entry = SIMPLE | {TITLE: "=1+1", "agreement.agreement_type": "Pact", "agreement.status": ""}
    book = filled({"agreements": [entry]}, "vi")
    cell_of(book, "agreements", "agreement.agreement_type").comment = Comment("Seen on page 2", "Lan")
    return book


def test_a_workbook_comes_back_with_what_is_wrong(ours: Ours, tmp_path: Path) -> None:
    path, out = saved(wrong(), tmp_path), tmp_path / "errors.xlsx"
    code, _ = add(ours, path, "--xlsx-errors", str(out))
    assert code == 1
    back = opened(out)
    spots = {
        TITLE: "công thức không được tính",
        "agreement.agreement_type": "không phải mã hay tên gọi trong agreement_types",
        "agreement.status": "thiếu status",
    }
    for key, said in spots.items():
        cell = cell_of(back, "agreements", key)
        assert cell.fill.fgColor.rgb == RED
        assert said in cell.comment.text
    listed = back[told("vi")["errors"]]
    assert back.active is listed
    links = {cell.value: cell.hyperlink.location or cell.hyperlink.target for (cell,) in listed["A4:A6"]}
    assert links == {cell: f"#{cell}" for cell in links}
    assert set(links) == {f"'Thỏa thuận'!{cell_of(back, 'agreements', key).coordinate}" for key in spots}
    assert [cell.value for cell in listed[3]] == told("vi")["report"]["head"]
    assert all(listed.cell(row, column).value for row in (4, 5, 6) for column in range(1, 6))
    red = [c for sheet in back for row in sheet.iter_rows() for c in row if c.fill.fgColor.rgb == RED]
    assert len(red) == 3
    before = opened(path)
    for name in Layout(form()).sheets:
        values = [[cell.value for cell in row] for row in sheet_of(before, name).iter_rows(max_row=50)]
        assert [[cell.value for cell in row] for row in sheet_of(back, name).iter_rows(max_row=50)] == values
        assert len(sheet_of(back, name).data_validations.dataValidation) == len(Layout(form()).sheets[name].columns)


def test_a_painted_workbook_is_cleaned_when_it_comes_again(ours: Ours, tmp_path: Path) -> None:
    path, first, second = saved(wrong(), tmp_path), tmp_path / "errors.xlsx", tmp_path / "again.xlsx"
    assert add(ours, path, "--xlsx-errors", str(first))[0] == 1
    book = opened(first)
    for key in (TITLE, "agreement.agreement_type", "agreement.status"):
        cell_of(book, "agreements", key).value = SIMPLE[key]
    book.save(first)
    code, said = add(ours, first, "--xlsx-errors", str(second), "--dry-run")
    assert code == 0, said
    back = opened(second)
    assert [c for sheet in back for row in sheet.iter_rows() for c in row if c.fill.fgColor.rgb == RED] == []
    assert cell_of(back, "agreements", TITLE).comment is None
    assert cell_of(back, "agreements", "agreement.agreement_type").comment.text == "Seen on page 2"
    assert back[told("vi")["errors"]]["A1"].value == told("vi")["report"]["none"]


def test_a_former_report_is_replaced_whole_or_not_at_all(
    ours: Ours, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, out = saved(wrong(), tmp_path), tmp_path / "errors.xlsx"
    assert add(ours, path, "--xlsx-errors", str(out))[0] == 1
    before = out.read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        assert add(ours, path, "--xlsx-errors", str(out)) == (
            2,
            f"accords: {out} cannot be written: No space left on device.\n",
        )
    assert out.read_bytes() == before
    assert [item.name for item in tmp_path.iterdir() if item.name.startswith(".accords")] == []
    for wrongly in ([str(path)], [str(path.parent / "." / path.name)]):
        code, said = add(ours, path, "--xlsx-errors", *wrongly)
        assert code == 2
        assert "would write over the workbook itself" in said
    assert main(["add", str(ours.file(MEMORANDUM)), "--package", str(ours.root), "--xlsx-errors", str(out)]) == 2


def test_a_file_that_somebody_has_worked_in_is_kept(ours: Ours, tmp_path: Path) -> None:
    """A painted copy is made anew as often as one likes, until a cell of it is changed."""
    path, out = saved(wrong(), tmp_path), tmp_path / "errors.xlsx"
    for _ in range(2):
        code, said = add(ours, path, "--xlsx-errors", str(out))
        assert code == 1
        assert said.endswith(f"{out}: a copy of the workbook, with what is wrong painted into it\n")
    book = opened(out)
    cell_of(book, "agreements", TITLE).value = "A title that was put right in the copy"
    book.save(out)
    (tmp_path / "notes.xlsx").write_text("no workbook")
    saved(filled({}), tmp_path, "other.xlsx")
    for name in ("errors.xlsx", "notes.xlsx", "other.xlsx"):
        before = (tmp_path / name).read_bytes()
        code, said = add(ours, path, "--xlsx-errors", str(tmp_path / name))
        assert code == 2
        assert "is there already and is kept" in said
        assert (tmp_path / name).read_bytes() == before


@pytest.mark.parametrize("code", list(catalogue()))
def test_each_sentence_has_its_like_in_vietnamese(code: str) -> None:
    entry, other = catalogue()[code], catalogue("vi")[code]
    for way, template in entry.messages.items():
        names = re.findall(r"\{(\w+)\}", template + entry.remedy(way))
        told = {name: f"«{name} 1, 2»" for name in names}
        item = problem(code, None, None, variant=way, params=told)
        assert worded(item, "en") == (words.filled(template, told), words.filled(entry.remedy(way), told))
        assert worded(item, "vi") == (words.filled(other.messages[way], told), words.filled(other.remedy(way), told))
        assert "{" not in "".join(worded(item, "vi"))


def test_a_rule_of_the_package_is_called_one_in_vietnamese() -> None:
    rule = Problem("held-in-future", Severity.ERROR, None, None, "it has not come yet", hint="Wait.")
    assert worded(rule, "vi") == ("Quy tắc held-in-future không đạt: it has not come yet", "Wait.")
