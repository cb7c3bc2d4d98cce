"""Rows back into contributions: one record with all that belongs to it, as a person would have written it.

Apart from `merging`, whose inverse it is: what this writes, that turns into the same rows. It serves as worked
examples, and as the proof that a contribution can say whatever a package holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from accords.errors import UsageError
from accords.intake.citing import TABLES
from accords.intake.form import Kind, Section, sections
from accords.intake.recognition import KEYS
from accords.intake.register import KINDS, id_column
from accords.intake.scalars import spelt
from accords.intake.tables import Row, Tables

Content = dict[str, Any]
_PARTIES = ("party_id", "on_behalf_of_party_id", "provider_party_id", "receiver_party_id")


class Reverse:
    """Makes contributions of a package's records."""

    def __init__(self, tables: Tables, form: Section) -> None:
        self._tables, self._form = tables, form
        self._sections = {section.table: section for _, section in sections(form)}
        self._linked: dict[tuple[str, str], list[Row]] = defaultdict(list)  # rows of a table by the first key
        for kind in KINDS:
            for row in self._owned(kind):
                self._linked[row[0], row[1][id_column(kind)]].append(row[1])
        self._cited: dict[tuple[str, str], list[Row]] = defaultdict(list)  # citations by kind and record
        for kind, table in TABLES.items():
            for citation in tables.rows(table):
                self._cited[kind, citation[id_column(kind)]].append(citation)

    def _owned(self, kind: str) -> Iterator[tuple[str, Row]]:
        for item in self._sections[kind].properties.values():
            table = item.table or (item.section.table if item.section else None)
            if table and item.support is None:
                yield from ((table, row) for row in self._tables.rows(table))

    def kind(self, identifier: str) -> str:
        """Return the kind of the record with an identifier; raises `UsageError` where there is none, or several."""
        found = [kind for kind in KINDS if (identifier,) in self._tables[kind].rows]
        if len(found) != 1:
            told = f"is the identifier of {' and '.join(found)}" if found else "is no identifier of this package"
            raise UsageError(f"{identifier!r} {told}.")
        return found[0]

    def contribution(self, kind: str, identifier: str) -> Content:
        """Return the contribution that makes a record, with what it needs to be understood."""
        chosen: dict[str, dict[str, None]] = {kind: {} for kind in KINDS}
        chosen[kind][identifier] = None
        if kind == "commitments":
            row = self._tables[kind].rows[(identifier,)]
            return self.contribution(
                *(("agreements", row["agreement_id"]) if row["agreement_id"] else ("events", row["event_id"]))
            )
        if kind == "agreements":
            links = self._tables.rows("event_agreements")
            chosen["events"] |= {row["event_id"]: None for row in links if row["agreement_id"] == identifier}
        for row in self._tables.rows("commitments"):
            if row["agreement_id"] in chosen["agreements"] or row["event_id"] in chosen["events"]:
                chosen["commitments"][row["commitment_id"]] = None
        cited = [citation for one in TABLES for name in chosen[one] for citation in self._cited[one, name]]
        chosen["sources"] |= {citation["source_id"]: None for citation in cited}
        self._add_parties(chosen)
        self._add_places(chosen)
        self._add_origins(chosen)
        return self._content(chosen, identifier if kind == "agreements" else "")

    def every(self) -> Iterator[tuple[str, Content]]:
        """Yield contributions that together hold every row, each with a name: agreements first, then what is left."""
        seen: set[tuple[str, str]] = set()
        for kind in ("agreements", "events", "parties", "sources", "places"):
            for (identifier,) in sorted(self._tables[kind].rows):
                if (kind, identifier) in seen and kind != "parties":
                    continue
                content = self.contribution(kind, identifier)
                seen |= {(one, item[id_column(one)]) for one in KINDS for item in _listed(content, one)}
                yield f"{kind}-{identifier}", content
        section = self._sections["retired_ids"]
        if retired := [self._plain(section, row) for row in self._tables.rows("retired_ids")]:
            yield "retired", {"retired": retired}

    def _add_parties(self, chosen: dict[str, dict[str, None]]) -> None:
        for kind, table in (("agreements", "agreement_parties"), ("events", "event_parties"), ("commitments", "")):
            for name in chosen[kind]:
                rows = self._linked[table, name] if table else [self._tables[kind].rows[(name,)]]
                found = (row.get(column, "") for row in rows for column in _PARTIES)
                chosen["parties"] |= {one: None for one in found if one}

    def _add_places(self, chosen: dict[str, dict[str, None]]) -> None:
        rows = [self._tables[kind].rows[(name,)] for kind in ("events", "parties") for name in chosen[kind]]
        waiting = [row["place_id"] for row in rows] + list(chosen["places"])
        while waiting:
            if one := waiting.pop(0):
                chosen["places"][one] = None
                waiting.append(self._tables["places"].rows[(one,)]["parent_place_id"])

    def _add_origins(self, chosen: dict[str, dict[str, None]]) -> None:
        waiting = list(chosen["sources"])
        while waiting:
            if (origin := self._tables["sources"].rows[(waiting.pop(),)]["derived_from_source_id"]) and (
                origin not in chosen["sources"]
            ):
                chosen["sources"][origin] = None
                waiting.append(origin)

    def _content(self, chosen: dict[str, dict[str, None]], agreement: str) -> Content:
        content: Content = {}
        for name, section in sections(self._form):
            kind = section.table or ""
            if kind in KINDS:
                listed = [self._record(kind, section, one, agreement) for one in sorted(chosen[kind])]
                if kind == "sources":
                    listed = [self._with_citations(item, chosen, agreement) for item in listed]
                if listed:
                    content[name] = listed[0] if self._form.properties[name].kind is Kind.RECORD else listed
        if readings := list(self._readings(chosen, agreement)):
            content["readings"] = readings
        return content

    def _record(self, kind: str, section: Section, identifier: str, agreement: str) -> Content:
        row = self._tables[kind].rows[(identifier,)]
        content = self._plain(section, row)
        if kind == "commitments" and content.get("agreement") == agreement and "event" not in content:
            del content["agreement"]
        for item in section.properties.values():
            if item.kind is Kind.TEXTS and item.table and item.column:
                content[item.name] = sorted(link[item.column] for link in self._linked[item.table, identifier])
            elif item.kind is Kind.RECORDS and item.section and item.section.table:
                links = self._linked[item.section.table, identifier]
                content[item.name] = [self._plain(item.section, link) for link in links]
        for link in content.get("agreements", ()):
            if link.get("agreement") == agreement:
                del link["agreement"]
        return {name: content[name] for name in section.properties if content.get(name)}

    def _plain(self, section: Section, row: Row) -> Content:
        """Return the values of a row by the names of the form."""
        told = ((item, row.get(item.column or "", "")) for item in section.properties.values())
        return {item.name: spelt(item, text) for item, text in told if text}

    def _with_citations(self, content: Content, chosen: dict[str, dict[str, None]], agreement: str) -> Content:
        source = content["source_id"]
        whole = not any(chosen[kind] for kind in TABLES)  # a source alone: all that it says
        for kind in TABLES:
            names = {name for one, name in self._cited if one == kind} if whole else chosen[kind]
            for name in sorted(names):
                for row in sorted(self._cited[kind, name], key=lambda row: row["field"] != "record"):
                    if row["source_id"] == source:
                        content.setdefault(row["support"], []).append(self._citation(kind, name, row, agreement))
        return {name: content[name] for name in self._sections["sources"].properties if name in content}

    def _citation(self, kind: str, name: str, row: Row, agreement: str) -> Any:
        said = {key: row[key] for key in ("value_in_source", "note") if row[key]}
        field = {} if row["field"] == "record" else {"field": row["field"]}
        of = self._called(kind, name, agreement)
        return {"of": of, **field, **said} if field or said else of

    def _called(self, kind: str, name: str, agreement: str) -> str:
        if kind == "agreements" and name == agreement:
            return "agreement"
        several = sum((name,) in self._tables[one].rows for one in TABLES) > 1
        return f"{kind}/{name}" if several else name

    def _readings(self, chosen: dict[str, dict[str, None]], agreement: str) -> Iterator[Content]:
        section = self._sections["readings"]
        for row in self._tables.rows("readings"):
            if row["record_id"] in chosen.get(row["resource"], {}):
                yield {"of": self._called(row["resource"], row["record_id"], agreement), **self._plain(section, row)}


def _listed(content: Content, kind: str) -> Iterable[Content]:
    found = content.get(KEYS.get(kind, kind), ())
    return [found] if isinstance(found, dict) else found
