"""What changed between two releases, as records: changes with the step each calls for, rows, cards.

Apart from `diff`, which finds them, so that a comparison can be written down with no package and no file
at hand. Nothing here imports anything of ours.
"""

from __future__ import annotations

import enum
from dataclasses import asdict, dataclass, field
from typing import Any

SCHEMA_VERSION = 1


class Step(enum.IntEnum):
    """How much of a version number has to move; the order is the one that `--expect` compares."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    @property
    def label(self) -> str:
        """Return the word that reports print: `none`, `patch`, `minor`, `major`."""
        return self.name.lower()


class Kind(enum.StrEnum):
    """What happened to a row; `retired`: removed, and its id stands among the retired ones."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    RETIRED = "retired"
    RENAMED = "renamed"


@dataclass(frozen=True, slots=True)
class Change:
    """One lint that fired: on which table and field, how often, what stood there before and what now.

    `count` is the number of rows where the lint is about rows, else 1.
    """

    lint: str
    step: Step
    message: str
    resource: str | None = None
    field: str | None = None
    count: int = 1
    before: str | None = None
    after: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the change as the JSON form shows it."""
        return {
            "lint": self.lint,
            "step": self.step.label,
            "resource": self.resource,
            "field": self.field,
            "count": self.count,
            "before": self.before,
            "after": self.after,
            "message": self.message,
        }


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a row before and after, as text; None: there was no such row or column."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row that was added, removed or changed, matched by its key.

    `key` pairs the fields of the primary key with the row's values (the new ones, where it was renamed: then
    `cells` hold both); without a usable key it is empty. `row` counts as reports do (the header is 1), in
    the new file, or in the old one where the row is gone. `lints` are those that it triggered.
    """

    resource: str
    kind: Kind
    key: tuple[tuple[str, str], ...]
    cells: tuple[Cell, ...]
    row: int
    lints: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the row as the JSON form shows it."""
        return {
            "resource": self.resource,
            "change": self.kind.value,
            "key": dict(self.key),
            "row": self.row,
            "lints": list(self.lints),
            "fields": [asdict(item) for item in self.cells],
        }


@dataclass(frozen=True, slots=True)
class Line:
    """A labelled line of a card: a field's title and its value before and after, in words."""

    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """A row of a card: of which table (its title), what happened, and what it says."""

    table: str
    kind: Kind
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A source that a card's record cites: what it is called, its address, and whether it is new here."""

    id: str
    title: str
    url: str | None
    is_new: bool


@dataclass(frozen=True, slots=True)
class Alike:
    """A record that is much like a new one: 1.0 would be the same."""

    id: str
    title: str
    score: float


@dataclass(frozen=True, slots=True)
class Card:
    """Everything that changed about one record: its own row first, then what belongs to it."""

    resource: str
    table: str
    id: str
    title: str
    kind: Kind
    parts: tuple[Part, ...]
    sources: tuple[Source, ...] = ()
    alike: tuple[Alike, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the card as the JSON form shows it."""
        return {
            "resource": self.resource,
            "id": self.id,
            "title": self.title,
            "change": self.kind.value,
            "parts": [
                {"table": part.table, "change": part.kind.value, "lines": [asdict(item) for item in part.lines]}
                for part in self.parts
            ],
            "sources": [
                {"id": item.id, "title": item.title, "url": item.url, "new": item.is_new} for item in self.sources
            ],
            "alike": [asdict(item) for item in self.alike],
        }


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two releases: what the call named, what it says of itself, how many records each table has."""

    where: str
    name: str | None
    version: str | None
    rows: dict[str, int] = field(default_factory=dict)
    created: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the side as the JSON form shows it."""
        return {
            "where": self.where,
            "name": self.name,
            "version": self.version,
            "created": self.created,
            "rows": dict(self.rows),
        }


@dataclass(frozen=True, slots=True)
class Unread:
    """A table that could not be compared, and why."""

    resource: str
    reason: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that changed from one release to another.

    `rows` are capped for each table where the call says so; `totals` (by table and kind) never are.
    """

    old: Side
    new: Side
    tool_version: str
    changes: tuple[Change, ...] = ()
    rows: tuple[RowChange, ...] = ()
    cards: tuple[Card, ...] = ()
    unread: tuple[Unread, ...] = ()
    totals: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def step(self) -> Step:
        """Return the largest step that a change calls for."""
        return max((item.step for item in self.changes), default=Step.NONE)

    @property
    def is_first(self) -> bool:
        """Tell whether there was no release before."""
        return self.old.name is None and not self.old.rows

    @property
    def left_out(self) -> int:
        """Return how many changed rows are counted but not listed."""
        return sum(sum(kinds.values()) for kinds in self.totals.values()) - len(self.rows)

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison in the shape of `schemas/changes.schema.json`."""
        return {
            "schema_version": SCHEMA_VERSION,
            "tool": {"name": "accords", "version": self.tool_version},
            "step": self.step.label,
            "old": self.old.to_dict(),
            "new": self.new.to_dict(),
            "totals": {table: dict(kinds) for table, kinds in self.totals.items()},
            "changes": [item.to_dict() for item in self.changes],
            "not_compared": [asdict(item) for item in self.unread],
            "rows_left_out": self.left_out,
            "rows": [item.to_dict() for item in self.rows],
            "cards": [item.to_dict() for item in self.cards],
        }
