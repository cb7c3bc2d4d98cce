"""From many results to one report: which codes are wanted, one check for each, samples capped, totals true.

Apart from the stages, because it looks at results and not at data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from accords.catalogue import catalogue
from accords.checks.probes import Result
from accords.errors import UsageError
from accords.problems import Check, Outcome, Problem, Severity
from accords.rules import Rule
from accords.vocabulary import nearest


@dataclass(frozen=True, slots=True)
class Selection:
    """Which codes a run is about: those of `select` (empty: all) without those of `ignore`."""

    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()

    def wants(self, code: str) -> bool:
        """Tell whether findings of a code are reported."""
        return code not in self.ignore and (not self.select or code in self.select)

    def check(self, rules: Iterable[Rule]) -> None:
        """Raise `UsageError` for a code that neither the catalogue nor a rule has."""
        known = {*catalogue(), *(rule.code for rule in rules)}
        for code in sorted((self.select | self.ignore) - known):
            close = nearest(code, known)
            raise UsageError(f"there is no code {code!r}" + (f"; did you mean {close!r}?" if close else "."))


def gathered(results: Iterable[Result], limit: int) -> tuple[tuple[Check, ...], tuple[Problem, ...]]:
    """Join the results into one check for each code and resource, and cap the samples by code."""
    order: dict[tuple[str, str | None, Severity], list[Result]] = {}
    for result in results:
        order.setdefault((result.code, result.resource, result.severity), []).append(result)
    shown: Counter[str] = Counter()
    checks, problems = [], []
    for (code, resource, severity), parts in order.items():
        kept: list[Problem] = []
        for part in parts:
            room = limit - shown[code]
            kept.extend(part.problems[:room])
            shown[code] += len(part.problems[:room])
        count = sum(part.count for part in parts)
        reasons = sorted({part.reason for part in parts if part.reason}, key=str)
        outcome = Outcome.FAIL if count else Outcome.UNEVALUATED if reasons else Outcome.PASS
        reason = "; ".join(map(str, reasons)) or None
        checks.append(Check(code, severity, resource, outcome, count, len(kept), reason, tuple(reasons)))
        problems.extend(kept)
    # A rule may fire at two severities; where one of them did, that the other did not says nothing.
    failing = {(check.code, check.resource) for check in checks if check.count}
    checks = [
        check for check in checks if check.outcome is not Outcome.PASS or (check.code, check.resource) not in failing
    ]
    return tuple(checks), tuple(problems)


def counts_of(checks: tuple[Check, ...]) -> dict[str, int]:
    """Return the true totals by severity and the number of checks that could not be made."""
    counts = {severity.label: 0 for severity in sorted(Severity, reverse=True)}
    for check in checks:
        counts[check.severity.label] += check.count
    counts["unevaluated"] = sum(check.outcome is Outcome.UNEVALUATED for check in checks)
    return counts
