"""A declared rule as SQL: judged, put together, its columns known.

Apart from `declared`, which runs it: here a rule becomes something that can run, or ends the run.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable
from dataclasses import dataclass

from accords.checks.probes import key_fields
from accords.engine import duckdb
from accords.errors import RuleError
from accords.package import Package, Resource
from accords.rules import Rule
from accords.sqlguard import Judged, Refused, judged
from accords.store import Store, name
from accords.worker import at, short

ROW = "_row"
# What statements over tables of these names were found to do: it depends on nothing else, and who validates a
# package twice in one process has its rules judged once.
_KEPT: dict[tuple[str, frozenset[str]], Judged] = {}
_MOST_KEPT = 500
_WORDS = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/|\bvalue\b", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A rule as SQL.

    `hits` gives `_row`, the columns that the message names, and `uncertain`. What is counted first, to see
    whether there are any hits at all, are the rows of `view` that meet `test`. A rule that `grows` may be much
    work on a small table.
    """

    rule: Rule
    resource: Resource
    hits: str
    view: str
    test: str
    columns: tuple[str, ...]
    reads: frozenset[str]
    grows: bool


def statement(store: Store, rule: Rule) -> str:
    """Return the SELECT by which a rule is judged before anything of it is run: just as it will be run."""
    view = store.views[rule.table]
    return _substituted(rule, store, view) if rule.query else f"SELECT * FROM {view} WHERE {_test(rule)}"


def prepare(store: Store, rules: Iterable[Rule]) -> None:
    """Have the engine read the syntax of many rules at once."""
    known = frozenset(store.tables)
    store.parse_all(sql for rule in rules if ((sql := statement(store, rule)), known) not in _KEPT)


def _understood(store: Store, sql: str) -> Judged:
    """Return what a statement does; `Refused` where it may not be."""
    key = (sql, frozenset(store.tables))
    if key not in _KEPT:
        found = judged(store.parse(sql), key[1])
        if len(_KEPT) >= _MOST_KEPT:
            _KEPT.clear()
        _KEPT[key] = found
    return _KEPT[key]


def _test(rule: Rule) -> str:
    """Return the condition for the rows that a rule of row expressions flags."""
    return f"({_valued(rule.when or 'true', rule)}\n) AND NOT ({_valued(rule.expect, rule)}\n)"


def compiled(package: Package, store: Store, rule: Rule) -> Compiled:
    """Return the rule's SQL; RuleError where it is refused or does not compile."""
    resource = package.resource(rule.table)
    if resource is None or resource.schema is None:
        raise RuleError(f"{rule.place}: there is no table {rule.table!r}.")
    at(step(rule))
    inner, given = statement(store, rule), [ROW, *resource.schema.names]
    try:
        reads, grows, outputs = _understood(store, inner)
        if rule.query:
            given = list(outputs or store.columns(inner))
    except Refused as fault:
        raise RuleError(f"{rule.place}: {fault}.") from None
    except duckdb.OutOfMemoryException:
        raise short() from None
    except duckdb.Error as fault:
        raise broken(rule, fault) from None
    if rule.query:
        view, test = f"({inner}\n)", "true"
        uncertain = "coalesce(q.uncertain, false)" if "uncertain" in given else "false"
    else:
        view, test = store.views[rule.table], _test(rule)
        uncertain = _doubt(rule, resource)
    if rule.query and ROW not in given:
        keys = [item.name for item in key_fields(resource)]
        if not keys or set(keys) - set(given):
            raise RuleError(f"{rule.place}: the query must return {', '.join(keys) or ROW} of {rule.table}.")
        on = " AND ".join(f"q.{name(key)} = v.{name(key)}" for key in keys)
        inner = f"SELECT q.*, v._row FROM ({inner}\n) q JOIN {store.views[rule.table]} v ON {on}"
    columns = _placeholders(rule, [*given, "value"] if rule.target and not rule.query else given)
    named = "".join(f", q.{name(_aimed(item, rule))} AS {name(item)}" for item in columns)
    hits = f"SELECT q._row, {uncertain} AS uncertain{named} FROM ({inner}\n) q"
    return Compiled(rule, resource, hits, view, test, columns, reads | {rule.table}, grows)


def _aimed(column: str, rule: Rule) -> str:
    """Return the column that a name stands for: in a rule written for fields, `value` is the field."""
    return rule.target if column == "value" and rule.target and not rule.query else column


def _valued(expression: str, rule: Rule) -> str:
    """Return a row expression with the word `value` put into the field's name, outside of texts and comments."""
    target = rule.target
    if target is None:
        return expression
    return _WORDS.sub(lambda word: name(target) if word[0].lower() == "value" else word[0], expression)


def _substituted(rule: Rule, store: Store, view: str) -> str:
    """Return the query with {table}, {key} and {field} as quoted names."""
    resource = store.package.resource(rule.table)
    keys = key_fields(resource) if resource else ()
    names = {"{table}": view, "{key}": name(keys[0].name) if keys else ROW}
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
        parts = list(string.Formatter().parse(rule.message))
    except ValueError as fault:
        raise RuleError(f"{rule.place}: the message cannot be read: {fault}.") from None
    if any(form or conversion for _, _, form, conversion in parts):
        raise RuleError(f"{rule.place}: the message may name columns in braces, without a format or conversion.")
    found = dict.fromkeys(named for _, named, _, _ in parts if named is not None)
    own = ("field",) if rule.target else ()  # else it is a column like any other
    for part in found:
        if part not in given and part not in own:
            raise RuleError(f"{rule.place}: the message names {part!r}, which the rule does not give.")
    return tuple(part for part in found if part not in own)


def step(rule: Rule) -> str:
    """Return how a sentence tells that a rule was running."""
    return f"in the rule {rule.code} ({rule.path}, line {rule.line})"


def broken(rule: Rule, fault: Exception) -> RuleError:
    """Return the error for a rule that the engine refuses, in the engine's first words."""
    said = " ".join(str(fault).split("\n\n")[0].split())
    return RuleError(f"{rule.place}: the engine says: {said[:300]}")
