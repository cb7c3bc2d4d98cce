"""Files are replaced all or none, whenever the process dies, whoever else writes or reads."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from intake import MEMORANDUM, ROOT, Ours, snapshot
from test_intake import changed

from accords import journal
from accords.cli import main
from accords.errors import CannotCheck
from accords.files import Folder

OLD = {"a.csv": b"old a", "data/b.csv": b"old b", "data/c.csv": b"old c"}
NEW = {"a.csv": b"new a", "data/b.csv": b"new b"}
AFTER = {**OLD, **NEW}


class Killed(BaseException):
    """The process dies here."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "p" / "data").mkdir(parents=True)
    for name, content in OLD.items():
        (tmp_path / "p" / name).write_bytes(content)
    return tmp_path / "p"


def digests(root: Path) -> dict[str, str]:
    return {name: hashlib.sha256((root / name).read_bytes()).hexdigest() for name in OLD}


def on_disk(root: Path) -> dict[str, bytes]:
    return {name: (root / name).read_bytes() for name in OLD}


def as_read(root: Path) -> dict[str, bytes]:
    folder = Folder(root, "p")
    found = {name: folder.read(name) for name in OLD}
    assert {name: folder.size(name) for name in OLD} == {name: len(content) for name, content in found.items()}
    return found


@pytest.mark.skipif(sys.platform == "win32", reason="needs os.fork and SIGKILL")
def test_fifty_kills_leave_the_package_as_it_was_or_as_it_will_be(ours: Ours) -> None:
    files = [str(ours.file(MEMORANDUM))]
    program = [sys.executable, str(ROOT / "tests" / "killing.py"), str(ours.root), "50", "20261122", *files]
    run = subprocess.run(program, capture_output=True, text=True, timeout=120, cwd=ROOT)
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)["found"]
    assert len(found) == 50
    assert all(item["clean"] for item in found)
    assert all(item["seen"] == item["mended"] != "neither" for item in found), found
    assert len(Counter(item["mended"] for item in found)) == 2, "the kills hit only one side of the moment"


REAL = {name: getattr(os, name) for name in ("replace", "fsync", "unlink", "rmdir")}


def dies_after(steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let so many calls that change a disk happen, and then no more."""
    left = [steps]

    def limited(name: str) -> Callable[..., object]:
        def call(*arguments: object, **more: object) -> object:
            left[0] -= 1
            if left[0] < 0:
                raise Killed
            result: object = REAL[name](*arguments, **more)
            return result

        return call

    for name in REAL:
        monkeypatch.setattr(os, name, limited(name))


def test_death_at_every_step_of_writing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every call that changes a disk is the last one once: before the journal nothing, after it everything."""
    seen: list[bool] = []
    for steps in range(100):
        for name, content in OLD.items():
            (root / name).write_bytes(content)
        before = digests(root)
        dies_after(steps, monkeypatch)
        try:
            journal.replace(root, NEW, before)
            done = True
        except Killed:
            done = False
        finally:
            monkeypatch.undo()
        visible = as_read(root)
        assert visible in (OLD, AFTER), steps
        journal.recover(root)
        assert on_disk(root) == visible, steps
        assert not (root / journal.FOLDER).exists(), steps
        seen.append(visible == AFTER)
        if done:
            break
    assert seen == sorted(seen)
    assert seen.count(False) > 3
    assert seen.count(True) > 5


def test_the_next_writer_finishes_what_was_left(ours: Ours, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between two renames: readers see the new package at once, the next `add` or `tidy` puts it right."""
    before = ours.snapshot()
    real = os.replace

    def dying(source: Path, target: Path) -> None:
        if str(target).endswith("events.csv"):
            raise Killed
        real(source, target)

    monkeypatch.setattr(os, "replace", dying)
    with pytest.raises(Killed):
        ours.add(MEMORANDUM)
    monkeypatch.undo()
    half = {name: content for name, content in ours.snapshot().items() if name.startswith("data")}
    assert half != {name: content for name, content in before.items() if name.startswith("data")}
    assert len(ours.rows("events")) < len(ours.rows("event_areas"))
    assert ours.run("validate", str(ours.root))[0] == 0
    assert (ours.root / journal.FOLDER).exists(), "the validator never writes"
    assert ours.add(MEMORANDUM)[1].startswith("NOTHING TO DO")
    assert not (ours.root / journal.FOLDER).exists()
    assert ours.row("events", event_id="signing-cedar-clinic-moh-vnm-2024-05-06")
    assert main(["tidy", "--check", str(ours.root)]) == 0


def test_files_that_changed_meanwhile_are_not_overwritten(root: Path) -> None:
    read = digests(root)
    (root / "data" / "c.csv").write_bytes(b"by somebody else")
    with pytest.raises(journal.Busy, match=r"c\.csv has been changed meanwhile"):
        journal.replace(root, NEW, read)
    assert on_disk(root) == {**OLD, "data/c.csv": b"by somebody else"}
    assert not (root / journal.FOLDER).exists()


@pytest.mark.skipif(sys.platform == "win32", reason="locks of files differ there")
def test_two_writers_do_not_mix(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    monkeypatch.setattr(journal, "_PATIENCE", 0.2)
    (root / journal.FOLDER).mkdir()
    with (root / journal.FOLDER / journal.LOCK).open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(journal.Busy, match="another process is writing"):
            journal.replace(root, NEW, digests(root))
    assert on_disk(root) == OLD
    journal.replace(root, NEW, digests(root))
    assert on_disk(root) == AFTER


def test_modes_of_files_stay(root: Path) -> None:
    (root / "a.csv").chmod(0o640)
    journal.replace(root, NEW, digests(root))
    assert (root / "a.csv").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    "listed",
    [
        {"../out.csv": "0"},
        {"a.csv": "../../secret"},
        {"/etc/passwd": "0"},
        ["a"],
        {"a.csv": 1},
        {".git/config": "0"},
        5,
    ],
)
def test_a_strangers_journal_reads_and_writes_nothing_outside(root: Path, listed: object) -> None:
    (root.parent / "out.csv").write_bytes(b"out")
    (root / journal.FOLDER).mkdir()
    (root / journal.FOLDER / "0").write_bytes(b"evil")
    (root / journal.FOLDER / journal.JOURNAL).write_text(json.dumps(listed), "utf-8")
    assert as_read(root) == OLD
    journal.recover(root)
    assert on_disk(root) == OLD
    assert (root.parent / "out.csv").read_bytes() == b"out"


def test_a_link_in_a_strangers_journal_leads_nowhere(root: Path) -> None:
    (root.parent / "secret").write_bytes(b"secret")
    (root / journal.FOLDER).mkdir()
    (root / journal.FOLDER / "0").symlink_to(root.parent / "secret")
    (root / journal.FOLDER / journal.JOURNAL).write_text('{"a.csv": "0"}', "utf-8")
    assert as_read(root) == OLD
    with pytest.raises(CannotCheck, match="is not ours"):
        journal.recover(root)
    assert on_disk(root) == OLD


def test_nothing_is_written_where_one_of_many_is_wrong(ours: Ours) -> None:
    before = ours.snapshot()
    code, _ = ours.add(MEMORANDUM, changed(MEMORANDUM, "agreement", "status", to="sigend"))
    assert code == 1
    assert snapshot(ours.root) == before
