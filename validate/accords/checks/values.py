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
from accords.package import Field
from accords.store import literal

_LIMITS = {"minimum": "<", "exclusiveMinimum": "<=", "maximum": ">", "exclusiveMaximum": ">="}
_LENGTHS = {"minLength": "<", "maxLength": ">"}


def types(run: Run) -> Iterator[Result]:
    """Check every cell against its field's type; mark the rows that fail."""
    for resource, schema in run.tables():
        yield passed("type-error", resource.name)
        probes = []
        for item in schema.fields:
            kind = field_type(item)
            if kind is None:
                reason = f"the type {item.type!r} with format {item.format!r} of {item.name!r} is not checked yet"
                yield unevaluated("type-error", resource.name, reason)
            elif where := mistyped(item, kind):
                form = "" if item.format == "default" else f" of the format {item.format}"
                words = {"type": item.type, "form": form}
                probes.append(Probe("type-error", where, (item,), constants=words))
        yield from _scan_and_mark(run, resource, probes)


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
        probes = []
        for item in schema.fields:
            if not item.edtf:
                continue
            cell = column(item)
            mangled = f"regexp_full_match({cell}, {literal(edtf.MANGLED)})"
            probes.append(Probe("spreadsheet-mangled-date", mangled, (item,)))
            unread = f"{cell} IS NOT NULL AND edtf_earliest({cell}) IS NULL AND NOT {mangled}"
            probes.append(Probe("edtf-invalid", unread, (item,)))
        yield from _scan_and_mark(run, resource, probes)


def constraints(run: Run) -> Iterator[Result]:
    """Check every cell against its field's constraints (but `unique`, which is a key's business)."""
    for resource, schema in run.tables():
        yield passed("constraint-error", resource.name)
        probes: list[Probe] = []
        for item in schema.fields:
            if kind := field_type(item):
                in_key = item.name in schema.primary_key
                probes.extend(_constraint_probes(item, kind, in_key))
            elif set(item.constraints) - {"required"}:
                reason = f"constraints of {item.name!r} need its type, which is not checked yet"
                yield unevaluated("constraint-error", resource.name, reason)
            if "jsonSchema" in item.constraints:
                yield unevaluated("constraint-error", resource.name, f"jsonSchema of {item.name!r} is not checked yet")
        yield from scan(run, resource, probes)


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


def _scan_and_mark(run: Run, resource: Any, probes: list[Probe]) -> list[Result]:
    results = scan(run, resource, probes)
    for probe, result in zip(probes, results, strict=True):
        if result.count:
            run.store.mark_where(resource.name, probe.where)
    return results
