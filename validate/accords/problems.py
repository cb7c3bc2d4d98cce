"""The records a run ends in: problems, checks, and the report that holds them.

Apart from everything else, and without imports of ours, so that a report can be written, stored
and rendered again with no database and no package at hand.
"""

from __future__ import annotations

import enum
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

SCHEMA_VERSION = 1


class Severity(enum.IntEnum):
    """How bad a problem is; the order is the one that `--fail-on` compares."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def label(self) -> str:
        """Return the word that reports print: `info`, `warning`, `error`."""
        return self.name.lower()


class Outcome(enum.StrEnum):
    """How a check ended; `unevaluated` is never the same as `pass`."""

    PASS = "pass"  # noqa: S105 -- an outcome, not a password
    FAIL = "fail"
    UNEVALUATED = "unevaluated"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: where it is, which check says so, what was found, what to do next.

    `row` counts records as frictionless does (the header is 1); `line` is the physical line on which
    the record starts, as an editor shows it; `column` is 1-based. Each is None where there is none.
    """

    code: str
    severity: Severity
    resource: str | None
    path: str | None
    message: str
    row: int | None = None
    line: int | None = None
    fields: tuple[str, ...] = ()
    column: int | None = None
    key: tuple[tuple[str, str | None], ...] = ()
    value: str | None = None
    hint: str | None = None

    @property
    def field(self) -> str | None:
        """Return the field where there is just one."""
        return self.fields[0] if len(self.fields) == 1 else None

    def to_dict(self) -> dict[str, Any]:
        """Return the problem as the JSON report shows it."""
        return {
            "code": self.code,
            "severity": self.severity.label,
            "resource": self.resource,
            "path": self.path,
            "row": self.row,
            "line": self.line,
            "field": self.field,
            "fields": list(self.fields),
            "column": self.column,
            "key": dict(self.key),
            "value": self.value,
            "message": self.message,
            "hint": self.hint,
        }


@dataclass(frozen=True, slots=True)
class Check:
    """One check on one resource (None: on the whole package): how it ended and how often it fired."""

    code: str
    severity: Severity
    resource: str | None
    outcome: Outcome
    count: int = 0
    shown: int = 0
    reason: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the check as the JSON report shows it."""
        return {
            "code": self.code,
            "severity": self.severity.label,
            "resource": self.resource,
            "outcome": self.outcome.value,
            "count": self.count,
            "shown": self.shown,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What was read: a resource's name and path, its rows, bytes and SHA-256 (None: could not be read)."""

    name: str
    path: str
    rows: int | None
    bytes: int | None
    sha256: str | None

    def to_dict(self) -> dict[str, Any]:
        """Return the facts as the JSON report shows them."""
        return {
            "name": self.name,
            "path": self.path,
            "rows": self.rows,
            "bytes": self.bytes,
            "sha256": self.sha256,
        }


@dataclass(frozen=True, slots=True)
class Scope:
    """What a report was narrowed down to: the rows changed since a revision; `hidden` findings are elsewhere."""

    revision: str
    rows: int
    hidden: int

    def to_dict(self) -> dict[str, Any]:
        """Return the scope as the JSON report shows it."""
        return {"revision": self.revision, "rows": self.rows, "hidden": self.hidden}


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that one run found. Totals in `counts` are true even where samples are capped.

    `scope` is set where only findings about changed rows are reported.
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

    def to_dict(self) -> dict[str, Any]:
        """Return the report in the shape of `schemas/report.schema.json`."""
        return {
            "schema_version": SCHEMA_VERSION,
            "tool": {"name": "accords", "version": self.tool_version},
            "as_of": self.as_of.isoformat(),
            "package": {
                "name": self.package_name,
                "version": self.package_version,
                "path": self.package_path,
            },
            "resources": [facts.to_dict() for facts in self.resources],
            "valid": self.valid,
            "counts": dict(self.counts),
            "checks": [check.to_dict() for check in self.checks],
            "problems": [problem.to_dict() for problem in self.problems],
            "changed_since": self.scope.to_dict() if self.scope else None,
        }
