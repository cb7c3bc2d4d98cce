"""Runs commands and says how long each took, and how much memory it and all that it started held at most."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
_LOOK = 0.05  # seconds between two looks at the memory


@dataclass(frozen=True, slots=True)
class Taken:
    """What a run took: seconds from start to exit, MiB at most, its exit code and the start of what it printed."""

    seconds: float
    memory: float
    code: int
    said: str


def run(arguments: Sequence[str], folder: Path, compiled: Path, *, watched: bool) -> Taken:
    """Run this Python with some arguments in a folder; unless `watched`, its memory is not looked at.

    `compiled` is where compiled modules are kept from one run to the next.
    """
    path = os.pathsep.join(filter(None, (str(ROOT / "validate"), os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONPYCACHEPREFIX": str(compiled)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is compiled but once
    with tempfile.TemporaryFile() as out:  # and no pipe, which would have to be emptied meanwhile
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=folder, env=environment, stdout=out, stderr=subprocess.DEVNULL
        )
        most, tree = 0, psutil.Process(process.pid)
        while watched and process.poll() is None:
            most = max(most, _held(tree))
            time.sleep(_LOOK)
        code, seconds = process.wait(), time.perf_counter() - started
        out.seek(0)
        return Taken(seconds, most / 2**20, code, out.read(1000).decode(errors="replace"))


def _held(tree: psutil.Process) -> int:
    """Return the bytes that a process and its children hold; memory that they share is counted once."""
    held = 0
    try:
        for process in (tree, *tree.children(recursive=True)):
            info = process.memory_info()
            held += info.rss - (info.shared if process != tree and hasattr(info, "shared") else 0)
    except psutil.Error:
        pass  # it has just ended
    return held


def least(runs: Sequence[Taken]) -> Taken:
    """Return the run that was disturbed the least."""
    return min(runs, key=lambda item: item.seconds)
