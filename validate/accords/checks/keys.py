"""Keys: primary, unique and foreign.

An empty part makes a primary key wrong and a reference absent (SQL's MATCH SIMPLE): a foreign key with
an empty field refers to nothing and is not checked. Values are compared by type, so that 7 and 07 are
one integer. The parent of a missing reference is named once, with the closest key as the hint.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from accords.catalogue import catalogue, shown
from accords.checks.probes import SOUND, Probe, Result, Run, column, key_fields, located, passed, scan, unevaluated
from accords.package import Field, ForeignKey, Resource, Schema
from accords.problems import Problem
from accords.store import name

_CLOSE = 0.8


def keys(run: Run) -> Iterator[Result]:
    """Check primary keys, unique fields and unique keys."""
    for resource, schema in run.tables():
        key = key_fields(resource)
        if key:
            yield passed("primary-key", resource.name)
            empty = [Probe("primary-key", f"{column(item)} IS NULL", (item,), "empty") for item in key]
            yield from scan(run, resource, empty)
            yield from _repeated(run, resource, key, "primary-key", "double")
        unique = [(item,) for item in schema.fields if item.constraints.get("unique") is True and (item,) != key]
        unique += [tuple(schema.field(part) for part in parts) for parts in schema.unique_keys]
        for fields in unique:
            yield passed("unique-error", resource.name)
            yield from _repeated(run, resource, fields, "unique-error", "")


def _repeated(run: Run, resource: Resource, fields: tuple[Field, ...], code: str, variant: str) -> Iterator[Result]:
    """Find the second and later rows of a key whose parts are all filled."""
    table = run.store.tables[resource.name]
    typed = ", ".join(f"v.{name(item.name)}" for item in fields)
    filled = " AND ".join(f"v.{name(item.name)} IS NOT NULL" for item in fields)
    together = " || ' | ' || ".join(f"b.{column(item)}" for item in fields)
    source = (
        f"SELECT b.*, min(b.row) OVER (PARTITION BY {typed}) AS first_row, {together} AS together "
        f"FROM {table} b JOIN {name(resource.name)} v ON v._row = b.row WHERE {filled}"
    )
    total = run.store.rows(f"SELECT count(*) FROM ({source}) WHERE row > first_row")[0][0]
    problems: list[Problem] = []
    if total:
        probe = Probe(code, "", fields, variant, params={"first": "first_row", "value": "together"})
        wanted = ["row", "line", "together", *(column(item) for item in key_fields(resource)), "first_row", "together"]
        sql = f"SELECT {', '.join(wanted)} FROM ({source}) WHERE row > first_row ORDER BY row LIMIT {run.limit}"
        for values in run.store.rows(sql):
            shown_values = (*values[:-1], shown(values[-1]))
            problems.append(located(resource, probe, shown_values))
    yield Result(code, resource.name, catalogue()[code].severity, total, tuple(problems))


def references(run: Run) -> Iterator[Result]:
    """Check every foreign key; unevaluated where the parent could not be read."""
    for resource, schema in run.tables():
        for key in schema.foreign_keys:
            parent = run.package.resource(key.parent)
            if parent is None or parent.name not in run.loaded:
                yield unevaluated("foreign-key", resource.name, f"{key.parent} could not be read")
                continue
            yield _unmatched(run, resource, schema, key, parent)


def _unmatched(run: Run, resource: Resource, schema: Schema, key: ForeignKey, parent: Resource) -> Result:
    table = run.store.tables[resource.name]
    fields = tuple(schema.field(item) for item in key.fields)
    pairs = list(zip(key.fields, key.parent_fields, strict=True))
    joined = " AND ".join(f"p.{name(up)}::VARCHAR = v.{name(down)}::VARCHAR" for down, up in pairs)
    filled = " AND ".join(f"v.{name(down)} IS NOT NULL" for down, _ in pairs)
    source = f"{name(resource.name)} v ANTI JOIN {name(parent.name)} p ON {joined}"
    sound = SOUND.format(table=table).replace("row NOT IN", "v._row NOT IN", 1)
    total = run.store.rows(f"SELECT count(*) FROM {source} WHERE {filled} AND {sound}")[0][0]
    severity = catalogue()["foreign-key"].severity
    if not total:
        return Result("foreign-key", resource.name, severity)
    together = " || ' | ' || ".join(column(item) for item in fields)
    wanted = ["row", "line", together, *(column(item) for item in key_fields(resource)), together]
    sql = (
        f"SELECT {', '.join(wanted)} FROM {table} WHERE row IN (SELECT v._row FROM {source} "
        f"WHERE {filled} AND {sound}) ORDER BY row LIMIT {run.limit}"
    )
    constants = {"parent": parent.name, "parent_fields": ", ".join(key.parent_fields)}
    probe = Probe("foreign-key", "", fields, params={"value": together}, constants=constants)
    problems = []
    hints: dict[str, str | None] = {}
    for values in run.store.rows(sql):
        found = located(resource, probe, (*values[:-1], shown(values[-1])))
        if len(fields) == 1 and values[2] not in hints and len(hints) < 100:
            hints[values[2]] = _closest(run, parent, key.parent_fields[0], values[2])
        hint = hints.get(values[2])
        problems.append(replace(found, hint=f'Did you mean "{hint}"?') if hint else found)
    return Result("foreign-key", resource.name, severity, total, tuple(problems))


def _closest(run: Run, parent: Resource, field: str, value: str) -> str | None:
    """Return the parent's key that is most like the value, if any is much like it."""
    sql = (
        f"SELECT k FROM (SELECT DISTINCT {name(field)}::VARCHAR AS k FROM {name(parent.name)}) "
        "WHERE jaro_winkler_similarity(fold(k), fold($1)) >= $2 "
        "ORDER BY jaro_winkler_similarity(fold(k), fold($1)) DESC, k LIMIT 1"
    )
    found = run.store.rows(sql, [value, _CLOSE])
    return str(found[0][0]) if found else None
