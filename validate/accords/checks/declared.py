"""Declared rules: each becomes one SELECT that returns the rows it flags.

The last stage. A rule never flags what it cannot decide: an expression that gives NULL is silent, rows
with a fault of an earlier stage are passed over, and where a date that the rule compares carries `?`,
`~` or `%`, an error is lowered to a warning.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from accords.catalogue import catalogue, problem, shown
from accords.checks.probes import Result, Run, column, key_fields
from accords.errors import RuleError
from accords.package import Package, Resource
from accords.problems import Problem, Severity
from accords.reader import Record
from accords.rules import Rows, Rule, RuleException
from accords.sqlguard import Refused, outputs_of, tables_of
from accords.store import Store, literal, name

_ROW = "_row"


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A rule as SQL.

    `hits` gives `_row`, the columns that the message names, and `uncertain`. What is counted first, to see
    whether there are any hits at all, are the rows of `view` that meet `test`.
    """

    rule: Rule
    resource: Resource
    hits: str
    view: str
    test: str
    columns: tuple[str, ...]
    reads: frozenset[str]


def declared(run: Run) -> Iterator[Result]:
    """Run every declared rule."""
    compiled = [_compile(run.package, run.store, rule) for rule in run.rules]
    ready = [item for item in compiled if item.reads <= run.loaded.keys()]
    silent = _silent(run, ready)
    for item in compiled:
        rule = item.rule
        if item not in ready:
            unread = sorted(item.reads - run.loaded.keys())
            yield Result(rule.code, rule.table, rule.severity, reason=f"{', '.join(unread)} could not be read")
        elif rule in silent and not rule.exceptions:
            yield Result(rule.code, rule.table, rule.severity)
        else:
            try:
                yield from _flagged(run, item)
            except duckdb.Error as fault:
                raise _broken(rule, fault) from None


def _silent(run: Run, ready: list[_Compiled]) -> set[Rule]:
    """Return the rules that flag nothing; row rules over the same columns are counted in one pass."""
    groups: dict[tuple[str, str | None, str], list[_Compiled]] = {}
    for item in ready:
        groups.setdefault((item.rule.table, item.rule.target, item.rule.query), []).append(item)
    silent: set[Rule] = set()
    for group in groups.values():
        tests = ", ".join(f"count(*) FILTER (WHERE {item.test})" for item in group)
        try:
            counts = run.store.rows(f"SELECT {tests} FROM {group[0].view}")[0]
        except duckdb.Error:
            continue  # each is run by itself, which tells whose fault it is
        silent |= {item.rule for item, count in zip(group, counts, strict=True) if not count}
    return silent


def _compile(package: Package, store: Store, rule: Rule) -> _Compiled:
    """Return the rule's SQL; RuleError where it is refused or does not compile."""
    resource = package.resource(rule.table)
    if resource is None or resource.schema is None:
        raise RuleError(f"{rule.place}: there is no table {rule.table!r}.")
    view, known = name(rule.table), [_ROW, *resource.schema.names]
    if rule.target:
        view, known = f"(SELECT *, {name(rule.target)} AS value FROM {view})", [*known, "value"]
    test = f"({rule.when or 'true'}\n) AND NOT ({rule.expect}\n)"
    try:
        inner = rule.query and _substituted(rule, resource)
        inner = inner or f"SELECT * FROM {view} WHERE {test}"
        tree = store.parse((rule.query and inner) or f"SELECT * FROM {name(rule.table)} WHERE {test}")
        reads = tables_of(tree, frozenset(store.tables))
        given = (outputs_of(tree) or store.columns(inner)) if rule.query else known
    except Refused as fault:
        raise RuleError(f"{rule.place}: {fault}.") from None
    except duckdb.Error as fault:
        raise _broken(rule, fault) from None
    if rule.query:
        view, test = f"({inner}\n)", "true"
    uncertain = "coalesce(q.uncertain, false)" if "uncertain" in given and rule.query else _doubt(rule, resource)
    columns = _placeholders(rule, given)
    if rule.query and _ROW not in given:
        keys = [item.name for item in key_fields(resource)]
        if not keys or set(keys) - set(given):
            raise RuleError(f"{rule.place}: the query must return {', '.join(keys) or _ROW} of {rule.table}.")
        on = " AND ".join(f"q.{name(key)} = v.{name(key)}" for key in keys)
        inner = f"SELECT q.*, v._row FROM ({inner}\n) q JOIN {name(rule.table)} v ON {on}"
    hits = (
        f"SELECT q._row, {uncertain} AS uncertain{''.join(f', q.{name(item)}' for item in columns)} FROM ({inner}\n) q"
    )
    return _Compiled(rule, resource, hits, view, test, columns, reads | {rule.table})


def _substituted(rule: Rule, resource: Resource) -> str:
    """Return the query with {table}, {key} and {field} as quoted names."""
    keys = key_fields(resource)
    names = {"{table}": name(resource.name), "{key}": name(keys[0].name) if keys else _ROW}
    if rule.target:
        names["{field}"] = name(rule.target)
    sql = rule.query
    for word, quoted in names.items():
        sql = sql.replace(word, quoted)
    return sql


def _doubt(rule: Rule, resource: Resource) -> str:
    """Return SQL that tells whether a partial date that a row expression reads is qualified."""
    schema = resource.schema
    words = set(re.findall(r"\w+", f"{rule.when} {rule.expect}"))
    if rule.target:
        words.add(rule.target)
    tested = [item.name for item in schema.fields if item.edtf and item.name in words] if schema else []
    return " OR ".join(f"edtf_uncertain(q.{name(item)})" for item in tested) if tested and not rule.query else "false"


def _placeholders(rule: Rule, given: list[str]) -> tuple[str, ...]:
    """Return the columns that the message names; RuleError for one that the rule does not give."""
    try:
        parts = [part[1] for part in string.Formatter().parse(rule.message)]
    except ValueError as fault:
        raise RuleError(f"{rule.place}: the message cannot be read: {fault}.") from None
    found = dict.fromkeys(part for part in parts if part is not None)
    for part in found:
        if part not in given and part != "field":
            raise RuleError(f"{rule.place}: the message names {part!r}, which the rule does not give.")
    return tuple(part for part in found if part != "field")


def _broken(rule: Rule, fault: Exception) -> RuleError:
    said = " ".join(str(fault).split("\n\n")[0].split())
    return RuleError(f"{rule.place}: the engine says: {said[:300]}")


def _flagged(run: Run, compiled: _Compiled) -> Iterator[Result]:
    rule, resource = compiled.rule, compiled.resource
    table = run.store.tables[resource.name]
    cells = {item.name: f"b.{column(item)}" for item in key_fields(resource)}
    at = [column(resource.schema.field(item)) for item in rule.at] if resource.schema else []
    source = (
        f"FROM ({compiled.hits}) h JOIN {table} b ON b.row = h._row "
        f"WHERE b.row NOT IN (SELECT row FROM faulty WHERE tbl = '{table}')"
    )
    spared = [_matches(exception, resource) for exception in rule.exceptions]
    counted = ", ".join(["count(*)", *(f"count(*) FILTER (WHERE {test})" for test in spared)])
    total, *used = run.store.rows(f"SELECT {counted} {source}")[0]
    yield from _stale(rule, used)
    kept = f"{source} AND NOT ({' OR '.join(spared)})" if spared else source
    doubtful = run.store.rows(f"SELECT count(*) FILTER (WHERE h.uncertain) {kept}")[0][0] if total else 0
    left = total - sum(used)
    lowered = min(rule.severity, Severity.WARNING)
    for severity, count, test in (
        (rule.severity, left - doubtful, "NOT h.uncertain"),
        (lowered, doubtful, "h.uncertain"),
    ):
        if not count and test == "h.uncertain":
            continue
        wanted = ["b.row", "b.line", f"b.{at[0]}" if len(at) == 1 else "NULL", *cells.values()]
        wanted += [f"h.{name(item)}::VARCHAR" for item in compiled.columns]
        sql = f"SELECT {', '.join(wanted)} {kept} AND {test} ORDER BY b.row LIMIT {run.limit}"
        problems = [_problem(compiled, severity, values) for values in run.store.rows(sql)] if count else []
        spared_here = sum(used) if test == "NOT h.uncertain" else 0
        yield Result(rule.code, resource.name, severity, count, tuple(problems), excepted=spared_here)


def _matches(exception: RuleException, resource: Resource) -> str:
    if resource.schema is None:
        return "false"
    pairs = [(resource.schema.field(item), value) for item, value in exception.key.items()]
    return " AND ".join(f"b.{column(item)} IS NOT DISTINCT FROM {literal(value)}" for item, value in pairs)


def _stale(rule: Rule, used: list[int]) -> Iterator[Result]:
    for exception, count in zip(rule.exceptions, used, strict=True):
        if not count:
            key = ", ".join(exception.key.values())
            found = problem(
                "exception-unused", rule.table, rule.path, params={"rule": rule.code}, line=rule.line, value=key
            )
            yield Result(found.code, rule.table, found.severity, 1, (found,))


def _problem(compiled: _Compiled, severity: Severity, values: tuple[Any, ...]) -> Problem:
    rule, resource = compiled.rule, compiled.resource
    keys = key_fields(resource)
    row, line, value, *rest = values
    told = dict(zip(compiled.columns, rest[len(keys) :], strict=True))
    filling = {key: "nothing" if cell is None else shown(cell)[1:-1] for key, cell in told.items()}
    return Problem(
        code=rule.code,
        severity=severity,
        resource=resource.name,
        path=resource.path,
        message=rule.message.format_map({**filling, "field": rule.target or ""}),
        row=row,
        line=line,
        fields=rule.at,
        column=resource.schema.field(rule.at[0]).position if rule.at and resource.schema else None,
        key=tuple((item.name, cell) for item, cell in zip(keys, rest[: len(keys)], strict=True)),
        value=value,
        hint=rule.fix,
    )


def examples(package: Package, rules: tuple[Rule, ...], as_of: date) -> Iterator[Result]:
    """Run every rule on each of its examples; yield those on which it does not do what they say."""
    store = Store(package, as_of)
    try:
        for rule in rules:
            compiled = _compile(package, store, rule)
            for kind, listed in (("valid", rule.valid), ("invalid", rule.invalid)):
                for number, rows in enumerate(listed, 1):
                    _fill(package, store, rows)
                    flagged = bool(store.rows(f"SELECT count(*) FROM ({compiled.hits})")[0][0])
                    if flagged == (kind == "valid"):
                        words = {"rule": rule.code, "number": number}
                        found = problem(
                            "rule-example-wrong", rule.table, rule.path, variant=kind, params=words, line=rule.line
                        )
                        yield Result(found.code, rule.table, found.severity, 1, (found,))
    except duckdb.Error as fault:
        raise RuleError(f"an example of a rule cannot be run: {str(fault).splitlines()[0]}") from None
    finally:
        store.close()
    yield Result("rule-example-wrong", None, catalogue()["rule-example-wrong"].severity)


def _fill(package: Package, store: Store, rows: Rows) -> None:
    """Make the database hold just an example's rows.

    A field that an example leaves out is empty; where the schema requires it, it takes the field's own
    example.
    """
    store.clear()
    for table, listed in rows.items():
        resource = package.resource(table)
        if resource is None or resource.schema is None:
            continue
        fields = resource.schema.fields
        filled = [
            [row.get(item.name, (item.example or "") if item.constraints.get("required") else "") for item in fields]
            for row in listed
        ]
        store.load(resource, (Record(number, number, cells) for number, cells in enumerate(filled, 2)))
