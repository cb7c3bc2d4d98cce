"""The checks, stage by stage, in the order in which one builds on another.

`STAGES` is the whole story: a later stage passes over what an earlier one could not establish.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from accords import __version__
from accords.checks.declared import declared
from accords.checks.examples import examples
from accords.checks.keys import empty_probes, keys, references
from accords.checks.probes import Result, Run, count
from accords.checks.readings import judge_values
from accords.checks.structure import descriptor, read_files
from accords.checks.text import text
from accords.checks.values import (
    constraint_probes,
    constraints,
    date_probes,
    dates,
    type_probes,
    types,
)
from accords.checks.vocabularies import vocabularies
from accords.descriptor import load
from accords.files import UnsafePath
from accords.package import Package
from accords.problems import Check, FileFacts, Outcome, Problem, Report, Severity
from accords.rules import read_rules
from accords.store import Store

STAGES: tuple[Callable[[Run], Iterator[Result]], ...] = (
    types,
    dates,
    constraints,
    keys,
    references,
    vocabularies,
    text,
    declared,
)


def run(path: Path, as_of: datetime.date, limit: int, try_examples: bool = False) -> Report:
    """Check the package at `path` and return everything found.

    Raises `CannotCheck` where there is no package or a rule that cannot be read or run.
    """
    package = load(path)
    rules = read_rules(package)
    store = Store(package, as_of, size=_size(package))
    try:
        going = Run(package, store, rules, as_of, limit)
        results = list(descriptor(going))
        facts = []
        for item in read_files(going):
            if isinstance(item, FileFacts):
                facts.append(item)
            else:
                results.append(item)
        judge_values(going)
        _survey(going)
        for stage in STAGES:
            results.extend(stage(going))
    finally:
        store.close()
    if try_examples:
        results.extend(examples(package, rules, as_of))
    checks, problems = _gathered(results, limit)
    return Report(
        tool_version=__version__,
        as_of=as_of,
        package_name=package.name,
        package_version=package.version,
        package_path=package.files.label,
        resources=tuple(facts),
        checks=checks,
        problems=problems,
        counts={**_counts(checks), "excepted": sum(result.excepted for result in results)},
    )


def _size(package: Package) -> int:
    """Return the bytes of all files of a package that can be found."""
    size = 0
    for resource in package.resources:
        try:
            size += package.files.size(resource.path) if resource.path and not resource.blocked else 0
        except (OSError, UnsafePath):
            continue
    return size


def _survey(going: Run) -> None:
    """Count every condition on a table in one pass, before the stages look at them one by one.

    Where nothing is wrong, which is the rule, no stage has to ask again. Where something is, rows drop out
    between the stages and each counts for itself.
    """
    for resource, schema in going.tables():
        probes = [*type_probes(schema), *date_probes(schema), *empty_probes(schema)]
        probes += constraint_probes(going, resource, schema)
        if probes and resource.name not in going.store.marked:
            totals = count(going, resource, probes, "true")
            going.surveyed |= {(resource.name, probe.where): total for probe, total in zip(probes, totals, strict=True)}


def _gathered(results: list[Result], limit: int) -> tuple[tuple[Check, ...], tuple[Problem, ...]]:
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
        reasons = sorted({part.reason for part in parts if part.reason})
        outcome = Outcome.FAIL if count else Outcome.UNEVALUATED if reasons else Outcome.PASS
        checks.append(Check(code, severity, resource, outcome, count, len(kept), "; ".join(reasons) or None))
        problems.extend(kept)
    # A rule may fire at two severities; where one of them did, that the other did not says nothing.
    failing = {(check.code, check.resource) for check in checks if check.count}
    checks = [
        check for check in checks if check.outcome is not Outcome.PASS or (check.code, check.resource) not in failing
    ]
    return tuple(checks), tuple(problems)


def _counts(checks: tuple[Check, ...]) -> dict[str, int]:
    """Return the true totals by severity and the number of checks that could not be made."""
    counts = {severity.label: 0 for severity in sorted(Severity, reverse=True)}
    for check in checks:
        counts[check.severity.label] += check.count
    counts["unevaluated"] = sum(check.outcome is Outcome.UNEVALUATED for check in checks)
    return counts
