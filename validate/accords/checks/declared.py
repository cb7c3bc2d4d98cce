"""Declared rules: each becomes one SELECT that returns the rows it flags.

The last stage. A rule never flags what it cannot decide: an expression that gives NULL is silent, rows
with a fault of an earlier stage are passed over, and where a date that the rule compares carries `?`,
`~` or `%`, an error is lowered to a warning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from string import Formatter
from typing import Any

from accords.catalogue import problem, shown
from accords.checks.compiled import Compiled, broken, compiled, prepare, step
from accords.checks.probes import Result, Run, key_fields
from accords.engine import duckdb
from accords.fieldtypes import column
from accords.package import Resource
from accords.problems import Problem, Severity
from accords.rules import Rule, RuleException
from accords.store import literal, name
from accords.words import said
from accords.worker import at, short

Uses = Counter[tuple[str, RuleException]]


def declared(run: Run) -> Iterator[Result]:
    """Run every declared rule."""
    prepare(run.store, run.rules)
    rules = [compiled(run.package, run.store, rule) for rule in run.rules]
    ready = [item for item in rules if item.reads <= run.loaded.keys()]
    silent = _silent(run, ready)
    used: Uses = Counter()
    for item in rules:
        rule = item.rule
        if item not in ready:
            unread = sorted(item.reads - run.loaded.keys())
            yield Result(
                rule.code,
                rule.table,
                rule.severity,
                reason=said("{tables} could not be read", tables=", ".join(unread)),
            )
        elif rule in silent and not rule.exceptions:
            yield Result(rule.code, rule.table, rule.severity)
        else:
            yield from _tried(run, item, used)
    yield from _stale([item.rule for item in ready], used)


def _tried(run: Run, item: Compiled, used: Uses) -> Iterator[Result]:
    """Run a rule; one that fails on a value of the data is unevaluated, one that does not compile ends the run."""
    rule = item.rule
    at(_named([item]))
    try:
        yield from list(_flagged(run, item, used))
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as fault:
        raise broken(rule, fault) from None
    except duckdb.OutOfMemoryException:
        raise short() from None
    except duckdb.Error as fault:
        told = " ".join(str(fault).split("\n\n")[0].split())[:200]
        reason = said("it fails on a value of the data: {why}", why=told)
        yield Result(rule.code, rule.table, rule.severity, reason=reason)


def _silent(run: Run, ready: list[Compiled]) -> set[Rule]:
    """Return the rules that flag nothing; the row rules of a table are counted in one pass."""
    groups: dict[tuple[str, str, str], list[Compiled]] = {}
    for item in ready:
        # What may take long runs by itself, so that it can be named where it does.
        alone = item.rule.code + (item.rule.target or "") if item.grows else ""
        groups.setdefault((item.rule.table, item.rule.query, alone), []).append(item)
    silent: set[Rule] = set()
    for group in groups.values():
        tests = ", ".join(f"count(*) FILTER (WHERE {item.test})" for item in group)
        at(_named(group))
        try:
            counts = run.store.rows(f"SELECT {tests} FROM {group[0].view}")[0]
        except duckdb.OutOfMemoryException:
            raise short() from None
        except duckdb.Error:
            continue  # each is run by itself, which tells whose fault it is
        silent |= {item.rule for item, count in zip(group, counts, strict=True) if not count}
    return silent


def _named(group: list[Compiled]) -> str:
    """Return the step of running some rules, as a sentence continues with it."""
    first, *more = dict.fromkeys(step(item.rule) for item in group)
    return first + (f" or one of {len(more)} others on its table" if more else "")


def _flagged(run: Run, item: Compiled, used: Uses) -> Iterator[Result]:
    rule, resource = item.rule, item.resource
    table = run.store.tables[resource.name]
    at = [column(resource.schema.field(part)) for part in rule.at] if resource.schema else []
    source = (
        f"FROM ({item.hits}) h JOIN {table} b ON b.row = h._row "
        f"WHERE b.row NOT IN (SELECT row FROM own.faulty WHERE tbl = '{table}')"
    )
    spared = [_matches(exception, resource) for exception in rule.exceptions]
    kept = f"NOT ({' OR '.join(spared) or 'false'})"
    tests = [f"{kept} AND NOT h.uncertain", f"{kept} AND h.uncertain", f"NOT ({kept})", *spared]
    counted = ", ".join(f"count(*) FILTER (WHERE {test})" for test in tests)
    certain, uncertain, excepted, *spares = run.store.rows(f"SELECT {counted} {source}")[0]
    used.update({(rule.code, exception): count for exception, count in zip(rule.exceptions, spares, strict=True)})
    yield Result(rule.code, resource.name, rule.severity, excepted=excepted)
    lowered = min(rule.severity, Severity.WARNING)
    for severity, count, test in zip((rule.severity, lowered), (certain, uncertain), tests, strict=False):
        if count:
            wanted = ["b.row", "b.line", f"b.{at[0]}" if len(at) == 1 else "NULL"]
            wanted += [f"b.{column(part)}" for part in key_fields(resource)]
            wanted += [f"h.{name(part)}::VARCHAR" for part in item.columns]
            sql = f"SELECT {', '.join(wanted)} {source} AND {test} ORDER BY b.row LIMIT {run.limit}"
            problems = tuple(_problem(item, severity, values) for values in run.store.rows(sql))
            yield Result(rule.code, resource.name, severity, count, problems)


def _matches(exception: RuleException, resource: Resource) -> str:
    if resource.schema is None:
        return "false"
    pairs = [(resource.schema.field(item), value) for item, value in exception.key]
    return " AND ".join(f"b.{column(item)} IS NOT DISTINCT FROM {literal(value)}" for item, value in pairs)


def _stale(rules: list[Rule], used: Uses) -> Iterator[Result]:
    """Report the exceptions that spared nothing, whichever of the rule's fields they were about."""
    told = set()
    for rule in rules:
        for exception in rule.exceptions:
            if not used[rule.code, exception] and (rule.code, exception) not in told:
                told.add((rule.code, exception))
                value = ", ".join(cell for _, cell in exception.key)
                words = {"rule": rule.code}
                found = problem("exception-unused", rule.table, rule.path, params=words, line=rule.line, value=value)
                yield Result(found.code, rule.table, found.severity, 1, (found,))


def _problem(item: Compiled, severity: Severity, values: tuple[Any, ...]) -> Problem:
    rule, resource = item.rule, item.resource
    keys = key_fields(resource)
    row, line, value, *rest = values
    told = dict(zip(item.columns, rest[len(keys) :], strict=True))
    filling = {key: "nothing" if cell is None else shown(cell)[1:-1] for key, cell in told.items()}
    return Problem(
        code=rule.code,
        severity=severity,
        resource=resource.name,
        path=resource.path,
        message=_message(rule.message, {**filling, **({"field": rule.target} if rule.target else {})}),
        row=row,
        line=line,
        fields=rule.at,
        column=resource.schema.field(rule.at[0]).position if rule.at and resource.schema else None,
        key=tuple((item.name, cell) for item, cell in zip(keys, rest[: len(keys)], strict=True)),
        value=value,
        hint=rule.fix,
    )


def _message(template: str, words: dict[str, str]) -> str:
    """Return a message with its names filled in; a name such as `a.b` is one word and no attribute."""
    return "".join(text + (words[part] if part is not None else "") for text, part, _, _ in Formatter().parse(template))
