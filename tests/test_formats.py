"""SARIF, JUnit, HTML and CSV: valid by their standards, within their readers' limits, whatever a cell holds."""

from __future__ import annotations

import csv
import functools
import io
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xmlschema
from conftest import Maker
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from pages import Page
from test_changes import EVIL
from test_reports import PACKAGE, problem, report

import accords
from accords.problems import Check, Outcome, Severity
from accords.report import FORMATS
from accords.report.to_junit import SHOWN
from accords.report.to_sarif import RESULTS
from accords.report.values import visible

STANDARDS = Path(__file__).parent / "standards"
ANY = st.text(st.characters(exclude_categories=()))


@functools.cache
def sarif_schema() -> Draft7Validator:
    return Draft7Validator(json.loads((STANDARDS / "sarif-schema-2.1.0.json").read_text("utf-8")))


@functools.cache
def junit_schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(STANDARDS / "junit-10.xsd")


def sarif(one: accords.Report) -> dict[str, Any]:
    """Return the only run, after a look at the whole, or at the start of lists that are long."""
    made = json.loads(FORMATS["sarif"](one))
    (run,) = made["runs"]
    driver = run["tool"]["driver"]
    cut = {**run, "results": run["results"][:50], "tool": {"driver": {**driver, "rules": driver["rules"][:50]}}}
    assert [fault.message for fault in sarif_schema().iter_errors({**made, "runs": [cut]})] == []
    return dict(run)


def junit(one: accords.Report) -> ET.Element:
    made = FORMATS["junit"](one)
    junit_schema().validate(made)
    return ET.fromstring(made)


@pytest.fixture(scope="module")
def golden() -> accords.Report:
    return accords.validate(PACKAGE, as_of=date(2026, 11, 22))


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_a_real_run_follows_both_schemas(lang: str) -> None:
    one = accords.validate(PACKAGE, as_of=date(2026, 11, 22), lang=lang)
    run, root = sarif(one), junit(one)
    assert run["language"] == lang
    assert len(run["results"]) == len(one.problems) == 7
    cases = root.findall("testsuite/testcase")
    assert len(cases) == len(one.checks)
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == (str(len(cases)), "7", "15")
    assert sum(case.find("failure") is not None for case in cases) == 7
    assert sum(case.find("error") is not None for case in cases) == 15


def test_sarif_points_at_the_line_and_explains_the_rule(golden: accords.Report) -> None:
    run = sarif(replace(golden, package_path="."))
    rules = run["tool"]["driver"]["rules"]
    result = next(item for item in run["results"] if item["ruleId"] == "ends-before-signed")
    assert rules[result["ruleIndex"]]["id"] == "ends-before-signed"
    assert rules[result["ruleIndex"]]["shortDescription"]["text"] == "An agreement that ends before it is signed"
    assert result["level"] == "warning"
    place = result["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("agreements.csv", 4)


def test_sarif_stays_within_what_github_takes() -> None:
    many = [
        problem(number, code=f"code-{number % 7000}", message=EVIL * 20, hint=EVIL, severity=Severity(number % 3 + 1))
        for number in range(30_000)
    ]
    checks = tuple(
        Check("x-y", Severity.ERROR, f"t{number}", Outcome.UNEVALUATED, reason=EVIL) for number in range(300)
    )
    one = report(*many)
    run = sarif(replace(one, checks=(*one.checks, *checks)))
    results, rules = run["results"], run["tool"]["driver"]["rules"]
    assert len(results) == RESULTS <= 5000
    assert {item["level"] for item in results} == {"error"}, "the worst come first"
    assert len(rules) <= 25_000
    assert all(len(rule["properties"]["tags"]) <= 10 and len(rule["name"]) <= 255 for rule in rules)
    assert all(len(rule[part]["text"]) <= 1024 for rule in rules for part in ("shortDescription", "fullDescription"))
    assert all(0 < len(item["message"]["text"]) <= 1024 and len(item["locations"]) == 1 for item in results)
    told = [item["message"]["text"] for item in run["invocations"][0]["toolExecutionNotifications"]]
    assert "25,000 more findings, not listed" in told
    assert len(told) <= 102


def test_sarif_addresses_are_relative_and_encoded() -> None:
    def uri(path: str | None, package: str) -> str:
        one = replace(report(problem(path=path, line=None)), package_path=package)
        (result,) = sarif(one)["results"]
        assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 1
        return str(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])

    assert uri("data/Thỏa thuận 1%.csv", ".") == "data/Th%E1%BB%8Fa%20thu%E1%BA%ADn%201%25.csv"
    assert uri("a.csv", "packages/ours") == "packages/ours/a.csv"
    assert uri("a.csv", "/home/x/ours") == "a.csv"
    assert uri("a.csv", "C:\\ours") == "a.csv"
    assert uri("a.csv", "release.zip") == "a.csv"
    assert uri(None, ".") == "datapackage.json"


def test_fingerprints_stay_when_rows_move_and_in_another_language(make_package: Maker) -> None:
    head, rows = "agreement_id,signed,ends,beds\n", "a,2020,,many\nb,20x,,few\n,,,\n,,,3\n"

    def prints(lang: str = "en") -> list[str]:
        results = sarif(accords.validate(folder, lang=lang))["results"]
        found = [item["partialFingerprints"]["accordsFinding/v1"] for item in results]
        assert len(set(found)) == len(found) == 5
        return sorted(found)

    folder = make_package(head + rows)
    before = prints()
    assert prints("vi") == before
    (folder / "agreements.csv").write_text(f"{head}x,2001,,\ny,2002,,\n{rows}", encoding="utf-8")
    assert prints() == before
    (folder / "agreements.csv").write_text(f"{head}{rows}".replace("many", "lots"), encoding="utf-8")
    assert len(set(prints()) & set(before)) == 4


def test_junit_tells_what_a_check_found_and_what_it_left_out(golden: accords.Report) -> None:
    case = junit(golden).find("testsuite[@name='agreement_parties']/testcase[@name='foreign-key']/failure")
    assert case is not None
    assert case.get("type") == "error"
    assert case.get("message") == "1 finding: A reference leads nowhere"
    assert 'agreement_parties.csv:3:1: agreement_id: "hue-lyon-2091" is not in agreements' in (case.text or "")
    one = report(*(problem(number) for number in range(1, 131)))
    one = replace(one, checks=(Check("type-error", Severity.ERROR, "t", Outcome.FAIL, 150, 130),))
    failure = junit(one).find("testsuite/testcase/failure")
    assert failure is not None
    lines = (failure.text or "").strip().splitlines()
    assert len(lines) == SHOWN + 1
    assert lines[-1] == "50 more findings, not listed"


def test_a_check_on_the_package_tells_of_the_tables() -> None:
    """History compares releases, and is one check whose findings are in several tables."""
    one = report(problem(code="id-reused", resource="t"))
    one = replace(one, checks=(Check("id-reused", Severity.ERROR, None, Outcome.FAIL, 1, 1),))
    failure = junit(one).find("testsuite/testcase/failure")
    assert failure is not None
    assert "t.csv" in (failure.text or "")


@settings(max_examples=60)
@given(ANY)
def test_no_text_breaks_a_format(text: str) -> None:
    bad = problem(message=text or "m", hint=text, path=text, fields=(text,), value=text, key=((text, text),),
                  resource=text)  # fmt: skip
    one = report(bad)
    left = Check("x-y", Severity.ERROR, text, Outcome.UNEVALUATED, reason=text)
    one = replace(one, checks=(*one.checks, left), package_name=text, package_version=text, package_path=".")
    one.counts["unevaluated"] = 1
    failure = junit(one).find("testsuite/testcase/failure")
    assert failure is not None
    assert "\n".join(visible(text).splitlines()) in (failure.text or "")
    assert sarif(one)["results"][0]["message"]["text"].startswith(f"{visible(text)[:100]}")
    page = Page(FORMATS["html"](one))
    assert page.open == []
    assert not page.tags & {"img", "iframe", "b"}
    assert visible(text) in "".join(page.text)
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"](one), newline="")))
    assert [row["severity"] for row in rows] == ["error", "unevaluated"]
    assert rows[0]["value"].removeprefix("'") == text
    for name in ("text", "github", "markdown"):
        assert FORMATS[name](one)


def test_csv_is_one_row_a_problem_and_starts_no_formula(golden: accords.Report) -> None:
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"](golden), newline="")))
    assert [row["code"] for row in rows[:7]] == [item.code for item in golden]
    assert [row["line"] for row in rows[:7]] == [str(item.line) for item in golden]
    signs = ["=cmd()", "+1 (24)", "-a", "@x", "\t=1", " =1", "'s", "＝1", "-12.5", "a=1"]
    made = FORMATS["csv"](report(*(problem(n, value=sign, message=sign) for n, sign in enumerate(signs, 1))))
    values = [row["value"] for row in csv.DictReader(io.StringIO(made, newline=""))]
    assert values == [*(f"'{sign}" for sign in signs[:8]), *signs[8:]]


def test_the_page_is_one_file_that_asks_for_nothing(golden: accords.Report) -> None:
    made = FORMATS["html"](golden)
    page = Page(made)
    assert page.open == []
    assert all(address and address.startswith("#") for address in page.addresses)
    assert "default-src 'none'" in made
    assert not re.search(r"https?://", made)
    names = [value for name, value in page.attributes if name == "id"]
    assert len(names) == len(set(names))
    assert {f"#code-{code}" for code in golden.by_code()} == set(page.addresses)


def test_the_page_says_totals_where_samples_are_capped(make_package: Maker) -> None:
    rows = "".join(f"a{number},,,many\n" for number in range(1500))
    one = accords.validate(make_package("agreement_id,signed,ends,beds\n" + rows), limit=20)
    text = " ".join("".join(Page(FORMATS["html"](one)).text).split())
    assert "1,500 findings, 20 of them listed" in text
    assert text.count('"many" is no integer') == 20


def test_github_keeps_to_ten_of_a_kind_with_what_was_not_evaluated() -> None:
    one = report(*(problem(number) for number in range(1, 9)))
    left = tuple(Check("x-y", Severity.ERROR, f"t{number}", Outcome.UNEVALUATED, reason="r") for number in range(5))
    made = FORMATS["github"](replace(one, checks=(*one.checks, *left), package_path="sub/package"))
    lines = made.split("::stop-commands::")[0].splitlines()
    assert len(lines) == 10
    assert lines[0].startswith("::error file=sub/package/t.csv,line=1")
    assert lines[8].startswith("::error title=accords::not evaluated on t0")
    assert lines[-1] == "::error title=accords::4 more of this kind; the log lists them"
