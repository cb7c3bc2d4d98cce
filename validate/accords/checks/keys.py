"""Keys: primary, unique and foreign.

An empty part makes a primary key wrong and a reference absent (SQL's MATCH SIMPLE): a foreign key with
an empty field refers to nothing and is not checked. Values are compared by type, so that 7 and 07 are
one integer. The parent of a missing reference is named once, with the closest key as the hint.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from accords.catalogue import catalogue, shown
from accords.checks.probes import Probe, Result, Run, key_fields, located, passed, scan, sound, unevaluated
from accords.checks.proofs import distinct, leads_home
from accords.fieldtypes import column, keyed, keyed_alike
from accords.package import Field, ForeignKey, Resource, Schema
from accords.problems import Problem
from accords.words import said

_CLOSE = 0.8  # how like a key must be to be worth naming (Jaro-Winkler, 1 is equal)
_HINTED = 100  # how many different values are looked up for a hint, at most
_COMPARED = 1_000_000  # how many keys they are compared with, all together


def keys(run: Run) -> Iterator[Result]:
    """Check primary keys, unique fields and unique keys."""
    for resource, schema in run.tables():
        key = key_fields(resource)
        if key:
            yield passed("primary-key", resource.name)
            yield from scan(run, resource, empty_probes(schema))
            yield from _repeated(run, resource, key, "primary-key", "double")
        for fields in _unique(schema, key):
            yield passed("unique-error", resource.name)
            yield from _repeated(run, resource, fields, "unique-error", "")


def empty_probes(schema: Schema) -> list[Probe]:
    """Return a probe for each field of the primary key: it must not be empty."""
    fields = [schema.field(item) for item in schema.primary_key]
    return [Probe("primary-key", f"{column(item)} IS NULL", (item,), "empty") for item in fields]


def _unique(schema: Schema, key: tuple[Field, ...]) -> Iterator[tuple[Field, ...]]:
    yield from ((item,) for item in schema.fields if item.constraints.get("unique") is True and (item,) != key)
    yield from (tuple(schema.field(part) for part in parts) for parts in schema.unique_keys)


def _repeated(run: Run, resource: Resource, fields: tuple[Field, ...], code: str, variant: str) -> Iterator[Result]:
    """Find the second and later rows of a key whose parts are all filled."""
    severity = catalogue()[code].severity
    if distinct(run, resource, fields):
        yield Result(code, resource.name, severity)
        return
    table = run.store.tables[resource.name]
    filled = " AND ".join(f"{column(item)} IS NOT NULL" for item in fields)
    typed = ", ".join(keyed(item) for item in fields)
    # Hashes that all differ, which is the rule, prove that the values do, and are compared much faster.
    ways = (f"hash({typed})", f"({typed})")
    counts = (f"SELECT count(*) - count(DISTINCT {value}) FROM {table} WHERE {filled}" for value in ways)
    total = run.store.rows(next(counts))[0][0] and run.store.rows(next(counts))[0][0]
    problems: list[Problem] = []
    if total:
        together = _together(fields)
        first = f"min(row) OVER (PARTITION BY {typed})"
        probe = Probe(code, "", fields, variant, params={"first": "first_row", "value": "together"})
        wanted = ["row", "line", "together", *(column(item) for item in key_fields(resource)), "first_row", "together"]
        sql = (
            f"SELECT {', '.join(wanted)} FROM (SELECT *, {first} AS first_row, {together} AS together "
            f"FROM {table} WHERE {filled}) WHERE row > first_row"
        )
        for values in run.sample(code, sql):
            problems.append(located(resource, probe, (*values[:-1], shown(values[-1]))))
    yield Result(code, resource.name, severity, total, tuple(problems))


def _together(fields: tuple[Field, ...]) -> str:
    """Return SQL for the values of several fields as one text."""
    return " || ' | ' || ".join(column(item) for item in fields)


def references(run: Run) -> Iterator[Result]:
    """Check every foreign key; unevaluated where the parent could not be read."""
    for resource, schema in run.tables():
        checked = []
        for key in schema.foreign_keys:
            parent = run.package.resource(key.parent)
            if parent is None or parent.schema is None or parent.name not in run.loaded:
                yield unevaluated("foreign-key", resource.name, said("{tables} could not be read", tables=key.parent))
            elif leads_home(run, resource, key, schema, parent.schema):
                checked.append((key, "", parent.schema))
            else:
                checked.append((key, _dangling(run, resource, key, schema, parent.schema), parent.schema))
        asked = ", ".join(f"(SELECT count(*) {source})" for _, source, _ in checked if source)
        totals = iter(run.store.rows(f"SELECT {asked}")[0] if asked else ())
        for key, source, above in checked:
            yield _unmatched(run, resource, key, source, above, next(totals) if source else 0)


def _dangling(run: Run, resource: Resource, key: ForeignKey, schema: Schema, above: Schema) -> str:
    """Return SQL, from FROM on, for the rows `b` whose reference is whole and leads nowhere."""
    table, parent = run.store.tables[resource.name], run.store.tables[key.parent]
    fields = tuple(schema.field(item) for item in key.fields)
    pairs = zip(fields, (above.field(item) for item in key.parent_fields), strict=True)
    joined = " AND ".join(_equal(down, up) for down, up in pairs)
    filled = " AND ".join(f"b.{column(item)} IS NOT NULL" for item in fields)
    whole = sound(run, resource, fields, "b.", filled=True)
    return f"FROM {table} b ANTI JOIN {parent} p ON {joined} WHERE {filled} AND {whole}"


def _unmatched(run: Run, resource: Resource, key: ForeignKey, source: str, above: Schema, total: int) -> Result:
    severity = key.severity or catalogue()["foreign-key"].severity
    if not total or resource.schema is None:
        return Result("foreign-key", resource.name, severity)
    fields = tuple(resource.schema.field(item) for item in key.fields)
    together = _together(fields)
    wanted = ["row", "line", together, *(column(item) for item in key_fields(resource)), together]
    sql = f"SELECT {', '.join(wanted)} FROM (SELECT b.* {source})"
    constants = {"parent": key.parent, "parent_fields": ", ".join(key.parent_fields)}
    probe = Probe("foreign-key", "", fields, params={"value": together}, constants=constants)
    rows = run.sample("foreign-key", sql)
    hints = _closest(run, key, above, [values[2] for values in rows]) if rows and len(fields) == 1 else {}
    problems = []
    for values in rows:
        found = replace(located(resource, probe, (*values[:-1], shown(values[-1]))), severity=severity)
        hint = hints.get(values[2])
        close = said('Did you mean "{closest}"?', closest=hint)
        problems.append(replace(found, hint=str(close), filling=(*found.filling, ("hint", close))) if hint else found)
    return Result("foreign-key", resource.name, severity, total, tuple(problems))


def _equal(down: Field, up: Field) -> str:
    """Compare by type where the types agree, as text where they do not."""
    return f"{keyed_alike(up, down, 'p.')} = {keyed_alike(down, up, 'b.')}"


def _closest(run: Run, key: ForeignKey, above: Schema, values: list[str]) -> dict[str, str]:
    """Return for the first of some values the parent's key that is most like it, if any is much like it."""
    most = min(_HINTED, _COMPARED // max(1, run.loaded[key.parent]))
    cell, parent = column(above.field(key.parent_fields[0])), run.store.tables[key.parent]
    found = run.store.rows(
        f"WITH keys AS MATERIALIZED (SELECT DISTINCT {cell} AS k, fold({cell}) AS folded FROM {parent}) "
        "SELECT value, k FROM (SELECT value, k, jaro_winkler_similarity(folded, fold(value)) AS likeness "
        "FROM keys, unnest($1::VARCHAR[]) u(value)) WHERE likeness >= $2 "
        "QUALIFY row_number() OVER (PARTITION BY value ORDER BY likeness DESC, k) = 1",
        [list(dict.fromkeys(values))[:most], _CLOSE],
    )
    return dict(found)
