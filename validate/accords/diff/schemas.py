"""Compares two schemas of one table: columns, types, keys; which columns only have another name.

Apart from `constraints`, which compares one column with itself: here columns come, go and move.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from accords.changes import Change
from accords.diff.constraints import compare_fields, words
from accords.diff.rows import TableRows
from accords.lints import change
from accords.package import Field, Package, Resource, Schema

_ALIKE = 0.5  # share of values that two columns must have in common to be taken for one

Keys = Sequence[tuple[str, ...]]


def compare_schemas(
    old: Package, before: Resource, new: Package, after: Resource
) -> tuple[list[Change], dict[str, str]]:
    """Return what changed in a table's schema, and the columns with another name: the old one to the new one.

    Raises `NotCompared` where columns came and went and the table cannot be read on one side.
    """
    if before.schema is None or after.schema is None:
        return [], {}
    first, second, name = before.schema, after.schema, after.name
    renamed = _renamed(old, before, first, new, after, second)
    found = [change("field-renamed", name, now, before=was, after=now) for was, now in renamed.items()]
    found += _columns(first, second, name, renamed)
    for item in first.fields:
        now = renamed.get(item.name, item.name)
        if now in second.names:
            found += compare_fields(item, second.field(now), name)
    found += _keys(first, second, name, renamed)
    if first.missing_values != second.missing_values:
        told = words(list(first.missing_values)), words(list(second.missing_values))
        found.append(change("missing-values-changed", name, before=told[0], after=told[1], what=name))
    if first.fields_match != second.fields_match:
        found.append(change("header-match-changed", name, before=first.fields_match, after=second.fields_match))
    for part in ("title", "description"):
        if getattr(first, part) != getattr(second, part):
            found.append(change("metadata-changed", name, part, what=f"the {part} in the schema of {name}"))
    return found, renamed


def _columns(old: Schema, new: Schema, resource: str, renamed: dict[str, str]) -> Iterator[Change]:
    """Yield which columns came, went or moved."""
    was = [renamed.get(name, name) for name in old.names]
    for name in old.names:
        if renamed.get(name, name) not in new.names:
            yield change("field-removed", resource, name)
    stayed = [name for name in new.names if name in was]
    last = max((new.names.index(name) for name in stayed), default=-1)
    for spot, item in enumerate(new.fields):
        if item.name not in was:
            required = item.constraints.get("required") is True
            lint = "field-added-required" if required else "field-inserted" if spot < last else "field-added"
            yield change(lint, resource, item.name)
    if stayed != (order := [name for name in was if name in new.names]):
        yield change("field-reordered", resource, before=", ".join(order), after=", ".join(stayed))


def _keys(old: Schema, new: Schema, resource: str, renamed: dict[str, str]) -> Iterator[Change]:
    """Yield what changed about keys and references, as far as both sides have the columns."""

    def now(names: Sequence[str]) -> tuple[str, ...]:
        return tuple(renamed.get(name, name) for name in names)

    if now(old.primary_key) != new.primary_key:
        told = ", ".join(old.primary_key) or None, ", ".join(new.primary_key) or None
        yield change("key-changed", resource, before=told[0], after=told[1])
    unique = [now(key) for key in old.unique_keys], list(new.unique_keys)
    yield from _came_and_went("unique-key", unique[0], unique[1], resource)
    fresh = {name for name in new.names if name not in now(old.names)}
    before = [
        (", ".join(now(key.fields)) + f" → {key.parent}",)
        for key in old.foreign_keys
        if set(now(key.fields)) <= set(new.names)
    ]
    after = [(", ".join(key.fields) + f" → {key.parent}",) for key in new.foreign_keys if not fresh & set(key.fields)]
    yield from _came_and_went("reference", before, after, resource)


def _came_and_went(lint: str, before: Keys, after: Keys, resource: str) -> Iterator[Change]:
    for key in before:
        if key not in after:
            yield change(f"{lint}-removed", resource, before=", ".join(key))
    for key in after:
        if key not in before:
            yield change(f"{lint}-added", resource, after=", ".join(key))


def _renamed(
    old: Package, before: Resource, first: Schema, new: Package, after: Resource, second: Schema
) -> dict[str, str]:
    """Return the columns that are gone and stand in the new table under another name, by what they hold."""
    gone = [item for item in first.fields if item.name not in second.names]
    came = [item for item in second.fields if item.name not in first.names]
    if not gone or not came:
        return {}
    held = _values(old, before, gone), _values(new, after, came)
    found: dict[str, str] = {}
    for item in gone:
        close = [other for other in came if other.type == item.type and other.name not in found.values()]
        scored = [(_likeness(item, other, held[0][item.name], held[1][other.name]), other.name) for other in close]
        score, name = max(scored, default=(0.0, ""))
        if score >= _ALIKE:
            found[item.name] = name
    return found


def _values(package: Package, resource: Resource, fields: Sequence[Field]) -> dict[str, Counter[str]]:
    """Return what some columns of a table hold, and how often."""
    held: dict[str, Counter[str]] = {item.name: Counter() for item in fields}
    for row in TableRows(package.files, resource):
        for item in fields:
            if value := row.cells[item.position - 1]:
                held[item.name][value] += 1
    return held


def _likeness(old: Field, new: Field, before: Counter[str], after: Counter[str]) -> float:
    """Return the share of values that two columns have in common; of empty ones only place and words tell."""
    most = max(before.total(), after.total())
    if most:
        return (before & after).total() / most
    same = old.position == new.position and old.constraints == new.constraints
    return float(same or (bool(old.title) and old.title == new.title))
