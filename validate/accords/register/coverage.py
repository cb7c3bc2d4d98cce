"""What the register covers, in counts: years, partners, levels, areas, types, dates, witnesses, readings.

Apart from `to_quality`, which writes them as Markdown: here they are numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from accords.intake.tables import Tables
from accords.register.records import INTERNATIONAL, LEVELS, Agreement, precision_of

_DATES = ("signed_date", "effective_date", "end_date")
_PRECISIONS = ("day", "month", "season", "year", "decade", "none")
_MANY = 3


@dataclass(frozen=True, slots=True)
class Counts:
    """One table of counts: a title, what its rows and columns are, and the rows, each a label and its numbers."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]


def coverage(tables: Tables, agreements: list[Agreement]) -> list[Counts]:
    """Return the counts of the agreements, in the order in which people ask for them."""
    label = _labels(tables)
    return [
        _ordered("By year of signing", "Year", (_year(item) for item in agreements)),
        _counted(
            "By partner (an agreement with several counts for each)",
            "Partner",
            (_partner(code, label) for item in agreements for code in item.partners),
        ),
        _ordered(
            "By level",
            "Level",
            (item.level for item in agreements),
            list(LEVELS),
            lambda code: f"{code}: {LEVELS[code]}",
        ),
        _counted(
            "By area of health (an agreement with several counts for each)",
            "Area",
            (label["health_areas", code] for item in agreements for code in item.areas or ("",)),
        ),
        _counted("By type", "Type", (label["agreement_types", item.row["agreement_type"]] for item in agreements)),
        _counted(
            "By status, as last reported",
            "Status",
            (label["agreement_statuses", item.row["status"]] for item in agreements),
        ),
        _dates(agreements),
        _ordered(
            "By independent sources (reprints and translations do not count)",
            "Sources",
            (str(item.witnesses) if item.witnesses < _MANY else f"{_MANY} or more" for item in agreements),
        ),
        _ordered("By readings", "Read", ({1: "once", 2: "twice"}[item.readings] for item in agreements)),
    ]


def sources(tables: Tables) -> list[Counts]:
    """Return the counts of the sources: how much of each was read, and in which language its title is."""
    label = _labels(tables)
    rows = list(tables.rows("sources"))
    return [
        _counted("How much of a source was read", "Read", (row["extent_read"] for row in rows)),
        _counted(
            "Languages of the titles",
            "Language",
            (label["languages", row["title_language"]] for row in rows if row["title_language"]),
        ),
    ]


def _labels(tables: Tables) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {("health_areas", ""): "(none named)"}
    for table in ("countries", "health_areas", "agreement_types", "agreement_statuses", "languages"):
        for row in tables.rows(table):
            found[table, row[tables[table].schema.primary_key[0]]] = row["label_en"]
    return found


def _year(item: Agreement) -> str:
    return item.row["signed_date"][:4] or "not dated"


def _partner(code: str, label: dict[tuple[str, str], str]) -> str:
    return "International bodies" if code == INTERNATIONAL else label["countries", code]


def _dates(agreements: list[Agreement]) -> Counts:
    counts = {field: Counter(precision_of(item.row[field]) for item in agreements) for field in _DATES}
    rows = tuple((name, tuple(counts[field][name] for field in _DATES)) for name in _PRECISIONS)
    return Counts("Dates by precision", ("Known to the", "Signed", "Effective", "End"), rows)


def _counted(title: str, of: str, values: Iterable[str]) -> Counts:
    """Count values, the most frequent first."""
    counts = Counter(values)
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return Counts(title, (of, "Number"), tuple((name, (number,)) for name, number in rows))


def _ordered(
    title: str,
    of: str,
    values: Iterable[str],
    order: list[str] | None = None,
    shown: Callable[[str], str] = str,
) -> Counts:
    """Count values, in the given order or that of the values themselves."""
    counts = Counter(values)
    return Counts(title, (of, "Number"), tuple((shown(name), (counts[name],)) for name in order or sorted(counts)))
