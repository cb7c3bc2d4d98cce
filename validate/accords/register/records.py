"""Agreements with what is derived from their tables: level, partners, precision of dates, witnesses.

Apart from `coverage`, which counts them: a release derives the same facts, and both must say the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from accords.intake.tables import Row, Tables

LEVELS = {
    "domestic": "between bodies inside Viet Nam",
    "multilateral": "with an international organisation, a development bank or a global fund",
    "government": "between governments, ministries, authorities or their agencies",
    "company": "with a company",
    "institutional": "between hospitals, schools, institutes, associations, foundations and the like",
}
INTERNATIONAL = "international"
_HOME = "VNM"
_SIDES = frozenset(
    {"signatory", "funder", "implementer", "beneficiary", "supplier", "technical_partner", "coordinator"}
)
_BODIES = frozenset({"intergovernmental_organisation", "global_health_partnership"})


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement: its row, its level (a key of `LEVELS`), the countries of its sides but Viet Nam, and more.

    `partners` holds alpha-3 codes, and `INTERNATIONAL` for sides without a country. `witnesses` counts the sources
    that support the record as a whole, without reprints and translations of one another. `readings`: 1 or 2.
    """

    row: Mapping[str, str]
    level: str
    partners: tuple[str, ...]
    areas: tuple[str, ...]
    witnesses: int
    readings: int


def agreements(tables: Tables) -> list[Agreement]:
    """Return all agreements, in the order of their ids."""
    parties = {row["party_id"]: row for row in tables.rows("parties")}
    broader = {row["code"]: row["broader"] for row in tables.rows("party_types")}
    sides = _grouped(
        (row for row in tables.rows("agreement_parties") if row["role"] in _SIDES), "agreement_id", "party_id"
    )
    areas = _grouped(tables.rows("agreement_areas"), "agreement_id", "area")
    origin = {row["source_id"]: row["derived_from_source_id"] for row in tables.rows("sources")}
    cited = (
        row for row in tables.rows("agreement_citations") if row["field"] == "record" and row["support"] == "supports"
    )
    sources = _grouped(cited, "agreement_id", "source_id")
    found = []
    for row in sorted(tables.rows("agreements"), key=lambda item: item["agreement_id"]):
        key = row["agreement_id"]
        members = [parties[party] for party in sorted(set(sides[key]))]
        found.append(
            Agreement(
                row,
                level_of([(party["country"], _last(party["party_type"], broader)) for party in members]),
                tuple(sorted({party["country"] or INTERNATIONAL for party in members} - {_HOME})),
                tuple(sorted(areas[key])),
                len({_last(source, origin) for source in sources[key]}),
                2 if row["coding"] == "rechecked" else 1,
            )
        )
    return found


def level_of(sides: Iterable[tuple[str, str]]) -> str:
    """Return the level of an agreement whose sides have these countries and groups of types."""
    known = list(sides)
    abroad = {group for country, group in known if country != _HOME}
    if not abroad:
        return "domestic"
    if abroad & _BODIES:
        return "multilateral"
    if "government_body" in abroad and any(country == _HOME and group == "government_body" for country, group in known):
        return "government"
    if any(group == "private_company" for _, group in known):
        return "company"
    return "institutional"


def precision_of(date: str) -> str:
    """Return how exactly a partial date is known: day, month, season, year, decade, or none where it is empty.

    Quarters and halves of a year count as seasons.
    """
    bare = date.rstrip("?~%")
    if not bare:
        return "none"
    if "X" in bare:
        return "decade"
    if len(bare) == len("2023-06"):
        return "month" if bare[5:] <= "12" else "season"
    return {4: "year", 10: "day"}[len(bare)]


def _grouped(rows: Iterable[Row], key: str, value: str) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        groups[row[key]].append(row[value])
    return groups


def _last(code: str, broader: Mapping[str, str]) -> str:
    """Return the widest code above a code, or the first source of a source.

    A loop, which validation reports, ends where it began.
    """
    seen = {code}
    while (wider := broader.get(code, "")) and wider not in seen:
        seen.add(wider)
        code = wider
    return code
