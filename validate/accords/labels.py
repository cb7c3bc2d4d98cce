"""The header against the schema: is each column there, under its name, in its place.

Apart from `tables`, which reads records: this compares two lists of names and says how one leads to the
other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from accords.catalogue import listed, shown
from accords.package import Schema
from accords.words import said

_DELIMITERS = ",;\t|"
Order = tuple[int | None, ...]  # the index of each field's column in the file, None where it has none
Finding = tuple[str, dict[str, Any]]  # a code, and where it is and with what words


def joined(rows: Sequence[Sequence[str | None]], join: str) -> list[str]:
    """Return the labels that several header rows make.

    Where an upper row is too short, its last label goes for the columns after it, too, as in the standard's
    example; a blank cell and one that repeats the cell above it add nothing.
    """
    if len(rows) == 1:
        return [label or "" for label in rows[0]]
    width = max((len(row) for row in rows), default=0)
    labels = []
    for spot in range(width):
        parts: list[str] = []
        for row in rows:
            last = len(row) - 1
            cell = "" if not row or (spot > last and row is rows[-1]) else row[min(spot, last)] or ""
            if cell.strip() and parts[-1:] != [cell]:
                parts.append(cell)
        labels.append(join.join(parts))
    return labels


def order(labels: Sequence[str], schema: Schema) -> Order | None:
    """Return the column of each field (None: it has none) where that is not simply one after the other."""
    if tuple(labels) == schema.names:
        return None
    return tuple(labels.index(name) if name in labels else None for name in schema.names)


def compared(labels: Sequence[str], schema: Schema) -> Iterator[Finding]:
    """Yield what is wrong with a header; nothing, where the records can be read by it."""
    expected = schema.names
    if tuple(labels) == expected:
        return
    if not any(label.strip() for label in labels):
        yield "blank-header", {}
        return
    if len(labels) == 1 and any(tuple(labels[0].split(mark)) == expected for mark in _DELIMITERS):
        place = {"column": 1, "value": labels[0], "params": {"expected": shown(expected[0])}}
        yield "incorrect-label", {"variant": "delimiter", **place}
        return
    missing = [item for item in expected if item not in labels]
    extra = [spot for spot, label in enumerate(labels, 1) if label not in expected]
    doubled = len(set(labels)) < len(labels)
    if schema.fields_match != "exact":
        yield from _by_name(labels, schema, missing, extra)
    elif doubled or bool(missing) == bool(extra):
        yield from _by_place(labels, expected)
    else:
        yield from _missing(missing, expected)
        yield from _extra(extra, labels)


def _by_name(labels: Sequence[str], schema: Schema, missing: Sequence[str], extra: Sequence[int]) -> Iterator[Finding]:
    """Compare as `fieldsMatch` asks, whatever the order."""
    match = schema.fields_match
    for spot, label in enumerate(labels, 1):
        if label in labels[: spot - 1] and (label in schema.names or match in ("equal", "superset")):
            yield "duplicate-label", {"column": spot, "value": label}
    if match == "partial" and len(missing) == len(schema.names):
        yield "missing-label", {"params": {"expected": listed(schema.names)}}
    if match in ("equal", "subset"):
        yield from _missing(missing, schema.names)
    if match in ("equal", "superset"):
        yield from _extra(extra, labels)


def _missing(missing: Sequence[str], expected: Sequence[str]) -> Iterator[Finding]:
    for item in missing:
        place = {"fields": (item,), "column": expected.index(item) + 1}
        yield "missing-label", {**place, "params": {"expected": shown(item)}}


def _extra(extra: Sequence[int], labels: Sequence[str]) -> Iterator[Finding]:
    for spot in extra:
        label = labels[spot - 1]
        code = "extra-label" if label.strip() else "blank-label"
        yield code, {"column": spot, "value": label, "params": {"expected": said("no column here")}}


def _by_place(labels: Sequence[str], expected: Sequence[str]) -> Iterator[Finding]:
    """Yield the labels that differ, position by position."""
    for position, label in enumerate(labels, 1):
        wanted = expected[position - 1] if position <= len(expected) else None
        spot = {"column": position, "params": {"expected": shown(wanted or "")}}
        if not label.strip():
            yield "blank-label", spot
        elif label in labels[: position - 1]:
            yield "duplicate-label", {"value": label, **spot}
        elif wanted is None:
            yield "extra-label", {"value": label, **spot}
        elif label != wanted:
            yield "incorrect-label", {"variant": "name", "value": label, **spot}
    for position, wanted in enumerate(expected[len(labels) :], len(labels) + 1):
        yield "missing-label", {"fields": (wanted,), "column": position, "params": {"expected": shown(wanted)}}
