"""The checks, stage by stage, in the order in which one builds on another.

`STAGES` is the whole story: a later stage passes over what an earlier one could not establish.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import duckdb

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
from accords.files import UnsafePath
from accords.package import Package
from accords.problems import FileFacts, Report, Scope
from accords.rules import read_rules
from accords.store import Store
from accords.version import VERSION
from accords.worker import at, short

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


_ALL = 10**9  # a limit that leaves nothing out
_WORDS = {"declared": "rules"}  # what a stage is about, where its name is not that


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is asked for.

    `as_of` is the only clock; `limit` caps the problems shown for each code. `examples`: run those of the
    rules, too. `against`: a former release, whose ids and versions bind this one. `changed_since`: a former
    state; only findings that a change since then touches or brought about are reported. `memory` is what the
    whole run may hold in MiB.
    """

    as_of: datetime.date
    limit: int = 1000
    examples: bool = False
    selection: Selection = field(default_factory=Selection)
    against: Package | None = None
    changed_since: Package | None = None
    memory: int | None = None


def run(package: Package, options: Options) -> Report:
    """Check a package and return everything found.

    Raises `CannotCheck` where a rule cannot be read or run, or for a code in the selection that does not exist,
    and `LimitReached` where there is not memory enough.
    """
    try:
        return _run(package, options)
    except (MemoryError, duckdb.OutOfMemoryException):
        raise short() from None


def _run(package: Package, options: Options) -> Report:
    former, limit, scope = options.changed_since, options.limit, None
    results, facts = _found(package, options if former is None else replace(options, limit=_ALL))
    if options.against:
        results += _against(options.against, package, limit)
    if former:
        before, _ = _found(former, replace(options, limit=_ALL, selection=Selection()))
        results, scope = _since(former, package, results, before)
    results = [result for result in results if options.selection.wants(result.code)]
    checks, problems = gathered(results, limit)
    return Report(
        tool_version=VERSION,
        as_of=options.as_of,
        package_name=package.name,
        package_version=package.version,
        package_path=package.files.label,
        resources=tuple(facts),
        checks=checks,
        problems=problems,
        counts={**counts_of(checks), "excepted": sum(result.excepted for result in results)},
        scope=scope,
    )


def _against(former: Package, package: Package, limit: int) -> list[Result]:
    from accords.checks.history import history  # here, because most runs compare nothing
    from accords.diff import compare

    return list(history(package, compare(former, package), limit))


def _since(
    former: Package, package: Package, results: list[Result], before: list[Result]
) -> tuple[list[Result], Scope]:
    from accords.checks.scope import narrowed  # here, because most runs compare nothing
    from accords.diff import compare

    return narrowed(results, before, compare(former, package))


def _found(package: Package, options: Options) -> tuple[list[Result], list[FileFacts]]:
    """Return what every stage found, and what is known of the files."""
    every = read_rules(package)
    options.selection.check(every)
    rules = tuple(rule for rule in every if options.selection.wants(rule.code))
    store = _store(package, options)
    try:
        going = Run(package, store, rules, options.as_of, options.limit)
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
            at(f"while it checked the {_WORDS.get(stage.__name__, stage.__name__)}")
            results.extend(going.placed(result) for result in stage(going))
    finally:
        store.close()
    if options.examples:
        results.extend(examples(package, rules, options.as_of))
    return results, facts


def _store(package: Package, options: Options) -> Store:
    """Return the database of a run; the other half of the memory is for what is around it."""
    return Store(package, options.as_of, size=_size(package), memory=options.memory and options.memory // 2)


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


__all__ = ["STAGES", "Options", "Selection", "run"]
