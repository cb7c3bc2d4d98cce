"""What a package of a stranger may try: each pitfall is shut, and nothing outside the package is read or written.

Where a pitfall is part of a larger subject its test stands with that; `ELSEWHERE` says where.
"""

from __future__ import annotations

import csv
import gzip
import http.server
import io
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import Maker
from test_rules import HEAD, rule
from test_structure import FILES, package, places, reasons, zipped

import accords
from accords.cli import main
from accords.documents import read_yaml
from accords.errors import CannotCheck, RuleError
from accords.problems import Check, FileFacts, Outcome, Problem, Report, Scope, Severity
from accords.report import FORMATS

ELSEWHERE = {
    "traversal, absolute, hidden, device and file: paths, wildcards, backslashes, NUL": (
        "test_structure", "test_a_path_that_means_something_else_somewhere_is_refused"),
    "links out of a folder, pipes, folders in the place of files": (
        "test_structure", "test_odd_places_are_findings_and_never_hang"),
    "zip slip": ("test_structure", "test_a_zip_that_is_drawn_oddly_is_refused"),
    "two members of one name": ("test_structure", "test_a_zip_with_two_files_of_one_name_is_refused"),
    "links and encryption in a zip": ("test_structure", "test_members_that_cannot_be_read_are_findings"),
    "gzip and zip that unpack without end": ("test_structure", "test_what_cannot_be_unpacked_is_a_finding"),
    "torn gzip and zip": ("test_structure", "test_torn_bytes_never_break_the_run"),
    "JSON: depth, long numbers, halves of signs, size": (
        "test_structure", "test_a_descriptor_that_holds_what_no_text_can_be_is_refused"),
    "YAML: aliases, keys twice": ("test_rules", "test_a_rule_that_is_not_understood_ends_the_run"),
    "rules that ask files, settings, clock, chance, catalogue; a DELETE in a WITH": (
        "test_rules", "test_a_rule_that_reaches_out_or_does_not_compile_ends_the_run"),
    "functions that give another answer each time": (
        "test_rules", "test_the_functions_that_a_rule_may_use_exist_and_give_the_same_each_time"),
    "links and submodules of a revision": ("test_revisions", "test_links_and_submodules_are_refused"),
    "what a repository configures": (
        "test_revisions", "test_nothing_that_a_repository_configures_runs_and_nothing_is_fetched"),
    "words that git would take for options": ("test_revisions", "test_what_is_neither_path_nor_revision"),
    "run without end": ("test_worker", "test_a_rule_without_end_is_stopped_at_the_deadline_and_named"),
    "eat all memory": ("test_worker", "test_a_rule_that_eats_memory_is_stopped_and_named"),
    "JSON Schema with a catastrophic pattern": (
        "test_worker", "test_a_pattern_of_a_json_schema_that_goes_back_and_forth_is_stopped"),
    "temporary files after a kill": ("test_worker", "test_a_run_that_is_killed_leaves_no_process_and_no_file"),
    "temporary files in the package": ("test_worker", "test_nothing_is_written_where_the_engine_would_write_by_itself"),
    "modules in the current folder": (
        "test_worker", "test_a_program_without_a_guard_and_a_notebook_can_check_in_threads"),
    "terminal escapes of a cell": ("test_reports", "test_control_characters_of_a_cell_reach_no_terminal"),
    "workflow commands of a cell": ("test_reports", "test_a_cell_cannot_give_github_a_command"),
    "markup in Markdown": ("test_escaping", "test_markdown_shows_a_value_as_it_is"),
    "addresses that are scripts": ("test_escaping", "test_only_plain_web_addresses_become_links"),
    "any bytes as data": ("test_hostile", "test_any_bytes_as_data"),
    "any bytes anywhere": ("test_fuzz", "test_a_package_with_a_few_bytes_changed_ends_well"),
}  # fmt: skip
SECRET = "sEcReT-of-the-machine"


@pytest.fixture
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder elsewhere whose files nobody may read."""
    folder = tmp_path_factory.mktemp("outside")
    (folder / "secret.csv").write_text(f"a,b\n{SECRET},x\n", encoding="utf-8")
    (folder / "secret.json").write_text(json.dumps({"fields": [{"name": SECRET}]}), encoding="utf-8")
    (folder / "secret.yaml").write_text(f"{SECRET}: {{title: x}}\n", encoding="utf-8")
    return folder


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """Yield the address of a server of this machine and the requests that came to it."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(f"a,b\n{SECRET},x\n".encode())

        def log_message(self, *_: Any) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as httpd:
        thread = threading.Thread(target=httpd.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_port}/t.csv", asked
        httpd.shutdown()
        thread.join()


def written_csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def whole(report: Report) -> str:
    return json.dumps(report.to_dict(), ensure_ascii=False)


def test_the_tests_that_stand_elsewhere_are_there() -> None:
    for module, name in ELSEWHERE.values():
        assert f"def {name}(" in (Path(__file__).parent / f"{module}.py").read_text("utf-8"), name


# Paths


@pytest.mark.parametrize("place", ["path", "schema", "dialect", "rules", "changes"])
@pytest.mark.parametrize("how", ["up", "absolute", "link", "linked folder", "hidden", "file"])
def test_no_path_of_a_descriptor_leads_out_of_the_package(tmp_path: Path, outside: Path, place: str, how: str) -> None:
    inside = tmp_path / "package"
    ending = {"path": "csv", "rules": "yaml"}.get(place, "json")
    name = f"secret.{ending}"
    package(inside, FILES)
    (inside / "link").symlink_to(outside, target_is_directory=True)
    (inside / name).symlink_to(outside / name)
    (inside / ".hidden").mkdir()
    shutil.copy(outside / name, inside / ".hidden")
    target = {
        "up": os.path.relpath(outside / name, inside),
        "absolute": str(outside / name),
        "link": name,
        "linked folder": f"link/{name}",
        "hidden": f".hidden/{name}",
        "file": (outside / name).as_uri(),
    }[how]
    content = json.loads((inside / "datapackage.json").read_text("utf-8"))
    if place in ("rules", "changes"):
        content[f"accords:{place}"] = target.rpartition("/")[0] or "." if place == "rules" else target
    else:
        content["resources"][0][place] = target
    (inside / "datapackage.json").write_text(json.dumps(content), encoding="utf-8")
    try:
        told = whole(accords.validate(inside, against=inside))
    except CannotCheck as fault:
        told = str(fault)
    assert SECRET not in told
    assert place == "changes" or re.search(r"refused|resource-error|schema-error|dialect-error|file-error", told)


def test_a_rule_file_that_is_a_link_out_of_the_package_is_not_read(make_package: Maker, outside: Path) -> None:
    place = make_package(HEAD, rules=rule())
    (place / "rules" / "more.yaml").symlink_to(outside / "secret.yaml")
    with pytest.raises(RuleError, match=r"rules/more\.yaml cannot be read: a link leads out of the package") as fault:
        accords.validate(place)
    assert SECRET not in str(fault.value)


def test_a_folder_named_like_a_partition_adds_no_column(tmp_path: Path) -> None:
    place = package(tmp_path, {"year=2020/t.csv": b"a,b\n1,x\nq,y\n"})
    assert places(accords.validate(place)) == [("type-error", "year=2020/t.csv", 3, 3)]


def test_a_path_with_wildcards_reads_no_other_file(tmp_path: Path, outside: Path) -> None:
    for path in ("*.csv", "t?.csv", "**/secret.csv", "t[1].csv", "{t,u}.csv"):
        report = accords.validate(package(tmp_path, {"u.csv": b"a,b\n1,x\n", "t1.csv": b"a,b\n1,x\n"}, path=path))
        assert {item.code for item in report.problems} <= {"resource-error", "file-error"}, path
        assert not report.valid


# The network


def test_nothing_is_fetched(tmp_path: Path, server: tuple[str, list[str]]) -> None:
    """There is no option to fetch either: a file that is read twice may differ, and its server learns who reads it."""
    address, asked = server
    package(tmp_path, FILES)
    plain = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    judged = {"name": "b", "type": "object"}
    fields: list[list[dict[str, Any]]] = [
        [{"name": "a", "$ref": address}, {"name": "b", "type": "string", "format": "uri", "rdfType": address}],
        [{"name": "a"}, judged | {"constraints": {"jsonSchema": {"$ref": address}}}],
        [{"name": "a"}, judged | {"constraints": {"jsonSchema": {"$schema": address}}}],
    ]
    changes: list[dict[str, Any]] = [{name: address} for name in ("path", "schema", "dialect", "profile", "$schema")]
    changes += [{"path": ["t.csv", address]}, *({"schema": {"$schema": address, "fields": item}} for item in fields)]
    for change in changes:
        content = json.loads(json.dumps(plain))
        content["resources"][0] |= change
        (tmp_path / "datapackage.json").write_text(json.dumps(content), encoding="utf-8")
        (tmp_path / "t.csv").write_text('a,b\n1,"{""k"": 1}"\n', encoding="utf-8")
        assert SECRET not in whole(accords.validate(tmp_path)), change
    for extra in ({"$schema": address, "profile": address}, {"accords:rules": address}, {"accords:changes": address}):
        (tmp_path / "datapackage.json").write_text(json.dumps(plain | extra), encoding="utf-8")
        with suppress(RuleError):
            accords.validate(tmp_path)
    with pytest.raises(CannotCheck):
        accords.validate(address)
    with pytest.raises(CannotCheck):
        accords.validate(tmp_path, against=address)
    assert asked == []


# Packed files


def forged(content: bytes, size: int) -> bytes:
    """Return a zip that states another length for its last member, in both places where it stands."""
    data, start = bytearray(content), content.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, start + 24, size)
    struct.pack_into("<I", data, struct.unpack_from("<I", data, start + 42)[0] + 22, size)
    return bytes(data)


@pytest.mark.worker
def test_a_bomb_ends_soon_and_takes_little_memory(tmp_path: Path) -> None:
    """What unpacks to much is given up while it is unpacked, whatever length it states for itself."""
    bomb = zipped({"t.csv": b"a,b\n" + b"1,x\n" * (20 << 20)})
    zipped_package = tmp_path / "p.zip"
    package(tmp_path / "d", {"t.csv.zip": bomb})
    described = (tmp_path / "d" / "datapackage.json").read_bytes().replace(b"t.csv.zip", b"t.csv")
    inner = b"1,x\n" * (20 << 20)
    zipped_package.write_bytes(forged(zipped({"datapackage.json": described, "t.csv": inner}), 100))
    gzipped = package(tmp_path / "g", {"t.csv.gz": gzip.compress(b"a,b\n" + inner, 9)})
    for place in (tmp_path / "d", zipped_package, gzipped):
        started = time.monotonic()
        report = accords.validate(place, memory=400, timeout=30)
        assert time.monotonic() - started < 15
        assert not report.valid
        assert {item.code for item in report.problems} <= {"file-error", "source-error", "encoding-error"}


def test_a_descriptor_and_rules_that_unpack_to_much_are_refused(tmp_path: Path) -> None:
    place = tmp_path / "p.zip"
    place.write_bytes(zipped({"datapackage.json": b" " * (65 << 20)}))
    with pytest.raises(CannotCheck, match=r"unpacks to more than|is larger than"):
        accords.validate(place)
    package(tmp_path / "d", FILES)
    described = json.loads((tmp_path / "d" / "datapackage.json").read_text("utf-8")) | {"accords:rules": "rules"}
    files = {f"rules/{number}.yaml": b"{} # " + b"x" * (3 << 20) for number in range(3)}
    place.write_bytes(zipped({"datapackage.json": json.dumps(described).encode(), **files}))
    with pytest.raises(RuleError, match="holds more than 8 MiB of rules"):
        accords.validate(place)


# Documents


@pytest.mark.parametrize("text", ["a: " + "[" * 200_000, "- " * 100_000 + "a", "{a: " * 100_000], ids=["[", "-", "{"])
def test_yaml_that_nests_without_end_is_refused_before_it_is_built(text: str) -> None:
    with pytest.raises(RuleError, match=r"nested deeper than 60 levels|not YAML"):
        read_yaml(text, "r.yaml", RuleError)


def test_yaml_of_many_aliases_is_refused_at_the_first() -> None:
    lines = ["a: &a [x, x]", *(f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]" for n in range(20))]
    with pytest.raises(RuleError, match=r"r\.yaml, line 1: anchors and aliases are refused"):
        read_yaml("\n".join(lines), "r.yaml", RuleError)


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        ({"$ref": "#"}, "goes round in circles"),
        ({"$ref": "file:///etc/hostname"}, "cannot be followed: Unresolvable"),
        ({"properties": {"k": {"pattern": "("}}}, "cannot be followed"),
        ({"$schema": "http://json-schema.org/draft-07/schema#", "pattern": "("}, "cannot be followed"),
        ({"type": 12}, "cannot be followed"),
        ({"$schema": ["x"]}, "cannot be followed"),
    ],
)
def test_a_json_schema_that_gives_no_answer_is_not_valid(tmp_path: Path, schema: dict[str, Any], why: str) -> None:
    fields: list[dict[str, Any]] = [{"name": "a"}]
    fields.append({"name": "b", "type": "object", "constraints": {"jsonSchema": schema}})
    report = accords.validate(package(tmp_path, {"t.csv": b'a,b\n1,"{""k"": 1}"\n'}, fields))
    (reason,) = reasons(report)
    assert str(reason).startswith(f"the JSON Schema of b {why}")


@pytest.mark.parametrize("pattern", ["(a+)+b", "(a|a)*b", "(.*a){25}b", "(?:a?){50}a{50}b"])
def test_a_pattern_of_a_field_takes_time_in_proportion(tmp_path: Path, pattern: str) -> None:
    content = f"a,b\n1,{'a' * 200_000}\n".encode()
    fields: list[dict[str, Any]] = [{"name": "a"}]
    fields.append({"name": "b", "type": "string", "constraints": {"pattern": pattern}})
    started = time.monotonic()
    report = accords.validate(package(tmp_path, {"t.csv": content}, fields))
    assert [item.code for item in report.problems] == ["constraint-error"]
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("pattern", [r"(a+)\1", "(?=a)a", "(((a{30}){30}){30}){30}"])
def test_a_pattern_that_the_engine_has_not_is_not_tried_otherwise(tmp_path: Path, pattern: str) -> None:
    fields: list[dict[str, Any]] = [{"name": "a"}]
    fields.append({"name": "b", "type": "string", "constraints": {"pattern": pattern}})
    report = accords.validate(package(tmp_path, FILES, fields))
    assert reasons(report) == {"the pattern of b uses what the linear-time engine (RE2) does not have"}


# Names and values in SQL

NAMES = [
    '"; DROP TABLE own.t1; --', "'; SELECT getenv('HOME'); --", "$$ || getenv('HOME') || $$", "a.b", "{x}", "%s", "$1",
    "_row", "row", "c1", "own.t1", "/etc/hostname", "a\x00b", "\\", "*", "",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names_and_values_are_never_sql(tmp_path: Path, name: str) -> None:
    """A package whose names and values are odd gives what a plain one gives."""

    def report(label: str, word: str, folder: str) -> list[tuple[str, int | None, str | None]]:
        fields: list[dict[str, Any]] = [
            {"name": label, "type": "string", "constraints": {"enum": [word, "1"], "minLength": 1}},
            {"name": f"{label}2", "type": "number", "constraints": {"maximum": 1}},
        ]
        schema = {
            "fields": fields,
            "primaryKey": [label],
            "foreignKeys": [{"fields": [label], "reference": {"resource": "", "fields": [label]}}],
            "uniqueKeys": [[f"{label}2"]],
            "missingValues": [f"{word}-"],
        }
        content = written_csv([[label, f"{label}2"], [word, "5"], ["1", "x"], ["z", f"{word}-"]])
        place = package(tmp_path / folder, {"t.csv": content}, name=f"{label}t", schema=schema)
        made = accords.validate(place)
        made.to_dict()
        return [(item.code, item.row, item.field and item.field.replace(label, "N", 1)) for item in made.problems]

    if name and "\0" not in name:
        assert report(name, name, "odd") == report("plain", "plain", "plain")
    else:
        report(name, name, "odd")


@pytest.mark.parametrize(
    ("field", "expression"),
    [
        ("$$ || getenv('HOME') || $$", "$$value$$ = 'x'"),
        ("' || getenv('HOME') || '", "E'\\' value ' = 'x'"),
        ("\" || getenv('HOME') || \"", "\"value\" = 'x' OR value = 'x' OR U&\"value\" = 'x'"),
    ],
)
def test_what_is_judged_of_a_rule_is_what_runs(tmp_path: Path, field: str, expression: str) -> None:
    """Where the word `value` stands in a text that only the engine knows as one, the field's name gets into it."""
    written = rule(
        table="", at="", expect=json.dumps(expression), message="m", valid='[{value: "1"}]', invalid='[{value: "1"}]'
    )
    place = package(tmp_path, {"t.csv": written_csv([["k", field], ["1", "x"]])}, [{"name": "k"}, {"name": field}])
    (place / "rules").mkdir()
    (place / "rules" / "r.yaml").write_text(f"{written}  for: {{t: [{json.dumps(field)}]}}\n", encoding="utf-8")
    content = json.loads((place / "datapackage.json").read_text("utf-8")) | {"accords:rules": "rules"}
    (place / "datapackage.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(RuleError, match=r"getenv|the engine says|no SQL"):
        accords.validate(place)


@pytest.mark.parametrize("field", ["a.__class__.__mro__", "a[0]", "0", "", "a b", "ngày"])
def test_a_message_names_columns_and_no_attributes(tmp_path: Path, field: str) -> None:
    written = rule(
        table="", at="", expect='"value = \'x\'"', message=json.dumps(f"{{{field}}}!"), valid='[{value: "x"}]',
        invalid='[{value: "1"}]',
    )  # fmt: skip
    place = package(tmp_path, {"t.csv": f"k,{field}\n1,said\n".encode()}, [{"name": "k"}, {"name": field}])
    (place / "rules").mkdir()
    (place / "rules" / "r.yaml").write_text(f"{written}  for: {{t: [{json.dumps(field)}]}}\n", encoding="utf-8")
    content = json.loads((place / "datapackage.json").read_text("utf-8")) | {"accords:rules": "rules"}
    (place / "datapackage.json").write_text(json.dumps(content), encoding="utf-8")
    try:
        assert "said!" in [item.message for item in accords.validate(place).problems] or not field
    except RuleError:
        assert field in ("a[0]", "")


# Rules

STATEMENTS = """
ATTACH 'x.db'
DETACH memory
INSTALL httpfs
LOAD httpfs
FORCE INSTALL spatial
COPY agreements TO 'x.csv'
COPY agreements FROM 'x.csv'
EXPORT DATABASE 'x'
IMPORT DATABASE 'x'
SET threads = 1
RESET threads
PRAGMA version
CALL pragma_version()
CREATE TABLE x(i INT)
CREATE OR REPLACE MACRO fold(x) AS 1
CREATE OR REPLACE VIEW agreements AS SELECT 1
CREATE SECRET (TYPE s3)
DROP VIEW agreements
DROP TABLE own.t1
DROP MACRO fold
ALTER TABLE own.t1 ADD COLUMN x INT
DELETE FROM own.t1
UPDATE own.t1 SET c1 = 1
INSERT INTO own.t1 VALUES (1)
TRUNCATE own.t1
MERGE INTO agreements USING parties ON true WHEN MATCHED THEN DELETE
BEGIN
ROLLBACK
CHECKPOINT
VACUUM
ANALYZE
PREPARE x AS SELECT 1
EXECUTE x
EXPLAIN SELECT 1
EXPLAIN ANALYZE SELECT 1
DESCRIBE agreements
SUMMARIZE agreements
SHOW TABLES
USE own
WITH d AS (DELETE FROM agreements RETURNING *) SELECT * FROM d
WITH d AS (INSERT INTO own.t1 VALUES (1) RETURNING *) SELECT 1
SELECT agreement_id FROM agreements; DROP VIEW agreements
""".strip().splitlines()
SELECTS = """
SELECT * FROM 'x.csv'
SELECT * FROM read_text('/etc/hostname')
SELECT * FROM glob('*')
SELECT agreement_id FROM agreements, sniff_csv('/etc/passwd')
SELECT * FROM query_table('agreements')
SELECT * FROM duckdb_secrets()
SELECT * FROM own.t1
SELECT * FROM memory.own.t1
SELECT * FROM sqlite_master
WITH "/etc/hostname" AS (SELECT * FROM "/etc/hostname") SELECT * FROM "/etc/hostname"
WITH statement AS (SELECT * FROM statement) SELECT * FROM statement
SELECT agreement_id, main.getenv('HOME') FROM agreements
SELECT agreement_id, 'HOME'.getenv() FROM agreements
SELECT agreement_id, nextval('s') FROM agreements
SELECT agreement_id, uuid() FROM agreements
SELECT agreement_id, getvariable('x') FROM agreements
SELECT agreement_id, today() FROM agreements
SELECT agreement_id, list_aggregate([1, 2], 'reservoir_quantile', 0.5) FROM agreements
SELECT agreement_id, list_aggregate([1, 2], lower('RESERVOIR_QUANTILE'), 0.5) FROM agreements
SELECT agreement_id FROM agreements TABLESAMPLE 1
SELECT agreement_id FROM agreements USING SAMPLE 1
PIVOT agreements ON beds
SELECT $1 AS agreement_id
SELECT ? AS agreement_id
""".strip().splitlines()
LONG = "SELECT agreement_id FROM agreements WHERE " + " OR ".join(["true"] * 5000)


def test_a_rule_only_selects_and_only_from_the_package(make_package: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    place = make_package(HEAD + "a,2020,2021,1\n", rules="")
    monkeypatch.chdir(place)
    (place / "x.csv").write_text("agreement_id\na\n", encoding="utf-8")
    before = sorted(place.rglob("*"))
    for query in [*STATEMENTS, *SELECTS, LONG]:
        (place / "rules" / "all.yaml").write_text(rule(expect="", query=json.dumps(query)), encoding="utf-8")
        with pytest.raises(RuleError, match=r"^rules/all\.yaml, line 1: ends-early: "):
            accords.validate(place)
    assert sorted(place.rglob("*")) == before


def test_the_engine_is_closed_even_to_what_would_pass_the_guard(make_package: Maker) -> None:
    import duckdb

    from accords.descriptor import load
    from accords.store import Store

    store = Store(load(make_package(HEAD)), date(2026, 1, 1))
    for statement in (
        "SELECT * FROM read_text('/etc/hostname')", "COPY (SELECT 1) TO 'x.csv'", "ATTACH 'x.db'", "INSTALL httpfs",
        "LOAD httpfs", "SET threads = 2", "SET enable_external_access = true", "SET lock_configuration = false",
        "SELECT * FROM statement", "SET temp_directory = '/'", "SELECT * FROM '/etc/hostname'",
    ):  # fmt: skip
        with pytest.raises(duckdb.Error):
            store.rows(statement)
    store.close()


# Reports

EVIL = [
    "::error::x", "  ::set-output name=a::b", "##[add-mask]x", "\n::warning::x", "\r\n##[group]x", "%0A::error::x",
    "\x1b[2J\x1b[31m", "\x9b31m", "\x07", "\u202egnp.exe", "\u2028::error::x", "\u0085::error::x", "\x7f", "\ud800",
]  # fmt: skip


def evil_report(evil: str) -> Report:
    found = Problem("type-error", Severity.ERROR, evil, evil, evil, 2, 2, (evil,), 1, ((evil, evil),), evil, evil)
    checks = (
        Check("type-error", Severity.ERROR, evil, Outcome.FAIL, 5, 1),
        Check("foreign-key", Severity.ERROR, evil, Outcome.UNEVALUATED, reason=evil),
    )
    counts = {"error": 5, "warning": 0, "info": 0, "unevaluated": 1, "excepted": 0}
    facts = (FileFacts(evil, evil, 1, 1, None),)
    return Report("0", date(2026, 1, 1), evil, evil, evil, facts, checks, (found,), counts, Scope(evil, 1, 1))


@pytest.mark.parametrize("evil", EVIL)
def test_no_text_of_a_package_is_a_command_wherever_it_stands_in_a_report(evil: str) -> None:
    report = evil_report(evil)
    text = FORMATS["text"](report)
    assert text.replace("\n", "").isprintable()
    assert not [line for line in text.splitlines() if line.lstrip().startswith("::") or "##[" in line]
    made = FORMATS["json"](report)
    assert made.replace("\n", "").isprintable()
    assert "##[" not in made
    assert json.loads(made) == report.to_dict()
    before, _, after = FORMATS["github"](report).partition("::stop-commands::")
    for line in before.splitlines():
        assert line.startswith("::error ")
        assert line.isprintable()
    token = after.splitlines()[0]
    assert after.count(token) == 2


@pytest.mark.parametrize("evil", EVIL[:-1])
def test_what_stops_a_run_is_told_without_commands(
    make_package: Maker, evil: str, capsys: pytest.CaptureFixture[str]
) -> None:
    place = make_package(HEAD, rules=rule(expect=json.dumps(f"nothing = {json.dumps(evil)}")))
    assert main(["validate", str(place)]) == 2
    told = capsys.readouterr().err
    assert told.startswith("accords: ")
    assert told.rstrip("\n").isprintable()
    assert "##[" not in told


@pytest.mark.parametrize("command", [["explain", "ends-early"], ["explain"], ["dictionary"], ["diff", "-"]])
def test_other_commands_print_no_commands_either(
    make_package: Maker, command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for evil in ("::error::x", "##[add-mask]x", "\x1b[2J", "\u202e"):
        cell = '"' + evil + '"'
        place = make_package(
            HEAD + f"{cell},2020,2021,1\n", rules=rule(title=json.dumps(evil), why=json.dumps(evil)), title=evil
        )
        monkeypatch.chdir(place)
        assert main(command) == 0
        told = capsys.readouterr().out
        assert told.replace("\n", "").isprintable()
        assert not [line for line in told.splitlines() if line.lstrip().startswith("::") or "##[" in line]


# Where results are written


@pytest.mark.parametrize("command", [["validate"], ["diff", "-"], ["explain"], ["dictionary"]])
def test_an_output_replaces_a_link_and_leaves_alone_what_it_leads_to(
    make_package: Maker, outside: Path, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = make_package(HEAD + "a,2020,2021,1\n")
    monkeypatch.chdir(place)
    target = outside / "secret.csv"
    target.chmod(0o600)
    before = target.read_bytes()
    (place / "out.txt").symlink_to(target)
    assert main([*command, "-o", "out.txt"]) == 0
    assert target.read_bytes() == before
    assert not (place / "out.txt").is_symlink()
    (place / "folder").mkdir()
    assert main([*command, "-o", "folder"]) == 2
    assert list((place / "folder").iterdir()) == []
    assert not list(place.glob(".accords-*"))


def test_a_change_log_that_is_a_link_is_neither_read_nor_written(
    make_package: Maker, outside: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = make_package(HEAD + "a,2020,2021,1\n")
    before = (outside / "secret.csv").read_bytes()
    (place / "CHANGES.md").symlink_to(outside / "secret.csv")
    for path in (place / "CHANGES.md", place):
        assert main(["diff", "-", str(place), "--changelog", str(path)]) == 2
        assert "is no plain file" in capsys.readouterr().err
    assert (outside / "secret.csv").read_bytes() == before
    assert (place / "CHANGES.md").is_symlink()


def test_a_comparison_with_hostile_zips_ends_well(make_package: Maker, tmp_path: Path) -> None:
    place = make_package(HEAD + "a,2020,2021,1\n")
    described = (place / "datapackage.json").read_bytes()
    hostile = tmp_path / "old.zip"
    for files in (
        {"datapackage.json": described, "../agreements.csv": b""},
        {"datapackage.json": described, "agreements.csv": b"1,x\n" * (20 << 20)},
        {"datapackage.json": b"[" * 100_000},
        {"datapackage.json": described, "agreements.csv": b"\xff\x00"},
        {"datapackage.json": described.replace(b"agreements.csv", b"../../outside/secret.csv")},
        {},
    ):
        hostile.write_bytes(zipped(files))
        for command in (["diff", str(hostile), str(place)], ["diff", str(place), str(hostile)]):
            assert main(command) in (1, 2)
        assert main(["validate", str(place), "--against", str(hostile)]) in (1, 2)
        assert main(["validate", str(place), "--changed-since", str(hostile)]) in (0, 1, 2)
    with zipfile.ZipFile(hostile, "w") as archive:
        link = zipfile.ZipInfo("agreements.csv")
        link.external_attr = 0o120777 << 16
        archive.writestr("datapackage.json", described)
        archive.writestr(link, "/etc/hostname")
    assert main(["diff", str(hostile), str(place)]) == 1


# Sheer size


@pytest.mark.worker
def test_many_small_things_end_within_their_limits(tmp_path: Path) -> None:
    """A package of hundreds of thousands of names is stopped as soon as a rule without end is."""
    place = package(tmp_path, FILES, [{"name": f"f{number}"} for number in range(300_000)])
    started = time.monotonic()
    with pytest.raises(CannotCheck, match="it was stopped while it"):
        accords.validate(place, timeout=3, memory=1000)
    assert time.monotonic() - started < 8


def test_findings_are_counted_and_not_kept(tmp_path: Path) -> None:
    content = b"a,b\n" + b"q,x\n" * 50_000
    report = accords.validate(package(tmp_path, {"t.csv": content}), limit=10)
    assert report.counts["error"] == 50_000
    assert len(report.problems) == 10


def test_limits_of_the_system_hold_in_a_worker(make_package: Maker) -> None:
    """What no supervisor would be quick enough to see, the system refuses."""
    program = (
        "import resource; from accords.limits import Limits; from accords.worker import _confine\n"
        "_confine(Limits(5, 300)); print(resource.getrlimit(resource.RLIMIT_CORE)[0])\n"
        "try: bytearray(600 << 20)\nexcept MemoryError: print('refused')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    expected = "0\nrefused\n" if sys.platform == "linux" else "0\n"
    assert done.stdout == expected, done.stderr
