"""Records handed over to the engine: many at once, as one text that it splits itself.

Apart from `store`, since this is all about time: a list of texts for each column, each turned into a value of the
engine by itself, took longer than reading the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from accords.fieldtypes import column
from accords.package import Field, Schema
from accords.reader import Record

# A cell of a file holds no NUL, which the reader refuses; so what starts with one is told from every cell.
_CELL, _RECORD, _NOTHING = "\0\1", "\0\2", "\0\3"


def statement(table: str, schema: Schema, of_file: bool) -> str:
    """Return the statement that adds records to a table; texts that stand for no value become NULL.

    Its parameters are those of `as_text` for the records of a file, else those of `as_lists`.
    """
    into = f"INSERT INTO {table}(row, line, {', '.join(column(item) for item in schema.fields)})"
    if not of_file:
        cells = (_valued(f"unnest(${number}::VARCHAR[])", schema, item) for number, item in enumerate(schema.fields, 3))
        return f"{into} SELECT unnest($1), unnest($2), {', '.join(cells)}"
    cells = (_valued(f"r[{number}]", schema, item) for number, item in enumerate(schema.fields, 3))
    records = f"SELECT string_split(unnest(string_split($1, {_sign(_RECORD)})), {_sign(_CELL)}) AS r"
    return f"{into} SELECT r[1]::BIGINT, r[2]::BIGINT, {', '.join(cells)} FROM ({records})"


def as_text(records: Sequence[Record]) -> list[str]:
    """Return records of a file as the one parameter of their statement."""
    return [_RECORD.join([f"{row}{_CELL}{line}{_CELL}{_joined(cells)}" for row, line, cells in records])]


def as_lists(records: Sequence[Record]) -> list[list[int] | list[int | None] | list[str | None]]:
    """Return records that stand in a descriptor, and may hold anything, as the parameters of their statement."""
    cells = (list(cells) for cells in zip(*(record.cells for record in records), strict=True))
    return [[record.row for record in records], [record.line for record in records], *cells]


def absent(item: Field, schema: Schema) -> tuple[str, ...]:
    """Return the texts that stand for no value in a field."""
    return schema.missing_values if item.missing_values is None else item.missing_values


def _joined(cells: Sequence[str | None]) -> str:
    if None in cells:
        cells = [_NOTHING if cell is None else cell for cell in cells]
    return _CELL.join(cast("Sequence[str]", cells))


def _valued(cell: str, schema: Schema, item: Field) -> str:
    """Return SQL for a cell, NULL where it holds no value."""
    for word in dict.fromkeys((*absent(item, schema), _NOTHING)):
        cell = f"nullif({cell}, {_sign(word)})"
    return cell


def _sign(text: str) -> str:
    """Return a text quoted for SQL, which takes no NUL in a literal."""
    return " || chr(0) || ".join("'" + part.replace("'", "''") + "'" for part in text.split("\0"))
