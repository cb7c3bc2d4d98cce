"""Measures `accords add` on many contributions at once, as whole processes, and checks what it left.

Run with `python tests/bench/contributions.py [--number 1000]`. The package is a copy of ours in a temporary
folder. The budget: 1,000 contributions of about 20 rows in under 60 seconds, the package valid afterwards, and a
second run that finds nothing to do.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from contributions import synthetic  # noqa: E402 -- it lies beside this folder

from accords.intake.text import to_yaml  # noqa: E402


def seconds(*arguments: str) -> tuple[float, str]:
    """Run `accords` and return how long it took and the last line that it printed."""
    started = time.perf_counter()
    run = subprocess.run([sys.executable, "-m", "accords", *arguments], check=True, capture_output=True, text=True)
    return time.perf_counter() - started, run.stdout.splitlines()[-1]


def main() -> None:
    """Print a line for each step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=1000)
    parser.add_argument("--budget", type=float, default=60.0, help="seconds that adding may take")
    call = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        package, files = Path(folder) / "package", []
        package.mkdir()
        shutil.copy(ROOT / "datapackage.json", package)
        for name in ("schemas", "data"):
            shutil.copytree(ROOT / name, package / name)
        for number, content in enumerate(synthetic(call.number)):
            files.append(str(Path(folder) / f"{number:06}.yaml"))
            Path(files[-1]).write_text(to_yaml(content), encoding="utf-8")
        steps = {
            "add": ("add", *files, "--package", str(package)),
            "validate": ("validate", str(package)),
            "add again": ("add", *files, "--package", str(package)),
        }
        taken = {name: seconds(*arguments) for name, arguments in steps.items()}
    print("| step | seconds | says |\n| --- | --- | --- |")
    for name, (time_taken, told) in taken.items():
        print(f"| {name} | {time_taken:.1f} | {told} |")
    if taken["add"][0] > call.budget or "VALID" not in taken["validate"][1]:
        raise SystemExit("over budget, or not valid")


if __name__ == "__main__":
    main()
