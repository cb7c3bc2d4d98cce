"""One contribution in the making: the rows of a workbook written into it, with the cell of every value.

Apart from `gathering`, which says which row goes where: here is how the numbered columns of a row become lists.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from accords.intake.document import Trail
from accords.intake.folding import folded
from accords.intake.tongues import vietnamese
from accords.intake.workbook.reading import Row


@dataclass(eq=False, slots=True)
class Draft:
    """A contribution; `calls`: what other rows may call it, `mentions`: whom it names, by kind, folded.

    `in_vietnamese`: its titles are.
    """

    content: dict[str, Any] = field(default_factory=dict)
    cells: dict[Trail, str] = field(default_factory=dict)
    calls: set[str] = field(default_factory=set)
    mentions: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    in_vietnamese: bool = False

    def fill(self, row: Row, base: Trail) -> None:
        """Write the texts of a row to a place that is there, and remember the cells of all its columns."""
        first = next(iter(row.spots[key] for key in row.texts))
        self.cells.setdefault((), first)
        self.cells.setdefault(base, first)
        filled = [column.path for column in row.columns.values() if column.key in row.texts and column.item]
        ranks = _ranks(filled)
        for column in row.columns.values():
            spots = [ranks.get(column.path[: at + 1]) for at, part in enumerate(column.path) if isinstance(part, int)]
            if column.item is None or None in spots:  # nothing is said of the thing that the column is about
                continue
            trail = (*base, *(ranks.get(column.path[: at + 1], part) for at, part in enumerate(column.path)))
            for end in range(len(base) + 1, len(trail)):
                self.cells.setdefault(trail[:end], row.spots[column.key])
            self.cells[trail] = row.spots[column.key]
            if text := row.texts.get(column.key, ""):
                _write(self.content, trail, text)
                if column.item.refers:
                    self.mentions[column.item.refers].add(folded(text))
        if not base:
            self._complete(row)

    def _complete(self, row: Row) -> None:
        """Say of the lists in a row what goes without saying there, and how the row calls its parties."""
        for name, said in row.sheet.constants.items():
            for number, entry in enumerate(self.content.get(name, ())):
                entry |= {key: value for key, value in said.items() if key not in entry}
                for key in said:
                    self.cells.setdefault((name, number, key), self.cells[name, number])
        described = sorted({int(key.split(".")[1]) for key in row.texts if key.startswith("parties.")})
        for place, number in enumerate(described):
            key = f"agreement.parties.{number}.party"
            name = "name_vi" if vietnamese(row.texts.get(key, ""), self.in_vietnamese) else "name_en"
            for one in {name, "name_en"}:  # of the English one it may have to be said that it is missing
                self.cells["parties", place, one] = row.spots.get(key, self.cells["parties", place])
            if key in row.texts:
                self.content["parties"][place][name] = row.texts[key]

    def reach(self, trail: Trail) -> Any:
        """Return what stands at a place that is there."""
        found: Any = self.content
        for part in trail:
            found = found[part]
        return found

    def extend(self, row: Row, trail: Trail, name: str) -> Trail:
        """Add a row to a list of the record at a place, and return where it is now."""
        entries = self.reach(trail).setdefault(name, [])
        entries.append({})
        self.fill(row, (*trail, name, len(entries) - 1))
        return (*trail, name, len(entries) - 1)


def _ranks(paths: Iterable[Trail]) -> Mapping[Trail, int]:
    """Return the places in their lists, from 0 on, of what is numbered in columns: gaps do not count."""
    numbers: dict[Trail, set[int]] = defaultdict(set)
    for path in paths:
        for at, part in enumerate(path):
            if isinstance(part, int):
                numbers[path[:at]].add(part)
    return {(*before, number): place for before, found in numbers.items() for place, number in enumerate(sorted(found))}


def _write(content: dict[str, Any], trail: Trail, text: str) -> None:
    """Write a text to a place, with whatever is missing around it."""
    spot: Any = content
    for part, following in pairwise(trail):
        empty: Any = [] if isinstance(following, int) else {}
        if isinstance(part, int):
            spot.extend({} for _ in range(len(spot), part + 1))
            spot = spot[part]
        else:
            spot = spot.setdefault(part, empty)
    last = trail[-1]
    if isinstance(last, int):
        spot.extend("" for _ in range(len(spot), last + 1))
    spot[last] = text
