"""One run rendered in every format, compared with its golden file."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from conftest import Maker

import accords
from accords.problems import Check, Outcome, Problem, Report, Severity
from accords.report import FORMATS

REPORTS = Path(__file__).parent / "reports"
PACKAGE = REPORTS / "package"


@pytest.mark.parametrize("kind", [*sorted(FORMATS), "vi.text", "vi.markdown"])
def test_a_run_is_rendered_as_it_was(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PACKAGE)
    golden = REPORTS / f"report.{kind}"
    name, lang = kind.removeprefix("vi."), "vi" if kind.startswith("vi.") else "en"
    made = FORMATS[name](accords.validate(".", as_of=date(2026, 11, 22), lang=lang))
    if os.environ.get("ACCORDS_WRITE_EXPECTED"):
        golden.write_text(made, encoding="utf-8", newline="")
    assert made == golden.read_text("utf-8")


def report(*problems: Problem) -> Report:
    """Return a report of problems that no real run need have."""
    counts = {severity.label: sum(item.severity is severity for item in problems) for severity in Severity}
    checks = tuple(Check(item.code, item.severity, item.resource, Outcome.FAIL, 1, 1) for item in problems)
    return Report(
        "0", date(2026, 1, 1), "p", "1", ".", (), checks, problems, {**counts, "unevaluated": 0, "excepted": 0}
    )


def problem(number: int = 1, **changes: object) -> Problem:
    values = {"code": "type-error", "severity": Severity.ERROR, "resource": "t", "path": "t.csv", "message": "m",
              "row": number, "line": number, "fields": ("f",), "column": 1} | changes  # fmt: skip
    return Problem(**values)  # type: ignore[arg-type]  # the changes are ours


def test_github_shows_ten_of_a_kind_and_counts_the_rest() -> None:
    made = FORMATS["github"](report(*(problem(number) for number in range(1, 31))))
    lines = [line for line in made.split("::stop-commands::")[0].splitlines() if line]
    assert len(lines) == 10
    assert lines[-1] == "::error title=accords::21 more of this kind; the log lists them"


def test_a_cell_cannot_give_github_a_command() -> None:
    evil = "x\n::set-output name=a::b\r%0A::error::\x1b[2J"
    made = FORMATS["github"](report(problem(message=evil, path="a,b:c.csv", hint=evil)))
    before, after = made.split("::stop-commands::")
    assert len(before.splitlines()) == 1
    assert "file=a%2Cb%3Ac.csv," in before
    assert before.isprintable() or before.removesuffix("\n").isprintable()
    token = after.splitlines()[0]
    assert after.rstrip("\n").endswith(f"::{token}::")
    assert token not in evil


def test_control_characters_of_a_cell_reach_no_terminal(make_package: Maker) -> None:
    package = make_package("agreement_id,signed,ends,beds\na,,,\x1b[31mred\x07\n")
    made = FORMATS["text"](accords.validate(package))
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", made)
    assert "\\x1b[31mred" in made


def test_control_characters_of_a_key_and_a_name_reach_no_terminal(make_package: Maker) -> None:
    package = make_package("agreement_id,signed,ends,beds\na\x1b[2J,,,many\n", name="small\x1b[2J", version="1\u202e")
    made = FORMATS["text"](accords.validate(package))
    assert all(sign.isprintable() or sign == "\n" for sign in made), made
    assert "(record a\\x1b[2J)" in made
    told = FORMATS["text"](report(problem(fields=("f\x07",), path="a\x1b.csv", message="\x9b", hint="\x1b")))
    assert all(sign.isprintable() or sign == "\n" for sign in told), told


def test_markdown_shows_the_ten_worst_and_counts_all() -> None:
    bad = [problem(number, code="rare", message=f"m{number}") for number in range(1, 3)]
    bad += [problem(number, code="often", message=f"o{number}") for number in range(1, 8)]
    bad += [problem(number, code="note", severity=Severity.INFO, message=f"i{number}") for number in range(1, 6)]
    one = report(*reversed(bad))
    made = FORMATS["markdown"](one)
    listed = re.findall(r"</code>: (\w\d) \|", made)
    assert listed == ["o1", "o2", "o3", "o4", "o5", "o6", "o7", "m1", "m2", "i1"]
    assert "### The 10 worst of 14 findings" in made
    assert (
        "| error | <code>often</code> | 7 |\n| error | <code>rare</code> | 2 |\n| info | <code>note</code> | 5 |"
        in made
    )
    assert "<code>t.csv:1</code>" in made


def test_markdown_of_any_report_is_one_summary() -> None:
    evil = "|`<b>@all #1 \n# h\x1b</details>" * 5000
    bad = [
        problem(n, code=f"c-{n}", message=evil, hint=evil, path=evil, fields=(evil,), key=(("k", evil),))
        for n in range(9000)
    ]
    checks = [Check(f"u-{n}", Severity.ERROR, f"t{n}", Outcome.UNEVALUATED, reason=evil) for n in range(100)]
    one = report(*bad)
    one = replace(one, checks=(*one.checks, *checks), package_name=evil, package_version=evil)
    made = FORMATS["markdown"](one)
    assert len(made.encode("utf-8")) < 2**20
    assert not re.search(r"<b>|</details|^# h|(?<!<span>)@all", made, re.MULTILINE)
    assert re.search(r"and [\d,]+ more codes, not shown", made)


def test_json_is_what_the_report_says() -> None:
    one = report(problem(key=(("id", "a"),), value="v", hint="h"))
    told = json.loads(FORMATS["json"](one))
    assert told == one.to_dict()
    assert told["problems"][0]["key"] == {"id": "a"}
