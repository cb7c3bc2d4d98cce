"""Which known records an entry can mean: those that are certainly meant, and those that may be.

Apart from `recognition`, which decides what follows from it. One way for each kind of record: numbers and
addresses, names without case and marks, close spellings, likeness of who and when.
"""

from __future__ import annotations

from accords.intake import likeness
from accords.intake.entries import Entry
from accords.intake.folding import folded
from accords.intake.likeness import Sides
from accords.intake.register import Register

Match = tuple[list[str], list[tuple[str, float]]]
"""The records that are certainly meant, and those that may be, with their scores."""

_CLOSE, _ALIKE = 0.9, 0.8  # scores of a close spelling, and of an equal amount under one owner


class Matching:
    """Compares entries with the records of a package and of the documents so far."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.own: dict[int, str] = {}  # the agreement of each document, by its identity
        self._agreements = likeness.of_agreements(register.tables)
        self._events = likeness.of_events(register.tables)
        self._owned: dict[tuple[str, str], list[str]] = {}
        self._brought: dict[str, int] = {}  # new commitments, and the document of each, by its identity
        for row in register.tables.rows("commitments"):
            self._owned.setdefault((row["agreement_id"], row["event_id"]), []).append(row["commitment_id"])

    def match(self, kind: str, entry: Entry) -> Match:
        """Return what an entry of a kind can mean."""
        if kind == "agreements":
            sides = self.agreement_sides(entry)
            return self._agreements.same(sides), self._agreements.likely(sides)
        if kind == "events":
            sides = self.event_sides(entry)
            return self._events.same(sides), self._events.likely(sides)
        ways = {"places": self._place, "parties": self._party, "sources": self._source}
        return ways.get(kind, self._commitment)(entry)

    def learn(self, kind: str, entry: Entry, identifier: str) -> None:
        """Remember a new record, so that later entries that mean it are recognised."""
        if kind == "agreements":
            self._agreements.add(identifier, self.agreement_sides(entry))
        elif kind == "events":
            self._events.add(identifier, self.event_sides(entry))
        elif kind == "commitments":
            self._owned.setdefault(self.owner(entry), []).append(identifier)
            self._brought[identifier] = id(entry.document)

    def one(self, kind: str, entry: Entry, name: str) -> str:
        """Return the one record that a value names, or ""."""
        text = entry.text(name)
        found = self.own_of(kind, entry, text) or (self.register.find(kind, text, entry.document) if text else ())
        return next(iter(found)) if len(found) == 1 else ""

    def own_of(self, kind: str, entry: Entry, text: str) -> list[str]:
        """Return the records of an entry's own document that it calls `agreement` or `event`; [] for other texts."""
        if kind == "agreements" and text == "agreement" and self.agreement_of(entry):
            return [self.agreement_of(entry)]
        if kind == "events" and text == "event" and entry.section.table != "events":  # no event is its own parent
            return self.register.events_of(entry.document)
        return []

    def agreement_of(self, entry: Entry) -> str:
        """Return the agreement that an entry's document is about, or ""."""
        return self.own.get(id(entry.document), "")

    def owner(self, entry: Entry) -> tuple[str, str]:
        """Return agreement and event of a commitment; where it names neither, those of its document."""
        if entry.text("agreement") or entry.text("event"):
            return self.one("agreements", entry, "agreement"), self.one("events", entry, "event")
        if self.agreement_of(entry):
            return self.agreement_of(entry), ""
        events = self.register.events_of(entry.document)
        return "", events[0] if len(events) == 1 else ""

    def agreement_sides(self, entry: Entry) -> Sides:
        """Return what an agreement is compared by."""
        parties = entry.entries.get("parties", ())
        pairs = ((self.one("parties", item, "party") or item.text("party"), item.text("role")) for item in parties)
        titles = tuple(filter(None, (entry.text("title_en"), entry.text("title_original"))))
        return Sides(likeness.involved(pairs), entry.text("signed_date"), titles, entry.text("agreement_type"))

    def event_sides(self, entry: Entry) -> Sides:
        """Return what an event is compared by."""
        links = {self.one("parties", item, "party") or item.text("party") for item in entry.entries.get("parties", ())}
        for item in entry.entries.get("agreements", ()):
            links.add(self.one("agreements", item, "agreement") or self.agreement_of(entry))
        return Sides(
            frozenset(links - {""}), entry.text("start_date"), (entry.text("title_en"),), entry.text("event_type")
        )

    def _party(self, entry: Entry) -> Match:
        marked: set[str] = set()
        for item in entry.entries.get("identifiers", ()):
            marked |= self.register.marked("parties", item.text("scheme"), item.text("value"))
        other = [item.text("name") for item in entry.entries.get("names", ())]
        return self._by_name("parties", entry, [entry.text("name_en"), entry.text("name_vi"), *other], marked)

    def _place(self, entry: Entry) -> Match:
        marked = self.register.marked("places", entry.text("iso_3166_2")) if entry.text("iso_3166_2") else set()
        return self._by_name("places", entry, [entry.text("name_en"), entry.text("name_vi")], marked)

    def _by_name(self, kind: str, entry: Entry, names: list[str], marked: set[str]) -> Match:
        names = [name for name in names if name]
        found = marked | {one for name in names for one in self.register.find(kind, name)}
        same = sorted(one for one in found if self._compatible(kind, entry, one))
        if same:
            return same, []
        close = [one for name in names[:2] for one in self.register.close(kind, name)]
        return [], [(one, _CLOSE) for one in dict.fromkeys(close) if self._compatible(kind, entry, one)]

    def _compatible(self, kind: str, entry: Entry, identifier: str) -> bool:
        """Tell whether country, type of place and time allow that a record is meant."""
        known = self.register.row(kind, identifier) or self.register.drafted(kind, identifier)
        told = ((entry.text(name), known.get(name, "")) for name in ("country", "place_type", "valid_from"))
        return all(not given or not there or given == there for given, there in told)

    def _source(self, entry: Entry) -> Match:
        urls = [url for url in (entry.text("url"), entry.text("archive_url")) if url]
        same = sorted({one for url in urls for one in self.register.find("sources", url)})
        if same or not entry.text("title"):
            return same, []
        titled = sorted(self.register.find("sources", entry.text("title")))
        known = {one: self.register.row("sources", one) or self.register.drafted("sources", one) for one in titled}
        like = [one for one in titled if folded(known[one].get("publisher", "")) == folded(entry.text("publisher"))]
        exact = [one for one in like if known[one].get("published_date", "") == entry.text("published_date")]
        return ([] if urls else exact), [(one, _CLOSE) for one in like]

    def _commitment(self, entry: Entry) -> Match:
        same, like = [], []
        for one in self._owned.get(self.owner(entry), ()):
            row = self.register.row("commitments", one) or self.register.drafted("commitments", one)
            if self.register.called("commitments", one, entry.text("description_en")):
                same.append(one)
            elif self._brought.get(one) != id(entry.document) and row.get("item") == entry.text("item"):
                pairs = [(row.get(key, ""), entry.text(key)) for key in ("quantity", "unit", "amount", "currency")]
                if any(there for there, _ in pairs) and all(there == given for there, given in pairs):
                    like.append((one, _ALIKE))
        return same, like
