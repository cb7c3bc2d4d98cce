"""The report that a run ends in: what was read, what was checked, what was found.

Apart from everything else, so that a report can be written, stored and rendered again with no database and
no package at hand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from accords.findings import Check, Outcome, Problem, Severity, code_of
from accords.saved import Unfit, record

__all__ = ["SCHEMA_VERSION", "Check", "FileFacts", "Outcome", "Problem", "Report", "RuleText", "Scope", "Severity"]

SCHEMA_VERSION = 1
_LANGUAGE = re.compile("[a-z]{2}")


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What was read: a resource's name and path, its rows, bytes and SHA-256 (None: could not be read)."""

    name: str
    path: str
    rows: int | None
    bytes: int | None
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Scope:
    """What a report was narrowed down to: the rows changed since a revision; `hidden` findings are elsewhere."""

    revision: str
    rows: int
    hidden: int


@dataclass(frozen=True, slots=True)
class RuleText:
    """What a package's own rule says of itself, in the package's own language."""

    code: str
    title: str
    why: str
    fix: str

    @classmethod
    def from_dict(cls, content: Any) -> RuleText:
        """Return the text that a report holds; `Unfit` for anything else."""
        return record(cls, content, {"code": code_of})


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """Everything that one run found; iterating gives the problems.

    Totals in `counts` are true even where samples are capped: findings by severity, `unevaluated` checks,
    findings that exceptions (`excepted`) or a baseline (`accepted`) left out. `language` is that of the
    sentences. `scope` is set where only findings about changed rows are reported. `rules` explains the
    package's rules that found something.
    """

    tool_version: str
    as_of: date
    package_name: str | None
    package_version: str | None
    package_path: str
    resources: tuple[FileFacts, ...]
    checks: tuple[Check, ...]
    problems: tuple[Problem, ...]
    counts: dict[str, int] = field(default_factory=dict)
    scope: Scope | None = None
    language: str = "en"
    rules: tuple[RuleText, ...] = ()

    def __iter__(self) -> Iterator[Problem]:
        """Iterate over the problems."""
        return iter(self.problems)

    def __repr__(self) -> str:
        """Return the verdict in one line, as a notebook shows it."""
        found = ", ".join(f"{number} {name}" for name, number in self.counts.items() if number)
        return f"<Report on {self.package_path}: {'valid' if self.valid else 'not valid'}; {found or 'nothing found'}>"

    @property
    def valid(self) -> bool:
        """Tell whether no error was found and nothing was left unevaluated."""
        return not self.counts["error"] and not self.counts["unevaluated"]

    def failed(self, fail_on: Severity, allow_unevaluated: bool = False) -> bool:
        """Tell whether a finding is at or above `fail_on`, or a check could not be evaluated."""
        found = any(self.counts[severity.label] for severity in Severity if severity >= fail_on)
        return found or (bool(self.counts["unevaluated"]) and not allow_unevaluated)

    def by_code(self) -> Counter[str]:
        """Return the true number of findings for each code that fired."""
        totals: Counter[str] = Counter()
        for check in self.checks:
            if check.count:
                totals[check.code] += check.count
        return totals

    def rows(self) -> list[dict[str, str | int | None]]:
        """Return the problems as flat rows: `pandas.DataFrame(report.rows())`."""
        return [item.to_row() for item in self.problems]

    def to_dict(self) -> dict[str, Any]:
        """Return the report in the shape of `schemas/report.schema.json`."""
        return {
            "schema_version": SCHEMA_VERSION,
            "tool": {"name": "accords", "version": self.tool_version},
            "as_of": self.as_of.isoformat(),
            "language": self.language,
            "package": {"name": self.package_name, "version": self.package_version, "path": self.package_path},
            "resources": [asdict(facts) for facts in self.resources],
            "valid": self.valid,
            "counts": dict(self.counts),
            "checks": [check.to_dict() for check in self.checks],
            "problems": [problem.to_dict() for problem in self.problems],
            "rules": [asdict(rule) for rule in self.rules],
            "changed_since": asdict(self.scope) if self.scope else None,
        }

    @classmethod
    def from_dict(cls, content: Any) -> Report:
        """Return the report that `to_dict` gave, now or in an earlier version; `Unfit` for anything else."""
        if not isinstance(content, dict) or content.get("schema_version") != SCHEMA_VERSION or "tool" not in content:
            raise Unfit("no report of this kind")
        tool, package = (item if isinstance(item, dict) else {} for item in map(content.get, ("tool", "package")))
        flat = {f"package_{name}": package[name] for name in ("name", "version", "path") if name in package}
        flat |= {"tool_version": tool.get("version"), "scope": content.get("changed_since")}
        report = record(cls, {**content, **flat})
        if not _LANGUAGE.fullmatch(report.language):
            raise Unfit("a report's language has two letters")
        if not {*(severity.label for severity in Severity), "unevaluated"} <= report.counts.keys():
            raise Unfit("a report lacks some of its counts")
        return report
