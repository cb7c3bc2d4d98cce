"""How far two readers agree: per field the share of equal values, Cohen's kappa for codes, Jaccard's index for sets.

Apart from `coverage`, because these are statistics of the coding and say nothing of the agreements.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accords.intake.tables import Row

_CODED = frozenset(
    {"agreement_type", "status", "renewal", "signed_date_basis", "effective_date_basis", "end_date_basis"}
)
_SETS = frozenset({"parties", "areas", "modes", "commitments"})


@dataclass(frozen=True, slots=True)
class ReaderAgreement:
    """What a reader after the first made of the records: how many of them were read, and each field."""

    reader: str
    records: int
    fields: tuple[FieldAgreement, ...]


@dataclass(frozen=True, slots=True)
class FieldAgreement:
    """What two readers made of one field.

    `number`: values that at least one of them found; `agreed`: those that both found alike; `kept`, `completed` and
    `changed`: what became of the others. `kappa`: chance-corrected agreement, for codes only; `jaccard`: mean share of
    common members, for sets only.
    """

    field: str
    number: int
    agreed: int
    kept: int
    completed: int
    changed: int
    kappa: float | None = None
    jaccard: float | None = None


def agreements_of(readings: Iterable[Row]) -> list[ReaderAgreement]:
    """Return the agreement with each reader after the first, who has read most before the others."""
    readers: dict[str, list[Row]] = defaultdict(list)
    for row in readings:
        readers[row["reader"]].append(row)
    return [
        ReaderAgreement(name, len({row["record_id"] for row in rows}), tuple(_fields(rows)))
        for name, rows in sorted(readers.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    ]


def _fields(readings: Iterable[Row]) -> list[FieldAgreement]:
    """Return the agreement for each field that was read again, fields from A to Z."""
    fields: dict[str, list[Row]] = defaultdict(list)
    for row in readings:
        fields[row["field"].partition(":")[0]].append(row)
    return [_of_field(name, rows) for name, rows in sorted(fields.items())]


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Return Cohen's kappa of pairs of codes: 1 full agreement, 0 what chance gives; None where chance gives all.

    J. Cohen, A Coefficient of Agreement for Nominal Scales, 1960.
    """
    if not pairs:
        return None
    total = len(pairs)
    observed = sum(first == second for first, second in pairs) / total
    firsts, seconds = Counter(first for first, _ in pairs), Counter(second for _, second in pairs)
    expected = sum(count * seconds[code] for code, count in firsts.items()) / total**2
    return None if expected == 1 else (observed - expected) / (1 - expected)


def jaccard(first: str, second: str) -> float:
    """Return the share of members that two sets, written with "; " between, have in common; 1 if both are empty."""
    one, other = _members(first), _members(second)
    return len(one & other) / len(one | other) if one | other else 1.0


def _of_field(name: str, rows: Sequence[Row]) -> FieldAgreement:
    outcomes = Counter(row["outcome"] for row in rows)
    pairs = [(_first(row), row["value"]) for row in rows]
    return FieldAgreement(
        name,
        len(rows),
        outcomes["agrees"],
        outcomes["differs_kept"],
        outcomes["differs_completed"],
        outcomes["differs_changed"],
        kappa(pairs) if name in _CODED else None,
        sum(jaccard(*pair) for pair in pairs) / len(pairs) if name in _SETS else None,
    )


def _first(row: Row) -> str:
    return row["value"] if row["outcome"] == "agrees" else row["first_value"]


def _members(text: str) -> set[str]:
    return {member for member in text.split("; ") if member}
