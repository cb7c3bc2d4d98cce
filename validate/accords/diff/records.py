"""Says what the changed rows of a table mean: which lints they trigger, and how each row is told.

Apart from `rows`, which only knows texts that differ: whether a row is a record with an id, a code of a
vocabulary or part of something else decides what its change calls for.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from accords.changes import Cell, Change, Kind, RowChange
from accords.diff.rows import Compared, NotCompared, Row, TableRows
from accords.lints import change
from accords.package import Package, Resource, Schema

RETIRED = "retired_ids"  # the table that says which ids are no longer in use
_MANY = 0.05  # share of a table
_NAMED = 3  # records that a message names
_TELLING = 3  # values that two records must share, and no other, to be taken for one under two ids

Retired = Mapping[str, frozenset[str]]


def retired_ids(package: Package) -> Retired:
    """Return the retired ids of each table, from the table `retired_ids` of a package that has one."""
    resource = package.resource(RETIRED)
    if not resource or not resource.schema or not {"resource", "retired_id"} <= set(resource.schema.names):
        return {}
    table, retired = (resource.schema.names.index(name) for name in ("resource", "retired_id"))
    found: dict[str, set[str]] = defaultdict(set)
    try:
        for row in TableRows(package.files, resource):
            found[row.cells[table]].add(row.cells[retired])
    except NotCompared:
        return {}  # the comparison of the table itself says so
    return {name: frozenset(ids) for name, ids in found.items()}


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a table's rows: each lint once for a field, rows one by one, and how many of each kind."""

    changes: tuple[Change, ...] = ()
    rows: tuple[RowChange, ...] = ()
    kinds: Mapping[str, int] = field(default_factory=dict)


def judged(table: Compared, resource: Resource, retired: Retired, limit: int | None) -> Judged:
    """Return what the rows that differ mean; at most `limit` of them one by one (None: all)."""
    if resource.schema is None:
        return Judged()
    judge = _Judge(table, resource, resource.schema, retired.get(resource.name, frozenset()))
    kinds: Counter[str] = Counter()
    rows: list[RowChange] = []
    for row in chain(judge.gone_and_new(), judge.changed()):
        kinds[row.kind.value] += 1
        if limit is None or len(rows) < limit:
            rows.append(row)
    if kinds:
        return Judged(tuple(judge.told()), tuple(rows), kinds)
    return Judged((change("form-changed", resource.name),) if table.rewritten and table.before else ())


@dataclass
class _Judge:
    """Gathers which rows each lint fired for, by lint and field."""

    table: Compared
    resource: Resource
    schema: Schema
    retired: frozenset[str]
    fired: dict[tuple[str, str | None], list[str]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self.has_ids = len(self.table.key) == 1
        self.noun = "code" if self.resource.vocabulary else "record" if self.has_ids else "row"

    def fire(self, lint: str, row: Row, field: str | None = None) -> str:
        self.fired[lint, field].append(" | ".join(self.table.key_of(row)))
        return lint

    def gone_and_new(self) -> Iterator[RowChange]:
        """Yield rows that only one side has."""
        renamed = self._renamed() if self.has_ids else {}
        for row in self.table.removed:
            if row.number in renamed:
                yield self._rename(row, renamed[row.number])
                continue
            if self.has_ids and self.table.key_of(row)[0] in self.retired:
                kind, lint = Kind.RETIRED, "record-retired"
            else:
                kind, lint = Kind.REMOVED, f"{self.noun}-removed"
            told = (self.fire(lint, row),)
            yield self._told(kind, row, [Cell(*item, None) for item in self._named(row)], told)
        taken = {row.number for row in renamed.values()}
        for row in self.table.added:
            if row.number not in taken:
                told = (self.fire(f"{self.noun}-added", row),)
                yield self._told(Kind.ADDED, row, [Cell(name, None, value) for name, value in self._named(row)], told)

    def _told(self, kind: Kind, row: Row, cells: Sequence[Cell], lints: tuple[str, ...]) -> RowChange:
        key = tuple(zip(self.table.key, self.table.key_of(row), strict=True))
        return RowChange(self.resource.name, kind, key, tuple(cells), row.number, lints)

    def _named(self, row: Row) -> Iterator[tuple[str, str]]:
        return zip(self.table.names, row.cells, strict=True)

    def _rename(self, old: Row, new: Row) -> RowChange:
        [key] = self.table.key
        cell = Cell(key, self.table.key_of(old)[0], self.table.key_of(new)[0])
        return self._told(Kind.RENAMED, new, [cell], (self.fire("record-renamed", new),))

    def _renamed(self) -> dict[int, Row]:
        """Return, by the number of a row that is gone, the one new row that says all the same under another id."""
        spot = self.table.names.index(self.table.key[0])

        def telling(rows: Sequence[Row]) -> dict[tuple[str, ...], Row]:
            texts = {row.number: (*row.cells[:spot], *row.cells[spot + 1 :]) for row in rows}
            counts = Counter(texts.values())
            return {
                text: row for row in rows if counts[text := texts[row.number]] == 1 and sum(map(bool, text)) >= _TELLING
            }

        before, after = telling(self.table.removed), telling(self.table.added)
        kept = {text: row for text, row in before.items() if self.table.key_of(row)[0] not in self.retired}
        return {row.number: after[text] for text, row in kept.items() if text in after}

    def changed(self) -> Iterator[RowChange]:
        """Yield rows whose key both sides have."""
        spots = [(spot, name) for spot, name in enumerate(self.table.names)]
        for old, new in self.table.changed:
            cells = [
                Cell(name, old.cells[spot] if name in self.table.common else None, new.cells[spot])
                for spot, name in spots
                if old.cells[spot] != new.cells[spot]
            ]
            lints = [self.fire(self._lint(item), new, item.field) for item in cells]
            if self._another(old, new):
                lints.append(self.fire("id-reused", new))
            yield self._told(Kind.CHANGED, new, cells, tuple(dict.fromkeys(lints)))

    def _lint(self, cell: Cell) -> str:
        """Return what the change of one value is called."""
        name = cell.field
        if self.resource.vocabulary:
            if name == "status" and cell.after == "deprecated":
                return "code-deprecated"
            known = {"broader": "code-moved", "definition": "code-redefined"}
            if name in known or name.startswith("label"):
                return known.get(name, "code-relabelled")
        if not cell.before:
            return "value-added"
        if not cell.after:
            return "value-removed"
        return "value-observed" if self.schema.field(name).observed else "value-corrected"

    def _another(self, old: Row, new: Row) -> bool:
        """Tell whether a record says something else in every field that tells what it is."""
        if not self.has_ids or len(self.schema.identity) < 2:
            return False
        spots = [self.table.names.index(name) for name in self.schema.identity]
        said = [(_folded(old.cells[spot]), _folded(new.cells[spot])) for spot in spots if old.cells[spot]]
        return len(said) >= 2 and all(before != after for before, after in said)

    def told(self) -> Iterator[Change]:
        """Yield each lint that fired, with its rows."""
        for (lint, name), keys in self.fired.items():
            many = lint == "record-retired" and len(keys) > max(1.0, _MANY * self.table.before)
            yield change(
                "many-records-retired" if many else lint,
                self.resource.name,
                name,
                count=len(keys),
                rows=self._rows(keys),
                what=", ".join(self.schema.identity),
            )

    def _rows(self, keys: list[str]) -> str:
        number = f"{len(keys):,} {self.noun}{'s' if len(keys) > 1 else ''}"
        if not self.has_ids:
            return number
        named = ", ".join(keys[:_NAMED]) + (" …" if len(keys) > _NAMED else "")
        return f"{number} ({named})"


def _folded(text: str) -> str:
    """Return a text without case, marks and signs, as far as titles are compared."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return "".join(char for char in plain if char.isalnum())
