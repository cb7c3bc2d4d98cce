"""Workflows, the action and the forms: valid by their schemas, read-only, and deaf to what strangers write."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from accords.cli import main

ROOT = Path(__file__).resolve().parents[1]
GITHUB = ROOT / ".github"
WORKFLOWS = sorted(GITHUB.glob("workflows/*.yml"))
ACTIONS = sorted(GITHUB.glob("actions/*/action.yml"))
FORMS = sorted(path for path in GITHUB.glob("ISSUE_TEMPLATE/*.yml") if path.name != "config.yml")
SCHEMAS = {
    "vendor.github-workflows": WORKFLOWS,
    "custom.github-workflows-require-timeout": WORKFLOWS,
    "vendor.github-actions": ACTIONS,
    "vendor.github-issue-forms": FORMS,
    "vendor.github-issue-config": [GITHUB / "ISSUE_TEMPLATE" / "config.yml"],
    "vendor.citation-file-format": [ROOT / "CITATION.cff"],
}
HOSTILE = "$(touch canary) `touch canary` ; touch canary & \"quoted\" 'single' %0A::error::x"
bash_alone = pytest.mark.skipif(os.name == "nt", reason="the runner's bash is not the one on the path of Windows")


def read(path: Path) -> dict[Any, Any]:
    content: dict[Any, Any] = yaml.safe_load(path.read_text("utf-8"))
    return content


def steps(path: Path) -> Iterator[dict[str, Any]]:
    content = read(path)
    if "runs" in content:
        yield from content["runs"]["steps"]
    for job in content.get("jobs", {}).values():
        yield from job["steps"]


def script(path: Path, name: str) -> dict[str, Any]:
    return next(step for step in steps(path) if step.get("name") == name)


def by_schema(schema: str, *paths: Path) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *map(str, paths)]
    return subprocess.run(program, capture_output=True, text=True, encoding="utf-8")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sysconfig.get_path("scripts")) / "zizmor"
    options = ["--offline", "--pedantic", "--strict-collection", "--no-progress", "--no-config"]
    return subprocess.run([program, *options, folder], capture_output=True, text=True, encoding="utf-8")


@pytest.mark.parametrize("schema", SCHEMAS)
def test_the_files_are_valid_by_the_schemas_that_editors_use(schema: str) -> None:
    assert SCHEMAS[schema]
    run = by_schema(schema, *SCHEMAS[schema])
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_schemas_would_find_a_fault(tmp_path: Path) -> None:
    form = read(FORMS[0])
    form["body"][-1]["type"] = "radio"
    (tmp_path / "form.yml").write_text(yaml.safe_dump(form), encoding="utf-8")
    assert by_schema("vendor.github-issue-forms", tmp_path / "form.yml").returncode == 1


def test_the_linter_finds_nothing() -> None:
    run = lint(GITHUB)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_linter_would_find_the_text_of_an_issue_in_a_script(tmp_path: Path) -> None:
    shutil.copytree(GITHUB, tmp_path / ".github")
    path = tmp_path / ".github" / "workflows" / "contribution.yml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("$NUMBER", "${{ github.event.issue.title }}"), encoding="utf-8")
    run = lint(tmp_path / ".github")
    assert run.returncode != 0
    assert "template-injection" in run.stdout


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_can_only_read(path: Path) -> None:
    content = read(path)
    if path.name == "release.yml":  # makes the release of a tag: one job may write, and one step has the token
        (job,) = content["jobs"].values()
        assert content[True] == {"push": {"tags": ["v*"]}}
        assert content["permissions"] == {}
        assert job["permissions"] == {"contents": "write"}
        assert ["GH_TOKEN" in step.get("env", {}) for step in job["steps"]] == [False] * (len(job["steps"]) - 1) + [
            True
        ]
    else:
        assert content["permissions"] == {"contents": "read"}
        assert not any("permissions" in job for job in content["jobs"].values())
    assert not {"pull_request_target", "workflow_run", "issue_comment"} & set(content[True])  # YAML 1.1 reads `on` so
    assert "secrets." not in path.read_text("utf-8")
    checkouts = [step for step in steps(path) if step.get("uses", "").startswith("actions/checkout@")]
    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


@pytest.mark.parametrize("path", [*WORKFLOWS, *ACTIONS], ids=lambda path: path.name)
def test_everything_is_pinned_and_no_expression_is_part_of_a_program(path: Path) -> None:
    for step in steps(path):
        used = step.get("uses", "./")
        assert used.startswith("./") or re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}", used), used
        assert "${{" not in step.get("run", "")


@bash_alone
@pytest.mark.parametrize("path", [*WORKFLOWS, *ACTIONS], ids=lambda path: path.name)
def test_the_programs_can_be_parsed(path: Path) -> None:
    for step in steps(path):
        run = subprocess.run(["bash", "-n"], input=step.get("run", ""), capture_output=True, text=True)
        assert run.returncode == 0, run.stderr


def calls() -> Iterator[tuple[str, list[str]]]:
    """Yield every call of the command in workflows and the action: the command, and its options."""
    for path in (*WORKFLOWS, *ACTIONS):
        for step in steps(path):
            for line in step.get("run", "").splitlines():
                if found := re.search(r'(?:^|\s)"?(?:accords|\$ACCORDS)"? (\w+)( [^|>]*)?', line):
                    yield found[1], re.findall(r"--[a-z-]+(?:[ =][a-z]+(?=\s|$))?", found[2] or "")


def test_the_command_takes_the_options_that_it_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    seen = {command for command, _ in calls()}
    assert {"add", "diff", "validate", "tidy"} <= seen
    with pytest.raises(SystemExit):
        main(["--help"])
    commands = capsys.readouterr().out
    for command, options in calls():
        if f"\n    {command} " not in commands:
            pytest.skip(f"the command {command} is not here yet")
        with pytest.raises(SystemExit):
            main([command, "--help"])
        told = capsys.readouterr().out
        for option in options:
            name, _, value = option.replace("=", " ").partition(" ")
            assert name in told, f"{command} {option}"
            if value and value not in told.partition(name)[2]:
                pytest.skip(f"{command} {option} is not here yet")


def stub(folder: Path, code: int = 0) -> Path:
    """Write a command that notes how it was called, says so, and ends in a code."""
    path = folder / "accords"
    path.write_text(
        f"#!{sys.executable}\nimport json, sys\n"
        f"open({str(folder / 'calls')!r}, 'a').write(json.dumps(sys.argv[1:]) + '\\n')\n"
        f"print('told', sys.argv[1])\nsys.exit({code})\n"
    )
    path.chmod(0o755)
    return path


def play(step: dict[str, Any], folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the program of a step as a runner does."""
    env = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "GITHUB_STEP_SUMMARY": str(folder / "summary")}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=folder,
        env={**env, "RUNNER_TEMP": str(folder), **variables},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


@bash_alone
@pytest.mark.parametrize("code", [0, 1, 2])
def test_the_action_hands_its_inputs_over_as_they_are(tmp_path: Path, code: int) -> None:
    accords, since = str(stub(tmp_path, code)), "HEAD^1 $(touch canary)"
    telling, summing, judging = (script(ACTIONS[0], name) for name in ("Show what changed", "Sum up", "Validate"))
    assert play(telling, tmp_path, ACCORDS=accords, PACKAGE=HOSTILE, SINCE=since).returncode == 0
    assert play(summing, tmp_path, ACCORDS=accords, PACKAGE=HOSTILE, SINCE=since).returncode == 0
    run = play(judging, tmp_path, ACCORDS=accords, PACKAGE=HOSTILE, FAIL_ON="error; touch canary", FORMAT="`id`")
    assert run.returncode == code
    assert [json.loads(line) for line in (tmp_path / "calls").read_text().splitlines()] == [
        ["diff", "--format", "markdown", since, HOSTILE],
        ["validate", HOSTILE, f"--changed-since={since}", "--format", "markdown"],
        ["validate", HOSTILE, "--fail-on=error; touch canary", "--format=`id`"],
    ]
    summary = (tmp_path / "summary").read_text()
    assert summary.startswith("told diff\n")
    assert summary.endswith("told validate\n")
    assert ("could" in summary) == bool(code)
    assert not (tmp_path / "canary").exists()


@bash_alone
def test_without_a_revision_the_action_speaks_of_the_whole_package(tmp_path: Path) -> None:
    play(script(ACTIONS[0], "Sum up"), tmp_path, ACCORDS=str(stub(tmp_path)), PACKAGE=".", SINCE="")
    assert json.loads((tmp_path / "calls").read_text()) == ["validate", ".", "--format", "markdown"]


@bash_alone
@pytest.mark.parametrize(("code", "ends"), [(0, 0), (1, 0), (2, 1)])
def test_findings_in_an_issue_are_no_failure_of_the_repository(tmp_path: Path, code: int, ends: int) -> None:
    stub(tmp_path, code)
    step = script(GITHUB / "workflows" / "contribution.yml", "Read the issue and sum up")
    run = play(step, tmp_path, GITHUB_EVENT_PATH=f"/tmp/{HOSTILE}", NUMBER="12")
    assert run.returncode == ends
    assert json.loads((tmp_path / "calls").read_text()) == ["add", "--issue", f"/tmp/{HOSTILE}", "--dry-run"]
    assert (tmp_path / "summary").read_text() == "## What issue 12 would add\n\n    told add\n"
    assert run.stdout == run.stderr == ""


@bash_alone
def test_the_text_of_an_issue_cannot_leave_its_place(tmp_path: Path) -> None:
    """With the real command: nothing is run, nothing is logged, and the summary stays below its bound."""
    path = tmp_path / "accords"
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m accords "$@" --package "{ROOT}"\n')
    path.chmod(0o755)
    line = f"{HOSTILE}</details><script>; ```\n::error::no; ``` # heading; @all\n"
    text = f"### Title in English\n\n{HOSTILE}\n\n### Parties\n\n{line * 100}\n\n### What is uncertain\n\n{line * 9000}"
    (tmp_path / "event.json").write_text(json.dumps({"issue": {"number": 12, "body": text}}))
    step = script(GITHUB / "workflows" / "contribution.yml", "Read the issue and sum up")
    package = str(ROOT / "validate")
    run = play(step, tmp_path, GITHUB_EVENT_PATH="event.json", NUMBER="12", PYTHONPATH=package, PYTHONUTF8="1")
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    head, empty, *lines = (tmp_path / "summary").read_bytes().removesuffix(b"\n").split(b"\n")
    assert (head, empty) == (b"## What issue 12 would add", b"")
    assert len(lines) > 1000
    assert all(one.startswith(b"    ") for one in lines)
    assert 500_000 < (tmp_path / "summary").stat().st_size < 1 << 20
    assert not (tmp_path / "canary").exists()


@bash_alone
@pytest.mark.long
def test_the_action_installs_itself_and_imports_nothing_of_what_it_checks(tmp_path: Path) -> None:
    """Needs the package index. The folder that is checked holds modules whose import would be seen."""
    for name in ("accords", "pip", "duckdb", "yaml", "venv", "json"):
        (tmp_path / f"{name}.py").write_text("open('canary', 'w')\n")
    (tmp_path / "datapackage.json").write_text('{"name": "empty", "resources": []}')
    output = tmp_path / "output"
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    own |= {
        "PYTHON": sys.executable,
        "SOURCE": str(ACTIONS[0].parent / ".." / ".." / ".."),
        "GITHUB_OUTPUT": str(output),
    }
    run = play(script(ACTIONS[0], "Install the validator"), tmp_path, **own)
    assert run.returncode == 0, run.stderr
    command = output.read_text().strip().removeprefix("accords=")
    given = {"ACCORDS": command, "PACKAGE": ".", "FAIL_ON": "error", "FORMAT": "json"}
    judged = play(script(ACTIONS[0], "Validate"), tmp_path, **given)
    assert judged.returncode == 1, judged.stderr
    assert json.loads(judged.stdout)["valid"] is False
    assert not (tmp_path / "canary").exists()
