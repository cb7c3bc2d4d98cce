"""Types, constraints and partial dates: is each cell what its field says.

One scan a table. A value is judged by type first, by its constraints only where the type holds, so that
one slip gives one finding; a row with a value that cannot be read is passed over by the later stages.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from accords import edtf
from accords.catalogue import shown
from accords.checks.probes import Probe, Result, Run, column, listed, passed, scan, unevaluated
from accords.fieldtypes import FieldType, field_type
from accords.package import Field, Resource, Schema
from accords.store import literal

_LIMITS = {"minimum": "<", "exclusiveMinimum": "<=", "maximum": ">", "exclusiveMaximum": ">="}
_LENGTHS = {"minLength": "<", "maxLength": ">"}


def types(run: Run) -> Iterator[Result]:
    """Check every cell against its field's type; mark the rows that fail."""
    for resource, schema in run.tables():
        yield passed("type-error", resource.name)
        for item in schema.fields:
            if field_type(item) is None:
                reason = f"the type {item.type!r} with format {item.format!r} of {item.name!r} is not checked yet"
                yield unevaluated("type-error", resource.name, reason)
        yield from _scan_and_mark(run, resource, type_probes(schema))


def type_probes(schema: Schema) -> list[Probe]:
    """Return a probe for each field whose type can fail."""
    probes = []
    for item in schema.fields:
        kind = field_type(item)
        if kind and (where := mistyped(item, kind)):
            form = "" if item.format == "default" else f" of the format {item.format}"
            words = {"type": item.type, "form": form}
            probes.append(Probe("type-error", where, (item,), constants=words))
    return probes


def mistyped(item: Field, kind: FieldType) -> str:
    """Return the SQL condition under which a cell is not of its type ("": never)."""
    cell = kind.prepare.format(column(item))
    tests = []
    if kind.form:
        tests.append(f"NOT regexp_full_match({cell}, {literal(kind.form)})")
    if kind.rest:
        tests.append(f"NOT ({kind.rest.format(cell)})")
    if kind.cast != "{0}":
        tests.append(f"{kind.cast.format(cell)} IS NULL")
    return f"{column(item)} IS NOT NULL AND ({' OR '.join(tests)})" if tests else ""


def dates(run: Run) -> Iterator[Result]:
    """Check the fields that hold partial dates; mark the rows that fail."""
    for resource, schema in run.tables():
        yield passed("edtf-invalid", resource.name)
        yield passed("spreadsheet-mangled-date", resource.name)
        unread = date_probes(schema)
        if any(result.count for result in scan(run, resource, unread)):
            yield from _scan_and_mark(run, resource, [part for probe in unread for part in _told_apart(probe)])


def date_probes(schema: Schema) -> list[Probe]:
    """Return a probe for each field of partial dates."""
    probes = []
    for item in schema.fields:
        if item.edtf:
            cell = column(item)
            formed = f"regexp_full_match({cell}, {literal(edtf.FORM)}) AND edtf_earliest({cell}) IS NOT NULL"
            probes.append(Probe("edtf-invalid", f"{cell} IS NOT NULL AND NOT ({formed})", (item,)))
    return probes


def _told_apart(probe: Probe) -> tuple[Probe, Probe]:
    """Return a probe for dates that a spreadsheet has rewritten, and one for what is no date otherwise."""
    mangled = f"regexp_full_match({column(probe.fields[0])}, {literal(edtf.MANGLED)})"
    return (
        Probe("spreadsheet-mangled-date", f"{probe.where} AND {mangled}", probe.fields),
        Probe("edtf-invalid", f"{probe.where} AND NOT {mangled}", probe.fields),
    )


def constraints(run: Run) -> Iterator[Result]:
    """Check every cell against its field's constraints (but `unique`, which is a key's business)."""
    for resource, schema in run.tables():
        yield passed("constraint-error", resource.name)
        for item in schema.fields:
            if not field_type(item) and set(item.constraints) - {"required"}:
                reason = f"constraints of {item.name!r} need its type, which is not checked yet"
                yield unevaluated("constraint-error", resource.name, reason)
            if "jsonSchema" in item.constraints:
                reason = f"jsonSchema of {item.name!r} is not checked yet"
                yield unevaluated("constraint-error", resource.name, reason)
        yield from scan(run, resource, constraint_probes(schema))


def constraint_probes(schema: Schema) -> list[Probe]:
    """Return a probe for each constraint; those of a field whose type is not checked are left out."""
    probes: list[Probe] = []
    for item in schema.fields:
        if kind := field_type(item):
            probes.extend(_constraint_probes(item, kind, item.name in schema.primary_key))
    return probes


def _constraint_probes(item: Field, kind: FieldType, in_key: bool) -> Iterator[Probe]:
    cell = column(item)
    typed = kind.cast.format(kind.prepare.format(cell))
    for name, value in item.constraints.items():
        if name == "required" and value is True and not in_key:
            yield Probe("constraint-error", f"{cell} IS NULL", (item,), "required")
        elif name == "pattern" and not item.edtf:
            where = f"NOT regexp_full_match({cell}, {literal(value)})"
            yield Probe("constraint-error", where, (item,), name, constants={"expected": shown(value)})
        elif name == "enum" and isinstance(value, list):
            where = f"{typed} NOT IN ({', '.join(_cast(word, kind) for word in value)})"
            yield Probe("constraint-error", where, (item,), name, constants={"expected": listed(value)})
        elif name in _LENGTHS:
            where = f"length({cell}) {_LENGTHS[name]} {int(value)}"
            constants = {"expected": str(value)}
            yield Probe("constraint-error", where, (item,), name, {"found": f"length({cell})"}, constants)
        elif name in _LIMITS and kind.ordered:
            where = f"{typed} {_LIMITS[name]} {_cast(value, kind)}"
            yield Probe("constraint-error", where, (item,), name, constants={"expected": str(value)})


def _cast(value: Any, kind: FieldType) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return kind.cast.format(kind.prepare.format(f"{literal(text)}::VARCHAR"))


def _scan_and_mark(run: Run, resource: Resource, probes: list[Probe]) -> list[Result]:
    results = scan(run, resource, probes)
    for probe, result in zip(probes, results, strict=True):
        if result.count:
            run.store.mark_where(resource.name, probe.where, [column(item) for item in probe.fields])
    return results
