"""Compares the rows of one table: what both releases share drops out, the rest is matched by key.

Apart from `records`, which says what a change means: here rows are texts, and a table is read as the
strict reader reads it, or line by line where both files prove that this is the same (`lines`).
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field

from accords.diff.lines import differing, unlike
from accords.files import Files
from accords.labels import order
from accords.package import Resource, Schema
from accords.reader import records
from accords.tables import TableReader

_HARMLESS = frozenset(("byte-order-mark", "blank-row"))
_BETWEEN = "\0"  # no cell holds it: the reader refuses it
Cells = tuple[str, ...]


class NotCompared(Exception):
    """A table cannot be read as its descriptor says; the text gives the reason."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row's number (the header is 1) and its cells."""

    number: int
    cells: Cells


@dataclass
class Compared:
    """What differs between two states of a table; cells stand in the order of `names`, the new columns.

    `common` are the columns that both have, `key` those that name a record in both (none: rows are matched
    as a whole). `before` and `after` count all rows. `rewritten`: the bytes differ, whatever they say.
    """

    names: Cells
    common: frozenset[str]
    key: Cells = ()
    before: int = 0
    after: int = 0
    added: list[Row] = field(default_factory=list)
    removed: list[Row] = field(default_factory=list)
    changed: list[tuple[Row, Row]] = field(default_factory=list)
    rewritten: bool = False

    def __post_init__(self) -> None:
        """Find the columns of the key once."""
        self._spots = [self.names.index(name) for name in self.key]

    def key_of(self, row: Row) -> Cells:
        """Return the values of a row's key."""
        cells = row.cells
        return tuple([cells[spot] for spot in self._spots])


class TableRows:
    """The rows of a table as the strict reader reads them, one pass; `facts` are known afterwards."""

    def __init__(self, files: Files, resource: Resource) -> None:
        if resource.blocked or resource.schema is None:
            raise NotCompared(str(resource.blocked or "the resource has no usable schema"))
        self.schema: Schema = resource.schema
        self._table = TableReader(files, resource, resource.schema, limit=1)
        self.facts: list[tuple[int, str]] = []

    def __iter__(self) -> Iterator[Row]:
        table = self._table
        table.survey()
        self.facts = [(size, digest) for _, size, digest in table.facts]
        if not table.stopped:
            with table.reporting(), closing(table.records()) as rows:
                labels = table.labels(rows)
                if labels is not None:
                    for record in table.fitting(rows, len(labels), order(labels, self.schema)):
                        yield Row(record.row, tuple([cell or "" for cell in record.cells]))
        wrong = next((item for item in table.shown if item.code not in _HARMLESS), None)
        if wrong:
            place = ", line ".join(str(part) for part in (wrong.path, wrong.line) if part is not None)
            raise NotCompared(f"{place}: {wrong.message}")


def compare_rows(
    old_files: Files, old: Resource, new_files: Files, new: Resource, renamed: Mapping[str, str]
) -> Compared:
    """Return what differs between a table then and now; `renamed` maps old names of columns to new ones.

    Raises `NotCompared` where one of them cannot be read to its end.
    """
    left, came = TableRows(old_files, old), TableRows(new_files, new)
    names = came.schema.names
    old_names = tuple(renamed.get(name, name) for name in left.schema.names)
    keyed = bool(set(came.schema.primary_key) <= set(old_names))
    found = Compared(names, frozenset(names) & frozenset(old_names), came.schema.primary_key if keyed else ())
    short = differing(old_files, old, new_files, new) if old_names == names else None
    if short:
        found.before, found.after, found.rewritten = short.unlike.before, short.unlike.after, short.rewritten
        gone, fresh, _, _ = _unlike(
            _parsed(short.header, short.unlike.gone, old), _parsed(short.header, short.unlike.fresh, new)
        )
    else:
        gone, fresh, found.before, found.after = _unlike(_moved(left, old_names, names), came)
        found.rewritten = left.facts != came.facts
    _match(found, gone, fresh)
    return found


def introduced(files: Files, resource: Resource) -> Compared:
    """Return a table that is new, compared with none."""
    table = TableRows(files, resource)
    rows = list(table)
    names = table.schema.names
    return Compared(names, frozenset(names), table.schema.primary_key, 0, len(rows), rows, rewritten=True)


def _parsed(header: bytes, lines: list[tuple[bytes, int]], resource: Resource) -> Iterator[Row]:
    """Yield rows from lines that are known to be one record each."""
    stream = io.BytesIO(b"\n".join([header, *(line for line, _ in lines), b""]))
    read = records(stream, resource.encoding, resource.dialect)
    next(read)
    for record, (_, number) in zip(read, lines, strict=True):
        yield Row(number, tuple([cell or "" for cell in record.cells]))


def _moved(rows: Iterable[Row], old_names: Cells, names: Cells) -> Iterator[Row]:
    """Yield old rows with their cells where the new columns are; a column that was not there is empty."""
    if old_names == names:
        yield from rows
        return
    spots = [old_names.index(name) if name in old_names else None for name in names]
    for row in rows:
        yield Row(row.number, tuple(["" if spot is None else row.cells[spot] for spot in spots]))


def _unlike(before: Iterable[Row], after: Iterable[Row]) -> tuple[list[Row], list[Row], int, int]:
    """Return the rows that only one side has, and how many each has. A row is kept as one text."""
    found = unlike(
        ((_BETWEEN.join(row.cells), row.number) for row in before),
        ((_BETWEEN.join(row.cells), row.number) for row in after),
    )
    gone, fresh = (
        [Row(number, tuple(text.split(_BETWEEN))) for text, number in side] for side in (found.gone, found.fresh)
    )
    return gone, fresh, found.before, found.after


def _match(found: Compared, gone: list[Row], fresh: list[Row]) -> None:
    """Pair what is left by key; a key that stands twice on a side pairs nothing."""
    if not found.key:
        found.added, found.removed = fresh, gone
        return
    before, after = _by_key(found, gone), _by_key(found, fresh)
    for key, row in after.items():
        if key in before:
            found.changed.append((before[key], row))
    met = before.keys() & after.keys()
    found.removed = [row for row in gone if found.key_of(row) not in met]
    found.added = [row for row in fresh if found.key_of(row) not in met]


def _by_key(found: Compared, rows: list[Row]) -> dict[Cells, Row]:
    """Return the rows whose key stands once, by their key."""
    counts = Counter(found.key_of(row) for row in rows)
    return {key: row for row in rows if counts[key := found.key_of(row)] == 1}
