"""One record with everything that is linked to it, as lines of text.

Apart from `flat`, which puts a record into one row: here a person reads it, from the title down to the sources.
"""

from __future__ import annotations

from collections.abc import Iterator

from accords.intake.tables import Row, Tables
from accords.register.citation import KINDS, found
from accords.register.links import Links


def shown(tables: Tables, key: str) -> Iterator[tuple[bool, str]]:
    """Yield the lines of a record by its id, each with whether it is a heading; raises `UsageError` for no record."""
    table, row = found(tables, key)
    links, (column, title, _) = Links(tables), KINDS[table]
    yield True, row[title]
    yield False, f"{table}/{key}"
    yield False, ""
    for name, value in row.items():
        if value and name not in (column, title):
            yield False, f"  {name}: {value}"
    for heading, told in _sections(links, table, key):
        held = list(dict.fromkeys(told))
        if held:
            yield False, ""
            yield True, heading
            yield from ((False, f"  {line}") for line in held)


def _sections(links: Links, table: str, key: str) -> Iterator[tuple[str, Iterator[str]]]:
    """Yield the headings with their lines, in the order in which a reader asks."""
    column, _, citations = KINDS[table]

    def rows(name: str) -> list[Row]:
        return links.of(name, column, key)

    if table == "parties":
        yield "Names", (_with(row["name"], row["language"], row["name_type"]) for row in rows("party_names"))
        yield "Identifiers", (f"{row['scheme']}: {row['value']}" for row in rows("party_identifiers"))
        for name, its in (("agreements", "agreement_id"), ("events", "event_id")):
            linked = rows(f"{name.removesuffix('s')}_parties")
            yield name.capitalize(), (_with(_titled(links, name, row[its]), row["role"]) for row in linked)
    if table in ("agreements", "events"):
        yield from _linked(links, table, key)
    yield "Sources", (_source(links, row) for row in rows(citations))


def _linked(links: Links, table: str, key: str) -> Iterator[tuple[str, Iterator[str]]]:
    kind, column = table.removesuffix("s"), KINDS[table][0]

    def rows(name: str, its: str = column) -> list[Row]:
        return links.of(name, its, key)

    yield (
        "Parties",
        (
            _with(
                f"{links.party(row['party_id'])} [{row['party_id']}]", row["role"], row.get("representative_name", "")
            )
            for row in rows(f"{kind}_parties")
        ),
    )
    yield "Areas", (links.label("health_areas", row["area"]) for row in rows(f"{kind}_areas"))
    other, their = ("events", "event_id") if table == "agreements" else ("agreements", "agreement_id")
    linked = rows("event_agreements")
    yield other.capitalize(), (_with(_titled(links, other, row[their]), row["relation"]) for row in linked)
    if table == "agreements":
        yield "Modes", (links.label("cooperation_modes", row["mode"]) for row in rows("agreement_modes"))
        yield "Identifiers", (f"{row['scheme']}: {row['value']}" for row in rows("agreement_identifiers"))
        yield (
            "Related agreements",
            (
                f"{row['relation']} {_titled(links, table, row['other_agreement_id'])}"
                for row in rows("agreement_relations")
            ),
        )
        yield (
            "Named by",
            (
                f"{_titled(links, table, row['agreement_id'])} {row['relation']} this one"
                for row in rows("agreement_relations", "other_agreement_id")
            ),
        )
    yield "Commitments", (_commitment(row) for row in rows("commitments"))


def _titled(links: Links, table: str, key: str) -> str:
    row = links.row(table, key)
    date = row.get("signed_date") or row.get("start_date") or "undated"
    return f"{row['title_en']} ({date}) [{key}]"


def _commitment(row: Row) -> str:
    amount = " ".join(row[name] for name in ("quantity", "unit", "amount", "currency") if row.get(name))
    return _with(row["description_en"], amount, row["status"])


def _source(links: Links, citation: Row) -> str:
    source = links.row("sources", citation["source_id"])
    told = ", ".join(source[name] for name in ("publisher", "title", "published_date", "url") if source[name])
    of = "" if citation["field"] == "record" else f"{citation['field']} "
    return f"{of}{citation['support']}: {told}" + (f" ({citation['note']})" if citation["note"] else "")


def _with(text: str, *more: str) -> str:
    told = ", ".join(part.replace("_", " ") for part in more if part)
    return f"{text} ({told})" if told else text
