"""Types, constraints and partial dates: is each cell what its field says.

One scan a table. A value is judged by type first, by its constraints only where the type holds, so that
one slip gives one finding; a row with a value that cannot be read is passed over by the later stages.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from decimal import Decimal

from accords import edtf
from accords.catalogue import listed, shown
from accords.checks.probes import Probe, Result, Run, passed, scan, unevaluated
from accords.checks.readings import judged_probes, unreadable
from accords.fieldtypes import FieldType, cast_literal, column, engine_pattern, field_type, keyed, prepared, typed
from accords.package import Field, Resource, Schema
from accords.store import literal
from accords.words import said

_LIMITS: dict[str, tuple[str, Callable[[Decimal, Decimal], bool]]] = {
    "minimum": ("<", operator.lt),
    "exclusiveMinimum": ("<=", operator.le),
    "maximum": (">", operator.gt),
    "exclusiveMaximum": (">=", operator.ge),
}
_LENGTHS = {"minLength": "<", "maxLength": ">"}


def types(run: Run) -> Iterator[Result]:
    """Check every cell against its field's type; mark the rows that fail."""
    for resource, schema in run.tables():
        yield passed("type-error", resource.name)
        for item in schema.fields:
            if field_type(item) is None and item.type != "unknown":
                told = said(
                    "text of the type {type} and the format {format} ({field}) has no fixed form",
                    type=repr(item.type),
                    format=repr(item.format),
                    field=item.name,
                )
                yield unevaluated("type-error", resource.name, told)
        yield from _scan_and_mark(run, resource, type_probes(schema))


def type_probes(schema: Schema) -> list[Probe]:
    """Return a probe for each field whose type can fail."""
    probes = []
    for item in schema.fields:
        kind = field_type(item)
        if kind and (where := _mistyped(item, kind)):
            form = "" if item.format == "default" else said(" of the format {format}", format=item.format)
            words = {"type": item.type, "form": form}
            probes.append(Probe("type-error", where, (item,), constants=words, filled=True))
    return probes


def _mistyped(item: Field, kind: FieldType) -> str:
    """Return the SQL condition under which a cell is not of its type ("": never)."""
    if kind.judged:
        return unreadable(item)
    cell = kind.prepare.format(column(item))
    tests = [f"NOT regexp_full_match({cell}, {literal(kind.form)})"] if kind.form else []
    if kind.must_cast:
        tests.append(f"{typed(item)} IS NULL")
    return f"{column(item)} IS NOT NULL AND ({' OR '.join(tests)})" if tests else ""


def dates(run: Run) -> Iterator[Result]:
    """Check the fields that hold partial dates; mark the rows that fail."""
    for resource, schema in run.tables():
        unread = date_probes(schema)
        if unread:
            yield passed("edtf-invalid", resource.name)
            yield passed("spreadsheet-mangled-date", resource.name)
        rare = [probe for probe, result in zip(unread, scan(run, resource, unread), strict=True) if result.count]
        if rare:
            yield from _scan_and_mark(run, resource, [part for probe in rare for part in _told_apart(probe)])


def date_probes(schema: Schema) -> list[Probe]:
    """Return a probe for each field of partial dates: whatever is not plainly one, and has to be looked at."""
    probes = []
    for item in schema.fields:
        if item.edtf:
            cell = column(item)
            plain = f"regexp_full_match({cell}, {literal(edtf.PLAIN)}) AND edtf_earliest({cell}) IS NOT NULL"
            probes.append(Probe("edtf-invalid", f"{cell} IS NOT NULL AND NOT ({plain})", (item,), filled=True))
    return probes


def _told_apart(probe: Probe) -> tuple[Probe, Probe]:
    """Return a probe for dates that a spreadsheet has rewritten, and one for what is no date otherwise."""
    cell = column(probe.fields[0])
    wrong = f"{cell} IS NOT NULL AND NOT edtf_valid({cell})"
    mangled = f"regexp_full_match({cell}, {literal(edtf.MANGLED)})"
    return (
        Probe("spreadsheet-mangled-date", f"{wrong} AND {mangled}", probe.fields, filled=True),
        Probe("edtf-invalid", f"{wrong} AND NOT {mangled}", probe.fields, filled=True),
    )


def constraints(run: Run) -> Iterator[Result]:
    """Check every cell against its field's constraints (but `unique`, which is a key's business)."""
    for resource, schema in run.tables():
        yield passed("constraint-error", resource.name)
        for item in schema.fields:
            if field_type(item) is None and set(item.constraints) - {"required", "unique"}:
                told = said("the constraints of {field} need its type, which is not read", field=item.name)
                yield unevaluated("constraint-error", resource.name, told)
            if (pattern := item.constraints.get("pattern")) and not run.store.can_match(engine_pattern(pattern)):
                told = said(
                    "the pattern of {field} uses what the linear-time engine (RE2) does not have", field=item.name
                )
                yield unevaluated("constraint-error", resource.name, told)
        yield from scan(run, resource, constraint_probes(run, resource, schema))
        for (name, part), why in run.undecided.items():
            if name == resource.name:
                yield unevaluated(
                    "constraint-error", name, said("the JSON Schema of {field} {why}", field=part, why=why)
                )


def constraint_probes(run: Run, resource: Resource, schema: Schema) -> list[Probe]:
    """Return a probe for each constraint; those of a field whose type is not read are left out."""
    probes: list[Probe] = []
    for item in schema.fields:
        kind = field_type(item)
        if item.constraints.get("required") and item.name not in schema.primary_key:
            probes.append(Probe("constraint-error", f"{column(item)} IS NULL", (item,), "required"))
        if kind and kind.judged:
            probes.extend(judged_probes(run, resource, item))
        elif kind:
            probes.extend(_constraint_probes(run, resource, item, kind))
    return probes


def _constraint_probes(run: Run, resource: Resource, item: Field, kind: FieldType) -> Iterator[Probe]:
    cell = column(item)
    for name, value in item.constraints.items():
        if name == "pattern" and run.store.can_match(pattern := engine_pattern(value)):
            where = f"NOT regexp_full_match({cell}, {literal(pattern)})"
            yield Probe("constraint-error", where, (item,), name, constants={"expected": shown(value)}, filled=True)
        elif name in ("enum", "categories"):
            members = ", ".join(cast_literal(kind, word, as_key=True) for word in value)
            where = f"{keyed(item)} NOT IN ({members})"
            yield Probe("constraint-error", where, (item,), name, constants={"expected": listed(value)}, filled=True)
        elif name in _LENGTHS:
            where = f"length({cell}) {_LENGTHS[name]} {int(value)}"
            constants = {"expected": str(value)}
            yield Probe("constraint-error", where, (item,), name, {"found": f"length({cell})"}, constants, True)
        elif name in _LIMITS:
            where = _beyond(run, resource, item, kind, name)
            yield Probe("constraint-error", where, (item,), name, constants={"expected": str(value)}, filled=True)


def _beyond(run: Run, resource: Resource, item: Field, kind: FieldType, name: str) -> str:
    """Return the condition under which a value lies outside a bound."""
    value, sign, limit = typed(item), _LIMITS[name][0], item.constraints[name]
    bound = cast_literal(kind, limit)
    if item.type == "integer":  # what the engine's integers cannot hold lies beyond what they can
        return f"coalesce({value} {sign} {bound}, starts_with({prepared(item)}, '-') = {sign.startswith('<')})"
    if item.type != "number":
        return f"{value} {sign} {bound}"
    plain = f"({value} {sign} {bound} OR isnan({value}))"  # NaN lies within no bounds
    near = _near(run, resource, item, kind, name)
    if not near:
        return plain
    tag, cell = f"{resource.name}.{item.position}.{name}", column(item)
    beyond = run.store.list_values(f"{tag}.beyond", [text for text, outside in near.items() if outside])
    within = run.store.list_values(f"{tag}.within", [text for text, outside in near.items() if not outside])
    return f"CASE WHEN {cell} IN ({beyond}) THEN true WHEN {cell} IN ({within}) THEN false ELSE {plain} END"


def _near(run: Run, resource: Resource, item: Field, kind: FieldType, name: str) -> dict[str, bool]:
    """Tell of the numbers that are a bound as binary fractions, but have too many digits for that to decide.

    Returns whether they lie outside the bound, by their text.
    """
    if resource.name in run.clean:
        return {}
    limit, table = item.constraints[name], run.store.tables[resource.name]
    written = literal(str(limit))
    bound = kind.prepare.format(written) if isinstance(limit, str) else written
    rows = run.store.rows(
        f"SELECT DISTINCT {column(item)}, {prepared(item)}, {bound} FROM {table} WHERE {_is_near(item, kind, name)}"
    )
    return {text: _LIMITS[name][1](Decimal(number), Decimal(most)) for text, number, most in rows}


def _is_near(item: Field, kind: FieldType, name: str) -> str:
    """Return the condition under which a number has to be compared with a bound digit by digit."""
    limit = item.constraints[name]
    long = f"length({prepared(item)}) > 15" if len(str(limit)) <= 15 else "true"
    return f"{long} AND isfinite({typed(item)}) AND {typed(item)} = {cast_literal(kind, limit)}"


def near_bounds(schema: Schema) -> list[str]:
    """Return the conditions under which a number has to be compared with a bound digit by digit."""
    numbers = [(item, kind) for item in schema.fields if item.type == "number" and (kind := field_type(item))]
    return [_is_near(item, kind, name) for item, kind in numbers for name in item.constraints if name in _LIMITS]


def _scan_and_mark(run: Run, resource: Resource, probes: list[Probe]) -> list[Result]:
    results = scan(run, resource, probes)
    for probe, result in zip(probes, results, strict=True):
        if result.count:
            run.store.mark_where(resource.name, probe.where, probe.fields[0])
    return results
