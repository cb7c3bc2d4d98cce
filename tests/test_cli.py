"""Calls from the command line: what they print, where, and how they end."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import Maker
from jsonschema import Draft202012Validator

import accords
from accords.catalogue import LANGUAGES
from accords.cli import main, options
from accords.report import FORMATS

ROOT = Path(__file__).resolve().parents[1]
HEAD = "agreement_id,signed,ends,beds\n"
GOOD = HEAD + "a,2020,2021,200\n"
BAD = HEAD + "a,2020,2021,many\n"


def command(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    surroundings = {key: value for key, value in os.environ.items() if key != "GITHUB_ACTIONS"} | environment
    return subprocess.run(
        [sys.executable, "-m", "accords", *arguments],
        cwd=cwd,
        env=surroundings,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def test_a_good_package_ends_with_0_and_a_summary(make_package: Maker) -> None:
    done = command("validate", cwd=make_package(GOOD))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0].startswith("small 1.0.0, as of ")
    assert done.stdout.splitlines()[-1] == "VALID"
    assert "2 tables with 1 records read" in done.stdout


def test_findings_end_with_1_and_name_place_value_and_next_step(make_package: Maker) -> None:
    done = command("validate", str(make_package(BAD)))
    assert (done.returncode, done.stderr) == (1, "")
    assert "agreements.csv:2:4 error [type-error] beds" in done.stdout
    assert '"many" is no integer' in done.stdout
    assert "→ " in done.stdout
    assert done.stdout.splitlines()[-1] == "NOT VALID"


@pytest.mark.parametrize(
    ("options", "code"),
    [([], 0), (["--fail-on", "warning"], 1), (["--fail-on", "info"], 1), (["--fail-on", "error"], 0)],
)
def test_fail_on_decides_which_findings_count(make_package: Maker, options: list[str], code: int) -> None:
    package = make_package(GOOD)
    (package / "agreements.csv").write_bytes(b"\xef\xbb\xbf" + GOOD.encode())  # a warning
    assert main(["validate", str(package), *options]) == code


def test_what_cannot_be_checked_is_not_valid_unless_accepted(
    make_package: Maker, capsys: pytest.CaptureFixture[str]
) -> None:
    package = make_package(GOOD)
    content = json.loads((package / "datapackage.json").read_text("utf-8"))
    content["resources"][0]["schema"]["fields"][1] |= {"type": "date", "format": "any"}
    (package / "datapackage.json").write_text(json.dumps(content), encoding="utf-8")
    assert main(["validate", str(package)]) == 1
    assert "not evaluated on agreements: " in capsys.readouterr().out
    assert main(["validate", str(package), "--allow-unevaluated"]) == 0


CANNOT = {
    "no such folder": ["validate", "nowhere"],
    "a folder without a descriptor": ["validate", "tests"],
    "a file that is no package": ["validate", "README.md"],
    "an unknown format": ["validate", "--format", "pdf"],
    "an unknown option": ["validate", "--quick"],
    "an unknown command": ["check"],
    "no command": [],
    "a day that does not exist": ["validate", "--as-of", "2026-02-30"],
    "a limit of nothing": ["validate", "--limit", "0"],
    "a code that does not exist": ["explain", "type-eror"],
    "an output that cannot be written": ["explain", "-o", "nowhere/at/all.txt"],
}


@pytest.mark.parametrize("arguments", CANNOT.values(), ids=CANNOT.keys())
def test_what_cannot_be_done_ends_with_2_and_one_sentence(arguments: list[str]) -> None:
    done = command(*arguments, cwd=ROOT)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("accords: ")
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b'"x"', b"[" * 100_000], ids=repr)
def test_a_descriptor_that_is_no_json_object_cannot_be_checked(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "datapackage.json").write_bytes(content)
    done = command("validate", "--format", "json", cwd=tmp_path)
    assert done.returncode == 2
    told = json.loads(done.stdout)
    assert told["valid"] is None
    assert told["error"] in done.stderr


def test_a_misspelt_code_is_answered_with_the_nearest() -> None:
    assert "did you mean 'type-error'?" in command("explain", "type-eror").stderr


def test_explain_tells_a_built_in_code_and_a_rule_with_its_examples(make_package: Maker) -> None:
    assert "Why:" in command("explain", "foreign-key").stdout
    told = command("explain", "end-before-start", cwd=ROOT).stdout
    assert "schemas/rules/dates.yaml" in told
    assert "Not valid: agreements: " in told
    listed = command("explain", cwd=ROOT).stdout
    assert "foreign-key" in listed
    assert "end-before-start" in listed


def test_a_package_in_a_zip_is_read_and_never_rewritten(make_package: Maker, tmp_path: Path) -> None:
    package = make_package(BAD)
    archive = tmp_path / "small.zip"
    with zipfile.ZipFile(archive, "w") as out:
        for name in ("datapackage.json", "agreements.csv", "parties.csv"):
            out.write(package / name, f"small-1.0.0/{name}")
    done = command("validate", str(archive))
    assert done.returncode == 1
    assert "agreements.csv:2:4 error [type-error] beds" in done.stdout
    assert command("tidy", str(archive)).returncode == 2


def test_a_report_goes_to_a_file_whole_or_not_at_all(make_package: Maker, tmp_path: Path) -> None:
    package, target = make_package(GOOD), tmp_path / "report.json"
    assert main(["validate", str(package), "--format", "json", "-o", str(target)]) == 0
    assert json.loads(target.read_text("utf-8"))["valid"] is True
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".accords")] == []


def test_json_follows_its_schema_in_every_ending(make_package: Maker) -> None:
    schema = json.loads((ROOT / "schemas" / "report.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for path in (str(make_package(GOOD)), str(make_package(BAD)), "nowhere"):
        told = json.loads(command("validate", path, "--format", "json").stdout)
        assert [error.message for error in validator.iter_errors(told)] == []


def test_the_choices_are_the_formats_and_the_languages_that_there_are() -> None:
    """The command line names them itself, so that asking for help brings in no writer."""
    assert tuple(FORMATS) == options.REPORTS
    assert options.LANGUAGES == LANGUAGES


def test_github_is_the_format_where_github_runs_it(make_package: Maker) -> None:
    done = command("validate", str(make_package(BAD)), GITHUB_ACTIONS="true")
    assert done.stdout.startswith("::error file=agreements.csv,line=2,col=4,title=type-error::beds: ")


def test_totals_are_true_where_samples_are_capped(make_package: Maker) -> None:
    rows = "".join(f"a{number},,,many\n" for number in range(25))
    report = accords.validate(make_package(HEAD + rows), limit=10)
    assert (len(report.problems), report.counts["error"], report.by_code()) == (10, 25, {"type-error": 25})


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_what_is_no_file_is_written_into_and_not_replaced(make_package: Maker, tmp_path: Path) -> None:
    """A device or a pipe may be an output: /dev/null, /dev/stdout, what a shell makes of >(…)."""
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    for output in (pipe, link):
        with ThreadPoolExecutor(1) as beside:
            read = beside.submit(pipe.read_text)
            done = main(["validate", str(make_package(BAD)), "--format", "json", "-o", str(output)])
            assert (done, json.loads(read.result())["valid"]) == (1, False)
        assert pipe.is_fifo()
        assert link.is_symlink()


def test_the_package_is_left_as_it_was(make_package: Maker) -> None:
    package = make_package(BAD)

    def state() -> dict[Path, tuple[bytes, int]]:
        files = (path for path in package.rglob("*") if path.is_file())
        return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}

    before = state()
    main(["validate", str(package)])
    assert state() == before


def test_a_closed_pipe_is_no_traceback() -> None:
    program = f"{sys.executable} -m accords explain | head -1"
    done = subprocess.run(program, shell=True, cwd=ROOT, capture_output=True, text=True)
    assert done.stderr == ""


def test_the_version_is_that_of_the_project() -> None:
    assert command("--version").stdout.strip() == f"accords {accords.__version__}"
    assert f'version = "{accords.__version__}"' in (ROOT / "pyproject.toml").read_text("utf-8")


def test_output_is_utf_8_whatever_the_terminal(make_package: Maker) -> None:
    package = make_package(HEAD + "a,,,Bệnh viện\n")
    done = subprocess.run(
        [sys.executable, "-m", "accords", "validate", str(package)],
        env={**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"},
        capture_output=True,
    )
    assert "Bệnh viện" in io.TextIOWrapper(io.BytesIO(done.stdout), encoding="utf-8").read()
