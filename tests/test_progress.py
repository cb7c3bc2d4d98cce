"""Progress: a line on a terminal while a run takes long, and not a sign of it anywhere else."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import Maker

from accords.cli import main, progress
from accords.cli.progress import Progress
from accords.languages import Voice
from accords.worker import Stage

HEAD = "agreement_id,signed,ends,beds\n"


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True

    @property
    def line(self) -> str:
        """Return what a person sees at the end."""
        return self.getvalue().split("\r")[-1].rstrip()


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start from a terminal of a person, where nothing has to be waited for."""
    for name in ("CI", "NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(progress, "AFTER", 0.01)


def wait(stream: Terminal, text: str) -> None:
    began = time.monotonic()
    while text not in stream.getvalue():
        assert time.monotonic() - began < 10, stream.getvalue()
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("lang", "stage", "told"),
    [
        ("en", Stage("read", "agreements"), "reading agreements · "),
        ("en", Stage("read", "agreements", 120_000), "reading agreements: 120,000 rows · "),
        ("en", Stage("references"), "checking references · "),
        ("vi", Stage("read", "agreements", 120_000), "đang đọc agreements: 120.000 dòng · "),
        ("vi", Stage("declared"), "đang kiểm tra quy tắc của bộ dữ liệu · "),
        ("en", Stage("read", "a\x1b[2J\n"), r"reading a\x1b[2J\n · "),
    ],
)
def test_one_line_says_what_the_run_is_at_and_is_gone_afterwards(lang: str, stage: Stage, told: str) -> None:
    stream = Terminal()
    with Progress(Voice(lang), stream) as shown:
        shown(stage)
        wait(stream, told)
    assert stream.line == ""
    assert "\x1b" not in stream.getvalue()
    assert "\n" not in stream.getvalue()


def test_a_long_line_is_cut_and_a_shorter_one_hides_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    stream = Terminal()
    with Progress(Voice(), stream) as shown:
        shown(Stage("read", "x" * 100))
        wait(stream, "x")
        shown(Stage("keys"))
        wait(stream, "checking keys")
    widths = [len(part) for part in stream.getvalue().split("\r")]
    assert max(widths) == 29
    assert next(len(part) for part in stream.getvalue().split("\r") if part.startswith("checking keys")) == 29


def test_a_short_run_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "AFTER", 2.0)
    stream = Terminal()
    with Progress(Voice(), stream) as shown:
        shown(Stage("keys"))
    assert stream.getvalue() == ""


@pytest.mark.parametrize(("name", "value"), [("CI", "true"), ("TERM", "dumb")])
def test_the_log_of_a_job_and_a_dumb_terminal_stay_clean(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    stream = Terminal()
    with Progress(Voice(), stream) as shown:
        shown(Stage("keys"))
        time.sleep(0.1)
    assert stream.getvalue() == ""


def test_a_file_and_a_pipe_stay_clean(make_package: Maker, capsys: pytest.CaptureFixture[str]) -> None:
    main(["validate", str(make_package(HEAD + "a,,,\n"))])
    assert capsys.readouterr().err == ""


def test_a_fault_leaves_no_line_behind() -> None:
    stream = Terminal()

    def fail() -> None:
        with Progress(Voice(), stream) as shown:
            shown(Stage("keys"))
            wait(stream, "checking keys")
            raise ValueError("x")

    with pytest.raises(ValueError, match="x"):
        fail()
    assert stream.line == ""


@pytest.mark.long
def test_a_real_run_on_a_real_terminal(make_package: Maker, tmp_path: Path) -> None:
    """The result goes to standard output, the line to the terminal that is standard error, and only there."""
    odd = '"a line\nbreak",2020-01,2021,1\n'  # so that the file is read record by record, which takes its time
    rows = "".join(f"a{number},2020-01,2021,{number}\n" for number in range(700_000))
    package, out = make_package(HEAD + odd + rows), tmp_path / "out.txt"
    ours, theirs = pty.openpty()
    with out.open("wb") as result:
        run = subprocess.Popen(
            [sys.executable, "-m", "accords", "validate", str(package)],
            stdout=result,
            stderr=theirs,
            env={key: value for key, value in os.environ.items() if key != "CI"} | {"TERM": "xterm"},
        )
        os.close(theirs)
        told = b""
        while True:
            try:
                block = os.read(ours, 4096)
            except OSError:  # what Linux says when the other side is closed
                break
            if not block:
                break
            told += block
        assert run.wait() == 0
    os.close(ours)
    lines = told.decode().split("\r")
    assert any(line.startswith("reading agreements: ") for line in lines)
    assert lines[-1] == ""
    assert out.read_text("utf-8").endswith("VALID\n")
