"""Measures `accords diff` on two releases of any size, as a whole process: time and the most memory it held.

Run with `python tests/bench/releases.py --rows 1000000 --share 0.01`. The reference is a bare loop that reads
both files with Python's `csv` and does nothing with the cells: what no comparison of cells in Python can beat.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("agreement_id", "title", "type", "signed_date", "status", "party", "amount", "note")
TYPES, STATUSES = ("memorandum", "contract", "plan"), ("signed", "announced", "in_force")


def rows(count: int) -> Iterator[list[str]]:
    """Yield made-up agreements, the same ones each time."""
    chance = random.Random(7)
    for number in range(count):
        day = f"20{chance.randrange(24):02}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
        title = f"Memorandum {number} of hospital {chance.randrange(5000)}"
        note = "" if number % 3 else f'Note "{number}", made up'
        yield [
            f"agreement-{number:08}", title, chance.choice(TYPES), day, chance.choice(STATUSES),
            f"party-{chance.randrange(20000)}", str(chance.randrange(10**6)), note,
        ]  # fmt: skip


def write(folder: Path, count: int, share: float) -> None:
    """Write a release; of a `share` of the rows, a third is changed, a third gone and a third new."""
    folder.mkdir()
    fields = [{"name": name, "type": "string"} for name in NAMES]
    schema = {"fields": fields, "primaryKey": ["agreement_id"], "accords:identity": list(NAMES[1:4])}
    resource = {"name": "agreements", "path": "agreements.csv", "encoding": "utf-8", "schema": schema}
    descriptor = {"name": "made-up", "version": "1.0.0", "resources": [resource]}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    chance = random.Random(11)
    with (folder / "agreements.csv").open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, lineterminator="\n")
        out.writerow(NAMES)
        for row in rows(count):
            luck = chance.random() / share if share else 1.0
            if luck < 1 / 3:
                row[4] = "ended"
            elif luck < 2 / 3:
                row[0] += "-new"
                row[1] = f"Another {row[1]}"
            out.writerow(row) if not 2 / 3 <= luck < 1 else None


def measured(command: list[str]) -> tuple[float, float]:
    """Return how many seconds a process took, and how many MiB it held at most."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[:4]} ended with {process.returncode}")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def main() -> None:
    """Print time and memory of both, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--share", type=float, default=0.01, help="of the rows, how many differ (0 to 1)")
    parser.add_argument("--format", default="json")
    call = parser.parse_args()
    loop = "import csv, sys\nfor path in sys.argv[1:]:\n    for row in csv.reader(open(path, encoding='utf-8')): pass"
    with tempfile.TemporaryDirectory() as name:
        old, new = Path(name) / "old", Path(name) / "new"
        write(old, call.rows, 0)
        write(new, call.rows, call.share)
        size = sum((side / "agreements.csv").stat().st_size for side in (old, new)) / 2**20
        files = [str(side / "agreements.csv") for side in (old, new)]
        bare = measured([sys.executable, "-c", loop, *files])
        own = measured([sys.executable, "-m", "accords", "diff", str(old), str(new), "--format", call.format])
    print(f"{call.rows:,} rows a side, {size:.0f} MiB in both, {call.share:.0%} differ\n")
    print("| command | time | memory |\n| --- | --- | --- |")
    print(f"| accords diff | {own[0]:.1f} s | {own[1]:.0f} MiB |")
    print(f"| csv.reader, both files | {bare[0]:.1f} s | {bare[1]:.0f} MiB |")
    print(f"\nratio of the times: {own[0] / bare[0]:.1f}")


if __name__ == "__main__":
    main()
