"""Declared rules: what they may say, what they flag, and what ends the run. One short test for each promise."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
import yaml
from conftest import Maker
from jsonschema import Draft202012Validator

import accords
from accords.errors import RuleError, UsageError
from accords.sqlguard import FUNCTIONS

ROOT = Path(__file__).resolve().parents[1]
HEAD = "agreement_id,signed,ends,beds\n"

ORDER = """
ends-early:
  title: Ends before it is signed
  severity: error
  table: agreements
  expect: edtf_latest(ends) >= edtf_earliest(signed)
  at: ends
  message: "{agreement_id} ends {ends}, signed {signed}"
  why: A term runs forward.
  fix: Look it up.
  valid: [{signed: "2020", ends: "2020"}]
  invalid: [{signed: "2020", ends: "2019"}]
"""


def rule(**changes: str) -> str:
    """Return the rule above with some of its lines put differently; an empty value drops the line."""
    lines = []
    for line in ORDER.strip().splitlines():
        key = line.strip().split(":")[0]
        if key not in changes:
            lines.append(line)
        elif changes[key]:
            lines.append(f"  {key}: {changes[key]}")
    known = {line.strip().split(":")[0] for line in ORDER.splitlines()}
    lines += [f"  {key}: {value}" for key, value in changes.items() if key not in known]
    return "\n".join(lines) + "\n"


def found(package: Path) -> list[tuple[str, str, str | None]]:
    report = accords.validate(package)
    return [(item.code, item.severity.label, item.key[0][1] if item.key else None) for item in report.problems]


def test_a_rule_flags_with_place_value_message_and_remedy(make_package: Maker) -> None:
    package = make_package(HEAD + "a,2020,2021,1\nb,2020-05,2020-04,1\n", rules=ORDER)
    (problem,) = accords.validate(package).problems
    assert problem.code == "ends-early"
    assert (problem.path, problem.row, problem.line, problem.column) == ("agreements.csv", 3, 3, 3)
    assert problem.field == "ends"
    assert problem.value == "2020-04"
    assert problem.key == (("agreement_id", "b"),)
    assert problem.message == "b ends 2020-04, signed 2020-05"
    assert problem.hint == "Look it up."


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("a,2020,2019,", [("ends-early", "error", "a")]),
        ("a,2020?,2019,", [("ends-early", "warning", "a")]),
        ("a,2020,2019~,", [("ends-early", "warning", "a")]),
        ("a,2020,,", []),
        ("a,,2019,", []),
        ("a,2020-05,2020,", []),
        ("a,2020-13,2019,", [("edtf-invalid", "error", "a")]),
    ],
    ids=["decided", "doubt in one", "doubt in the other", "no end", "no start", "undecidable", "unreadable"],
)
def test_what_cannot_be_decided_is_silent_and_doubt_lowers_the_severity(
    make_package: Maker, row: str, expected: list[tuple[str, str, str | None]]
) -> None:
    assert found(make_package(HEAD + row + "\n", rules=ORDER)) == expected


def test_a_query_reads_several_tables_and_points_at_the_record(make_package: Maker) -> None:
    lonely = """
    lonely:
      title: Fewer than two parties
      severity: warning
      table: agreements
      query: |
        SELECT a.agreement_id, count(p.party) AS parties
        FROM agreements a LEFT JOIN parties p ON p.agreement_id = a.agreement_id
        GROUP BY a.agreement_id HAVING count(p.party) < 2
      message: "{agreement_id} has {parties}"
      why: Nobody agrees alone.
      fix: Add one.
      valid: [{agreements: [{agreement_id: x}], parties: [{agreement_id: x, party: p}, {agreement_id: x, party: q}]}]
      invalid: [{agreements: [{agreement_id: x}]}]
    """
    package = make_package(HEAD + "a,,,\nb,,,\n", "agreement_id,party\na,p\na,q\nb,p\n", rules=lonely)
    report = accords.validate(package, examples=True)
    assert [(item.message, item.line, item.severity.label) for item in report.problems] == [("b has 1", 3, "warning")]


def test_one_rule_for_several_fields_names_the_field(make_package: Maker) -> None:
    modern = rule(
        table="",
        at="",
        expect="edtf_earliest(value) >= DATE '1945-01-01'",
        message='"{field} is {value}"',
        valid='[{value: "2020"}]',
        invalid='[{value: "1800"}]',
    )
    modern += "  for: {agreements: [signed, ends]}\n"
    package = make_package(HEAD + "a,1900,2020,\nb,2020,1900,\n", rules=modern)
    assert [item.message for item in accords.validate(package, examples=True).problems] == [
        "signed is 1900",
        "ends is 1900",
    ]


def test_a_column_called_field_is_a_column_like_any_other(make_package: Maker) -> None:
    query = "SELECT agreement_id, beds AS field FROM agreements WHERE beds > 5"
    few = rule(expect="", at="", query=query, message='"{field} beds"', valid='[{beds: "1"}]', invalid='[{beds: "6"}]')
    package = make_package(HEAD + "a,,,7\n", rules=few)
    assert [item.message for item in accords.validate(package, examples=True).problems] == ["7 beds"]


def test_an_exception_spares_its_record_and_is_reported_when_stale(make_package: Maker) -> None:
    spared = ORDER + "  exceptions: [{key: {agreement_id: a}, reason: The source says so}]\n"
    report = accords.validate(make_package(HEAD + "a,2020,2019,\nb,2020,2019,\n", rules=spared))
    assert [item.key[0][1] for item in report.problems] == ["b"]
    assert report.counts["excepted"] == 1
    report = accords.validate(make_package(HEAD + "a,2020,2021,\n", rules=spared))
    assert [(item.code, item.path) for item in report.problems] == [("exception-unused", "rules/all.yaml")]


def test_an_example_that_the_rule_contradicts_is_a_finding(make_package: Maker) -> None:
    wrong = rule(valid='[{signed: "2020", ends: "2019"}]', invalid='[{signed: "2020", ends: "2021"}]')
    package = make_package(HEAD, rules=wrong)
    problems = accords.validate(package, examples=True).problems
    assert [(item.code, item.path, item.line) for item in problems] == [("rule-example-wrong", "rules/all.yaml", 1)] * 2
    assert accords.validate(package).problems == ()


def test_a_rule_whose_table_cannot_be_read_is_unevaluated_and_never_valid(make_package: Maker) -> None:
    package = make_package(HEAD, rules=ORDER)
    (package / "agreements.csv").unlink()
    report = accords.validate(package)
    (check,) = [check for check in report.checks if check.code == "ends-early"]
    assert (check.outcome, check.reason) == ("unevaluated", "agreements could not be read")
    assert not report.valid


REFUSED = {
    "reads a file": "(SELECT count(*) FROM read_csv('/etc/hostname')) > 0",
    "reads a file by name": "(SELECT count(*) FROM '/etc/hostname') > 0",
    "reads the settings": "current_setting('threads') = '1'",
    "reads the environment": "getenv('HOME') = ''",
    "asks the clock": "edtf_earliest(signed) < now()",
    "asks the clock by keyword": "edtf_earliest(signed) < current_date",
    "asks chance": "random() < 2",
    "lists the catalogue": "(SELECT count(*) FROM duckdb_settings()) > 0",
    "reads another schema": "(SELECT count(*) FROM information_schema.tables) > 0",
    "reads our own tables": "(SELECT count(*) FROM faulty) = 0",
    "deletes inside a WITH": "(WITH d AS (DELETE FROM t1 RETURNING 1) SELECT count(*) FROM d) = 0",
    "is two statements": "true); DROP TABLE t1; SELECT (true",
    "runs text as SQL": "(SELECT count(*) FROM query('SELECT 1')) > 0",
    "names no column": "nothing_of_this_name = 1",
    "is no SQL": "signed ===",
    "calls what is not there": "edtf_soonest(signed) IS NULL",
}


@pytest.mark.parametrize("expression", REFUSED.values(), ids=REFUSED.keys())
def test_a_rule_that_reaches_out_or_does_not_compile_ends_the_run(make_package: Maker, expression: str) -> None:
    package = make_package(HEAD + "a,2020,2021,\n", rules=rule(expect=json.dumps(expression)))
    with pytest.raises(RuleError, match=r"rules/all\.yaml, line 1: ends-early: .+"):
        accords.validate(package)


MISUNDERSTOOD = {
    "an unknown key": (rule(massage="x"), "did you mean 'message'"),
    "no message": (rule(message=""), "'message' is missing"),
    "an unknown severity": (rule(severity="bad"), "'severity' must be"),
    "an unknown table": (rule(table="agreement"), "no table 'agreement'"),
    "an unknown field": (rule(at="end"), "no field 'end'"),
    "both expect and query": (rule(query="SELECT 1"), "either 'expect'"),
    "no valid example": (rule(valid=""), "at least one example under 'valid'"),
    "an example of another table": (rule(valid="[{start: x}]"), "no field 'start'"),
    "a message with an unknown name": (rule(message='"{start}"'), "names 'start'"),
    "a message that cannot be read": (rule(message='"{agreement_id"'), "message cannot be read"),
    "an exception without a reason": (rule(exceptions="[{key: {agreement_id: a}}]"), "a 'reason'"),
    "a key twice": (ORDER + "  at: signed\n", "written twice"),
    "an alias": (ORDER.replace("table: agreements", "table: &t agreements"), "anchors and aliases"),
    "no YAML": ("a: [", "not YAML"),
    "a list": ("- a\n", "expected a rule file"),
    "a code with capitals": (ORDER.replace("ends-early", "Ends-Early"), "small letters"),
    "a built-in code": (ORDER.replace("ends-early", "type-error"), "belongs to a built-in"),
    "a query without the key": (
        rule(expect="", query='"SELECT signed, ends, beds AS agreement FROM agreements"'), "must return agreement_id"),
}  # fmt: skip


@pytest.mark.parametrize(("rules", "said"), MISUNDERSTOOD.values(), ids=MISUNDERSTOOD.keys())
def test_a_rule_that_is_not_understood_ends_the_run(make_package: Maker, rules: str, said: str) -> None:
    with pytest.raises(RuleError) as fault:
        accords.validate(make_package(HEAD + "a,2020,2021,\n", rules=rules))
    assert said in str(fault.value)
    assert "\n" not in str(fault.value)


def test_the_functions_that_a_rule_may_use_exist_and_give_the_same_each_time() -> None:
    listed = duckdb.connect().execute(
        "SELECT function_name, bool_and(coalesce(stability, 'CONSISTENT') = 'CONSISTENT') "
        "FROM duckdb_functions() GROUP BY function_name"
    )
    known = dict(listed.fetchall())
    ours = {"edtf_earliest", "edtf_latest", "edtf_uncertain", "edtf_valid", "as_of", "fold", "fields_of"}
    # The parser turns these into other nodes; they are listed so that a reader finds them.
    syntax = {"coalesce", "if", "row", "unnest", "trim", "ltrim", "rtrim", "nullif", "ifnull", "count_star"}
    assert {name for name in FUNCTIONS - ours - syntax if not known.get(name, False)} <= {
        "row_number", "rank", "dense_rank", "lag", "lead", "first_value", "last_value", "ntile", "substring",
        "date_add", "list_count", "array_to_string", "split_part", "range", "generate_series", "datepart",
    }  # fmt: skip


def test_our_rule_files_follow_their_schema_and_broken_ones_do_not() -> None:
    schema = json.loads((ROOT / "schemas" / "rule.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for path in sorted((ROOT / "schemas" / "rules").glob("*.yaml")):
        content = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
        assert [error.message for error in validator.iter_errors(content)] == [], path.name
    for name in ("an unknown key", "no message", "an unknown severity", "both expect and query", "no valid example"):
        content = yaml.load(MISUNDERSTOOD[name][0], Loader=yaml.BaseLoader)
        assert list(validator.iter_errors(content)), name


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đồng Nai", "dong nai"), ("BỆNH VIỆN", "benh vien"), ("Thừa Thiên Huế", "thua thien hue"),
        ("Ångström", "angstrom"), ("서울", "서울"), ("ไทย", "ไทย"), ("がん", "がん"), ("Йод", "йод"),
        ("LG화학", "lg화학"),
    ],
)  # fmt: skip
def test_fold_takes_away_case_and_latin_marks_and_leaves_other_scripts(
    make_package: Maker, text: str, folded: str
) -> None:
    folding = rule(expect=f"\"fold('{text}') <> '{folded}'\"", valid="[{beds: x}]", message='"{agreement_id}"')
    assert [item[0] for item in found(make_package(HEAD + "a,,,\n", rules=folding))] == ["ends-early"]


def test_a_run_can_be_about_some_codes_only(make_package: Maker) -> None:
    package = make_package(HEAD + "a,2020,2019,many\n", rules=ORDER)
    both = {"ends-early", "type-error"}
    assert {item.code for item in accords.validate(package).problems} <= both
    assert [item.code for item in accords.validate(package, select=["type-error"]).problems] == ["type-error"]
    assert "type-error" not in {item.code for item in accords.validate(package, ignore=["type-error"]).problems}
    with pytest.raises(UsageError, match="did you mean 'type-error'"):
        accords.validate(package, select=["type-eror"])
