"""How alike two agreements or two events are: who, when, what it is called, what kind it is.

Apart from `recognition`, which decides what follows: the weights stand here, and nothing else knows them.
"""

from __future__ import annotations

import calendar
import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from accords.intake.folding import folded
from accords.intake.tables import Tables

LIKELY = 0.75
"""From this score on two records are likely one; nobody but a reader can tell."""

_WHO, _WHEN, _TITLE, _TYPE = 0.45, 0.25, 0.2, 0.1
_APART = 0.6  # what is left of a score where the dates exclude each other by more than a month
_BYSTANDERS = frozenset({"witness", "facilitator", "depositary"})
_MONTH = datetime.timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Sides:
    """What is compared: the links (parties, agreements), the date, the titles, the type."""

    links: frozenset[str]
    date: str
    titles: tuple[str, ...]
    type: str


class Likeness:
    """Compares one kind of record; knows those of the package and those that documents bring."""

    def __init__(self) -> None:
        self._sides: dict[str, Sides] = {}
        self._by_link: dict[str, set[str]] = defaultdict(set)
        self._by_title: dict[str, set[str]] = defaultdict(set)

    def add(self, identifier: str, sides: Sides) -> None:
        """Remember a record."""
        self._sides[identifier] = sides
        for link in sides.links:
            self._by_link[link].add(identifier)
        for title in sides.titles:
            self._by_title[folded(title)].add(identifier)

    def same(self, sides: Sides) -> list[str]:
        """Return the records that are certainly meant: one title, one date, and nobody on one side only."""
        titled = {one for title in sides.titles for one in self._by_title.get(folded(title), ())}
        return sorted(one for one in titled if _same(sides, self._sides[one]))

    def likely(self, sides: Sides) -> list[tuple[str, float]]:
        """Return records that are likely meant, with their scores, the likeliest first."""
        near = {one for link in sides.links for one in self._by_link.get(link, ())}
        near |= {one for title in sides.titles for one in self._by_title.get(folded(title), ())}
        scored = ((one, score(sides, self._sides[one])) for one in near)
        return sorted((pair for pair in scored if pair[1] >= LIKELY), key=lambda pair: (-pair[1], pair[0]))


def of_agreements(tables: Tables) -> Likeness:
    """Return the agreements of a package, ready to be compared."""
    links: dict[str, set[str]] = defaultdict(set)
    for row in tables.rows("agreement_parties"):
        if row["role"] not in _BYSTANDERS:
            links[row["agreement_id"]].add(row["party_id"])
    known = Likeness()
    for row in tables.rows("agreements"):
        titles = tuple(filter(None, (row["title_en"], row["title_original"])))
        identifier = row["agreement_id"]
        known.add(identifier, Sides(frozenset(links[identifier]), row["signed_date"], titles, row["agreement_type"]))
    return known


def of_events(tables: Tables) -> Likeness:
    """Return the events of a package, ready to be compared."""
    links: dict[str, set[str]] = defaultdict(set)
    for table, column in (("event_parties", "party_id"), ("event_agreements", "agreement_id")):
        for row in tables.rows(table):
            links[row["event_id"]].add(row[column])
    known = Likeness()
    for row in tables.rows("events"):
        identifier = row["event_id"]
        known.add(
            identifier,
            Sides(frozenset(links[identifier]), row["start_date"], (row["title_en"],), row["event_type"]),
        )
    return known


def involved(pairs: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Return the parties that are bound, of pairs of party and role."""
    return frozenset(party for party, role in pairs if role not in _BYSTANDERS)


def score(one: Sides, other: Sides) -> float:
    """Return how alike two records are, from 0 to 1."""
    from rapidfuzz import fuzz

    together = one.links | other.links
    who = len(one.links & other.links) / len(together) if together else 0.0
    pairs = [(folded(a), folded(b)) for a in one.titles for b in other.titles]
    title = max((fuzz.token_sort_ratio(a, b) / 100 for a, b in pairs), default=0.0)
    when, apart = _dates(one.date, other.date)
    total = _WHO * who + _WHEN * when + _TITLE * title + _TYPE * (one.type == other.type)
    return round(total * (_APART if apart else 1), 2)


def _same(one: Sides, other: Sides) -> bool:
    if one.date != other.date or not (one.links <= other.links or other.links <= one.links):
        return False
    return folded(one.titles[0] if one.titles else "") == folded(other.titles[0] if other.titles else "")


def _dates(one: str, other: str) -> tuple[float, bool]:
    """Return how well two partial dates agree, from 0 to 1, and whether they exclude each other."""
    if not one or not other:
        return 0.5, False
    if one == other:
        return 1.0, False
    first, second = bounds(one), bounds(other)
    if first is None or second is None:
        return 0.5, False
    if first[0] <= second[1] and second[0] <= first[1]:
        return 0.8, False
    gap = max(second[0] - first[1], first[0] - second[1])
    return (0.5, False) if gap <= _MONTH else (0.0, True)


def bounds(text: str) -> tuple[datetime.date, datetime.date] | None:
    """Return the first and last day of a partial date, or None where it is none."""
    plain = text.rstrip("?~%")
    try:
        if plain.endswith("X"):
            return datetime.date(int(plain[:3]) * 10, 1, 1), datetime.date(int(plain[:3]) * 10 + 9, 12, 31)
        year, _, rest = plain.partition("-")
        if not rest:
            return datetime.date(int(year), 1, 1), datetime.date(int(year), 12, 31)
        if "-" in rest:
            day = datetime.date.fromisoformat(plain)
            return day, day
        part = int(rest)
        start, end = (part, part) if part <= 12 else (3 * part - 98, 3 * part - 96)
        if part >= 40:
            start, end = (1, 6) if part == 40 else (7, 12)
        return datetime.date(int(year), start, 1), datetime.date(int(year), end, calendar.monthrange(int(year), end)[1])
    except ValueError:
        return None
