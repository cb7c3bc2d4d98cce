"""One look at a whole table, before the stages ask one by one: where nothing is wrong, none has to ask again.

Apart from the stages, which say what is wrong: here their conditions are put together. Where the engine reads a
large file itself, it looks at each record while it reads, and keeps only the columns that later stages need.
"""

from __future__ import annotations

from collections.abc import Iterator

from accords.checks.keys import empty_probes
from accords.checks.probes import Probe, Run, count
from accords.checks.proofs import sound_tables
from accords.checks.values import constraint_probes, date_probes, near_bounds, type_probes
from accords.fieldtypes import judged
from accords.package import Field, Resource, Schema


def survey(run: Run) -> None:
    """Count every condition on a table in one pass.

    Where something is wrong, rows drop out between the stages and each counts for itself.
    """
    run.clean.update(sound_tables(run))
    for resource, schema in run.tables():
        probes = _probes(run, resource, schema)
        if probes and resource.name not in run.store.marked:
            totals = [0] * len(probes) if resource.name in run.clean else count(run, resource, probes)
            run.surveyed |= {(resource.name, probe.where): total for probe, total in zip(probes, totals, strict=True)}


def _probes(run: Run, resource: Resource, schema: Schema) -> list[Probe]:
    probes = [*type_probes(schema), *date_probes(schema), *empty_probes(schema)]
    return [*probes, *constraint_probes(run, resource, schema)]


def doubtful(run: Run, resource: Resource, schema: Schema) -> str:
    """Return SQL for the records of which not everything is plainly fine; it may suspect some that are."""
    conditions = [probe.where for probe in _probes(run, resource, schema)]
    return " OR ".join(f"({where})" for where in [*conditions, *near_bounds(schema)]) or "false"


def needed(run: Run, resource: Resource, schema: Schema) -> list[Field]:
    """Return the fields that are looked at after `doubtful` has found no record: those of keys, at the least."""
    if run.rules or resource.vocabulary or any(item.text or judged(item) for item in schema.fields):
        return list(schema.fields)
    names = {*schema.primary_key, *(name for key in schema.unique_keys for name in key)}
    names |= {name for key in schema.foreign_keys for name in key.fields}
    names |= {item.name for item in schema.fields if item.constraints.get("unique")}
    names |= set(_referred(run, resource))
    return [item for item in schema.fields if item.name in names]


def _referred(run: Run, resource: Resource) -> Iterator[str]:
    """Yield the fields of a table that other tables, or it itself, refer to."""
    for other in run.package.resources:
        for key in other.schema.foreign_keys if other.schema else ():
            if key.parent == resource.name:
                yield from key.parent_fields
