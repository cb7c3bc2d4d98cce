"""Vocabularies: codes that are deprecated or only group others, and the order inside each list.

Runs on resources with `"accords:vocabulary": true` and on the fields that refer to them. Whether a code
exists at all is a foreign key's business.
"""

from __future__ import annotations

from collections.abc import Iterator

from accords.checks.probes import Probe, Result, Run, passed, scan
from accords.checks.proofs import cells_of
from accords.fieldtypes import column
from accords.package import Field, Resource, Schema
from accords.store import literal, name

DEEPEST = 3
_CODES = ("broader-invalid", "replaced-by-invalid", "label-missing", "label-doubled")
_COLUMNS = {"status", "replaced_by", "broader"}


def vocabularies(run: Run) -> Iterator[Result]:
    """Check the use of codes in every resource, and every vocabulary itself."""
    lists = _code_lists(run)
    unfit = _unfit(run, lists)
    for resource, schema in run.tables():
        yield from scan(run, resource, _use_probes(run, resource, schema, unfit))
        if resource.name in lists:
            yield from (passed(code, resource.name) for code in _CODES)
            if not _at_a_glance(run, resource, schema):
                yield from _order(run, resource, schema)
                yield from _labels(run, resource, schema)


def _code_lists(run: Run) -> frozenset[str]:
    """Return the names of the resources that are vocabularies with the columns that they need."""
    return frozenset(
        resource.name
        for resource, schema in run.tables()
        if resource.vocabulary and len(schema.primary_key) == 1 and set(schema.names) >= _COLUMNS
    )


def _unfit(run: Run, lists: frozenset[str]) -> frozenset[str]:
    """Return the vocabularies that hold any code which records should not use."""
    if not lists:
        return frozenset()
    shown = {item: status for item in lists if (status := cells_of(run, item, ("status",)))}
    known = {item for item, status in shown.items() if set(*status) - {"active", None}}
    lists -= shown.keys()
    if not lists:
        return frozenset(known)
    sql = " UNION ALL ".join(
        f"SELECT {literal(item)} FROM {run.store.views[item]} WHERE status <> 'active'" for item in sorted(lists)
    )
    return frozenset(known | {row[0] for row in run.store.rows(f"SELECT DISTINCT * FROM ({sql})")})


def _use_probes(run: Run, resource: Resource, schema: Schema, unfit: frozenset[str]) -> list[Probe]:
    """Return probes for deprecated codes and group codes in the fields that refer to a vocabulary."""
    probes = []
    for key in schema.foreign_keys:
        if key.parent not in unfit or key.parent == resource.name or len(key.fields) != 1:
            continue
        item = schema.field(key.fields[0])
        cell, code, view = column(item), name(key.parent_fields[0]), run.store.views[key.parent]
        codes = f"SELECT {code} FROM {view} WHERE status ="
        successor = f"(SELECT '\"' || replaced_by || '\"' FROM {view} v WHERE v.{code} = {cell})"
        constants = {"vocabulary": key.parent}
        replaced = f"{cell} IN ({codes} 'deprecated' AND replaced_by IS NOT NULL)"
        alone = f"{cell} IN ({codes} 'deprecated' AND replaced_by IS NULL)"
        probes.append(Probe("code-deprecated", replaced, (item,), "replaced", {"successor": successor}, constants))
        probes.append(Probe("code-deprecated", alone, (item,), "alone", constants=constants))
        probes.append(Probe("group-code-used", f"{cell} IN ({codes} 'group')", (item,), "", constants=constants))
    return probes


def _order(run: Run, resource: Resource, schema: Schema) -> Iterator[Result]:
    """Find cycles, too deep trees and successors that are of no use."""
    code, broader = schema.field(schema.primary_key[0]), schema.field("broader")
    status, successor = schema.field("status"), schema.field("replaced_by")
    cell, view = column(code), run.store.views[resource.name]
    statuses = f"SELECT {name(code.name)} FROM {view} WHERE status"
    probes = [
        Probe("broader-invalid", f"{cell} IN ({_cycle(view, code, broader)})", (broader,), "cycle"),
        Probe("broader-invalid", f"{cell} IN ({_deep(view, code, broader)})", (broader,), "depth"),
        Probe("broader-invalid", f"{column(broader)} IN ({statuses} = 'deprecated')", (broader,), "deprecated"),
        Probe("replaced-by-invalid", f"{cell} IN ({_cycle(view, code, successor)})", (successor,), "cycle"),
        Probe(
            "replaced-by-invalid",
            f"{column(successor)} IN ({statuses} <> 'active') AND {cell} NOT IN ({_cycle(view, code, successor)})",
            (successor,),
            "inactive",
        ),
        Probe(
            "replaced-by-invalid",
            f"{column(successor)} IS NOT NULL AND {column(status)} <> 'deprecated'",
            (successor,),
            "active",
        ),
    ]
    yield from scan(run, resource, [_naming(probe, cell) for probe in probes])


def _labels(run: Run, resource: Resource, schema: Schema) -> Iterator[Result]:
    """Find codes without a label, and two codes with one label in one language."""
    table = run.store.tables[resource.name]
    probes = []
    for item in _label_fields(schema):
        cell = column(item)
        again = f"SELECT lower({cell}) FROM {table} GROUP BY 1 HAVING count(*) > 1"
        probes.append(Probe("label-doubled", f"lower({cell}) IN ({again})", (item,)))
        if not item.constraints.get("required"):
            probes.append(Probe("label-missing", f"{cell} IS NULL", (item,)))
    yield from scan(run, resource, probes)


def _label_fields(schema: Schema) -> list[Field]:
    return [item for item in schema.fields if item.name.startswith("label")]


def _at_a_glance(run: Run, resource: Resource, schema: Schema) -> bool:
    """Tell whether a list is plainly in order: nothing deprecated, labels all there and unlike, no deep tree.

    Most lists are, and one look at their rows is cheaper than any of the queries that say what is wrong.
    """
    fields = [schema.field(part) for part in (schema.primary_key[0], "broader", "status", "replaced_by")]
    fields += _label_fields(schema)
    held = cells_of(run, resource.name, [item.name for item in fields])
    sql = f"SELECT {', '.join(column(item) for item in fields)} FROM {run.store.tables[resource.name]}"
    rows = run.store.rows(sql) if held is None else list(zip(*held, strict=True))
    above = {code: broader for code, broader, *_ in rows}
    for code, broader, status, successor, *labels in rows:
        grand = above.get(broader)
        if status == "deprecated" or successor or None in labels or above.get(grand) or broader == code:
            return False
    columns = zip(*(row[4:] for row in rows), strict=True)
    return all(len({str(label).lower() for label in labels}) == len(labels) for labels in columns)


def _naming(probe: Probe, cell: str) -> Probe:
    """Let the message name the code itself and not the cell at fault."""
    shown = {"value": f"'\"' || {cell} || '\"'"}
    return Probe(probe.code, probe.where, probe.fields, probe.variant, shown, probe.constants)


def _climb(view: str, code: Field, up: Field) -> str:
    """Return a recursive query `climb(start, node)`: every code with all that lies above it."""
    key, above = name(code.name), name(up.name)
    return (
        f"WITH RECURSIVE climb(start, node) AS (SELECT {key}, {above} FROM {view} WHERE {above} IS NOT NULL "
        f"UNION SELECT climb.start, v.{above} FROM climb JOIN {view} v ON v.{key} = climb.node "
        f"WHERE v.{above} IS NOT NULL)"
    )


def _cycle(view: str, code: Field, up: Field) -> str:
    return f"{_climb(view, code, up)} SELECT start FROM climb WHERE start = node"


def _deep(view: str, code: Field, up: Field) -> str:
    """Return the codes that lie too deep; what climbs into a cycle has no depth."""
    round_ = "SELECT start FROM climb WHERE start = node"
    return (
        f"{_climb(view, code, up)} SELECT start FROM climb GROUP BY start "
        f"HAVING count(*) >= {DEEPEST} AND bool_and(node NOT IN ({round_}))"
    )
