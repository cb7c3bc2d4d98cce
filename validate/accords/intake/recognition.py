"""Recognises what a contribution speaks of: a record that is known, or a new one; what is not certain is asked.

Apart from `merging`: who is meant is settled for every record of every document first, so that one may name
what another describes. Nothing is guessed: a close spelling is a finding with the candidates.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accords.intake import naming
from accords.intake.entries import Entry, Value
from accords.intake.findings import Findings
from accords.intake.folding import folded
from accords.intake.matching import Matching
from accords.intake.register import KINDS, Register, id_column, names_of
from accords.intake.tongues import foreign
from accords.words import Words, said

KEYS = {"agreements": "agreement"}
"""The key of a document that holds a kind of record, where it is not called like the kind."""

_NAMING = ("signatory", "funder", "beneficiary", "implementer", "supplier", "technical_partner", "coordinator")
_SIDES = 2  # parties that tell an agreement from others
_SHEETS = {"parties": "Parties", "places": "Places", "sources": "Sources"}


@dataclass(frozen=True, slots=True)
class Draft:
    """A mapping of a document and the record that it speaks of; `new`: it is to be made."""

    entry: Entry
    kind: str
    identifier: str
    new: bool


class Recognition:
    """Settles who is meant in documents, in the order of `KINDS`."""

    def __init__(self, register: Register, findings: Findings) -> None:
        self.register, self._findings = register, findings
        self.matching = Matching(register)

    def settle(self, roots: Iterable[Entry]) -> list[Draft]:
        """Return every record that the documents describe, with its identifier."""
        drafts: list[Draft] = []
        whole = list(roots)
        for kind in KINDS:
            entries = [entry for root in whole for entry in root.entries.get(KEYS.get(kind, kind), ())]
            column = id_column(kind)
            # Identifiers first, for nobody else may get one of them; then who describes a record, before who names it.
            for entry in sorted(entries, key=lambda one: (not one.text(column), bool(self._missing(kind, one)))):
                drafts.append(self._settled(kind, entry))
                self._learn(drafts[-1])
        return drafts

    def refer(self, kind: str, value: Value, entry: Entry) -> str:
        """Return the one record that a text means; "" with a finding where there is none or more than one."""
        if own := self.matching.own_of(kind, entry, value.text):
            if len(own) > 1:
                self._unclear(kind, entry, value, "own", own)
            return own[0] if len(own) == 1 else ""
        found = sorted(self.register.find(kind, value.text, entry.document))
        if len(found) == 1:
            return found[0]
        near = found or self.register.nearest(kind, value.text)
        self._unclear(kind, entry, value, "several" if found else "near", near)
        return ""

    def _unclear(self, kind: str, entry: Entry, value: Value, variant: str, near: list[str], missing: str = "") -> None:
        """Report a name that leads to no record or to several; `missing`: what the record itself would need."""
        params = {"kind": Words(kind), "candidates": self.register.shown(kind, near), "first": near[0] if near else ""}
        variant = variant if near else "unknown"
        hint = None
        if variant in ("near", "unknown"):
            first = said("Write the identifier of the one that is meant, or") if near else said("Correct the name, or")
            hint = _elsewhere(first, kind, bool(entry.document.cells))
            if missing:
                hint = said("{first} fill in what a new record needs: {keys}.", first=first, keys=missing)
        self._findings.report("reference-unclear", entry.document, value.trail, variant, params, hint, value.text)

    def _settled(self, kind: str, entry: Entry) -> Draft:
        given = entry.text(id_column(kind))
        if given and self.register.knows(kind, given):
            return Draft(entry, kind, given, False)
        same, likely = self.matching.match(kind, entry)
        if given:
            return self._named(kind, entry, given, same)
        if entry.new:
            same = [one for one in same if self._agrees(kind, entry, one)]
        if len(same) == 1:
            return Draft(entry, kind, same[0], False)
        if same or (likely and not entry.new):
            self._doubt(kind, entry, [(one, 1.0) for one in same] or likely)
        else:
            self._lacking(kind, entry)
        return Draft(entry, kind, self._name(kind, entry), True)

    def _named(self, kind: str, entry: Entry, given: str, same: list[str]) -> Draft:
        """Settle an entry whose author names an identifier that no record has."""
        value = entry.values[id_column(kind)]
        if not self.register.free(kind, given):
            self._findings.leave_open(entry.document, entry.trail)
            self._findings.report("identifier-retired", entry.document, value.trail, value=given)
        elif missing := self._missing(kind, entry):
            self._findings.leave_open(entry.document, entry.trail)
            keys = ", ".join(name for name, _ in missing)
            self._unclear(kind, entry, value, "near", self.register.nearest(kind, given), keys)
        elif same and not entry.new and kind in ("parties", "sources"):
            self._doubt(kind, entry, [(one, 1.0) for one in same])
        return Draft(entry, kind, given, True)

    def _lacking(self, kind: str, entry: Entry) -> None:
        """Report what a new record lacks, and a party's English name that is hardly English."""
        document = entry.document
        first, own = (str(document.cell(trail)).rpartition("!")[0] for trail in ((), (*entry.trail, "name_en")))
        sheet = Words(_SHEETS[kind]) if kind == "parties" and document.cells and first == own else None
        hint = said("Fill it in on the sheet {sheet}; a record of the data is named there as it is.", sheet=sheet)
        for name, title in self._missing(kind, entry):
            params, trail = {"what": name, "title": title}, (*entry.trail, name)
            self._findings.report("entry-missing", entry.document, trail, params=params, hint=hint if sheet else None)
        called = entry.text("name_en") if kind == "parties" else ""
        if called and (variant := foreign(called)):
            trail = entry.at("name_en")
            code, way = ("name-in-other-script", "") if variant == "script" else ("name-not-english", variant)
            self._findings.report(code, entry.document, trail, way, value=called)

    def _missing(self, kind: str, entry: Entry) -> list[tuple[str, str]]:
        """Return the keys that a new record needs and an entry lacks, with their titles."""
        keys = {item.column: item.name for item in entry.section.properties.values()}
        schema = self.register.tables[kind].schema
        needed = [item for item in schema.fields if item.constraints.get("required") and item.name in keys]
        left = [item for item in needed if item.name not in (id_column(kind), "coding")]
        return [(keys[item.name], item.title) for item in left if not entry.text(keys[item.name])]

    def _doubt(self, kind: str, entry: Entry, likely: list[tuple[str, float]]) -> None:
        self._findings.leave_open(entry.document, entry.trail)
        column = id_column(kind)
        scores = "; ".join(f"{self.register.shown(kind, [one])}, score {score:.2f}" for one, score in likely[:5])
        params = {"candidates": scores, "column": column, "first": likely[0][0]}
        name = next((key for key in names_of(kind) if entry.text(key)), "")
        code = "likely-duplicate" if kind in ("agreements", "events") else "record-unclear"
        self._findings.report(
            code, entry.document, entry.at(name), params=params, value=entry.text(name) or entry.text("url") or None
        )

    def _agrees(self, kind: str, entry: Entry, identifier: str) -> bool:
        """Tell whether a record says nothing else than an entry, whose author calls it new."""
        row = self.register.row(kind, identifier) or self.register.drafted(kind, identifier)
        plain = (item for item in entry.section.properties.values() if item.column and item.refers is None)
        said = ((item.column, entry.text(item.name)) for item in plain if entry.text(item.name))
        return all(folded(row.get(column or "", "")) == folded(text) for column, text in said)

    def _learn(self, draft: Draft) -> None:
        """Let later entries and documents find a record by what this one calls it."""
        kind, entry, identifier = draft.kind, draft.entry, draft.identifier
        names = [entry.text(name) for name in names_of(kind)]
        names += [item.text("name") for item in entry.entries.get("names", ())]
        self.register.learn(kind, identifier, names, entry.document)
        for item in entry.entries.get("identifiers", ()):
            if kind == "parties":
                self.register.mark((kind, item.text("scheme"), item.text("value")), identifier)
        if kind == "sources":
            self.register.mark_source(identifier, entry.text("url"), entry.text("archive_url"))
        elif kind == "places" and entry.text("iso_3166_2"):
            self.register.mark((kind, entry.text("iso_3166_2")), identifier)
        elif kind == "agreements":
            self.matching.own[id(entry.document)] = identifier
        if draft.new:
            columns = {item.column: entry.text(item.name) for item in entry.section.properties.values() if item.column}
            self.register.draft(kind, identifier, {key: text for key, text in columns.items() if key and text})
            self.matching.learn(kind, entry, identifier)

    def _name(self, kind: str, entry: Entry) -> str:
        """Return an identifier for a new record."""
        register, matching = self.register, self.matching
        simple = {"places": naming.place, "parties": naming.party, "sources": naming.source}
        if kind in simple:
            name = simple[kind](register, entry)
            if kind == "parties" and naming.is_cut(name, entry):
                self._findings.report("identifier-shortened", entry.document, entry.at("name_en"), value=name)
            return name
        if kind == "agreements":
            sides = matching.agreement_sides(entry)
            parties = self._naming(entry) or sides.links
            areas = [value.text for value in entry.lists.get("areas", ())]
            topics = naming.topics(areas, entry.text("title_en"), parties)
            return naming.agreement(register, parties, sides.date, topics)
        if kind == "events":
            return naming.event(register, entry.text("event_type"), self._where(entry), entry.text("start_date"))
        agreement, event = matching.owner(entry)
        return naming.commitment(register, agreement or event, entry.text("item"), entry.text("description_en"))

    def _naming(self, entry: Entry) -> set[str]:
        """Return the parties that an agreement is named after: who signs, then who pays, gains or acts."""
        found: dict[str, set[str]] = {}
        for item in entry.entries.get("parties", ()):
            found.setdefault(item.text("role"), set()).add(self.matching.one("parties", item, "party"))
        parties: set[str] = set()
        for role in _NAMING:
            if len(parties) < _SIDES:
                parties |= found.get(role, set()) - {""}
        return parties

    def _where(self, entry: Entry) -> str:
        """Return what an event is named after: its agreement's parties, its own parties, or its place."""
        for item in entry.entries.get("agreements", ()):
            agreement = self.matching.one("agreements", item, "agreement") or self.matching.agreement_of(entry)
            if agreement:
                return naming.without_year(agreement)
        parties = sorted(
            {self.matching.one("parties", item, "party") for item in entry.entries.get("parties", ())} - {""}
        )
        place = self.matching.one("places", entry, "place")
        return "-".join([*parties[:2], *([place] if place and len(parties) < 2 else [])]) or naming.topic(
            entry.text("title_en")
        )


def _elsewhere(first: Words, kind: str, cells: bool) -> Words | None:
    """Return what to do about a name that no record has, where records of its kind are described somewhere else."""
    if kind == "agreements":
        return said(
            "{first} describe that agreement in a contribution of its own and add both in one call.", first=first
        )
    if kind in _SHEETS and cells:
        return said("{first} describe it on the sheet {sheet}.", first=first, sheet=Words(_SHEETS[kind]))
    if kind == "places":
        return said(
            "{first} describe the place under `places`; data/places.csv lists those that are known.", first=first
        )
    if kind == "parties":
        return said("{first} describe the party under `parties`.", first=first)
    return None
