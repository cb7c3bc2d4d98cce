"""Values that only Python can read: judged once for each distinct text, constraints included.

Apart from `values`, whose conditions are SQL: here a constraint is a predicate over values in memory, and
what fails it goes back to the engine as a list of texts.
"""

from __future__ import annotations

import datetime
import functools
import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from accords.catalogue import listed
from accords.checks.json_schemas import Undecidable, test_of
from accords.checks.probes import Probe, Run
from accords.fieldtypes import column, judged
from accords.package import Field, Resource, Schema
from accords.store import Store
from accords.typereaders import Read, reader
from accords.words import reason
from accords.worker import at

# Months and seconds do not add up to one length; one duration is less than another where it is so counted
# from each of these days (XML Schema, order of durations).
_STARTS = tuple(datetime.date(*day) for day in ((1696, 9, 1), (1697, 2, 1), (1903, 3, 1), (1903, 7, 1)))


def judge_values(run: Run) -> None:
    """Read the distinct values of every field that the engine cannot read, and keep what they are."""
    for resource, schema in run.tables():
        for position, read in judge_table(run.store, resource, schema):
            run.judged[resource.name, position] = read


def judge_table(store: Store, resource: Resource, schema: Schema) -> Iterator[tuple[int, dict[str, Read]]]:
    """Read the distinct values of a table's fields; yield what they are by field position and text."""
    for item in schema.fields:
        found = reader(item) if judged(item) else None
        if not found:
            continue
        at(f"while it read the values of {item.name} of {resource.name}")
        cell, table = column(item), store.tables[resource.name]
        read: dict[str, Read] = {}
        for (text,) in store.rows(f"SELECT DISTINCT {cell} FROM {table} WHERE {cell} IS NOT NULL"):
            try:
                read[text] = found[0](text)
            except (ValueError, OverflowError):
                continue
        store.judge(resource.name, item.position, {text: value.canonical for text, value in read.items()})
        yield item.position, read


def unreadable(item: Field) -> str:
    """Return the SQL condition under which a cell of such a field could not be read."""
    return f"{column(item)} IS NOT NULL AND j{item.position} IS NULL"


def judged_probes(run: Run, resource: Resource, item: Field) -> Iterator[Probe]:
    """Return a probe for each constraint that some value of the field breaks."""
    values = run.judged.get((resource.name, item.position), {})
    for name, bound in item.constraints.items():
        at(f"in the constraint {name} of {item.name} of {resource.name}")
        try:
            test = _test(item, name, bound)
            failing = {text: why for text, read in values.items() if test and (why := test(read.value)) is not None}
        except Undecidable as fault:
            run.undecided[resource.name, item.name] = reason(fault)
        else:
            for why in sorted(set(failing.values())):
                texts = [text for text, said in failing.items() if said == why]
                tag = f"{resource.name}.{item.position}.{name}.{why}"
                where = f"{column(item)} IN ({run.store.list_values(tag, texts)})"
                told = {"expected": listed(bound) if isinstance(bound, list) else str(bound), "found": why}
                yield Probe("constraint-error", where, (item,), _VARIANTS.get(name, name), constants=told, filled=True)


_VARIANTS = {"minLength": "minItems", "maxLength": "maxItems"}
_Test = Callable[[Any], str | None]


def _test(item: Field, name: str, bound: Any) -> _Test | None:
    """Return what tells why a value breaks a constraint ("" where there is no more to say)."""
    if name in ("minLength", "maxLength"):
        least = name == "minLength"
        return lambda value: "" if (len(value) < bound if least else len(value) > bound) else None
    if name in ("enum", "categories"):
        members = [read.value for word in bound if (read := _of_schema(item, word))]
        return lambda value: None if value in members else ""
    if name == "jsonSchema":
        return test_of(bound)
    if name in _ORDER and (limit := _of_schema(item, bound)):
        return lambda value: "" if _ORDER[name](_compare(value, limit.value)) else None
    return None


def _of_schema(item: Field, value: Any) -> Read | None:
    """Return a value that the schema gives, as text or as JSON."""
    found = reader(item)
    try:
        return found[0](value if isinstance(value, str) else json.dumps(value)) if found else None
    except (ValueError, OverflowError):
        return None


_ORDER: dict[str, Callable[[int | None], bool]] = {
    "minimum": lambda order: order == -1,
    "maximum": lambda order: order == 1,
    "exclusiveMinimum": lambda order: order in (-1, 0),
    "exclusiveMaximum": lambda order: order in (1, 0),
}


def _compare(one: Any, other: Any) -> int | None:
    """Return -1, 0 or 1; None where the order cannot be decided."""
    if isinstance(one, tuple):
        orders = {_sign(_length(one, start) - _length(other, start)) for start in _STARTS}
        return orders.pop() if len(orders) == 1 else None
    if isinstance(one, datetime.datetime | datetime.time):
        one, other = (part if part.tzinfo else part.replace(tzinfo=datetime.UTC) for part in (one, other))
    return _sign((one > other) - (one < other))


def _sign(number: Fraction | int) -> int:
    return int(number > 0) - int(number < 0)


def _length(duration: tuple[int, Fraction], start: datetime.date) -> Fraction:
    """Return the seconds that a duration of months and seconds takes from a day on."""
    months, seconds = duration
    month = start.month - 1 + months
    year = start.year + month // 12
    days = _days(year, month % 12 + 1) - _days(start.year, start.month)
    return days * 86400 + seconds


@functools.cache
def _days(year: int, month: int) -> int:
    """Return the day number of the first of a month, in a calendar that repeats every 400 years."""
    cycles, within = divmod(year - 1, 400)
    return datetime.date(within + 1, month, 1).toordinal() + cycles * 146_097
