"""Takes rows out: links, names, numbers and citations of a known record, and whole records that are retired.

Apart from `merging`, which only adds and fills: what goes is named item by item, before anything is added, so that
a contribution can say both what was wrong and what is right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from accords.intake.citing import TABLES, Citing
from accords.intake.entries import Entry, Value
from accords.intake.form import Section, sections
from accords.intake.ledger import Ledger
from accords.intake.recognition import Draft
from accords.intake.register import id_column
from accords.intake.tables import Key, Tables


class Removing:
    """Takes rows out of a package's tables; `retired`: the entries that retire records, by identifier."""

    def __init__(
        self,
        form: Section,
        tables: Tables,
        citing: Citing,
        ledger: Ledger,
        cells: Callable[[Entry], Mapping[str, Value]],
    ) -> None:
        self._sections = {section.table: section for _, section in sections(form)}
        self._tables, self._citing, self._ledger, self._cells = tables, citing, ledger, cells
        self.retired: dict[str, Entry] = {}

    def remove(self, draft: Draft) -> None:
        """Take out what a record's entry lists under `removes`."""
        entry, own = draft.entry.removes, {id_column(draft.kind): draft.identifier}
        for item in entry.section.properties.values() if entry else ():
            for link in entry.entries.get(item.name, ()) if entry else ():
                if item.support:
                    self._citation(link, draft.identifier, item.support)
                elif item.section and item.section.table:
                    self._link(item.section.table, own, link)
            for value in entry.lists.get(item.name, ()) if entry else ():
                spot = Entry(draft.entry.document, draft.entry.section, value.trail)
                self._ledger.take(item.table or "", {**own, item.column or "": value.text}, spot)

    def _link(self, table: str, own: Mapping[str, str], entry: Entry) -> None:
        cells = {name: cell.text for name, cell in self._cells(entry).items()}
        keys = {**own, **cells}
        if set(self._tables[table].schema.primary_key) <= set(keys):  # else what is not clear has been told
            self._ledger.take(table, keys, entry)

    def _citation(self, entry: Entry, source: str, support: str) -> None:
        for kind, identifier in self._citing.targets(entry, []):
            field = self._citing.field(entry, kind)
            keys = {id_column(kind): identifier, "field": field, "source_id": source, "support": support}
            if field:
                self._ledger.take(TABLES[kind], keys, entry)

    def retire(self, entry: Entry) -> None:
        """Take out the record that an entry retires, if it is still there, with all that belongs to it alone."""
        kind, identifier = entry.text("resource"), entry.text("retired_id")
        if kind not in self._tables or (identifier,) not in self._tables[kind].rows:
            return
        self.retired[identifier] = entry
        for table, key in [*self._belonging(kind, identifier), (kind, (identifier,))]:
            self._ledger.take(table, dict(zip(self._tables[table].schema.primary_key, key, strict=True)), entry)

    def _belonging(self, kind: str, identifier: str) -> Iterator[tuple[str, Key]]:
        """Yield the rows that are a part of a record: its links, its names and numbers, citations and readings."""
        properties = self._sections[kind].properties.values() if kind in self._sections else ()
        listed = {
            item.table or (item.section.table if item.section else None) for item in properties if not item.support
        }
        for table in sorted({*filter(None, listed), *([TABLES[kind]] if kind in TABLES else [])}):
            rows = list(self._tables[table].rows.items())
            yield from ((table, key) for key, row in rows if row[id_column(kind)] == identifier)
        for key, row in list(self._tables["readings"].rows.items()):
            if (row["resource"], row["record_id"]) == (kind, identifier):
                yield "readings", key
