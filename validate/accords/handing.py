"""Records handed over to the engine: where they are many, as one text that it splits itself.

Apart from `store`, since this is all about time: to hand over cell by cell, each of which becomes a value of the
engine by itself, takes longer than to read the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from accords.engine import duckdb
from accords.fieldtypes import column
from accords.package import Field, Schema
from accords.reader import Record

_MANY = 2000  # records; a statement that splits takes longer to plan than few of them to hand over
# A cell of a file holds no NUL, which the reader refuses; so what starts with one is told from every cell.
_CELL, _RECORD, _NOTHING = "\0\1", "\0\2", "\0\3"


def hand(
    connection: duckdb.DuckDBPyConnection, table: str, schema: Schema, records: Sequence[Record], of_file: bool
) -> None:
    """Add records to a table of the engine; texts that are no value become NULL.

    `of_file`: the strict reader has read them; else they may hold anything.
    """
    names = ["row", "line", *(column(item) for item in schema.fields)]
    if of_file and len(records) >= _MANY:
        connection.execute(f"INSERT INTO {table}({', '.join(names)}) {_split(schema)}", [_text(records)])
        return
    places = [record.row for record in records], [record.line for record in records]
    with connection.appender(table, columns=names) as into:
        into.append_rows(zip(*places, *columns_of(schema, records), strict=True))


def columns_of(schema: Schema, records: Sequence[Record]) -> list[list[str | None]]:
    """Return the cells of records field by field, None for what is no value."""
    columns = zip(*(record.cells for record in records), strict=True) if records else [()] * len(schema.fields)
    words: list[dict[str | None, None]] = [dict.fromkeys(absent(item, schema)) for item in schema.fields]
    # `get` with the cell itself as the default: all at the speed of the loop inside `map`.
    return [list(map(none.get, cell, cell)) for none, cell in zip(words, columns, strict=True)]


def _text(records: Sequence[Record]) -> str:
    """Return all records as one text."""
    return _RECORD.join([f"{row}{_CELL}{line}{_CELL}{_joined(cells)}" for row, line, cells in records])


def _split(schema: Schema) -> str:
    """Return SQL that splits it again."""
    cells = ", ".join(_valued(f"r[{number}]", schema, item) for number, item in enumerate(schema.fields, 3))
    split = f"SELECT string_split(unnest(string_split($1, {_sign(_RECORD)})), {_sign(_CELL)}) AS r"
    return f"SELECT r[1]::BIGINT, r[2]::BIGINT, {cells} FROM ({split})"


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
