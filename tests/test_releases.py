"""Every folder under tests/releases is a pair of releases: what triggers a lint, and what just does not.

A pair needs no Python: see tests/README.md.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from accords.descriptor import load
from accords.diff import compare
from accords.lints import lints
from accords.package import Package

RELEASES = Path(__file__).parent / "releases"
PAIRS = sorted(path.parent for path in RELEASES.glob("*/*/*/expected.txt"))


def told(pair: Path) -> list[str]:
    """Return everything that a comparison says of a pair: the step, the changes, then the rows."""
    old, new = (pair / f"{side}.json" for side in ("old", "new"))
    found = compare(_side(old), _side(new))
    lines = [f"step {found.step.label}"]
    lines += [f"{item.step.label} {item.lint} {item.message}" for item in found.changes]
    for row in found.rows:
        cells = ", ".join(f"{cell.field}: {cell.before!r} → {cell.after!r}" for cell in row.cells)
        lines.append(f"{row.kind} {row.resource} {dict(row.key)} row {row.row}: {cells}")
    return [*lines, *(f"not compared {item.resource}: {item.reason}" for item in found.unread)]


def _side(path: Path) -> Package:
    """Return one release of a pair: a descriptor with its data in it, or else a folder of the same name."""
    return load(path if path.exists() else path.with_suffix(""))


@pytest.mark.parametrize("pair", PAIRS, ids=lambda path: "/".join(path.parts[-3:]))
def test_a_pair_is_told_as_expected(pair: Path) -> None:
    expected = pair / "expected.txt"
    if os.environ.get("ACCORDS_WRITE_EXPECTED"):
        expected.write_text("\n".join(told(pair)) + "\n", encoding="utf-8")
    lines = expected.read_text("utf-8").splitlines()
    assert told(pair) == lines
    fired = {line.split()[1] for line in lines if line.split()[0] in ("major", "minor", "patch", "none")}
    assert (pair.parent.name in fired) == (pair.parts[-3] == "triggers")


@pytest.mark.parametrize("lint", lints())
@pytest.mark.parametrize("kind", ["triggers", "spares"])
def test_each_lint_has_a_pair_that_triggers_it_and_one_that_just_does_not(kind: str, lint: str) -> None:
    assert list((RELEASES / kind / lint).glob("*/expected.txt")), f"add tests/releases/{kind}/{lint}/<case>/"
