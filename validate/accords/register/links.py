"""The tables of the register, linked: what belongs to one agreement or event, with names and labels at hand.

Apart from `records`, which derives facts: flat tables, feeds, citations and `accords show` all walk the same links.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from accords.engine import dated
from accords.intake.tables import Row, Tables

Bounds = tuple[datetime.date | None, datetime.date | None]


class Links:
    """Rows by what they belong to; every look-up is a dict, made once when it is first asked for."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def row(self, table: str, key: str) -> Row:
        """Return the row of a table whose primary key is this one value; KeyError where there is none."""
        return self.tables[table].rows[(key,)]

    def of(self, table: str, column: str, key: str) -> list[Row]:
        """Return the rows of a table that hold a value in a column, in the order of the file."""
        return self._grouped(table, column).get(key, [])

    def label(self, vocabulary: str, code: str, language: str = "en") -> str:
        """Return the label of a code; the code itself where the list does not have it or the label is empty."""
        row = self.tables[vocabulary].rows.get((code,), {})
        return row.get(f"label_{language}") or code

    def party(self, key: str) -> str:
        """Return the English name of a party."""
        return self.row("parties", key)["name_en"]

    def sources(self, table: str, column: str, key: str) -> list[Row]:
        """Return the sources that a record's citations name, each once, those of the whole record first."""
        cited = sorted(self.of(table, column, key), key=lambda row: row["field"] != "record")
        return [self.row("sources", source) for source in dict.fromkeys(row["source_id"] for row in cited)]

    def bounds(self, date: str) -> Bounds:
        """Return the earliest and the latest day of a partial date; None where it is empty or has no such end."""
        return self._bounds.get(date, (None, None))

    @cached_property
    def _bounds(self) -> dict[str, Bounds]:
        """All dates of the tables at once: one query costs as much as one date."""
        dates = {row[name] for table, names in self._dated() for row in self.tables.rows(table) for name in names}
        with dated() as engine:
            asked = "SELECT x, edtf_earliest(x), edtf_latest(x) FROM (SELECT unnest($1::VARCHAR[]) AS x)"
            found = engine.execute(asked, [sorted(dates - {""})]).fetchall()
        return {date: (_day(earliest), _day(latest)) for date, earliest, latest in found}

    def _dated(self) -> Iterable[tuple[str, list[str]]]:
        for resource in self.tables.package.resources:
            if resource.schema:
                yield resource.name, [item.name for item in resource.schema.fields if item.edtf]

    def _grouped(self, table: str, column: str) -> dict[str, list[Row]]:
        made = self._groups.get((table, column))
        if made is None:
            groups: dict[str, list[Row]] = defaultdict(list)
            for row in self.tables.rows(table):
                groups[row[column]].append(row)
            made = self._groups[table, column] = dict(groups)
        return made

    @cached_property
    def _groups(self) -> dict[tuple[str, str], dict[str, list[Row]]]:
        return {}


def _day(value: object) -> datetime.date | None:
    """Return a day that is one: the engine gives ends that are open as the first or the last day of all."""
    if isinstance(value, datetime.date) and datetime.date.min < value < datetime.date.max:
        return value
    return None
