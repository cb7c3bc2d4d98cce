"""Runs that are held to their limits: whatever a package asks for, they end, say where, and leave nothing behind.

Each of these queries was tried in one process first: the engine's own limits did not stop them.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from conftest import AGREEMENTS, Maker
from test_rules import HEAD, rule

import accords
from accords.errors import CannotCheck, LimitReached
from accords.limits import Limits
from accords.supervisor import supervised
from accords.worker import at

pytestmark = pytest.mark.worker
ROOT = Path(__file__).resolve().parents[1]
ROW = "a,2020,2021,1\n"
ENDLESS = "levenshtein(repeat('a', 1000000), repeat('b', 1000000)) > 0"
SPILLS = "(SELECT count(*) FROM (SELECT repeat(range::VARCHAR, 9) AS t FROM range(90000000) ORDER BY t)) > 0"
PLACE = r"in the rule ends-early \(rules/all\.yaml, line 1\)"


@pytest.fixture
def evil(make_package: Maker) -> Callable[[str], Path]:
    """Return a function that makes a package of one rule with an expression."""
    return lambda expression: make_package(HEAD + ROW, rules=rule(expect=json.dumps(expression)))


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the system's folder for temporary files, which is empty."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", None)
    return folder


def program(*arguments: str, cwd: Path) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, "-m", "accords", *arguments], cwd=cwd, stdout=pipe, stderr=pipe, text=True, encoding="utf-8"
    )


def until(condition: Callable[[], object], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_a_rule_without_end_is_stopped_at_the_deadline_and_named(make_package: Maker, temporary: Path) -> None:
    """Among several rules on a table, too, if it alone can take long."""
    rules = rule() + rule(expect=json.dumps(ENDLESS)).replace("ends-early", "endless") + "\n"
    package = make_package(HEAD + ROW, rules=rules)
    started = time.monotonic()
    with pytest.raises(LimitReached, match=r"stopped in the rule endless \(.+\), at the deadline of 3 seconds"):
        accords.validate(package, timeout=3)
    assert time.monotonic() - started < 8
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    "expression",
    [
        "len(list_transform(range(1000), lambda x: range(10000000))) > 0",
        "length(repeat(repeat('abcdefgh', 100000000), 10)) > 0",
        "len(range(3000000000)) > 0",
        "(WITH RECURSIVE r(n) AS (SELECT 'a' UNION ALL SELECT n || n FROM r) SELECT count(*) FROM r) > 0",
    ],
    ids=["lists of lists", "a long text", "one large piece", "a text that doubles"],
)
def test_a_rule_that_eats_memory_is_stopped_and_named(
    evil: Callable[[str], Path], expression: str, temporary: Path
) -> None:
    with pytest.raises(LimitReached, match=f"stopped {PLACE}, because it needs more than 300 MiB"):
        accords.validate(evil(expression), memory=300, timeout=60)
    assert list(temporary.iterdir()) == []


def test_a_pattern_of_a_json_schema_that_goes_back_and_forth_is_stopped(make_package: Maker) -> None:
    """Such a pattern holds the interpreter of its process, so that nothing in that process could stop it."""
    package = make_package('agreement_id,x\na,"{""k"": ""' + "a" * 40 + '!""}"\n')
    content = json.loads((package / "datapackage.json").read_text("utf-8"))
    bad = {"properties": {"k": {"pattern": "^(a+)+$"}}}
    fields = [AGREEMENTS[0], {"name": "x", "type": "object", "constraints": {"jsonSchema": bad}}]
    content["resources"][0]["schema"]["fields"] = fields
    (package / "datapackage.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(LimitReached, match="stopped in the constraint jsonSchema of x of agreements"):
        accords.validate(package, timeout=3)


def test_the_command_ends_with_2_and_one_sentence(evil: Callable[[str], Path]) -> None:
    package = evil("(SELECT count(*) FROM range(1000000000) a, range(1000000000) b) > 0")
    done = program("validate", "--timeout", "3", "--format", "json", cwd=package)
    out, err = done.communicate(timeout=30)
    assert done.returncode == 2
    assert err.startswith("accords: it was stopped in the rule ends-early (rules/all.yaml, line 1), at the deadline")
    assert len(err.splitlines()) == 1
    assert json.loads(out) == {"schema_version": 1, "valid": None, "error": err[9:].strip()}


@pytest.mark.parametrize(("option", "value"), [("--timeout", "0"), ("--timeout", "nan"), ("--memory", "10")])
def test_limits_that_are_none_are_refused(tmp_path: Path, option: str, value: str) -> None:
    done = program("validate", option, value, cwd=tmp_path)
    assert option in done.communicate(timeout=30)[1]
    assert done.returncode == 2


def test_a_comparison_has_a_deadline_as_well(make_package: Maker) -> None:
    package = make_package(HEAD + ROW)
    done = program("diff", "-", "--timeout", "0.001", cwd=package)
    assert "at the deadline of 0.001 seconds" in done.communicate(timeout=30)[1]
    assert done.returncode == 2
    done = program("diff", "-", cwd=package)
    assert done.communicate(timeout=30)[1] == ""
    assert done.returncode == 0


def spilling(package: Path, temporary: Path) -> tuple[subprocess.Popen[str], psutil.Process]:
    """Start a run that has begun to write temporary files; return it and its worker."""
    done = program("validate", "--memory", "1000", "--timeout", "120", cwd=package)
    assert until(lambda: any(path.stat().st_size for path in temporary.rglob("*.tmp")))
    (worker,) = psutil.Process(done.pid).children()
    return done, worker


@pytest.mark.skipif(os.name == "nt", reason="there are no such signals")
@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda sign: sign.name)
def test_a_run_that_is_killed_leaves_no_process_and_no_file(
    evil: Callable[[str], Path], temporary: Path, sign: signal.Signals
) -> None:
    package = evil(SPILLS)
    before = sorted(package.rglob("*"))
    done, worker = spilling(package, temporary)
    done.send_signal(sign)
    done.communicate(timeout=10)
    assert done.returncode == (130 if sign is signal.SIGINT else -sign)
    assert until(lambda: not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE)
    assert until(lambda: list(temporary.iterdir()) == [])
    assert sorted(path for path in package.rglob("*") if temporary not in (path, *path.parents)) == [
        path for path in before if temporary not in (path, *path.parents)
    ]


@pytest.mark.skipif(os.name == "nt", reason="there are no such signals")
def test_a_worker_that_is_killed_is_no_verdict_and_leaves_no_file(evil: Callable[[str], Path], temporary: Path) -> None:
    done, worker = spilling(evil(SPILLS), temporary)
    worker.kill()
    out, err = done.communicate(timeout=30)
    assert (done.returncode, out) == (2, "")
    assert err.startswith("accords: it ended in the rule ends-early (rules/all.yaml, line 1), by the signal 9:")
    assert list(temporary.iterdir()) == []


def test_nothing_is_written_where_the_engine_would_write_by_itself(
    make_package: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DuckDB goes on in `.tmp` of the current folder when its memory is full."""
    from accords.descriptor import load
    from accords.store import Store

    package = make_package(HEAD + ROW)
    monkeypatch.chdir(package)
    before = sorted(package.rglob("*"))
    store = Store(load(package), accords.validate(package, timeout=None, memory=None).as_of, memory=100)
    store.rows("CREATE TABLE own.big AS SELECT repeat(range::VARCHAR, 9) AS t FROM range(5000000)")
    assert sorted(package.rglob("*")) == before
    store.close()


SCRIPT = """
import threading
import accords
def check():
    reports.append(accords.validate({package!r}))
reports = []
threads = [threading.Thread(target=check) for _ in range(2)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print([report.counts["error"] for report in reports], type(reports[0].problems[0]).__module__)
"""


@pytest.mark.parametrize("how", ["file", "typed"])
def test_a_program_without_a_guard_and_a_notebook_can_check_in_threads(
    make_package: Maker, tmp_path: Path, how: str
) -> None:
    """Where code is typed in, Python imports from the current folder first; the worker never does."""
    package = make_package(HEAD + "a,2020,2021,many\n")
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    for module in ("duckdb", "yaml", "pickle"):
        (folder / f"{module}.py").write_text("raise SystemExit(99)\n", encoding="utf-8")
    code = SCRIPT.format(package=str(package))
    (tmp_path / "program.py").write_text(code, encoding="utf-8")
    told = [str(tmp_path / "program.py")] if how == "file" else ["-"]
    if how == "typed":
        code = f"import pickle, sys; sys.path.insert(0, '')\n{code}"
    run = subprocess.run(
        [sys.executable, *told], input=code, cwd=folder if how == "file" else tmp_path, capture_output=True, text=True
    )
    assert run.stderr == ""
    assert run.stdout == "[1, 1] accords.findings\n"


def test_a_report_from_a_worker_is_that_of_this_process(make_package: Maker) -> None:
    package = make_package(HEAD + "a,2020,2019,many\nb,2020-13,,\n", rules=rule())
    assert accords.validate(package) == accords.validate(package, timeout=None, memory=None)


def test_what_cannot_be_checked_is_told_as_in_this_process(tmp_path: Path) -> None:
    for limits in ({}, {"timeout": None, "memory": None}):
        with pytest.raises(CannotCheck, match=r"holds no datapackage\.json"):
            accords.validate(tmp_path, **limits)  # type: ignore[arg-type]  # one of two literal dictionaries


def test_a_fault_of_ours_keeps_its_kind_and_says_where_it_was() -> None:
    with pytest.raises(ZeroDivisionError) as fault:
        supervised(Limits(30, None), divmod, 1, 0)
    assert "In the worker:" in fault.value.__notes__[0]


def test_a_worker_that_cannot_start_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "none"))
    with pytest.raises(CannotCheck, match="no worker can be started"):
        accords.validate(tmp_path)
    monkeypatch.setattr("sys.executable", "")
    with pytest.raises(CannotCheck, match="no Python interpreter"):
        accords.validate(tmp_path)


def test_steps_said_outside_a_worker_go_nowhere(capfd: pytest.CaptureFixture[str]) -> None:
    at("in a test")
    assert capfd.readouterr() == ("", "")
