"""Records of a package by their id, and to which record a row belongs.

Apart from `cards`, which says what changed: what a changed row is part of, and what the ids in it are
called, stands in rows that did not change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field

from accords.diff.rows import NotCompared, TableRows
from accords.package import Package, Resource, Schema

Values = Mapping[str, str]
Place = tuple[str, str]  # a table and an id

_SMALL = 8 << 20  # bytes of a table that is kept whole
_TITLES = ("label_en", "title_en", "name_en", "label", "title", "name")


@dataclass
class Lookup:
    """The records of one package whose primary key is one field. Large tables are read for what is wanted."""

    package: Package
    _held: dict[str, dict[str, Values]] = field(default_factory=dict)
    _sought: set[Place] = field(default_factory=set)
    _whole: set[str] = field(default_factory=set)

    def fetch(self, places: Iterable[Place]) -> None:
        """Read the records at some places, each table at most once."""
        wanted: dict[str, set[str]] = {}
        for table, id_ in places:
            if table not in self._whole and (table, id_) not in self._sought:
                self._sought.add((table, id_))
                wanted.setdefault(table, set()).add(id_)
        for table, ids in wanted.items():
            resource = self.package.resource(table)
            if resource and resource.schema and len(resource.schema.primary_key) == 1:
                self._read(resource, resource.schema.primary_key[0], ids)

    def know(self, place: Place, values: Values | None) -> None:
        """Take a record from whoever has read it already; None: that it is not there."""
        self._sought.add(place)
        if values is not None:
            self._held.setdefault(place[0], {})[place[1]] = values

    def _read(self, resource: Resource, key: str, ids: set[str]) -> None:
        whole = self._is_small(resource)
        held = self._held.setdefault(resource.name, {})
        for values in rows(self.package, resource, key, None if whole else ids):
            held.setdefault(values[key], values)
        if whole:
            self._whole.add(resource.name)

    def _is_small(self, resource: Resource) -> bool:
        try:
            return sum(self.package.files.size(path) for path in resource.paths) <= _SMALL
        except (OSError, ValueError):
            return False

    def get(self, place: Place) -> Values | None:
        """Return a record that was fetched, or None."""
        return self._held.get(place[0], {}).get(place[1])

    def every(self, resource: Resource) -> Iterator[Values]:
        """Yield all rows of a table that is small enough to be gone through for a few words of context."""
        if self._is_small(resource):
            yield from rows(self.package, resource)


def rows(package: Package, resource: Resource, key: str = "", ids: Set[str] | None = None) -> Iterator[Values]:
    """Yield the rows of a table by column, as far as it can be read; only those with these `ids` in `key`, if given."""
    try:
        table = TableRows(package.files, resource)
        names = table.schema.names
        spot = names.index(key) if key else 0
        for row in table:
            if ids is None or row.cells[spot] in ids:
                yield dict(zip(names, row.cells, strict=True))
    except NotCompared:
        return  # the comparison of the table itself says so


def parents(schema: Schema) -> dict[str, str]:
    """Return the columns that lead to one other table each, and to which."""
    return {key.fields[0]: key.parent for key in schema.foreign_keys if len(key.fields) == 1}


def owner(schema: Schema, values: Values) -> Place | None:
    """Return the record that a row belongs to: as the schema says, or what the first part of its key leads to."""
    to = parents(schema)
    if schema.belongs_to:
        if schema.belongs_to.table:
            return values.get(schema.belongs_to.table, ""), values.get(schema.belongs_to.fields[0], "")
        found = [(to[name], values[name]) for name in schema.belongs_to.fields if name in to and values.get(name)]
        return found[0] if found else None
    first = schema.primary_key[0] if len(schema.primary_key) > 1 else ""
    return (to[first], values[first]) if first in to and values.get(first) else None


def owning_columns(schema: Schema) -> frozenset[str]:
    """Return the columns that say to what a row belongs."""
    if schema.belongs_to:
        return frozenset((*schema.belongs_to.fields, schema.belongs_to.table or ""))
    return frozenset(schema.primary_key[:1] if len(schema.primary_key) > 1 else ())


def title_of(schema: Schema, values: Values) -> str:
    """Return what a record is called, or nothing."""
    names = (*schema.identity[:1], *_TITLES)
    return next((values[name] for name in names if values.get(name)), "")
