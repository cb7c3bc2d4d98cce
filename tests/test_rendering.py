"""`accords report`: a saved report rendered again, and what is none refused in one sentence."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from conftest import Maker
from test_reports import PACKAGE

import accords
from accords.cli import main
from accords.report import FORMATS


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    file = tmp_path / "report.json"
    main(["validate", str(PACKAGE), "--as-of", "2026-11-22", "--format", "json", "-o", str(file)])
    return file


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_it_is_rendered_as_the_run_itself_would_have_been(
    saved: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(saved), "--format", name]) == 0
    assert capsys.readouterr().out == FORMATS[name](accords.validate(PACKAGE, as_of=date(2026, 11, 22)))


def test_it_goes_to_a_file(saved: Path, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    assert main(["report", str(saved), "--format", "html", "-o", str(page)]) == 0
    assert page.read_text("utf-8").startswith("<!doctype html>")


def test_a_vietnamese_report_stays_vietnamese_and_can_be_english(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "report.json"
    main(["validate", str(PACKAGE), "--as-of", "2026-11-22", "--lang", "vi", "--format", "json", "-o", str(file)])
    main(["report", str(file)])
    assert capsys.readouterr().out.endswith("KHÔNG HỢP LỆ\n")
    main(["report", str(file), "--lang", "en"])
    assert capsys.readouterr().out == FORMATS["text"](accords.validate(PACKAGE, as_of=date(2026, 11, 22)))


NONE = {
    "nothing": "",
    "no JSON": "{",
    "a list": "[]",
    "an object": "{}",
    "too deep": "[" * 100_000,
    "another tool's": '{"version": "2.1.0", "runs": []}',
    "a descriptor": '{"name": "x", "resources": []}',
    "half of it": '{"schema_version": 1, "tool": {"name": "accords", "version": "1"}}',
    "a later kind": '{"schema_version": 2, "tool": {"name": "accords", "version": "1"}}',
}


@pytest.mark.parametrize("text", NONE.values(), ids=NONE)
def test_what_is_no_report_ends_with_2_and_one_sentence(
    tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "x.json"
    file.write_text(text, encoding="utf-8")
    assert main(["report", str(file), "--format", "html"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("accords: ")
    assert str(file) in said.err
    assert len(said.err.splitlines()) == 1


def test_a_file_that_is_not_there_or_no_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(tmp_path / "nowhere.json")]) == 2
    (tmp_path / "x.json").write_bytes(b"\xff\xfe")
    assert main(["report", str(tmp_path / "x.json")]) == 2
    assert capsys.readouterr().err.count("cannot be read") == 2


def test_a_run_that_could_not_happen_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["validate", str(tmp_path), "--format", "json"])
    file = tmp_path / "stopped.json"
    file.write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["report", str(file)]) == 2
    told = capsys.readouterr().err
    assert "holds no findings, but says why there are none" in told
    assert "holds no datapackage.json" in told


def test_what_a_stranger_wrote_into_a_report_stays_text(
    make_package: Maker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = accords.validate(make_package("agreement_id,signed,ends,beds\na,,,many\n"))
    content = report.to_dict()
    evil = "<script>x</script>\x1b[31m\n::error::x"
    content["package"] = {"name": evil, "version": evil, "path": evil}
    content["problems"][0] |= {"message": evil, "path": evil, "hint": evil, "fields": [evil], "value": evil}
    file = tmp_path / "evil.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    for name in ("text", "html", "markdown", "github", "junit"):
        assert main(["report", str(file), "--format", name]) == 0
        made = capsys.readouterr().out
        assert "\x1b" not in made.split("::stop-commands::")[0]
        assert name in ("text", "github") or "<script>x" not in made
    assert main(["report", str(file), "--format", "github"]) == 0
    lines = capsys.readouterr().out.split("::stop-commands::")[0].splitlines()
    assert [line for line in lines if line.startswith("::error::x")] == []
