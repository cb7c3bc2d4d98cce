"""Compares the declared rules of two releases by their codes.

Apart from `descriptors`, because rules are read by their own reader, and only here.
"""

from __future__ import annotations

from collections.abc import Iterator

from accords.changes import Change
from accords.lints import change
from accords.package import Package
from accords.rules import Rule, read_rules

_MEANING = ("severity", "when", "expect", "query", "at")
_WORDS = ("title", "message", "why", "fix", "valid", "invalid", "exceptions")


def compare_rules(old: Package, new: Package) -> Iterator[Change]:
    """Yield which rules came, went, ask for something else or say it in other words."""
    before, after = _rules(old), _rules(new)
    for code in sorted(before.keys() - after.keys()):
        yield change("rule-removed", what=code)
    for code in sorted(after.keys() - before.keys()):
        yield change("rule-added", what=code)
    for code in sorted(before.keys() & after.keys()):
        if _parts(before[code], _MEANING) != _parts(after[code], _MEANING):
            yield change("rule-changed", what=code)
        elif _parts(before[code], _WORDS) != _parts(after[code], _WORDS):
            yield change("rule-reworded", what=code)


def _rules(package: Package) -> dict[str, list[Rule]]:
    """Return the rules by code: one that is written once for several fields has several."""
    found: dict[str, list[Rule]] = {}
    for rule in read_rules(package):
        found.setdefault(rule.code, []).append(rule)
    return found


def _parts(rules: list[Rule], names: tuple[str, ...]) -> list[tuple[object, ...]]:
    return sorted(
        ((rule.table, rule.target or "", *(getattr(rule, name) for name in names)) for rule in rules), key=str
    )
