"""Measures `accords validate` against `frictionless validate` on our own package, as whole processes.

Run with `python tests/bench`. The two run by turns, so that what else the machine does falls on both;
the least time of each counts, as the one that was disturbed the least.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = {
    "accords": [sys.executable, "-m", "accords", "validate", "."],
    "frictionless": [sys.executable, "-m", "frictionless", "validate", "datapackage.json"],
}


def seconds(command: list[str]) -> float:
    """Return how long one run takes from start to exit."""
    started = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


def main() -> None:
    """Print the least and the median time of each, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(rounds):
        for name, command in COMMANDS.items():
            taken[name].append(seconds(command))
    print("| command | least | median |\n| --- | --- | --- |")
    for name, times in taken.items():
        print(f"| {name} validate | {min(times):.2f} s | {sorted(times)[len(times) // 2]:.2f} s |")
    print(f"\nratio of the least times: {min(taken['accords']) / min(taken['frictionless']):.2f}")


if __name__ == "__main__":
    main()
