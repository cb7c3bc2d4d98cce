"""Puts values into rows: what is empty is filled, what is equal stays, what differs is a conflict.

Apart from `merging`, which says what goes where: the one place where a row of the package changes, and where
it is remembered which contribution, and which line of it, a cell comes from.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from accords.catalogue import shown
from accords.intake.document import Document, Trail
from accords.intake.entries import Entry, Value
from accords.intake.findings import Findings
from accords.intake.folding import address, folded
from accords.intake.register import Register
from accords.intake.tables import Key, Row, Tables

_DEFAULTS = {"coding": "coded", "is_inferred": "false"}
_ADDRESSES = frozenset({"url", "archive_url", "website"})
_NAMED = {"parties": frozenset({"name_en", "name_vi"}), "places": frozenset({"name_en", "name_vi"})}

Spot = tuple[Document, Trail]


class Ledger:
    """Writes into the rows of a package.

    `origins` says who wrote which cell ("" is the row as a whole), `makers` which entry made a new row, `taken` who
    took a row out.
    """

    def __init__(self, register: Register, findings: Findings) -> None:
        self._register, self._findings = register, findings
        self._tables: Tables = register.tables
        self.origins: dict[tuple[str, Key], dict[str, Spot]] = {}
        self.taken: dict[tuple[str, Key], Spot] = {}
        self.makers: dict[tuple[str, Key], Entry] = {}

    def put(
        self, table: str, keys: Mapping[str, str], cells: Mapping[str, Value], old: Mapping[str, Value], entry: Entry
    ) -> None:
        """Make or complete the row of `keys` in a table.

        `cells` and `old` (what the contribution says that it replaces) are by column; references are resolved.
        """
        known = self._tables[table]
        key: Key = tuple(keys[name] for name in known.schema.primary_key)
        origin = self.origins.setdefault((table, key), {})
        if key not in known.rows:
            row: Row = {**keys, **{name: cell.text for name, cell in cells.items()}}
            filled = {name: text for name, text in _DEFAULTS.items() if name in known.schema.names}
            known.insert({**filled, **row})
            self.makers[table, key] = entry
            origin[""] = (entry.document, entry.trail)
            origin |= {name: (entry.document, cell.trail) for name, cell in cells.items()}
            return
        for column in dict.fromkeys([*cells, *old]):
            self._cell(table, key, column, cells.get(column), old.get(column), entry)

    def take(self, table: str, keys: Mapping[str, str], entry: Entry) -> None:
        """Take the row of `keys` out of a table; one that is not there is told, and no fault."""
        known = self._tables[table]
        key: Key = tuple(keys[name] for name in known.schema.primary_key)
        if key not in known.rows:
            if self._findings.unread(entry.document, entry.trail):
                return
            params = {"record": " ".join(key), "where": known.resource.path}
            self._findings.report("removed-already", entry.document, entry.trail, params=params)
            return
        known.remove(key)
        self.taken[table, key] = (entry.document, entry.trail)

    def _cell(self, table: str, key: Key, column: str, value: Value | None, old: Value | None, entry: Entry) -> None:
        rows, origin = self._tables[table], self.origins[table, key]
        there, text = rows.rows[key][column], value.text if value else ""
        trail = value.trail if value else old.trail if old else entry.trail
        if text == there or (text and self._equal(table, key, column, there, text)):
            return
        if there and old is None:
            self._conflict(table, key, column, text, entry.document, trail)
            return
        if there and old is not None and not self._equal(table, key, column, there, old.text):
            params = {"there": shown(there)}
            self._findings.report("replaced-value-wrong", entry.document, old.trail, params=params, value=old.text)
            return
        rows.set(key, column, text)
        origin.setdefault("", (entry.document, entry.trail))
        origin[column] = (entry.document, trail)

    def _equal(self, table: str, key: Key, column: str, there: str, text: str) -> bool:
        """Tell whether two texts say the same in a column."""
        if there == text:
            return True
        if column in _ADDRESSES:
            return address(there) == address(text)
        if column in _NAMED.get(table, ()):
            return folded(there) == folded(text) or self._has_name(table, key[0], text)
        if self._tables[table].schema.field(column).type == "number":
            try:
                return Decimal(there) == Decimal(text)
            except InvalidOperation:
                return False
        return False

    def _has_name(self, table: str, identifier: str, text: str) -> bool:
        """Tell whether the package already has a name among the other names of a record."""
        names = (
            row for row in self._tables.rows("party_names") if table == "parties" and row["party_id"] == identifier
        )
        return any(folded(row["name"]) == folded(text) for row in names)

    def _conflict(self, table: str, key: Key, column: str, text: str, document: Document, trail: Trail) -> None:
        rows = self._tables[table]
        there = rows.rows[key][column]
        name = next((part for part in reversed(trail) if isinstance(part, str)), column)
        params = {"there": shown(there), "record": " ".join(key), "column": name, "where": rows.resource.path}
        if other := self.origins[table, key].get(column):
            params["where"] = other[0].spot(other[1])
        variant = "contribution" if other else "package"
        if column == "notes":  # remarks of two readers are no contradiction
            self._findings.report("notes-kept", document, trail, params=params, value=text)
            return
        self._findings.report("value-conflict", document, trail, variant, params, value=text)
