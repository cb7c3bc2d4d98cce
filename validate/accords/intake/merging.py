"""Turns what contributions say into rows of all tables that they touch.

Apart from `recognition`, which has settled who is meant: here the form says which key fills which column, and
a few sections have a default of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from accords.intake.citing import Citing
from accords.intake.document import Document
from accords.intake.entries import Checker, Entry, Value
from accords.intake.findings import Findings
from accords.intake.form import Kind, Property, Section
from accords.intake.ledger import Ledger
from accords.intake.recognition import Draft, Recognition
from accords.intake.register import Register, id_column
from accords.intake.removing import Removing
from accords.intake.scalars import Scalars, Vocabulary
from accords.intake.tables import Tables


class Merger:
    """Merges documents into the tables of a package; `findings` say what could not be merged."""

    def __init__(self, tables: Tables, form: Section) -> None:
        self.tables, self.findings = tables, Findings()
        self.drafts: list[Draft] = []
        codes = {name: Vocabulary(tables.rows(name)) for name in tables.vocabularies()}
        scalars = Scalars(codes, self.findings)
        self._checker = Checker(form, scalars, self.findings)
        register = Register(tables)
        self._recognition = Recognition(register, self.findings)
        self.ledger = Ledger(register, self.findings)
        self._citing = Citing(form, self._recognition, scalars, self.ledger, self.findings)
        self.removing = Removing(form, tables, self._citing, self.ledger, self._cells)

    def merge(self, documents: Iterable[Document]) -> list[Entry]:
        """Merge documents, and return what each says; one may name what another describes."""
        roots = [self._checker.check(document) for document in documents]
        self.drafts = self._recognition.settle(roots)
        for entry in (entry for root in roots for entry in root.entries.get("retired", ())):
            self.removing.retire(entry)
        for draft in self.drafts:
            self.removing.remove(draft)
        by_document: dict[int, list[Draft]] = defaultdict(list)
        for draft in self.drafts:
            self._record(draft)
            by_document[id(draft.entry.document)].append(draft)
        for root in roots:
            self._citing.cite(root, by_document[id(root.document)])
            for entry in root.entries.get("retired", ()):
                keys = {name: entry.text(name) for name in ("resource", "retired_id")}
                cells = {name: value for name, value in entry.values.items() if name not in keys}
                if all(keys.values()):
                    self.ledger.put("retired_ids", keys, cells, entry.replaces, entry)
        return roots

    def _record(self, draft: Draft) -> None:
        """Write the row of a record, and those of the lists in it."""
        entry, own = draft.entry, {id_column(draft.kind): draft.identifier}
        cells = self._cells(entry)
        if draft.kind == "commitments" and draft.new:
            owners = zip(("agreement_id", "event_id"), self._recognition.matching.owner(entry), strict=True)
            cells |= {name: Value(found, entry.trail) for name, found in owners if found and name not in cells}
        cells = {name: cell for name, cell in cells.items() if name not in own}
        self.ledger.put(draft.kind, own, cells, self._replaced(entry), entry)
        for item in entry.section.properties.values():
            if item.kind is Kind.TEXTS and item.table and item.column:
                for value in entry.lists.get(item.name, ()):
                    link = Entry(entry.document, entry.section, value.trail)
                    self.ledger.put(item.table, {**own, item.column: value.text}, {}, {}, link)
            elif item.kind is Kind.RECORDS and item.section and item.section.table:
                for link in entry.entries.get(item.name, ()):
                    self._link(link, own)

    def _link(self, entry: Entry, own: dict[str, str]) -> None:
        """Write the row of a mapping in a record: a party of an agreement, a name of a party."""
        table = entry.section.table or ""
        cells = {name: cell for name, cell in self._cells(entry).items() if cell.text}
        agreement = self._recognition.matching.agreement_of(entry)
        if table == "event_agreements" and "agreement" not in entry.values and agreement:
            cells["agreement_id"] = Value(agreement, entry.trail)
        key = self._recognition.register.tables[table].schema.primary_key
        keys = own | {name: cells[name].text for name in key if name in cells}
        if set(keys) >= set(key):
            rest = {name: cell for name, cell in cells.items() if name not in keys}
            self.ledger.put(table, keys, rest, self._replaced(entry), entry)
        elif table == "event_agreements" and "agreement" not in entry.values:
            params = {"what": "agreement", "title": "Agreement"}
            trail = (*entry.trail, "agreement")
            self.findings.report("entry-missing", entry.document, trail, params=params)

    def _cells(self, entry: Entry) -> dict[str, Value]:
        """Return the values of an entry by column, with references resolved; what is not clear is left out."""
        cells: dict[str, Value] = {}
        for item in entry.section.properties.values():
            value = entry.values.get(item.name)
            if value is None or item.column is None:
                continue
            text = self._recognition.refer(item.refers, value, entry) if item.refers else value.text
            if text:
                cells[item.column] = Value(text, value.trail)
        return cells

    def _replaced(self, entry: Entry) -> dict[str, Value]:
        """Return what an entry says that it replaces, by column; references by identifier."""
        found: dict[str, Value] = {}
        for name, value in entry.replaces.items():
            item: Property = entry.section.properties[name]
            text = value.text
            if item.refers and text:
                text = self._recognition.refer(item.refers, value, entry) or text
            elif item.vocabulary and text:
                text = self._checker.scalars.code(entry.document, item.vocabulary, text, value.trail)
            found[item.column or name] = Value(text, value.trail)
        return found
