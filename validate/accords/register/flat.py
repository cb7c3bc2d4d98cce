"""Flat tables: one row an agreement, one row an event, with everything that a reader of one table asks for.

Apart from the tables themselves, which hold each fact once: here links are joined by "; " and dates have their
bounds, so that a spreadsheet can sort and filter them.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from accords.intake.tables import Row, Tables
from accords.register.links import Links
from accords.register.records import agreements

_JOIN = "; "
_STATES = {
    "not_started": "its earliest day lies after the date of the table",
    "running": "the term has not ended at the date of the table",
    "ended": "the term ended before the date of the table",
    "unclear": "the dates are too coarse to tell",
    "open_ended": "a source says that it has no end",
}


@dataclass(frozen=True, slots=True)
class Flat:
    """A flat table: its name, its columns with what each says, and its rows of texts."""

    name: str
    columns: Mapping[str, str]
    rows: tuple[tuple[str, ...], ...]


_AGREEMENTS = {
    "agreement_id": "Identifier of the agreement.",
    "title_en": "Title in English.",
    "title_original": "Title as a source prints it.",
    "type": "What kind of paper it is.",
    "level": "domestic, multilateral, government, company or institutional, from the types of the sides.",
    "signed_date": "When it was signed or adopted, as exactly as a source says.",
    "signed_earliest": "First day that this can mean.",
    "signed_latest": "Last day that this can mean.",
    "effective_date": "When it takes effect or its term begins.",
    "effective_earliest": "First day that this can mean.",
    "effective_latest": "Last day that this can mean.",
    "end_date": "When its term ends.",
    "end_earliest": "First day that this can mean.",
    "end_latest": "Last day that this can mean.",
    "term_state": f"State of the term at the date of the table: {'; '.join(f'{k}, {v}' for k, v in _STATES.items())}.",
    "status": "The last status that a source reports; never drawn from the calendar.",
    "status_as_of": "The date of that report.",
    "parties": "Names of the parties, each with its roles.",
    "party_ids": "Identifiers of the parties.",
    "countries": "Alpha-3 codes of the countries of all parties.",
    "partners": "Alpha-3 codes of the sides' countries without Viet Nam; international for bodies without a country.",
    "areas": "Fields of health.",
    "modes": "What the parties do together.",
    "signed_at": "Where it was signed.",
    "commitments": "What was promised or delivered under it.",
    "related": "Other agreements, each with how this one relates to it.",
    "summary_en": "Summary in English.",
    "summary_vi": "Summary in Vietnamese.",
    "sources": "Addresses of the sources; the publisher where there is none.",
    "witnesses": "How many independent sources support it.",
    "coding": "coded: read once; rechecked: read twice.",
}
_EVENTS = {
    "event_id": "Identifier of the event.",
    "title_en": "Title in English.",
    "type": "What kind of event it is.",
    "status": "Whether it took place.",
    "start_date": "When it began, as exactly as a source says.",
    "start_earliest": "First day that this can mean.",
    "start_latest": "Last day that this can mean.",
    "end_date": "When it ended.",
    "place": "Where it took place.",
    "country": "Alpha-3 code of the country of the place.",
    "parties": "Names of the parties, each with its role. Signatories stand with the agreement.",
    "agreements": "Agreements, each with what the event did to it.",
    "areas": "Fields of health.",
    "commitments": "What was promised or handed over.",
    "summary_en": "Summary in English.",
    "summary_vi": "Summary in Vietnamese.",
    "sources": "Addresses of the sources; the publisher where there is none.",
}


# Titles, in English and Vietnamese, of the columns that no table of the package has.
DERIVED = {
    "type": ("Type", "Loại"),
    "level": ("Level", "Cấp"),
    "signed_earliest": ("Signed, first day", "Ngày ký sớm nhất"),
    "signed_latest": ("Signed, last day", "Ngày ký muộn nhất"),
    "effective_earliest": ("Takes effect, first day", "Hiệu lực sớm nhất"),
    "effective_latest": ("Takes effect, last day", "Hiệu lực muộn nhất"),
    "end_earliest": ("Ends, first day", "Kết thúc sớm nhất"),
    "end_latest": ("Ends, last day", "Kết thúc muộn nhất"),
    "start_earliest": ("Begins, first day", "Bắt đầu sớm nhất"),
    "start_latest": ("Begins, last day", "Bắt đầu muộn nhất"),
    "term_state": ("State of the term", "Tình trạng thời hạn"),
    "parties": ("Parties", "Các bên"),
    "party_ids": ("Identifiers of the parties", "Mã các bên"),
    "countries": ("Countries", "Các nước"),
    "partners": ("Partner countries", "Nước đối tác"),
    "areas": ("Fields of health", "Lĩnh vực y tế"),
    "modes": ("Ways of working together", "Cách thức hợp tác"),
    "signed_at": ("Place of signing", "Nơi ký"),
    "place": ("Place", "Địa điểm"),
    "commitments": ("Commitments", "Cam kết"),
    "agreements": ("Agreements", "Thỏa thuận"),
    "related": ("Related agreements", "Thỏa thuận liên quan"),
    "sources": ("Sources", "Nguồn"),
    "witnesses": ("Independent sources", "Số nguồn độc lập"),
}


def flat_agreements(tables: Tables, as_of: datetime.date) -> Flat:
    """Return one row for each agreement; `as_of` decides the state of the term."""
    links = Links(tables)
    rows = []
    for item in agreements(tables):
        row, key = item.row, item.row["agreement_id"]
        members = links.of("agreement_parties", "agreement_id", key)
        cells = {
            **{name: row.get(name, "") for name in _AGREEMENTS},
            **_bounded(links, "signed", row["signed_date"]),
            **_bounded(links, "effective", row["effective_date"]),
            **_bounded(links, "end", row["end_date"]),
            "type": links.label("agreement_types", row["agreement_type"]),
            "status": links.label("agreement_statuses", row["status"]),
            "level": item.level,
            "term_state": term_state(links, row, as_of),
            "parties": _parties(links, members),
            "party_ids": _joined(member["party_id"] for member in members),
            "countries": _joined(sorted(links.row("parties", member["party_id"])["country"] for member in members)),
            "partners": _joined(item.partners),
            "areas": _joined(links.label("health_areas", area) for area in item.areas),
            "modes": _joined(
                links.label("cooperation_modes", mode["mode"])
                for mode in links.of("agreement_modes", "agreement_id", key)
            ),
            "signed_at": _joined(_signed_at(links, key)),
            "commitments": _commitments(links, "agreement_id", key),
            "related": _joined(
                f"{links.label('agreement_relation_types', other['relation'])}: {other['other_agreement_id']}"
                for other in links.of("agreement_relations", "agreement_id", key)
            ),
            "sources": _sources(links.sources("agreement_citations", "agreement_id", key)),
            "witnesses": str(item.witnesses),
        }
        rows.append(tuple(cells.values()))
    return Flat("agreements-flat", _AGREEMENTS, tuple(rows))


def flat_events(tables: Tables) -> Flat:
    """Return one row for each event, in the order of their ids."""
    links = Links(tables)
    rows = []
    for row in sorted(tables.rows("events"), key=lambda item: item["event_id"]):
        key = row["event_id"]
        place = links.row("places", row["place_id"]) if row["place_id"] else {}
        cells = {
            **{name: row.get(name, "") for name in _EVENTS},
            **_bounded(links, "start", row["start_date"]),
            "type": links.label("event_types", row["event_type"]),
            "status": links.label("event_statuses", row["status"]),
            "place": place.get("name_en", ""),
            "country": place.get("country", ""),
            "parties": _parties(links, links.of("event_parties", "event_id", key)),
            "agreements": _joined(
                f"{links.label('event_agreement_relations', item['relation'])}: {item['agreement_id']}"
                for item in links.of("event_agreements", "event_id", key)
            ),
            "areas": _joined(
                links.label("health_areas", item["area"]) for item in links.of("event_areas", "event_id", key)
            ),
            "commitments": _commitments(links, "event_id", key),
            "sources": _sources(links.sources("event_citations", "event_id", key)),
        }
        rows.append(tuple(cells.values()))
    return Flat("events-flat", _EVENTS, tuple(rows))


def term_state(links: Links, row: Mapping[str, str], as_of: datetime.date) -> str:
    """Return the state of an agreement's term at a day, by its dates alone; empty where no date tells."""
    begin = links.bounds(row["effective_date"] or row["signed_date"])[0]
    earliest, latest = links.bounds(row["end_date"])
    if begin and begin > as_of:
        return "not_started"
    if row["end_date_basis"] == "open_ended":
        return "open_ended"
    if latest and latest < as_of:
        return "ended"
    if earliest:
        return "running" if earliest >= as_of else "unclear"
    return ""


def _bounded(links: Links, name: str, date: str) -> dict[str, str]:
    earliest, latest = links.bounds(date)
    return {f"{name}_earliest": _iso(earliest), f"{name}_latest": _iso(latest)}


def _iso(day: datetime.date | None) -> str:
    return day.isoformat() if day else ""


def _parties(links: Links, members: Iterable[Row]) -> str:
    roles: dict[str, list[str]] = {}
    for member in members:
        roles.setdefault(member["party_id"], []).append(member["role"].replace("_", " "))
    return _joined(f"{links.party(party)} ({', '.join(names)})" for party, names in roles.items())


def _signed_at(links: Links, key: str) -> Iterable[str]:
    for item in links.of("event_agreements", "agreement_id", key):
        place = links.row("events", item["event_id"])["place_id"]
        if item["relation"] == "signs" and place:
            yield links.row("places", place)["name_en"]


def _commitments(links: Links, column: str, key: str) -> str:
    return _joined(item["description_en"] for item in links.of("commitments", column, key))


def _sources(sources: Iterable[Row]) -> str:
    return _joined(source["url"] or source["publisher"] or source["title"] for source in sources)


def _joined(values: Iterable[str]) -> str:
    return _JOIN.join(dict.fromkeys(value for value in values if value))
