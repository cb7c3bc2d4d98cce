"""Gathers changed rows into cards: everything that changed about one agreement, event or other record.

Apart from the comparison itself, which goes table by table: a reviewer sees one contribution as one card,
with words in the place of codes, the sources, and the records that the new one could be a double of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from accords.changes import Alike, Card, Kind, Line, Part, RowChange, Source
from accords.diff.likeness import Likeness, words_of
from accords.diff.lookup import Lookup, Place, Values, owner, owning_columns, parents, title_of
from accords.package import Package, Resource, Schema

_DEPTH = 4  # how far a row may be from the record that its card is about
_GONE = (Kind.REMOVED, Kind.RETIRED)


@dataclass(frozen=True, slots=True)
class _Told:
    """A changed row with its table and all its values, as far as they are known."""

    change: RowChange
    resource: Resource
    schema: Schema
    values: Values

    @property
    def place(self) -> Place | None:
        key = self.change.key
        return (self.change.resource, key[0][1]) if len(key) == 1 else None


def cards(
    old: Package, new: Package, changes: Sequence[RowChange], known: Mapping[Place, Values], most_sought: int
) -> list[Card]:
    """Return a card for each record that changed or that a changed row belongs to, in the order of the tables.

    `known` holds the records that changed, whole, as they are now. Look-alikes are sought for the first
    `most_sought` new records of each table.
    """
    made = _Cards(old, new, most_sought)
    for place, values in known.items():
        made.now.know(place, values)
    return made.made(changes)


class _Cards:
    def __init__(self, old: Package, new: Package, most_sought: int) -> None:
        self.old, self.new, self.most_sought = old, new, most_sought
        self.was, self.now = Lookup(old), Lookup(new)
        self.rows: dict[Place, _Told] = {}

    def made(self, changes: Sequence[RowChange]) -> list[Card]:
        """Return the cards."""
        listed = [item for change in changes if (item := self._with_values(change))]
        self.rows = {item.place: item for item in listed if item.place}
        for place, item in self.rows.items():
            if item.change.kind is Kind.ADDED:
                self.now.know(place, item.values)
            elif item.change.kind in _GONE:
                self.was.know(place, item.values)
                self.now.know(place, None)
        groups: dict[Place, list[_Told]] = defaultdict(list)
        for item, root in zip(listed, self._roots(listed), strict=True):
            if root:
                groups[root].append(item)
        order = {item.name: number for number, item in enumerate((*self.new.resources, *self.old.resources))}
        places = sorted(groups, key=lambda place: (order.get(place[0], len(order)), place[1]))
        self._fetch(
            place
            for item in listed
            for values in (item.values, _before(item))
            for place in _linked(item.schema, values)
        )
        cited = self._cited({place for place in places if self.now.get(place)})
        self._fetch(place for found in cited.values() for place in found)
        alike = self._alike([place for place in places if self._kind(place) is Kind.ADDED])
        return [self._card(place, groups[place], cited.get(place, []), alike.get(place, ())) for place in places]

    def _fetch(self, places: Iterable[Place]) -> None:
        wanted = list(places)
        self.now.fetch(wanted)
        self.was.fetch(place for place in wanted if self.now.get(place) is None)

    def _get(self, place: Place) -> Values | None:
        return self.now.get(place) or self.was.get(place)

    def _resource(self, name: str) -> Resource | None:
        return self.new.resource(name) or self.old.resource(name)

    def _with_values(self, change: RowChange) -> _Told | None:
        resource = self._resource(change.resource)
        if resource is None or resource.schema is None:
            return None
        side = {item.field: item.before if change.kind in _GONE else item.after for item in change.cells}
        values = {**dict(change.key), **{name: value or "" for name, value in side.items()}}
        return _Told(change, resource, resource.schema, values)

    def _roots(self, listed: Sequence[_Told]) -> list[Place | None]:
        """Return the record that each row's card is about; None for a row that has no id and belongs to nothing."""
        self._fetch(item.place for item in listed if item.place and item.change.kind is Kind.CHANGED)
        at: list[Place | None] = [self._above(item.schema, self._whole(item)) or item.place for item in listed]
        for _ in range(_DEPTH):
            self._fetch(place for place in at if place)
            at = [self._up(place) if place else None for place in at]
        return at

    def _whole(self, item: _Told) -> Values:
        """Return all values of a changed row, those that did not change among them."""
        return {**((item.place and self._get(item.place)) or {}), **item.values}

    def _above(self, schema: Schema, values: Values) -> Place | None:
        found = owner(schema, values)
        return found if found and self._resource(found[0]) else None

    def _up(self, place: Place) -> Place:
        resource, told = self._resource(place[0]), self.rows.get(place)
        values = self._whole(told) if told else self._get(place)
        above = self._above(resource.schema, values) if resource and resource.schema and values else None
        return above or place

    def _kind(self, place: Place) -> Kind:
        told = self.rows.get(place)
        return told.change.kind if told else Kind.CHANGED

    def _card(self, place: Place, rows: Sequence[_Told], cited: Sequence[Place], alike: Sequence[Alike]) -> Card:
        resource = self._resource(place[0])
        schema = resource.schema if resource else None
        values = self._get(place) or (self.rows[place].values if place in self.rows else {})
        first = sorted(rows, key=lambda item: item.place != place)
        return Card(
            resource=place[0],
            table=(resource.title if resource else "") or place[0],
            id=place[1],
            title=title_of(schema, values) if schema else "",
            kind=self._kind(place),
            parts=tuple(self._part(item, place) for item in first),
            sources=tuple(self._sources(first, cited)),
            alike=tuple(alike),
        )

    def _part(self, item: _Told, root: Place) -> Part:
        """Return a row in words: all of it where it is new or gone, else what tells it apart and what changed."""
        schema, change = item.schema, item.change
        known = owning_columns(schema) if item.place != root else frozenset(schema.primary_key)
        to = parents(schema)
        lines = []
        if change.kind is Kind.CHANGED:
            lines = [self._line(schema, to, name, value, value) for name, value in change.key if name not in known]
        for cell in change.cells:
            said = (cell.before or "") + (cell.after or "")
            if said and (cell.field not in known or change.kind is Kind.RENAMED):
                lines.append(self._line(schema, to, cell.field, cell.before, cell.after))
        return Part(item.resource.title or item.resource.name, change.kind, tuple(lines))

    def _line(self, schema: Schema, to: Mapping[str, str], name: str, before: str | None, after: str | None) -> Line:
        title = schema.field(name).title if name in schema.names else ""
        return Line(title or name, *(self._in_words(to.get(name), value) for value in (before, after)))

    def _in_words(self, table: str | None, value: str | None) -> str | None:
        """Return a value; an id or code with what it is called."""
        if not value or table is None:
            return value or None
        values, resource = self._get((table, value)), self._resource(table)
        called = title_of(resource.schema, values) if values and resource and resource.schema else ""
        return f"{called} ({value})" if called and called != value else value

    def _cited(self, roots: set[Place]) -> dict[Place, list[Place]]:
        """Return the sources that the rows of the new package cite for some records."""
        found: dict[Place, list[Place]] = defaultdict(list)
        for resource in self.new.resources:
            schema = resource.schema
            if schema is None or not any(self._has_link(table) for table in parents(schema).values()):
                continue
            for values in self.now.every(resource) if roots else ():
                above = owner(schema, values)
                if above in roots:
                    found[above] += [place for place in _linked(schema, values) if self._has_link(place[0])]
        return found

    def _has_link(self, table: str) -> bool:
        resource = self._resource(table)
        return bool(resource and resource.schema and resource.schema.link)

    def _sources(self, rows: Sequence[_Told], cited: Sequence[Place]) -> Iterator[Source]:
        places = [place for item in rows for place in _linked(item.schema, item.values) if self._has_link(place[0])]
        for place in dict.fromkeys((*places, *cited)):
            values, resource = self._get(place), self._resource(place[0])
            if values and resource and resource.schema and resource.schema.link:
                title = title_of(resource.schema, values)
                is_new = self._kind(place) is Kind.ADDED
                yield Source(place[1], title, values.get(resource.schema.link) or None, is_new)

    def _alike(self, places: Sequence[Place]) -> dict[Place, tuple[Alike, ...]]:
        """Return the look-alikes of new records."""
        found: dict[Place, tuple[Alike, ...]] = {}
        for table in dict.fromkeys(table for table, _ in places):
            resource = self.new.resource(table)
            if resource is None or resource.schema is None or not resource.schema.identity:
                continue
            features, titles = self._features(resource, resource.schema)
            likeness = Likeness(features)
            for place in [place for place in places if place[0] == table][: self.most_sought]:
                near = likeness.near(place[1])
                found[place] = tuple(Alike(item.id, titles[item.id], item.score) for item in near)
        return found

    def _features(self, resource: Resource, schema: Schema) -> tuple[dict[str, set[str]], dict[str, str]]:
        """Return what tells the records of a table: words of the title, what they are, and what belongs to them."""
        [key], title = schema.primary_key, schema.identity[0]
        features, titles = {}, {}
        for values in self.now.every(resource):
            told = {f"{name}={values[name]}" for name in schema.identity[1:] if values[name]}
            features[values[key]] = words_of(values[title]) | told
            titles[values[key]] = values[title]
        for other in self.new.resources:
            if other.schema is None or other.name == resource.name or len(other.schema.primary_key) < 2:
                continue
            for values in self.now.every(other) if resource.name in parents(other.schema).values() else ():
                above = owner(other.schema, values)
                if above and above[0] == resource.name and above[1] in features:
                    linked = (place for place in _linked(other.schema, values) if place != above)
                    features[above[1]] |= {f"{table}:{id_}" for table, id_ in linked}
        return features, titles


def _linked(schema: Schema, values: Values) -> list[Place]:
    """Return the records that the columns of a row lead to."""
    return [(table, values[name]) for name, table in parents(schema).items() if values.get(name)]


def _before(item: _Told) -> Values:
    return {cell.field: cell.before or "" for cell in item.change.cells}
