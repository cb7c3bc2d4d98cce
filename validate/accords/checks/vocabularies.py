"""Vocabularies: codes that are deprecated or only group others, and the order inside each list.

Runs on resources with `"accords:vocabulary": true` and on the fields that refer to them. Whether a code
exists at all is a foreign key's business.
"""

from __future__ import annotations

from collections.abc import Iterator

from accords.checks.probes import Probe, Result, Run, passed, scan
from accords.fieldtypes import column
from accords.package import Field, Resource, Schema
from accords.store import literal, name

DEEPEST = 3
_COLUMNS = {"status", "replaced_by", "broader"}


def vocabularies(run: Run) -> Iterator[Result]:
    """Check the use of codes in every resource, and every vocabulary itself."""
    lists = _code_lists(run)
    unfit = _unfit(run, lists)
    for resource, schema in run.tables():
        yield from scan(run, resource, _use_probes(run, resource, schema, unfit))
        if resource.name in lists:
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
    sql = " UNION ALL ".join(
        f"SELECT {literal(item)} FROM {run.store.views[item]} WHERE status <> 'active'" for item in sorted(lists)
    )
    return frozenset(row[0] for row in run.store.rows(f"SELECT DISTINCT * FROM ({sql})"))


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
    yield passed("broader-invalid", resource.name)
    yield passed("replaced-by-invalid", resource.name)
    code, broader = schema.field(schema.primary_key[0]), schema.field("broader")
    status, successor = schema.field("status"), schema.field("replaced_by")
    cell, view = column(code), run.store.views[resource.name]
    if _plain(run, run.store.tables[resource.name], cell, column(broader), column(successor), column(status)):
        return
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
    yield passed("label-missing", resource.name)
    yield passed("label-doubled", resource.name)
    labels = [item for item in schema.fields if item.name.startswith("label")]
    if not labels:
        return
    table = run.store.tables[resource.name]
    counted = ", ".join(f"count({column(item)}) - count(DISTINCT lower({column(item)}))" for item in labels)
    doubled = run.store.rows(f"SELECT {counted} FROM {table}")[0]
    probes = [
        Probe("label-missing", f"{column(item)} IS NULL", (item,))
        for item in labels
        if not item.constraints.get("required")
    ]
    for item, number in zip(labels, doubled, strict=True):
        if number:
            cell = column(item)
            again = f"SELECT lower({cell}) FROM {table} GROUP BY 1 HAVING count(*) > 1"
            probes.append(Probe("label-doubled", f"lower({cell}) IN ({again})", (item,)))
    yield from scan(run, resource, probes)


def _plain(run: Run, table: str, code: str, broader: str, successor: str, status: str) -> bool:
    """Tell whether a list is in order at a glance: all codes active or groups, no great-grandparents."""
    climbed = (
        f"SELECT count(*) FROM {table} a JOIN {table} b ON b.{code} = a.{broader} "
        f"JOIN {table} c ON c.{code} = b.{broader} WHERE c.{broader} IS NOT NULL"
    )
    gone = f"SELECT count({successor}) + count(*) FILTER (WHERE {status} = 'deprecated') FROM {table}"
    return not run.store.rows(f"SELECT ({climbed}) + ({gone})")[0][0]


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
