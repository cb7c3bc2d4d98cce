"""A package against a former state of it: history rules, findings on changed rows, steps, the change log.

In a real git repository with branches and tags, through the command line.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import accords
from accords.cli import main
from accords.problems import Problem

ROOT = Path(__file__).resolve().parents[1]
GIT = shutil.which("git")
pytestmark = pytest.mark.skipif(not GIT, reason="there is no git here")

THINGS = [["id", "title", "type", "date"]] + [[f"t{n:03}", f"Thing {n}", "memo", "2020"] for n in range(100)]
TYPES = "code,label_en,label_vi,definition,broader,status,replaced_by\n"
MEMO, PACT = "memo,Memo,Bản ghi nhớ,A short paper.,,active,\n", "pact,Pact,Hiệp ước,A solemn paper.,,active,\n"
CHANGES = "# Changes\n\n## 1.0.0\n\nThe first.\n"


def git(folder: Path, *arguments: str) -> str:
    run = [GIT or "git", "-C", str(folder), *arguments]
    return subprocess.run(run, check=True, capture_output=True, text=True, encoding="utf-8").stdout.strip()


class Repository:
    """A package under version control; tagged v1.0.0 as it was at first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.things = [list(row) for row in THINGS]
        self.types, self.retired, self.changes, self.version = (
            TYPES + MEMO + PACT,
            "resource,retired_id\n",
            CHANGES,
            "1.0.0",
        )
        git(folder, "init", "--quiet", "--initial-branch=main")
        self.write()
        self.commit()
        git(folder, "tag", "v1.0.0")

    def write(self) -> None:
        """Write the package as it stands here."""
        things: dict[str, Any] = {
            "fields": [{"name": name, "type": "string"} for name in THINGS[0]],
            "primaryKey": ["id"],
            "foreignKeys": [{"fields": ["type"], "reference": {"resource": "types", "fields": ["code"]}}],
            "accords:identity": ["title", "type", "date"],
        }
        things["fields"][3] |= {"type": "year"}
        listed = [("things", things, {}), ("types", columns(TYPES, "code"), {"accords:vocabulary": True})]
        listed.append(("retired_ids", columns("resource,retired_id\n", "resource", "retired_id"), {}))
        resources = [
            {"name": name, "path": f"{name}.csv", "encoding": "utf-8", "schema": schema, **more}
            for name, schema, more in listed
        ]
        content = {"name": "p", "version": self.version, "resources": resources}
        (self.folder / "datapackage.json").write_text(json.dumps(content), encoding="utf-8")
        texts = {"things.csv": "".join(",".join(row) + "\n" for row in self.things), "types.csv": self.types}
        for name, text in {**texts, "retired_ids.csv": self.retired, "CHANGES.md": self.changes}.items():
            (self.folder / name).write_text(text, encoding="utf-8")

    def commit(self) -> None:
        """Commit all there is."""
        git(self.folder, "add", "--all")
        git(self.folder, "commit", "--quiet", "--message", "A change")

    def found(self, **options: Any) -> list[Problem]:
        """Return the findings, errors first, on what stands here."""
        self.write()
        return list(accords.validate(self.folder, **options).problems)

    def release(self, version: str) -> None:
        """Give it a version that the change log tells of."""
        self.version, self.changes = version, f"{CHANGES}\n## {version}\n\nThe next.\n"


def columns(header: str, *key: str) -> dict[str, Any]:
    return {"fields": [{"name": name, "type": "string"} for name in header.strip().split(",")], "primaryKey": list(key)}


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "test")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "test")
    return Repository(tmp_path)


Change = Callable[[Repository], Any]


def removed(it: Repository) -> None:
    del it.things[5]


def renamed(it: Repository) -> None:
    it.things[5][0] = "other"


def reused(it: Repository) -> None:
    it.things[5][1:] = ["Something else", "pact", "1999"]


def without_code(it: Repository) -> None:
    it.types = TYPES + MEMO


def dropped(it: Repository) -> None:
    it.retired += "".join(f"things,{row[0]}\n" for row in it.things[-3:])
    del it.things[-3:]


@pytest.mark.parametrize(
    ("change", "version", "code", "message"),
    [
        (removed, "2.0.0", "id-disappeared", '"t004" of things stood in the former release, and is gone'),
        (renamed, "2.0.0", "id-disappeared", '"t004" of things stood in the former release, and is now called "other"'),
        (reused, "2.0.0", "id-reused", '"t004" of things says something else than in the former release'),
        (without_code, "2.0.0", "code-removed", 'the code "pact" of types stood in the former release'),
        (dropped, "2.0.0", "row-count-drop", "the table has 97 records, 3 fewer than the former release"),
    ],
)
def test_what_a_release_must_not_do_is_found(
    repository: Repository, change: Change, version: str, code: str, message: str
) -> None:
    change(repository)
    repository.release(version)
    [problem] = repository.found(against="v1.0.0")
    assert problem.code == code
    assert problem.message.startswith(message)
    assert problem.hint


def retired(it: Repository) -> None:
    it.retired += "things,t004\n"
    removed(it)


def deprecated_first(it: Repository) -> None:
    it.types = it.types.replace("A solemn paper.,,active,", "A solemn paper.,,deprecated,memo")
    it.write()
    it.commit()
    git(it.folder, "tag", "--force", "v1.0.0")
    it.types = TYPES + MEMO


def two_dropped(it: Repository) -> None:
    it.retired += "".join(f"things,{row[0]}\n" for row in it.things[-2:])
    del it.things[-2:]


@pytest.mark.parametrize("change", [retired, deprecated_first, two_dropped], ids=lambda change: change.__name__)
def test_what_just_may_be_done_is_not(repository: Repository, change: Change) -> None:
    change(repository)
    repository.release("2.0.0")
    assert repository.found(against="v1.0.0") == []


def added(it: Repository) -> None:
    it.things.append(["new", "New", "memo", "2021"])


def corrected(it: Repository) -> None:
    it.things[5][1] = "Thing four"


def moved(it: Repository) -> None:
    it.things.append(it.things.pop(5))


@pytest.mark.parametrize(
    ("change", "version", "word"),
    [
        (added, "1.0.1", "the changes call for a minor step: new in things: 1 record (new)"),
        (added, "1.0.0", "the changes call for a minor step"),
        (added, "1.1.0", ""),
        (corrected, "1.0.0", "the changes call for a patch step"),
        (corrected, "1.0.1", ""),
        (moved, "1.0.0", ""),
        (moved, "0.9.0", "which comes before 1.0.0"),
        (added, "soon", "both must be three numbers"),
    ],
)
def test_the_version_has_to_move_as_far_as_the_changes_call_for(
    repository: Repository, change: Change, version: str, word: str
) -> None:
    change(repository)
    repository.release(version)
    problems = repository.found(against="v1.0.0")
    assert [problem.code for problem in problems] == ["version-bump-too-small"] * bool(word)
    assert all(word in problem.message for problem in problems)


def test_before_1_0_0_a_minor_version_may_break(repository: Repository) -> None:
    repository.version = "0.1.0"
    repository.write()
    repository.commit()
    repository.types = TYPES + MEMO
    repository.release("0.2.0")
    assert [problem.code for problem in repository.found(against="HEAD")] == ["code-removed"]
    repository.release("0.1.1")
    codes = {problem.code for problem in repository.found(against="HEAD")}
    assert codes == {"code-removed", "version-bump-too-small"}


@pytest.mark.parametrize(
    ("log", "found"), [("## 1.1.0", 0), ("## Version 1.1.0 (2026)", 0), ("## 1.1.01", 1), ("1.1.0", 1)]
)
def test_the_change_log_has_to_tell_of_the_version(repository: Repository, log: str, found: int) -> None:
    added(repository)
    repository.version, repository.changes = "1.1.0", f"# Changes\n\n{log}\n"
    assert [problem.code for problem in repository.found(against="v1.0.0")] == ["changelog-missing"] * found


def test_a_package_without_change_log_is_told_so(repository: Repository) -> None:
    repository.release("1.0.1")
    corrected(repository)
    repository.write()
    (repository.folder / "CHANGES.md").unlink()
    [problem] = accords.validate(repository.folder, against="v1.0.0").problems
    assert (problem.code, problem.message) == (
        "changelog-missing",
        "there is no change log that could tell of version 1.0.1",
    )


def test_a_table_that_cannot_be_compared_leaves_its_history_unevaluated(repository: Repository) -> None:
    repository.write()
    (repository.folder / "types.csv").write_text(TYPES + "memo\n")
    report = accords.validate(repository.folder, against="v1.0.0")
    open_ = {check.code for check in report.checks if check.resource == "types" and check.outcome == "unevaluated"}
    assert {"id-disappeared", "id-reused", "code-removed"} <= open_
    assert not report.valid


# --- Only what a change is about ---------------------------------------------------------------------------------


def test_findings_on_rows_that_did_not_change_are_left_out(repository: Repository) -> None:
    repository.things[3][3] = "soon"
    repository.write()
    repository.commit()
    git(repository.folder, "switch", "--quiet", "--create", "contribution")
    repository.things[7][3] = "later"
    repository.things.insert(2, ["first", "First", "memo", "2020"])  # moves every row after it
    assert {problem.value for problem in repository.found()} == {"soon", "later"}
    report = accords.validate(repository.folder, changed_since="main")
    assert [(problem.value, problem.row) for problem in report.problems] == [("later", 9)]
    assert report.counts["error"] == 1
    assert report.scope
    assert (report.scope.rows, report.scope.hidden) == (2, 1)
    assert report.scope.revision.startswith("main (")


def test_a_finding_that_the_change_brought_about_elsewhere_is_kept(repository: Repository) -> None:
    repository.things[1][2] = "pact"
    repository.write()
    repository.commit()
    repository.types = TYPES + MEMO
    [problem] = repository.found(changed_since="HEAD")
    assert (problem.code, problem.key) == ("foreign-key", (("id", "t000"),))


def test_the_json_report_says_what_it_was_narrowed_to(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    added(repository)
    repository.write()
    assert main(["validate", str(repository.folder), "--changed-since", "HEAD", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    Draft202012Validator(json.loads((ROOT / "schemas" / "report.schema.json").read_text("utf-8"))).validate(told)
    assert told["changed_since"]["rows"] == 1


# --- The command -------------------------------------------------------------------------------------------------


def test_diff_compares_revisions_branches_and_the_folder(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    git(repository.folder, "switch", "--quiet", "--create", "contribution")
    added(repository)
    repository.write()
    repository.commit()
    monkeypatch.chdir(repository.folder)
    steps = {}
    for call in (("v1.0.0",), ("main", "contribution"), ("contribution", "main"), ("HEAD", ".")):
        assert main(["diff", *call, "--format", "json"]) == 0
        steps[call] = json.loads(capsys.readouterr().out)["step"]
    assert list(steps.values()) == ["minor", "minor", "major", "none"]


@pytest.mark.parametrize(("expected", "code"), [("none", 1), ("patch", 1), ("minor", 0), ("major", 0)])
def test_more_than_the_expected_step_ends_with_1(repository: Repository, expected: str, code: int) -> None:
    added(repository)
    repository.write()
    assert main(["diff", "HEAD", str(repository.folder), "--expect", expected]) == code


def test_what_is_no_package_ends_with_2_and_one_sentence(
    repository: Repository, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    torn = tmp_path / "torn.zip"
    torn.write_bytes(b"PK no zip")
    for side in ("v9.9.9", str(torn), "v1.0.0:elsewhere", str(tmp_path / "CHANGES.md")):
        assert main(["diff", side, str(repository.folder)]) == 2
        told = capsys.readouterr()
        assert told.out == ""
        assert len(told.err.splitlines()) == 1


def test_a_table_that_cannot_be_compared_ends_with_1(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository.folder / "types.csv").write_text(TYPES + "memo\n")
    assert main(["diff", "HEAD", str(repository.folder)]) == 1
    assert "types.csv, line 2" in capsys.readouterr().out


def test_the_change_log_keeps_what_people_wrote(repository: Repository) -> None:
    log = repository.folder / "CHANGES.md"
    repository.version = "1.1.0"
    added(repository)
    repository.write()
    call = ["diff", "v1.0.0", str(repository.folder), "--changelog", str(log)]
    assert main(call) == 0
    first = log.read_text("utf-8")
    assert first.index("## 1.1.0") < first.index("## 1.0.0") < first.index("The first.")
    assert "minor `record-added`" in first
    log.write_text(first.replace("## 1.1.0\n", "## 1.1.0\n\nOne more thing.\n"), encoding="utf-8")
    repository.things.append(["another", "Another", "memo", "2021"])
    repository.changes = log.read_text("utf-8")
    repository.write()
    assert main(call) == 0
    second = log.read_text("utf-8")
    assert "\nOne more thing.\n" in second
    assert "2 records (new, another)" in second
    assert second.count("<!-- lists by accords diff -->") == 1
    assert main(call) == 0
    assert log.read_text("utf-8") == second
