"""Says where the time of a check goes: how long each stage takes, by what a run itself tells of its progress.

Run with `python -m tests.bench.stages FOLDER… [--rounds 5]`. The check runs in this process; of several runs the
quickest counts, and what starting Python and importing the checks takes is measured beside it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[2] / "validate")]

import accords  # noqa: E402 -- it lies beside this folder
from accords.worker import Stage  # noqa: E402

IMPORTS = "starting Python, and what it imports"
OPENING = "descriptor, schemas, rules; opening the engine and making its tables"
READING = "reading the files and handing them over"
NAMES = {"read": READING, "declared": "the package's own rules; closing the engine, the report"}


def measured(folder: Path, rounds: int) -> dict[str, float]:
    """Return the seconds of each stage of a check."""
    runs = [_run(folder) for _ in range(rounds + 1)][1:]  # the first is slower: what it keeps, the others find
    starts = []
    for _ in range(rounds):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import accords.checks, accords.descriptor"], check=True)
        starts.append(time.perf_counter() - begun)
    return {IMPORTS: min(starts), **min(runs, key=lambda run: sum(run.values()))}


def _run(folder: Path) -> dict[str, float]:
    spent: dict[str, float] = {}
    name, since = OPENING, time.perf_counter()

    def note(stage: Stage | None) -> None:
        nonlocal name, since
        now = time.perf_counter()
        spent[name] = spent.get(name, 0.0) + now - since
        name, since = NAMES.get(stage.name, stage.name) if stage else "", now

    accords.validate(folder, progress=note, timeout=None, memory=None)
    note(None)
    return spent


def table(runs: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """Yield a table of what each stage took in some runs, in seconds and in parts of a hundred."""
    yield f"| stage | {' | '.join(runs)} |"
    yield "| --- |" + " ---: |" * len(runs)
    for stage in dict.fromkeys(name for run in runs.values() for name in run):
        parts = ((run.get(stage, 0.0), sum(run.values())) for run in runs.values())
        cells = (f"{taken:.2f} s, {100 * taken / whole:.0f}" for taken, whole in parts)
        yield f"| {stage} | {' | '.join(cells)} |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--rounds", type=int, default=5)
    call = parser.parse_args()
    print("\n".join(table({str(folder): measured(folder, call.rounds) for folder in call.folders})))


if __name__ == "__main__":
    main()
