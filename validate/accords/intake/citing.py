"""Citations and readings: which record, which field of it, which source, and what it says.

Apart from `merging`, because a citation names a record of any of four kinds, in the words of its author: by
identifier, title, name or description, or as `agreement`, `event` or `all`.
"""

from __future__ import annotations

from collections.abc import Sequence

from accords.intake.entries import Entry, Value
from accords.intake.findings import Findings
from accords.intake.form import Kind, Section, sections
from accords.intake.ledger import Ledger
from accords.intake.recognition import Draft, Recognition
from accords.intake.scalars import Scalars
from accords.words import said

TABLES = {
    "agreements": "agreement_citations",
    "events": "event_citations",
    "commitments": "commitment_citations",
    "parties": "party_citations",
}
"""The table of citations for each kind of record that can be cited."""

ALL, RECORD = "all", "record"
_LINKS = {"parties": "parties", "relations": "agreements", "agreements": "agreements"}
_CODES = {"areas": "health_areas", "modes": "cooperation_modes"}

_EXAMPLES = {
    "parties": "parties:moh-vnm",
    "relations": "relations:gov-lao-gov-vnm-2017",
    "agreements": "agreements:gov-lao-gov-vnm-2017",
    "areas": "areas:nursing",
    "modes": "modes:short_course",
}

Target = tuple[str, str]
"""A record: its kind and identifier."""


class Citing:
    """Writes the rows of citations and readings."""

    def __init__(
        self, form: Section, recognition: Recognition, scalars: Scalars, ledger: Ledger, findings: Findings
    ) -> None:
        self._sections = {section.table: section for _, section in sections(form)}
        self._recognition, self._scalars = recognition, scalars
        self._ledger, self._findings = ledger, findings

    def cite(self, root: Entry, drafts: Sequence[Draft]) -> None:
        """Write what the sources of a document say, and its readings."""
        described = [(draft.kind, draft.identifier) for draft in drafts if draft.kind in TABLES]
        for draft in drafts:
            if draft.kind != "sources":
                continue
            for item in draft.entry.section.properties.values():
                for entry in draft.entry.entries.get(item.name, ()) if item.support else ():
                    self._cite(entry, draft.identifier, item.support or "", described)
        for entry in root.entries.get("readings", ()):
            for kind, identifier in self.targets(entry, []):
                keys = {"resource": kind, "record_id": identifier, "field": self.field(entry, kind)}
                keys |= {name: entry.text(name) for name in ("reader", "reading_date")}
                if all(keys.values()):
                    names = ("value", "outcome", "note", "first_value")
                    cells = {name: entry.values[name] for name in names if name in entry.values}
                    self._ledger.put("readings", keys, cells, entry.replaces, entry)

    def _cite(self, entry: Entry, source: str, support: str, described: list[Target]) -> None:
        for kind, identifier in self.targets(entry, described):
            column = TABLES[kind].replace("citations", "id")
            field = self.field(entry, kind)
            keys = {column: identifier, "field": field, "source_id": source, "support": support}
            cells = {name: value for name, value in entry.values.items() if name in ("value_in_source", "note")}
            if field:
                self._ledger.put(TABLES[kind], keys, cells, entry.replaces, entry)

    def targets(self, entry: Entry, described: list[Target]) -> list[Target]:
        """Return the records that an entry is about; none, with a finding, where that is not clear."""
        value = entry.values.get("of")
        if value is None:
            return []
        if value.text == ALL and described:
            return described
        kind, _, rest = value.text.partition("/")
        for one in TABLES:
            if self._recognition.matching.own_of(one, entry, value.text):
                kind, rest = one, value.text
        if kind in TABLES and rest:
            found = self._recognition.refer(kind, Value(rest, value.trail), entry)
            return [(kind, found)] if found else []
        register = self._recognition.register
        every = [(one, name) for one in TABLES for name in sorted(register.find(one, value.text, entry.document))]
        if len(every) == 1:
            return every
        near = every or [(one, name) for one in TABLES for name in register.nearest(one, value.text, 75.0)][:5]
        shown = "; ".join(register.shown(one, [name]) for one, name in near)
        params = {"kind": said("records"), "candidates": shown, "first": "/".join(near[0]) if near else ""}
        variant = "several" if every else "near" if near else "unknown"
        self._findings.report("reference-unclear", entry.document, value.trail, variant, params, value=value.text)
        return []

    def field(self, entry: Entry, kind: str) -> str:
        """Return a field as the tables write it: a column, or a link with the identifier or code."""
        value = entry.values.get("field")
        if value is None:
            return RECORD
        link, colon, target = (part.strip() for part in value.text.partition(":"))
        named = Value(target, value.trail)
        if link in {*_CODES, *_LINKS} and not target and entry.section.table != "readings":  # those may be of a list
            params = {"link": link, "example": _EXAMPLES[link]}
            self._findings.report("citation-incomplete", entry.document, value.trail, "", params, value=value.text)
            return ""
        if colon and link in _CODES:
            code = self._scalars.code(entry.document, _CODES[link], target, value.trail)
            return f"{link}:{code}"
        if colon and link in _LINKS:
            found = self._recognition.refer(_LINKS[link], named, entry)
            return f"{link}:{found}" if found else ""
        section = self._sections.get(kind)
        item = section.properties.get(value.text) if section else None
        plain = item is not None and item.section is None and item.kind is not Kind.TEXTS
        return item.column if item and item.column and plain else value.text
