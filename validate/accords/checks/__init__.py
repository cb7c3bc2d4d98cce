"""The checks, stage by stage, in the order in which one builds on another.

`STAGES` is the whole story: a later stage passes over what an earlier one could not establish.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from accords.baseline import Baseline
from accords.checks.accepted import without_accepted
from accords.checks.declared import declared
from accords.checks.examples import examples
from accords.checks.gathering import Selection, counts_of, gathered
from accords.checks.keys import keys, references
from accords.checks.probes import Result, Run
from accords.checks.readings import judge_values
from accords.checks.structure import descriptor, read_files
from accords.checks.survey import survey
from accords.checks.text import text
from accords.checks.values import constraints, dates, types
from accords.checks.vocabularies import vocabularies
from accords.engine import duckdb
from accords.files import UnsafePath
from accords.package import Package
from accords.problems import FileFacts, Report, RuleText, Scope
from accords.rules import Rule, read_rules
from accords.store import Store
from accords.version import VERSION
from accords.worker import Progress, Stage, at, short, silent

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
    whole run may hold in MiB. `baseline`: findings that are accepted. `progress` is told what the run is at; the
    library itself says nothing.
    """

    as_of: datetime.date
    limit: int = 1000
    examples: bool = False
    selection: Selection = field(default_factory=Selection)
    against: Package | None = None
    changed_since: Package | None = None
    memory: int | None = None
    baseline: Baseline | None = None
    progress: Progress = silent


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
    former, limit, scope, accepted = options.changed_since, options.limit, None, 0
    if former or options.baseline:
        options = replace(options, limit=_ALL)
    results, facts, rules = _found(package, options)
    if options.against:
        results += _against(options.against, package, options.limit)
    results = [result for result in results if options.selection.wants(result.code)]
    if options.baseline:
        results, accepted = without_accepted(results, options.baseline, options.selection)
    if former:
        before, _, _ = _found(former, replace(options, selection=Selection()))
        results, scope = _since(former, package, results, before)
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
        counts={
            **counts_of(checks),
            "excepted": sum(result.excepted for result in results),
            "accepted": accepted,
        },
        scope=scope,
        rules=_explained(rules, {check.code for check in checks if check.count}),
    )


def _explained(rules: Iterable[Rule], codes: set[str]) -> tuple[RuleText, ...]:
    """Return what the rules of some codes say of themselves; one that is written for several fields says it once."""
    texts = {rule.code: RuleText(rule.code, rule.title, rule.why, rule.fix) for rule in rules if rule.code in codes}
    return tuple(texts.values())


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


def _found(package: Package, options: Options) -> tuple[list[Result], list[FileFacts], tuple[Rule, ...]]:
    """Return what every stage found, what is known of the files, and the rules that were run."""
    every = read_rules(package)
    options.selection.check(every)
    rules = tuple(rule for rule in every if options.selection.wants(rule.code))
    store = _store(package, options)
    try:
        going = Run(package, store, rules, options.as_of, options.limit, options.progress)
        results = list(descriptor(going))
        facts = []
        for item in read_files(going):
            if isinstance(item, FileFacts):
                facts.append(item)
            else:
                results.append(item)
        store.shut()
        judge_values(going)
        survey(going)
        for stage in STAGES:
            going.progress(Stage(stage.__name__))
            at(f"while it checked the {_WORDS.get(stage.__name__, stage.__name__)}")
            results.extend(going.placed(result) for result in stage(going))
    finally:
        store.close()
    if options.examples:
        results.extend(examples(package, rules, options.as_of))
    return results, facts, rules


def _store(package: Package, options: Options) -> Store:
    """Return the database of a run, which may read large files itself as long as it runs nothing of the package's."""
    return Store(package, options.as_of, size=_size(package), memory=options.memory, reads=True)


def _size(package: Package) -> int:
    """Return the bytes of all files of a package that can be found."""
    size = 0
    for path in (path for resource in package.resources if not resource.blocked for path in resource.paths):
        try:
            size += package.files.size(path)
        except (OSError, UnsafePath):
            continue
    return size


__all__ = ["STAGES", "Options", "Selection", "run"]
