"""Every folder under tests/packages is a case: what is good has no findings, what is bad has just its own.

A case needs no Python: see tests/README.md.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

import accords
from accords.catalogue import catalogue
from accords.errors import CannotCheck
from accords.report.wording import place, unevaluated

PACKAGES = Path(__file__).parent / "packages"
AS_OF = date(2026, 1, 1)
GOOD = sorted(path.parent for path in (PACKAGES / "good").glob("*/*/datapackage.json"))
BAD = sorted(path.parent for path in (PACKAGES / "bad").glob("*/*/expected.txt"))
# A rule's examples lie beside it; these two codes speak of rules and are tried in test_rules.py.
ABOUT_RULES = {"exception-unused", "rule-example-wrong"}
# These compare with a former release and are tried in test_history.py.
ABOUT_RELEASES = {
    "id-disappeared", "id-reused", "code-removed", "row-count-drop", "version-bump-too-small", "changelog-missing",
}  # fmt: skip
# What is said of a contribution, and never of a package, is tried in test_intake*.py and test_workbook.py.
ABOUT_CONTRIBUTIONS = set(list(catalogue())[list(catalogue()).index("contribution-empty") :])
# This one speaks of a file of known findings and is tried in test_baseline.py.
ABOUT_BASELINES = {"baseline-stale"}
ELSEWHERE = ABOUT_RULES | ABOUT_BASELINES | ABOUT_RELEASES | ABOUT_CONTRIBUTIONS


def told(package: Path) -> list[str]:
    """Return everything that a run says of a package, one line each."""
    try:
        report = accords.validate(package, as_of=AS_OF)
    except CannotCheck as fault:
        return [f"cannot check: {fault}".replace(str(package), "PACKAGE")]
    lines = [
        f"{place(item)} {item.severity.label} [{item.code}] {', '.join(item.fields)} {item.message} → {item.hint}"
        for item in report.problems
    ]
    lines += unevaluated(report)
    return sorted(" ".join(line.split()) for line in lines)


@pytest.mark.parametrize("package", GOOD, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_good_package_has_no_findings(package: Path) -> None:
    assert told(package) == []


@pytest.mark.parametrize("package", BAD, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_bad_package_has_just_its_findings(package: Path) -> None:
    expected = package / "expected.txt"
    if os.environ.get("ACCORDS_WRITE_EXPECTED"):
        expected.write_text("\n".join(told(package)) + "\n", encoding="utf-8")
    lines = expected.read_text("utf-8").splitlines()
    assert told(package) == lines
    code = package.parent.name
    assert code == "cannot-check" or any(code in line for line in lines), f"no line names {code}"


@pytest.mark.parametrize("code", sorted(set(catalogue()) - ELSEWHERE))
def test_each_code_has_a_bad_and_a_good_case(code: str) -> None:
    assert any(path.parent.name == code for path in BAD), f"add tests/packages/bad/{code}/<case>/"
    assert any(path.parent.name == code for path in GOOD), f"add tests/packages/good/{code}/<case>/"
