"""Two languages with equal keys, in findings, reasons and frames; what a package says itself stays as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from conftest import Maker
from phrases import phrases
from test_packages import BAD
from test_reports import PACKAGE

import accords
from accords.catalogue import catalogue
from accords.cli import main
from accords.errors import CannotCheck
from accords.languages import LANGUAGES, Voice, translated
from accords.languages import phrases as in_language
from accords.problems import Report
from accords.report import FORMATS
from accords.words import Words, said

_NAME = re.compile(r"\{(\w+)\}")
OTHERS = [language for language in LANGUAGES if language != "en"]
# English words that a Vietnamese sentence has no business with; the names of codes and options are left out.
_ENGLISH = re.compile(r"\b(the|is|are|of|has|have|and|with|which|not|no|must|may|cannot|from)\b")


def names(texts: Mapping[str, str]) -> dict[str, list[str]]:
    return {way: sorted(_NAME.findall(text)) for way, text in texts.items()}


@pytest.mark.parametrize("language", OTHERS)
def test_the_catalogues_have_equal_keys_ways_and_names(language: str) -> None:
    english, other = catalogue(), catalogue(language)
    assert list(other) == list(english)
    for code, entry in english.items():
        assert names(other[code].messages) == names(entry.messages), code
        assert names(other[code].fixes) == names(entry.fixes), code
        assert other[code].severity is entry.severity
        texts = [other[code].title, other[code].why, *other[code].messages.values(), *other[code].fixes.values()]
        assert all(text.strip() for text in texts), code
        ours = [entry.title, entry.why, *entry.messages.values(), *entry.fixes.values()]
        assert [text for text in texts if text in ours and text != "{what}"] == [], code


@pytest.mark.parametrize("language", OTHERS)
def test_every_phrase_of_the_sources_is_there_and_no_other(language: str) -> None:
    found = in_language(language)
    # A sentence that ends a run has a full stop, which is left out where it goes into another one.
    assert sorted({text.removesuffix(".") for text in found} ^ {text.removesuffix(".") for text in phrases()}) == []
    assert [text for text in found if sorted(_NAME.findall(text)) != sorted(_NAME.findall(found[text]))] == []


@pytest.mark.parametrize("package", BAD, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_is_found_is_said_in_vietnamese(package: Path) -> None:
    """No sentence of ours stays English, whatever a case found."""
    try:
        report = accords.validate(package, as_of=date(2026, 1, 1), timeout=None, memory=None)
    except CannotCheck:
        return
    other = translated(report, "vi")
    for before, after in zip(report.problems, other.problems, strict=True):
        if before.way is not None:
            assert after.message != before.message or not re.search("[a-z]{3}", re.sub('"[^"]*"', "", before.message))
            assert after.hint != before.hint
            assert _left_in_english(after.message) == []
    for check, said_again in zip(report.checks, other.checks, strict=True):
        assert (check.reason is None) == (said_again.reason is None)
        assert check.reason is None or _left_in_english(said_again.reason or "") == []
    assert translated(other, "en") == report, "and back again"


def _left_in_english(text: str) -> list[str]:
    ours = re.sub(r""""[^"]*"|'[^']*'|`[^`]*`""", "", text)  # what stands in quotes is somebody else's
    # What the system, the engine or a library says comes after one of these, in its own words.
    theirs = (
        "biểu thức chính quy: |Schema của trường: |một giá trị của dữ liệu: |không phải JSON: |không đọc được .*?: "
    )
    return _ENGLISH.findall(re.split(theirs, ours)[0])


def test_a_rule_keeps_its_own_language() -> None:
    one = accords.validate(PACKAGE, as_of=date(2026, 11, 22), lang="vi")
    rule = next(item for item in one if item.code == "ends-before-signed")
    assert (rule.message, rule.hint) == (
        "hue-lyon-2024 ends on 2023, before it is signed on 2024~",
        "Compare both dates with the source.",
    )


@pytest.mark.parametrize("name", ["text", "markdown", "html", "junit"])
def test_the_frame_is_vietnamese_too(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PACKAGE)
    made = FORMATS[name](accords.validate(".", as_of=date(2026, 11, 22), lang="vi"))
    assert "đã đọc 2 trong 3 bảng với 6 bản ghi, đã thực hiện 53 phép kiểm tra" in made
    assert not re.search(r"\b(error|warning)s?\b[^\"-]* (found|not evaluated)|NOT VALID|Findings|What to do", made)


def test_numbers_are_parted_as_the_language_does() -> None:
    assert Voice("en").count(1234567, "{number} row", "{number} rows") == "1,234,567 rows"
    assert Voice("vi").count(1234567, "{number} row", "{number} rows") == "1.234.567 dòng"


def test_a_language_that_lacks_a_sentence_says_it_in_english() -> None:
    assert Voice("vi")("a sentence that nobody wrote {x}", x=1) == "a sentence that nobody wrote 1"


def test_a_filling_is_text_and_nothing_is_run() -> None:
    """A saved report may come from anywhere, and so may its words."""
    assert str(said("{a.__class__} {a!r} {0} {b} {a}", a="x{b}")) == "{a.__class__} {a!r} {0} {b} x{b}"
    assert str(Words("braces { } {x}")) == "braces { } {x}"


def test_a_saved_report_is_said_in_another_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved = tmp_path / "report.json"
    main(["validate", str(PACKAGE), "--as-of", "2026-11-22", "--format", "json", "-o", str(saved)])
    main(["validate", str(PACKAGE), "--as-of", "2026-11-22", "--lang", "vi"])
    direct = capsys.readouterr().out
    assert main(["report", str(saved), "--lang", "vi"]) == 0
    assert capsys.readouterr().out == direct
    assert "KHÔNG HỢP LỆ" in direct
    report = Report.from_dict(json.loads(saved.read_text("utf-8")))
    assert report.language == "en"


def test_a_code_is_explained_in_vietnamese(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "foreign-key", "--lang", "vi"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("foreign-key (lỗi)\nMột tham chiếu không dẫn tới đâu\n\nVì sao: ")
    assert "Việc cần làm: " in told


def test_a_message_that_another_version_filled_differently_stays_readable(make_package: Maker) -> None:
    report = accords.validate(make_package("agreement_id,signed,ends,beds\na,,,many\n"))
    saved = json.loads(json.dumps(report.to_dict()))
    (item,) = saved["problems"]
    item["filling"], item["hint"] = {}, "mend it"
    (told,) = translated(Report.from_dict(saved), "vi")
    assert (told.message, told.hint) == ('"many" không phải kiểu {type}{form}', "mend it")
    item["way"] = "of another version"
    (told,) = translated(Report.from_dict(saved), "vi")
    assert told.message == '"many" is no integer'
