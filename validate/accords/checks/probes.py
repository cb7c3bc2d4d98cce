"""What a check is made of: SQL conditions over one table, counted in one scan, sampled where they fire.

Apart from the stages, which only say *what* is wrong: counting truly, showing a capped sample, and
finding the line, the key and the value of each row is the same for all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from accords.catalogue import catalogue, problem
from accords.fieldtypes import column
from accords.labels import Order
from accords.package import Field, Package, Resource, Schema
from accords.problems import Problem, Severity
from accords.rules import Rule
from accords.store import Store
from accords.typereaders import Read
from accords.words import Filling, Words
from accords.worker import Progress, silent


@dataclass
class Run:
    """One validation: the package, its database, and what has been established so far.

    `loaded` maps the resources whose records are in the store to their number of records; `limit` caps
    the problems shown for each code; `surveyed` holds the totals of probes that were counted together,
    `judged` what the values of a field (by resource and position) are that only Python can read. `parts`
    says with which row each file of a table starts, where it has several; `orders` where its columns are,
    where they are not in the order of the schema. `clean` are the tables of which every record was found fine while
    it was read, or proven to be; of those that the engine has read only the columns of keys are in the store.
    `undecided` says why a JSON Schema (by resource and field) gives no answer. `held` are the cells of small tables,
    field by field, as they were read and before any was emptied; `room` is for how many more bytes of files.
    `sampled` says how many problems of a code there are already, as no more are made than will be shown.
    """

    package: Package
    store: Store
    rules: tuple[Rule, ...]
    as_of: date
    limit: int
    progress: Progress = silent
    loaded: dict[str, int] = field(default_factory=dict)
    surveyed: dict[tuple[str, str], int] = field(default_factory=dict)
    judged: dict[tuple[str, int], dict[str, Read]] = field(default_factory=dict)
    parts: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    clean: set[str] = field(default_factory=set)
    undecided: dict[tuple[str, str], Words] = field(default_factory=dict)
    held: dict[str, list[list[str | None]]] = field(default_factory=dict)
    room: int = 4 << 20
    sampled: Counter[str] = field(default_factory=Counter)

    def tables(self) -> Iterable[tuple[Resource, Schema]]:
        """Yield the resources whose data can be checked."""
        for resource in self.package.resources:
            if resource.schema and resource.name in self.loaded:
                yield resource, resource.schema

    def sample(self, code: str, sql: str) -> list[tuple[Any, ...]]:
        """Return the first rows of a query, as many as may still be shown of a code."""
        left = self.limit - self.sampled[code]
        rows = self.store.rows(f"{sql} ORDER BY row LIMIT {left}") if left > 0 else []
        self.sampled[code] += len(rows)
        return rows

    def placed(self, result: Result) -> Result:
        """Return a result whose problems are in the right file and column of a table that was put together."""
        if result.resource not in self.parts and result.resource not in self.orders:
            return result
        return replace(result, problems=tuple(self._placed(item) for item in result.problems))

    def _placed(self, found: Problem) -> Problem:
        path, spot = found.path, found.column
        if found.row is not None:
            for start, part in self.parts.get(found.resource or "", ()):
                path = part if found.row >= start else path
        if spot is not None and (order := self.orders.get(found.resource or "")):
            index = order[spot - 1]
            spot = None if index is None else index + 1
        return replace(found, path=path, column=spot)


@dataclass(frozen=True, slots=True)
class Result:
    """What one check found on one resource: a true total and a sample, or why it could not be made."""

    code: str
    resource: str | None
    severity: Severity
    count: int = 0
    problems: tuple[Problem, ...] = ()
    reason: Words | None = None
    excepted: int = 0


@dataclass(frozen=True, slots=True)
class Probe:
    """A condition that a row must not meet. `where` is SQL over the base table's columns.

    `filled`: it is about the cell of its only field alone, and no empty cell meets it. `params` are SQL expressions
    whose values fill the message; `constants` fill it as they are.
    """

    code: str
    where: str
    fields: tuple[Field, ...]
    variant: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, Filling] = field(default_factory=dict)
    filled: bool = False


def passed(code: str, resource: str | None) -> Result:
    """Return the result of a check that found nothing."""
    return Result(code, resource, catalogue()[code].severity)


def unevaluated(code: str, resource: str | None, reason: Words) -> Result:
    """Return the result of a check that could not be made."""
    return Result(code, resource, catalogue()[code].severity, reason=reason)


def found(items: Iterable[Problem]) -> list[Result]:
    """Return the results for problems that are all known, none left out."""
    return [Result(item.code, item.resource, item.severity, 1, (item,)) for item in items]


def sound(run: Run, resource: Resource, fields: Iterable[Field], prefix: str = "", filled: bool = False) -> str:
    """Return SQL for rows in which no earlier stage found fault with any of the fields.

    `filled`: only rows in which these have a value are asked for, as a cell at fault was emptied.
    """
    if resource.name not in (run.store.torn if filled else run.store.marked):
        return "true"
    positions = ", ".join(str(position) for position in (0, *(item.position for item in fields if not filled)))
    table = run.store.tables[resource.name]
    return f"{prefix}row NOT IN (SELECT row FROM own.faulty WHERE tbl = '{table}' AND position IN ({positions}))"


def scan(run: Run, resource: Resource, probes: Sequence[Probe], sound_only: bool = True) -> list[Result]:
    """Count all probes in one pass over the table and sample those that fire.

    `sound_only`: pass over cells with which an earlier stage found fault.
    """
    if not probes:
        return []
    if sound_only and resource.name in run.store.marked:
        tests = [sound(run, resource, probe.fields, filled=probe.filled) for probe in probes]
        probes = [
            replace(probe, where=f"({probe.where}) AND {test}") for probe, test in zip(probes, tests, strict=True)
        ]
    totals = [run.surveyed.get((resource.name, probe.where)) for probe in probes]
    if None in totals:
        totals = [*count(run, resource, probes)]
    results = []
    for probe, total in zip(probes, totals, strict=True):
        severity = catalogue()[probe.code].severity
        problems = sample(run, resource, probe) if total else ()
        results.append(Result(probe.code, resource.name, severity, total or 0, tuple(problems)))
    return results


def count(run: Run, resource: Resource, probes: Sequence[Probe]) -> list[int]:
    """Return how many rows meet each probe, in one pass."""
    counted = ", ".join(f"count(*) FILTER (WHERE {probe.where})" for probe in probes)
    return list(run.store.rows(f"SELECT {counted} FROM {run.store.tables[resource.name]}")[0])


def sample(run: Run, resource: Resource, probe: Probe) -> list[Problem]:
    """Return the first problems of a probe, as many as may still be shown of its code."""
    table = run.store.tables[resource.name]
    keys = key_fields(resource)
    single = column(probe.fields[0]) if len(probe.fields) == 1 else "NULL"
    wanted = ["row", "line", single, *(column(item) for item in keys), *probe.params.values()]
    sql = f"SELECT {', '.join(wanted)} FROM {table} WHERE ({probe.where})"
    return [located(resource, probe, values) for values in run.sample(probe.code, sql)]


def located(resource: Resource, probe: Probe, values: tuple[Any, ...]) -> Problem:
    """Return the problem of one row of a sample: row, line, value, key cells, parameters."""
    row, line, value, *rest = values
    keys = key_fields(resource)
    key = tuple((item.name, cell) for item, cell in zip(keys, rest[: len(keys)], strict=True))
    params = dict(zip(probe.params, rest[len(keys) :], strict=True))
    return problem(
        probe.code,
        resource.name,
        resource.path,
        variant=probe.variant,
        params={**probe.constants, **params},
        row=row,
        line=line,
        fields=tuple(item.name for item in probe.fields),
        column=probe.fields[0].position if probe.fields else None,
        key=key,
        value=value,
    )


def key_fields(resource: Resource) -> tuple[Field, ...]:
    """Return the fields that name a record: the primary key, or none."""
    schema = resource.schema
    return tuple(schema.field(item) for item in schema.primary_key) if schema else ()
