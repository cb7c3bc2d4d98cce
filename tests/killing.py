"""Kills `accords add` at random moments, and says what each of the kills left; run as a program.

    python tests/killing.py FOLDER COUNT SEED FILE…

FOLDER holds a package. Every child has a copy of it and adds the files. The validator is left out, since it
writes nothing and would take nine tenths of the time; and the moments are drawn about that at which a package
becomes another one: so most kills hit what matters.
"""

from __future__ import annotations

import datetime
import json
import os
import random
import shutil
import signal
import sys
import time
from pathlib import Path
from types import SimpleNamespace

from accords import journal
from accords.files import Folder
from accords.intake import adding
from accords.intake.document import read

Contents = dict[str, bytes]


def on_disk(root: Path) -> Contents:
    """Return the tables as they lie in the folder."""
    return {path.name: path.read_bytes() for path in sorted((root / "data").glob("*.csv"))}


def as_read(root: Path) -> Contents:
    """Return the tables as readers of ours see them."""
    files = Folder(root, str(root))
    return {path.name: files.read(f"data/{path.name}") for path in sorted((root / "data").glob("*.csv"))}


def child(root: Path, files: list[Path], ready: int) -> None:
    """Add the files; tell when it starts."""
    vars(adding)["run"] = lambda *_, **__: SimpleNamespace(problems=(), counts={"unevaluated": 0})
    vars(adding)["compare"] = lambda *_: None  # the cards
    documents = [read(path) for path in files]
    os.write(ready, b"x")
    adding.add(root, documents, as_of=datetime.date(2026, 11, 22))


def run(root: Path, files: list[Path], delay: float | None) -> float:
    """Start a child on a package and kill it after so many seconds (None: never); return how long it lived."""
    reader, writer = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            child(root, files, writer)
        finally:
            os._exit(0)
    os.close(writer)
    os.read(reader, 1)
    started = time.perf_counter()
    if delay is not None:
        time.sleep(delay)
        os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    os.close(reader)
    return time.perf_counter() - started


def main(package: Path, count: int, seed: int, files: list[Path]) -> None:
    """Kill so many times; print as JSON what was found after each."""
    draw, before, work = random.Random(seed), on_disk(package), package.parent / "killed"
    shutil.copytree(package, work)
    moment = max(run(work, files, None), 0.01)
    after, found = on_disk(work), []
    assert before != after
    for _ in range(count):
        for name, content in on_disk(work).items():
            if content != before[name]:
                (work / "data" / name).write_bytes(before[name])
        run(work, files, draw.uniform(0, 2) * moment)
        raw, seen = on_disk(work), as_read(work)
        left = journal.recover(work)
        mended = on_disk(work)
        moment *= 1.2 if mended == before else 0.85  # so kills stay about it on a busy machine, too
        found.append(
            {
                "half": raw not in (before, after),
                "seen": "before" if seen == before else "after" if seen == after else "neither",
                "mended": "before" if mended == before else "after" if mended == after else "neither",
                "left": left,
                "clean": not (work / journal.FOLDER).exists(),
            }
        )
    print(json.dumps({"found": found}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), [Path(name) for name in sys.argv[4:]])
