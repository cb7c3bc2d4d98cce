"""What is known of the package's records by name: identifiers, names in any spelling, addresses, numbers.

Apart from `recognition`, which decides what a contribution means: here is only what a text can stand for, in
the package and in the documents of the same call.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from accords.intake.document import Document
from accords.intake.folding import address, folded, joined, shorter, spelt_alike
from accords.intake.tables import Row, Tables

KINDS = ("places", "parties", "sources", "agreements", "events", "commitments")
"""The tables whose records are called by name, in the order in which one needs another."""

_NAMES = {
    "places": ("name_en", "name_vi"),
    "parties": ("name_en", "name_vi"),
    "sources": ("title",),
    "agreements": ("title_en", "title_original"),
    "events": ("title_en",),
    "commitments": ("description_en",),
}
_NEAR, _FAR = 82.0, 60.0  # of 100: what is looked at for slips, and what is offered where nothing has a name
_WITHIN = 200.0  # of a place whose name is a part of what was said: before all that is only spelt like it


class Register:
    """Finds records by name; learns what documents call theirs."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._ids: dict[str, set[str]] = {kind: {key[0] for key in tables[kind].rows} for kind in KINDS}
        self._retired = {(row["resource"], row["retired_id"]) for row in tables.rows("retired_ids")}
        self._names: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._spellings: dict[str, dict[str, None]] = {kind: {} for kind in KINDS}
        self._marks: dict[tuple[str, ...], set[str]] = defaultdict(set)
        self._local: dict[tuple[int, str, str], set[str]] = defaultdict(set)
        self._called: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._drafts: dict[tuple[str, str], Row] = {}
        self._events: dict[int, list[str]] = defaultdict(list)
        for kind in KINDS:
            for row in tables.rows(kind):
                self.learn(kind, row[f"{_one(kind)}_id"], (row[name] for name in _NAMES[kind]))
        for row in tables.rows("party_names"):
            self.learn("parties", row["party_id"], (row["name"],))
        for row in tables.rows("party_identifiers"):
            self.mark(("parties", row["scheme"], row["value"]), row["party_id"])
        for row in tables.rows("sources"):
            self.mark_source(row["source_id"], row["url"], row["archive_url"])
        for row in tables.rows("places"):
            self.mark(("places", row["iso_3166_2"]), row["place_id"])

    def knows(self, kind: str, identifier: str) -> bool:
        """Tell whether a record of that identifier exists, or is made by one of the documents."""
        return identifier in self._ids[kind]

    def free(self, kind: str, identifier: str) -> bool:
        """Tell whether an identifier can be given to a new record: never used, not even once."""
        return identifier not in self._ids[kind] and (kind, identifier) not in self._retired

    def row(self, kind: str, identifier: str) -> Row | None:
        """Return the row of a record, if it has one yet."""
        return self.tables[kind].rows.get((identifier,))

    def draft(self, kind: str, identifier: str, said: Row) -> None:
        """Remember what a document says of a record that has no row yet."""
        self._drafts[kind, identifier] = said

    def drafted(self, kind: str, identifier: str) -> Row:
        """Return what a document says of a record that has no row yet."""
        return self._drafts.get((kind, identifier), {})

    def events_of(self, document: Document) -> list[str]:
        """Return the events that a document describes."""
        return list(dict.fromkeys(self._events[id(document)]))

    def learn(self, kind: str, identifier: str, names: Iterable[str], document: Document | None = None) -> None:
        """Remember what a record is called; `document`: whose author calls it so."""
        self._ids[kind].add(identifier)
        if document is not None and kind == "events":
            self._events[id(document)].append(identifier)
        for name in filter(None, names):
            plain = folded(name)
            self._names[kind, plain].add(identifier)
            if kind == "places":
                self._names[kind, joined(name)].add(identifier)
            self._spellings[kind][plain] = None
            self._called[kind, identifier].add(plain)
            if document is not None:
                self._local[id(document), kind, plain].add(identifier)

    def mark(self, mark: tuple[str, ...], identifier: str) -> None:
        """Remember a number or an address that means a record."""
        if mark[-1]:
            self._marks[mark].add(identifier)

    def mark_source(self, identifier: str, *urls: str) -> None:
        """Remember the addresses of a source."""
        for url in filter(None, urls):
            self.mark(("sources", address(url)), identifier)

    def marked(self, *mark: str) -> set[str]:
        """Return the records that a number or an address means."""
        return set(self._marks.get(mark, ()))

    def called(self, kind: str, identifier: str, name: str) -> bool:
        """Tell whether a record is known under a name."""
        return folded(name) in self._called[kind, identifier]

    def find(self, kind: str, text: str, document: Document | None = None) -> set[str]:
        """Return the records that a text can mean: by identifier, address, or name without case and marks.

        What the same document calls so goes before all others.
        """
        if text in self._ids[kind]:
            return {text}
        plain = folded(text)
        if document is not None and (local := self._local.get((id(document), kind, plain))):
            return set(local)
        if kind == "sources" and (found := self.marked("sources", address(text))):
            return found
        keys = [(kind, plain), *([(kind, joined(text))] if kind == "places" else [])]
        return set(next((self._names[key] for key in keys if self._names.get(key)), ()))

    def close(self, kind: str, text: str) -> list[str]:
        """Return records that may be meant by a name that is spelt nearly so: slips, order, small words."""
        from rapidfuzz import fuzz, process

        plain = folded(text)
        near = process.extract(
            plain, self._spellings[kind].keys(), scorer=fuzz.token_sort_ratio, score_cutoff=_NEAR, limit=20
        )
        names = [name for name, _, _ in near if spelt_alike(plain, name)]
        return list(dict.fromkeys(identifier for name in names for identifier in sorted(self._names[kind, name])))[:5]

    def nearest(self, kind: str, text: str, least: float = _FAR) -> list[str]:
        """Return the records to offer where nothing has a name: at most five, the nearest first."""
        from rapidfuzz import fuzz, process

        names = process.extract(
            folded(text), self._spellings[kind].keys(), scorer=fuzz.ratio, score_cutoff=least, limit=5
        )
        ids = process.extract(text, self._ids[kind], scorer=fuzz.ratio, score_cutoff=least, limit=3)
        scored = [(score, one) for name, score, _ in names for one in self._names[kind, name]]
        if kind == "places":
            within = [one for name in shorter(text) for one in sorted(self._names.get((kind, name), ()))]
            scored += [(_WITHIN - spot, one) for spot, one in enumerate(within)]
        best = sorted([*scored, *((score, one) for one, score, _ in ids)], key=lambda pair: (-pair[0], pair[1]))
        return list(dict.fromkeys(identifier for _, identifier in best))[:5]

    def shown(self, kind: str, identifiers: Iterable[str]) -> str:
        """Return records as a message lists them: identifier and name."""
        told = []
        for identifier in identifiers:
            row = self.row(kind, identifier) or self.drafted(kind, identifier)
            name = next((row[key] for key in _NAMES[kind] if row.get(key)), "")
            told.append(f"{identifier} ({name})" if name else identifier)
        return ", ".join(told)


def names_of(kind: str) -> tuple[str, ...]:
    """Return the columns that hold the names of a kind of record."""
    return _NAMES[kind]


def id_column(kind: str) -> str:
    """Return the column that holds the identifier of a kind of record."""
    return f"{_one(kind)}_id"


def _one(kind: str) -> str:
    return "party" if kind == "parties" else kind[:-1]
