"""Compares two releases of a package: descriptor, schemas, rules, and every row by its key.

`compare` is the whole story. Nothing here knows how a comparison is written down.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from accords.changes import Change, Difference, RowChange, Side, Unread
from accords.diff.cards import cards
from accords.diff.descriptors import compare_packages, paired
from accords.diff.lookup import Place, Values
from accords.diff.records import judged, retired_ids
from accords.diff.rows import Compared, NotCompared, compare_rows, introduced
from accords.diff.rulesets import compare_rules
from accords.diff.schemas import compare_schemas
from accords.files import Folder
from accords.lints import lints
from accords.package import Package
from accords.version import VERSION
from accords.worker import at

# What the first release is compared with: a package that holds nothing.
NOTHING = Package(Folder(Path(), "nothing"), "", None, None, "", (), None)
LOOK_ALIKES = 200  # new records of one table that look-alikes are sought for


def compare(old: Package, new: Package, limit: int | None = None) -> Difference:
    """Return everything that changed from one package to another.

    `limit` caps the rows that are listed for each table; totals, changes and the step are true all the same.
    A table that cannot be read on either side is named in `unread`. Raises `RuleError` where the rules of
    one side cannot be read.
    """
    changes: list[Change] = list(compare_packages(old, new))
    if old.descriptor:
        changes += compare_rules(old, new)
    rows: list[RowChange] = []
    known: dict[Place, Values] = {}
    unread: list[Unread] = []
    totals: dict[str, dict[str, int]] = {}
    counts: tuple[dict[str, int], dict[str, int]] = ({}, {})
    retired = retired_ids(new)
    for before, after in paired(old, new):
        if after is None:
            continue
        at(f"while it compared {after.name}")
        try:
            if before:
                found, renamed = compare_schemas(old, before, new, after)
                changes += found
                table = compare_rows(old.files, before, new.files, after, renamed)
                counts[0][before.name] = table.before
            else:
                table = introduced(new.files, after)
        except NotCompared as fault:
            unread.append(Unread(after.name, str(fault)))
            continue
        counts[1][after.name] = table.after
        found_rows = judged(table, after, retired, limit)
        changes += found_rows.changes
        rows += found_rows.rows
        if found_rows.kinds:
            totals[after.name] = dict(found_rows.kinds)
        known.update(_whole(after.name, table, limit))
    at("while it looked for what belongs to each record")
    return Difference(
        old=Side(old.files.label, old.name, old.version, counts[0], old.created),
        new=Side(new.files.label, new.name, new.version, counts[1], new.created),
        tool_version=VERSION,
        changes=tuple(_ordered(changes)),
        rows=tuple(rows),
        cards=tuple(cards(old, new, rows, known, LOOK_ALIKES)),
        unread=tuple(unread),
        totals=totals,
    )


def _whole(name: str, table: Compared, limit: int | None) -> Iterator[tuple[Place, Values]]:
    """Yield the records that changed, as they are now."""
    for _, row in table.changed[:limit] if len(table.key) == 1 else ():
        yield (name, table.key_of(row)[0]), dict(zip(table.names, row.cells, strict=True))


def _ordered(changes: list[Change]) -> Iterator[Change]:
    """Yield the changes, the largest step first, then in the order of the table of lints."""
    order = {name: number for number, name in enumerate(lints())}
    yield from sorted(changes, key=lambda item: (-item.step, order[item.lint]))


__all__ = ["NOTHING", "NotCompared", "compare"]
