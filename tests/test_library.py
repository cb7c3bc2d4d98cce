"""The library as somebody uses it in a notebook: validate, look at the report, make a table of it, say nothing."""

from __future__ import annotations

import copy
import inspect
import json
import subprocess
import sys
import typing
from datetime import date
from pathlib import Path

import pytest
from bench.tables import write
from conftest import Maker
from jsonschema import Draft202012Validator

import accords
from accords.errors import CannotCheck
from accords.problems import Report
from accords.report import FORMATS
from accords.saved import Unfit
from accords.worker import Stage

ROOT = Path(__file__).resolve().parents[1]
HEAD = "agreement_id,signed,ends,beds\n"
BAD = HEAD + "a,2020,2021,many\nb,17/11/2023,,3\n,,,\n"
RULES = """
no-beds:
  table: agreements
  severity: warning
  title: An agreement without beds
  message: "{agreement_id} says nothing of beds"
  why: Beds are what it is about.
  fix: Look them up.
  expect: beds IS NOT NULL
  valid:
    - {agreement_id: a, beds: "1"}
  invalid:
    - {agreement_id: a}
"""


def test_a_notebook(make_package: Maker, capsys: pytest.CaptureFixture[str]) -> None:
    package = make_package(BAD + "c,,,\n", rules=RULES)
    report = accords.validate(package, as_of=date(2026, 1, 1))
    assert not report.valid
    assert report.counts == {"error": 3, "warning": 1, "info": 0, "unevaluated": 0, "excepted": 0, "accepted": 0}
    assert report.by_code().most_common()[0][1] == 1
    assert [problem.code for problem in report] == [problem.code for problem in report.problems]
    assert {problem.code: problem.line for problem in report} == {
        "blank-row": 4, "type-error": 2, "spreadsheet-mangled-date": 3, "no-beds": 5,
    }  # fmt: skip
    assert repr(report) == f"<Report on {package}: not valid; 3 error, 1 warning>"
    assert [rule.title for rule in report.rules] == ["An agreement without beds"]
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "")


def test_rows_are_what_a_data_frame_takes(make_package: Maker) -> None:
    rows = accords.validate(make_package(BAD)).rows()
    assert len(rows) == 3
    assert len({tuple(row) for row in rows}) == 1, "each row has the same columns"
    assert all(value is None or isinstance(value, str | int) for row in rows for value in row.values())
    row = next(row for row in rows if row["code"] == "type-error")
    assert (row["line"], row["fields"], row["record"], row["value"]) == (2, "beds", "a", "many")


def test_pandas_makes_a_frame_of_them(make_package: Maker) -> None:
    pandas = pytest.importorskip("pandas")  # no dependency of ours
    report = accords.validate(make_package(BAD))
    frame = pandas.DataFrame(report.rows())
    assert len(frame) == 3
    assert frame.groupby("code").size().to_dict() == dict(report.by_code())


def test_a_report_is_read_back_as_it_was(make_package: Maker) -> None:
    package = make_package(BAD + "c,,,\n", rules=RULES)
    for lang in ("en", "vi"):
        report = accords.validate(package, lang=lang)
        saved = json.loads(json.dumps(report.to_dict()))
        schema = json.loads((ROOT / "schemas" / "report.schema.json").read_text("utf-8"))
        assert [fault.message for fault in Draft202012Validator(schema).iter_errors(saved)] == []
        again = Report.from_dict(saved)
        assert again == report
        assert all(FORMATS[name](again) == FORMATS[name](report) for name in FORMATS)


def test_a_report_of_an_earlier_version_is_read() -> None:
    """What was added within schema version 1 may be missing, and what comes later may be there."""
    saved = json.loads((ROOT / "tests" / "reports" / "report.json").read_text("utf-8"))
    older = copy.deepcopy(saved)
    for item in (*older["problems"], *older["checks"]):
        for name in ("way", "filling", "why"):
            item.pop(name, None)
    del older["language"], older["rules"], older["counts"]["accepted"]
    older["news"] = 1
    assert Report.from_dict(older).counts["error"] == 6
    assert [item.message for item in Report.from_dict(older)] == [item.message for item in Report.from_dict(saved)]
    assert all(FORMATS[name](Report.from_dict(older)) for name in FORMATS)


BROKEN: dict[str, tuple[tuple[str | int, ...], object]] = {
    "another version": (("schema_version",), 2),
    "no checks": (("checks",), None),
    "a check without a code": (("checks", 0, "code"), None),
    "a count left out": (("counts", "error"), None),
    "a count as text": (("counts", "error"), "6"),
    "no such day": (("as_of",), "2026-13-01"),
    "problems in an object": (("problems",), {}),
    "a row that is true": (("problems", 0, "row"), True),
    "no such severity": (("problems", 0, "severity"), "bad"),
    "a code with an escape": (("problems", 0, "code"), "x\x1b[2J"),
    "a filling with a list": (("problems", 0, "filling"), {"a": [1]}),
    "a key with a number": (("problems", 0, "key"), {"a": 1}),
    "no message": (("problems", 0, "message"), None),
    "words without a text": (("checks", 0, "why"), [{"filling": {}}]),
    "no path": (("package", "path"), None),
    "a language with markup": (("language",), '"><script>'),
    "a rule's code with markup": (("rules", 0, "code"), "<b>"),
}


@pytest.mark.parametrize(("path", "value"), BROKEN.values(), ids=BROKEN)
def test_what_is_no_report_is_refused(path: tuple[str | int, ...], value: object) -> None:
    saved = json.loads((ROOT / "tests" / "reports" / "report.json").read_text("utf-8"))
    assert Report.from_dict(saved)
    place = saved
    for part in path[:-1]:
        place = place[part]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    with pytest.raises(Unfit):
        Report.from_dict(saved)


@pytest.mark.parametrize("content", [[], {}, None, 1, {"schema_version": 1}, {"schema_version": 1, "tool": {}}])
def test_what_is_no_report_at_all_is_refused(content: object) -> None:
    with pytest.raises(Unfit):
        Report.from_dict(content)


def test_progress_tells_tables_rows_and_stages(make_package: Maker) -> None:
    rows = "".join(f"a{number},2020,,\n" for number in range(25_000))
    stages: list[Stage] = []
    accords.validate(make_package(HEAD + rows), progress=stages.append)
    assert [stage.rows for stage in stages if stage.table == "agreements"] == [0, 25_000]  # the engine reads it itself
    stages.clear()
    accords.validate(make_package(HEAD + rows.replace("2020", '"20\n20"', 1)), progress=stages.append)
    assert [stage.rows for stage in stages if stage.table == "agreements"] == [0, 20_000, 25_000]
    assert [stage.name for stage in stages if stage.table is None][:2] == ["types", "dates"]


def test_the_tests_start_no_worker_unless_they_are_about_it(
    make_package: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else each of them costs the start of an interpreter and of the engine, and the suite several minutes."""
    monkeypatch.setattr("accords.supervisor._started", None)
    assert not accords.validate(make_package(BAD)).valid
    assert not accords.validate(make_package(BAD), timeout=60).valid


def test_an_unknown_language_is_one_sentence(make_package: Maker) -> None:
    with pytest.raises(CannotCheck, match="there is no language 'fr' here, only en and vi"):
        accords.validate(make_package(BAD), lang="fr")


def test_the_call_is_typed_and_documented() -> None:
    hints = typing.get_type_hints(accords.validate, {**vars(accords), "Report": Report, "Stage": Stage})
    names = inspect.signature(accords.validate).parameters
    assert set(hints) == {*names, "return"}
    assert all(f"`{name}`" in (accords.validate.__doc__ or "") for name in names)
    assert (ROOT / "validate" / "accords" / "py.typed").exists()


@pytest.mark.parametrize("limit", [0, 1, 7, 45, 60])
def test_a_sample_is_the_first_of_all_that_there_is(tmp_path: Path, limit: int) -> None:
    """Every value of four tables is wrong: whichever check finds a fault, those shown of a code are its first."""
    package = write(tmp_path / "package", 100, "bad")
    every, some = accords.validate(package), accords.validate(package, limit=limit)
    assert {"constraint-error", "foreign-key", "type-error"} <= every.by_code().keys() == some.by_code().keys()
    assert every.by_code() == some.by_code()
    for code in every.by_code():
        assert [item for item in some if item.code == code] == [item for item in every if item.code == code][:limit]


def test_importing_it_brings_in_no_engine() -> None:
    program = "import sys, accords; sys.exit(bool({'duckdb', 'yaml', 'jsonschema'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True).returncode == 0
