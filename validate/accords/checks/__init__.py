"""The checks, stage by stage, in the order in which one builds on another.

`STAGES` is the whole story: a later stage passes over what an earlier one could not establish.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path

from accords import __version__
from accords.checks.declared import declared
from accords.checks.examples import examples
from accords.checks.gathering import Selection, counts_of, gathered
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
from accords.problems import FileFacts, Report
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


def run(
    path: Path,
    as_of: datetime.date,
    limit: int,
    try_examples: bool = False,
    selection: Selection = Selection(),  # noqa: B008 -- frozen
) -> Report:
    """Check the package at `path` and return everything found.

    Raises `CannotCheck` where there is no package, a rule that cannot be read or run, or a code in the
    selection that does not exist.
    """
    return check(load(path), as_of, limit, try_examples, selection)


def check(
    package: Package,
    as_of: datetime.date,
    limit: int,
    try_examples: bool = False,
    selection: Selection = Selection(),  # noqa: B008 -- frozen
) -> Report:
    """Check a package that has been read, and return everything found; raises like `run`."""
    every = read_rules(package)
    selection.check(every)
    rules = tuple(rule for rule in every if selection.wants(rule.code))
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
            results.extend(going.placed(result) for result in stage(going))
    finally:
        store.close()
    if try_examples:
        results.extend(examples(package, rules, as_of))
    results = [result for result in results if selection.wants(result.code)]
    checks, problems = gathered(results, limit)
    return Report(
        tool_version=__version__,
        as_of=as_of,
        package_name=package.name,
        package_version=package.version,
        package_path=package.files.label,
        resources=tuple(facts),
        checks=checks,
        problems=problems,
        counts={**counts_of(checks), "excepted": sum(result.excepted for result in results)},
    )


def _size(package: Package) -> int:
    """Return the bytes of all files of a package that can be found."""
    size = 0
    for path in (path for resource in package.resources if not resource.blocked for path in resource.paths):
        try:
            size += package.files.size(path)
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
            totals = count(going, resource, probes)
            going.surveyed |= {(resource.name, probe.where): total for probe, total in zip(probes, totals, strict=True)}


__all__ = ["STAGES", "Selection", "check", "run"]
