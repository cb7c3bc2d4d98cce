"""DuckDB: cells in as text with their row and line, typed views out. The only place that fills one for a run.

Apart from the checks, which see names and SQL but never a connection option or a file. Each resource becomes
`own.t<n>` (row, line, c1 … cn as text) and a view under its own name with typed columns and `_row`, the record's
number. `own.t<n>` is a table, or where the engine has read the file itself a view of the table `own.b<n>`.
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from accords import engine, handing
from accords.engine import duckdb
from accords.fieldtypes import column, judged, typed
from accords.package import Field, Package, Resource, Schema
from accords.reader import CHUNK, Record


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


@dataclass
class Store:
    """One run's database: in memory, without access to any file, setting or extension.

    The table `faulty` holds the cells that an earlier stage could not read (position 0: the whole row);
    later stages pass over them, so that one slip gives one finding. `marked` names the resources that have any,
    `torn` those that have whole rows of them.
    `size` and `memory` are what the engine is opened with. `reads`: it may read files itself, until it is `shut`.
    """

    package: Package
    as_of: date
    tables: dict[str, str] = field(default_factory=dict)
    size: int = 0
    views: dict[str, str] = field(default_factory=dict)
    marked: set[str] = field(default_factory=set)
    torn: set[str] = field(default_factory=set)
    memory: int | None = None
    reads: bool = False

    def __post_init__(self) -> None:
        """Open the database, with places for every table."""
        self._folder = tempfile.TemporaryDirectory(prefix="accords-", ignore_cleanup_errors=True)
        self._connection = engine.opened(self.size, self.memory, self._folder.name, self.as_of)
        self._bases: dict[str, str] = {}
        self._parsed: dict[str, str] = {}
        self._patterns: dict[str, bool] = {}
        try:
            self._prepare()
            if not self.reads:
                self.shut()
        except BaseException:
            self.close()
            raise

    def _prepare(self) -> None:
        """Make the tables and views."""
        for statement in (
            "CREATE SCHEMA own",
            "CREATE TABLE own.faulty(tbl VARCHAR, row BIGINT, position INTEGER)",
            "CREATE TABLE own.doubtful(tbl VARCHAR, position INTEGER, value VARCHAR, language VARCHAR)",
            "CREATE TABLE own.listed(tag VARCHAR, value VARCHAR)",
            "CREATE TABLE own.described(tbl VARCHAR, field VARCHAR)",
            "CREATE MACRO fields_of(t) AS (SELECT list(field) FROM own.described WHERE tbl = t)",
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

    def _created(self, resource: Resource, schema: Schema) -> tuple[str, str]:
        """Return the statements that make a resource's table and view."""
        table = self._bases[resource.name] = self.tables[resource.name]
        values = ", ".join(
            f"{typed(item)} AS {alias}" for item, alias in zip(schema.fields, _aliases(schema.names), strict=True)
        )
        view = self.views[resource.name]
        return self._empty(table, schema), f"CREATE VIEW {view} AS SELECT row AS _row, {values} FROM {table}"

    @staticmethod
    def _empty(table: str, schema: Schema) -> str:
        """Return the statement that makes the table of a schema."""
        columns = [f"{column(item)} VARCHAR" for item in schema.fields]
        columns += [f"j{item.position} VARCHAR" for item in schema.fields if judged(item)]
        return f"CREATE TABLE {table}(row BIGINT, line BIGINT, {', '.join(columns)})"

    def load(
        self,
        resource: Resource,
        rows: Iterable[Record],
        of_file: bool = False,
        counted: Callable[[int], object] = lambda count: None,
    ) -> int:
        """Add records as text, missing values as NULL; return how many, and tell `counted` on the way.

        Records must have as many cells as the schema has fields. `of_file`: the strict reader has read them.
        """
        schema = resource.schema
        if schema is None:
            raise ValueError(f"{resource.name} has no schema")
        count, source = 0, iter(rows)
        while chunk := list(itertools.islice(source, CHUNK)):
            handing.hand(self._connection, self.tables[resource.name], schema, chunk, of_file)
            count += len(chunk)
            counted(count)
        return count

    def load_plain(self, resource: Resource, read: str, first: int) -> tuple[int, int, int]:
        """Let the engine read a file itself: `read` is SQL that gives those of c1 … cn that are asked for, and `mark`.

        The first record has the number and the line `first`. Returns how many there are, with any mark, 2 and 1.
        """
        table = self._dropped(resource)
        base = self._bases[resource.name] = table.replace(".t", ".b")
        self._connection.execute(f"CREATE TABLE {base} AS {read}")
        places = f"rowid + {first} AS row, rowid + {first} AS line"
        self._connection.execute(f"CREATE VIEW {table} AS SELECT {places}, * EXCLUDE (mark) FROM {base}")
        return self.rows(f"SELECT count(*), count(*) FILTER (mark = 2), count(*) FILTER (mark = 1) FROM {base}")[0]

    def unload(self, resource: Resource, schema: Schema) -> None:
        """Forget what the engine has read itself."""
        self._connection.execute(self._empty(self._dropped(resource), schema))
        self._bases[resource.name] = self.tables[resource.name]

    def _dropped(self, resource: Resource) -> str:
        """Drop what a resource's records are in, and return its name."""
        table, base = self.tables[resource.name], self._bases[resource.name]
        if base != table:
            self._connection.execute(f"DROP VIEW IF EXISTS {table}")
        self._connection.execute(f"DROP TABLE IF EXISTS {base}")
        return table

    def judge(self, resource: str, position: int, canonical: dict[str, str]) -> None:
        """Keep the canonical text of the values of a field that were read outside the engine."""
        self._connection.execute(
            f"UPDATE {self._bases[resource]} SET j{position} = canonical FROM "
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
            self._connection.execute(f"DELETE FROM {self._bases[resource]}")

    def mark(self, resource: str, rows: Iterable[int]) -> None:
        """Note rows that later stages pass over."""
        if numbers := list(rows):
            self.marked.add(resource)
            self.torn.add(resource)
            self._connection.execute(
                "INSERT INTO own.faulty SELECT $1, unnest($2), 0", [self.tables[resource], numbers]
            )

    def mark_where(self, resource: str, condition: str, field: Field) -> None:
        """Note the cells of a field in the rows that meet an SQL condition, and empty them."""
        table = self.tables[resource]
        self.marked.add(resource)
        noted = f"SELECT '{table}', row, {field.position} FROM {table} WHERE {condition}"
        self._connection.execute(f"INSERT INTO own.faulty {noted}")
        self._connection.execute(f"UPDATE {self._bases[resource]} SET {column(field)} = NULL WHERE {condition}")

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

    def shut(self) -> None:
        """Close the database to the outside, for good; only then may it run anything of the package's."""
        engine.shut(self._connection)

    def close(self) -> None:
        """Give all back."""
        self._connection.close()
        self._folder.cleanup()
