"""DuckDB: cells in as text with their row and line, typed views out. The only place with a connection.

Apart from the checks, which see names and SQL but never a connection option or a file: what a rule may
reach is decided here. Each resource becomes a base table `own.t<n>` (row, line, c1 … cn as text) and a
view under its own name with typed columns and `_row`, the record's number.
"""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb

from accords import edtf
from accords.fieldtypes import column, judged, typed
from accords.package import Field, Package, Resource, Schema
from accords.reader import CHUNK, Record

_FOLD = r"""CREATE MACRO fold(x) AS lower(CASE WHEN regexp_full_match(x, '[\p{Latin}\p{Common}\p{Inherited}]*')
    THEN strip_accents(translate(x, 'đĐ', 'dD')) ELSE x END)"""


_TINY, _LARGE = 1 << 20, 32 << 20  # bytes
_SPILL = "32GiB"  # that temporary files may take together


def name(identifier: str) -> str:
    """Return an identifier quoted for SQL."""
    return '"' + identifier.replace('"', '""') + '"'


def _aliases(names: Sequence[str]) -> list[str]:
    """Return the names quoted; SQL ignores case, so one that is there but for case gets a number after it."""
    seen: dict[str, int] = {"_row": 1}
    found = []
    for item in names:
        seen[item.lower()] = number = seen.get(item.lower(), 0) + 1
        found.append(name(item if number == 1 else f"{item} {number}"))
    return found


def literal(value: str | None) -> str:
    """Return a text quoted for SQL, NULL for None."""
    return "NULL" if value is None else "'" + value.replace("'", "''") + "'"


def _absent(item: Field, schema: Schema) -> dict[str | None, None]:
    """Return the texts that stand for no value in a field, as a mapping to none."""
    missing = schema.missing_values if item.missing_values is None else item.missing_values
    return dict.fromkeys(missing)


@dataclass
class Store:
    """One run's database: in memory, without access to any file, setting or extension.

    The table `faulty` holds the cells that an earlier stage could not read (position 0: the whole row);
    later stages pass over them, so that one slip gives one finding. `marked` names the resources that have any.
    `size` is that of the package's files in bytes: a large package is worth several threads, and a tiny
    one not even a plan, since planning its queries takes longer than running them as they are written.
    `memory` is how many MiB the engine may hold before it goes on in temporary files.
    """

    package: Package
    as_of: date
    tables: dict[str, str] = field(default_factory=dict)
    size: int = 0
    views: dict[str, str] = field(default_factory=dict)
    marked: set[str] = field(default_factory=set)
    memory: int | None = None

    def __post_init__(self) -> None:
        """Open the database, with places for every table."""
        self._connection = duckdb.connect(":memory:")
        # The engine would spill into `.tmp` of the current folder, which may well be the package.
        self._folder = tempfile.TemporaryDirectory(prefix="accords-", ignore_cleanup_errors=True)
        self._parsed: dict[str, str] = {}
        self._patterns: dict[str, bool] = {}
        try:
            self._prepare()
        except BaseException:
            self.close()
            raise

    def _prepare(self) -> None:
        """Make the tables and close the database to the outside."""
        for statement in (
            f"SET threads = {1 if self.size < _LARGE else os.cpu_count() or 1}",
            f"PRAGMA {'disable' if self.size < _TINY else 'enable'}_optimizer",
            *edtf.MACROS,
            _FOLD,
            f"CREATE MACRO as_of() AS DATE '{self.as_of.isoformat()}'",
            "CREATE SCHEMA own",
            "CREATE TABLE own.faulty(tbl VARCHAR, row BIGINT, position INTEGER)",
            "CREATE TABLE own.doubtful(tbl VARCHAR, position INTEGER, value VARCHAR, language VARCHAR)",
            "CREATE TABLE own.listed(tag VARCHAR, value VARCHAR)",
            "CREATE TABLE own.described(tbl VARCHAR, field VARCHAR)",
            "CREATE MACRO fields_of(t) AS (SELECT list(field) FROM own.described WHERE tbl = t)",
            "SET TimeZone = 'UTC'",
            f"SET temp_directory = {literal(self._folder.name)}",
            f"SET max_temp_directory_size = '{_SPILL}'",
            *([f"SET memory_limit = '{self.memory}MiB'"] if self.memory else []),
            "SET python_enable_replacements = false",  # a table that is not there is no variable of this program
            "SET enable_external_access = false",
            "SET autoinstall_known_extensions = false",
            "SET autoload_known_extensions = false",
        ):
            self._connection.execute(statement)
        names = [resource.name for resource in self.package.resources]
        self.views.update(zip(names, _aliases(names), strict=True))
        created: list[str] = []
        for number, resource in enumerate(self.package.resources, 1):
            if resource.schema:
                self.tables[resource.name] = f"own.t{number}"
                created += self._created(resource, resource.schema)
        self._connection.execute("; ".join(created))
        described = [
            (item.name, field) for item in self.package.resources if item.schema for field in item.schema.names
        ]
        tables, fields = [list(part) for part in zip(*described, strict=True)] if described else ([], [])
        self._connection.execute(
            "INSERT INTO own.described SELECT unnest($1::VARCHAR[]), unnest($2::VARCHAR[])", [tables, fields]
        )
        self._connection.execute("SET lock_configuration = true")

    def _created(self, resource: Resource, schema: Schema) -> tuple[str, str]:
        """Return the statements that make a resource's table and view."""
        table = self.tables[resource.name]
        columns = [f"{column(item)} VARCHAR" for item in schema.fields]
        columns += [f"j{item.position} VARCHAR" for item in schema.fields if judged(item)]
        base = f"CREATE TABLE {table}(row BIGINT, line BIGINT, {', '.join(columns)})"
        values = ", ".join(
            f"{typed(item)} AS {alias}" for item, alias in zip(schema.fields, _aliases(schema.names), strict=True)
        )
        view = self.views[resource.name]
        return base, f"CREATE VIEW {view} AS SELECT row AS _row, {values} FROM {table}"

    def load(
        self, resource: Resource, rows: Iterable[Record], counted: Callable[[int], object] = lambda count: None
    ) -> int:
        """Add records as text, missing values as NULL; return how many, and tell `counted` on the way.

        Records must have as many cells as the schema has fields.
        """
        schema = resource.schema
        if schema is None:
            raise ValueError(f"{resource.name} has no schema")
        table, count = self.tables[resource.name], 0
        into = ", ".join(column(item) for item in schema.fields)
        unnested = ", ".join(f"unnest(${number + 3}::VARCHAR[])" for number in range(len(schema.fields)))
        statement = f"INSERT INTO {table}(row, line, {into}) SELECT unnest($1), unnest($2), {unnested}"
        absent = [_absent(item, schema) for item in schema.fields]
        source = iter(rows)
        while chunk := list(itertools.islice(source, CHUNK)):
            columns = zip(*(record.cells for record in chunk), strict=True)
            # `get` with the cell itself as the default: all at the speed of the loop inside `map`.
            cells = [list(map(words.get, cell, cell)) for words, cell in zip(absent, columns, strict=True)]
            places = [[record.row for record in chunk], [record.line for record in chunk]]
            self._connection.execute(statement, [*places, *cells])
            count += len(chunk)
            counted(count)
        return count

    def judge(self, resource: str, position: int, canonical: dict[str, str]) -> None:
        """Keep the canonical text of the values of a field that were read outside the engine."""
        self._connection.execute(
            f"UPDATE {self.tables[resource]} SET j{position} = canonical FROM "
            "(SELECT unnest($1) AS value, unnest($2) AS canonical) "
            f"WHERE c{position} = value",
            [list(canonical), list(canonical.values())],
        )

    def list_values(self, tag: str, values: Iterable[str]) -> str:
        """Keep values under a name of the caller's and return SQL for a query that gives them."""
        self._connection.execute("INSERT INTO own.listed SELECT $1, unnest($2)", [tag, list(values)])
        return f"SELECT value FROM own.listed WHERE tag = {literal(tag)}"

    def clear(self, resources: Iterable[str]) -> None:
        """Remove all rows of the tables of some resources."""
        for resource in resources:
            self._connection.execute(f"DELETE FROM {self.tables[resource]}")

    def mark(self, resource: str, rows: Iterable[int]) -> None:
        """Note rows that later stages pass over."""
        numbers = list(rows)
        if numbers:
            self.marked.add(resource)
            self._connection.execute(
                "INSERT INTO own.faulty SELECT $1, unnest($2), 0", [self.tables[resource], numbers]
            )

    def mark_where(self, resource: str, condition: str, field: Field) -> None:
        """Note the cells of a field in the rows that meet an SQL condition, and empty them."""
        table = self.tables[resource]
        self.marked.add(resource)
        noted = f"SELECT '{table}', row, {field.position} FROM {table} WHERE {condition}"
        self._connection.execute(f"INSERT INTO own.faulty {noted}")
        self._connection.execute(f"UPDATE {table} SET {column(field)} = NULL WHERE {condition}")

    def gather(self, sql: str) -> None:
        """Keep the text values that a query of table, position, value and language gives, to be judged."""
        self._connection.execute(f"INSERT INTO own.doubtful {sql}")

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query; duckdb.Error where it does not run."""
        return self._connection.execute(sql, list(parameters)).fetchall()

    def can_match(self, pattern: str) -> bool:
        """Tell whether the engine has what a regular expression uses."""
        if pattern not in self._patterns:
            try:
                self._connection.execute("SELECT regexp_full_match('', $1::VARCHAR)", [pattern]).fetchall()
                self._patterns[pattern] = True
            except duckdb.Error:
                self._patterns[pattern] = False
        return self._patterns[pattern]

    def columns(self, sql: str) -> list[str]:
        """Return the names of the columns that a query gives, without running it."""
        return [row[0] for row in self._connection.execute(f"DESCRIBE {sql}").fetchall()]

    def parse_all(self, statements: Iterable[str]) -> None:
        """Read the syntax trees of many statements at once; `parse` then has them at hand."""
        listed = list(dict.fromkeys(statements))
        if listed:
            trees = self._connection.execute("SELECT json_serialize_sql(unnest($1::VARCHAR[]))", [listed]).fetchall()
            self._parsed.update(zip(listed, (str(tree) for (tree,) in trees), strict=True))

    def parse(self, sql: str) -> str:
        """Return the syntax tree of SELECT statements as JSON, as the engine serialises it."""
        if sql not in self._parsed:
            found = self._connection.execute("SELECT json_serialize_sql($1::VARCHAR)", [sql]).fetchone()
            self._parsed[sql] = str(found[0]) if found else ""
        return self._parsed[sql]

    def close(self) -> None:
        """Give the memory back."""
        self._connection.close()
        self._folder.cleanup()
