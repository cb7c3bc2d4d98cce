"""Measures `accords validate` as whole processes: on our own package, and on made-up ones of any size.

Run with `python -m tests.bench [--rows 10000 1000000] [--write]`. The commands run by turns, so that what else the
machine does falls on all of them; the least time of each counts, as the one that was disturbed the least. A first
turn is for the memory alone, where there are several. `--write` puts what was measured into `README.md` beside this.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.metadata
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from bench import stages  # noqa: E402 -- they lie beside this file
from bench.processes import ROOT, Taken, least, run  # noqa: E402 -- they lie beside this file
from bench.tables import KINDS, write  # noqa: E402

ACCORDS = ("-m", "accords", "validate")
FRICTIONLESS = ("-m", "frictionless", "validate", "datapackage.json")
WORDS = {
    "good": "all of it good",
    "bad": "every value bad",
    "ragged": "a tenth of the rows torn",
    "broken": "a line break in each thousandth title",
}
INTRODUCTION = """\
# Measured

What `accords validate` takes, as whole processes from start to exit.
`python -m tests.bench --rows 10000 1000000 10000000 --rounds 3 --write` writes this file.

| Here | What it does |
| --- | --- |
| `__main__.py` | runs and compares: our own package, and made-up ones of any size |
| `tables.py` | makes a package: four tables with keys, references, codes, patterns, dates; 80 bytes a row |
| `rivals.py` | the engine alone, and a plain loop over Python's `csv` that checks the same |
| `processes.py` | how long a process took, and how much memory it and its children held |
| `stages.py` | how long each stage of a check takes |
| `contributions.py`, `releases.py` | the same for `accords add` and `accords diff`, each by itself |

`python -m tests.bench --rows 5000000` measures another size.
Above a million rows frictionless is left out, unless `--frictionless 10000000` asks for it.
"""
PROFILE = """\
## Where the time goes

Our own package has many small tables: what it takes, it takes for its questions more than for its rows, since the
engine plans a question whatever it has to look at. So what the cells of a small table prove by themselves
(`accords.checks.proofs`) is not asked. A second run in the same process is quicker: the catalogue, the text of the
rules and the judgement on their syntax are kept.

Of a large package nearly all is the engine reading it, and the count of its bytes beside, which proves that it has
read the same. Every value bad costs more than none because the cells at fault have to be kept, counted and emptied;
no more sentences are made than will be shown. Where rows are torn, the file is copied with each of them cut or
filled up to the width, and the engine reads the copy. What no copy can say is read record by record in Python,
because only the strict reader says on which line a record stands: a file with a line break in a cell, or with blank
rows. From a million rows on that takes no longer than the plain loop over `csv`, which checks the same and says
nothing of where.
"""


STAGES = "By stage, in one process that has checked the package once before, in seconds and parts of a hundred:"
_STAGED = 1_000_000  # rows, up to which the stages are measured, too


@dataclass(frozen=True, slots=True)
class Budget:
    """A ratio, or a number, that is allowed to be at most (or at least) so much."""

    what: str
    found: float
    allowed: float
    unit: str = "×"
    at_least: bool = False

    def line(self) -> str:
        """Return its row of the table."""
        kept = self.found >= self.allowed if self.at_least else self.found <= self.allowed
        bound = "at least" if self.at_least else "at most"
        found, allowed = (
            f"{number:,.{0 if number >= 100 else 2}f} {self.unit}" for number in (self.found, self.allowed)
        )
        return f"| {self.what} | {bound} {allowed} | {found} | {'yes' if kept else '**no**'} |"


def by_turns(commands: Mapping[str, Sequence[str]], folder: Path, compiled: Path, rounds: int) -> dict[str, Taken]:
    """Run commands by turns; return the quickest run of each, with the most memory that any took."""
    runs: dict[str, list[Taken]] = {name: [] for name in commands}
    for number in range(rounds + (rounds > 1)):
        for name, command in commands.items():
            runs[name].append(run(command, folder, compiled, watched=number == 0))
    best = {}
    for name, listed in runs.items():
        quickest = least(listed[1:] or listed)
        best[name] = Taken(quickest.seconds, listed[0].memory, quickest.code, quickest.said)
    return best


def table(head: str, taken: Mapping[str, Taken], beside: str) -> Iterator[str]:
    """Yield a table of what runs took, each beside one of them."""
    yield from (f"| {head} | time | beside {beside} | memory |", "| --- | ---: | ---: | ---: |")
    for name, item in taken.items():
        ratio = item.seconds / taken[beside].seconds
        yield f"| {name} | {item.seconds:.2f} s | {ratio:.2f} × | {item.memory:,.0f} MiB |"


def own(compiled: Path, rounds: int) -> tuple[list[str], list[Budget]]:
    """Measure our own package, and the start of the program."""
    commands = {"accords": (*ACCORDS, "."), "frictionless": FRICTIONLESS, "accords --help": ("-m", "accords", "--help")}
    taken = by_turns(commands, ROOT, compiled, rounds)
    assert [item.code for item in taken.values()] == [0, 0, 0], "our own package is not valid, or does not run"
    ratio = taken["accords"].seconds / taken["frictionless"].seconds
    budgets = [
        Budget("our own package, beside frictionless", ratio, 0.5),
        Budget("`accords --help`", taken["accords --help"].seconds, 0.2, "s"),
    ]
    spent = stages.table({"our own package": stages.measured(ROOT, rounds)})
    return ["## Our own package", "", *table("command", taken, "frictionless"), "", STAGES, "", *spent, ""], budgets


def made_up(rows: int, folder: Path, rounds: int, frictionless: bool) -> tuple[list[str], list[Budget]]:
    """Measure packages of a size, one of each kind; say what was found in each."""
    places = {kind: write(folder / f"{kind}-{rows}", rows, kind) for kind in KINDS}
    good = str(places["good"])
    rivals = {how: (str(HERE / "rivals.py"), how, good) for how in ("scan", "count", "loop")}
    commands: dict[str, Sequence[str]] = {WORDS[kind]: (*ACCORDS, str(places[kind])) for kind in KINDS}
    commands |= {"bare typed scan": rivals["scan"], "rows counted by the engine": rivals["count"]}
    taken = by_turns(commands, folder, folder / "compiled", rounds)
    slow: dict[str, Sequence[str]] = {"plain loop over csv": rivals["loop"]}
    if frictionless:
        slow["frictionless"] = (*FRICTIONLESS[:-1], f"{good}/datapackage.json")
    taken |= by_turns(slow, folder, folder / "compiled", 1)
    sizes = {kind: sum(path.stat().st_size for path in place.glob("*.csv")) / 1e6 for kind, place in places.items()}
    assert [taken[WORDS[kind]].code for kind in KINDS] == [0, 1, 1, 0], "a verdict is not what it should be"
    assert taken["plain loop over csv"].said.strip() == "0", "the plain loop finds fault with what is good"
    assert not frictionless or taken["frictionless"].code == 0, "frictionless finds fault with what is good"
    told = ", ".join(f"{size:.1f} MB {kind}" for kind, size in sizes.items())
    lines = [f"## {rows:,} rows", "", f"{told}.", "", *table("what", taken, "bare typed scan"), ""]
    if rows <= _STAGED:
        lines += [STAGES, "", *stages.table({kind: stages.measured(places[kind], rounds) for kind in KINDS}), ""]
    return lines, list(budgets_of(rows, taken))


def budgets_of(rows: int, taken: Mapping[str, Taken]) -> Iterator[Budget]:
    """Yield the budgets that are about a size; the smallest has none."""
    times = {name: item.seconds for name, item in taken.items()}
    good, bad, ragged = (times[WORDS[kind]] for kind in ("good", "bad", "ragged"))
    if rows >= 1_000_000:
        most = 5 if rows >= 10_000_000 else 4
        yield Budget(f"{rows:,} rows, beside a bare typed scan", good / times["bare typed scan"], most)
        yield Budget(f"{rows:,} rows, memory", taken[WORDS["good"]].memory, 1024, "MiB")
        yield Budget(f"{rows:,} rows, every value bad, beside good ones", bad / good, 3)
        yield Budget(f"{rows:,} rows, a tenth torn, beside good ones", ragged / good, 10)
        if "frictionless" in times:
            yield Budget(f"{rows:,} rows, faster than frictionless", times["frictionless"] / good, 30, at_least=True)


def versions() -> str:
    """Return a sentence on when and with what was measured."""
    named = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("duckdb", "frictionless"))
    day = datetime.datetime.now(datetime.UTC).date()
    return f"Measured on {day} on {os.cpu_count()} cores with Python {platform.python_version()}, {named}."


def main() -> None:
    """Measure and print; with `--write`, keep it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="*", default=[10_000, 1_000_000], help="of the made-up packages")
    parser.add_argument("--rounds", type=int, default=5, help="turns, of which the quickest counts")
    parser.add_argument("--frictionless", type=int, default=1_000_000, metavar="ROWS", help="up to which it is run")
    parser.add_argument("--folder", type=Path, help="for the made-up packages; the system's for temporary files")
    parser.add_argument("--write", action="store_true", help="write README.md")
    call = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=call.folder) as folder:
        lines, budgets = own(Path(folder), 2 * call.rounds)
    for rows in call.rows:
        with tempfile.TemporaryDirectory(dir=call.folder) as folder:
            more, allowed = made_up(rows, Path(folder), call.rounds, rows <= call.frictionless)
        lines, budgets = lines + more, budgets + allowed
    head = ["## Budgets", "", versions(), "", "| what | allowed | measured | kept |", "| --- | ---: | ---: | --- |"]
    text = "\n".join([*head, *(budget.line() for budget in budgets), "", *lines]).rstrip() + "\n"
    print(text)
    if call.write:
        (HERE / "README.md").write_text(f"{INTRODUCTION}\n{text}\n{PROFILE}", encoding="utf-8")


if __name__ == "__main__":
    main()
