"""The rows of a package in memory, by key, and what became of them: each added or changed row is a change.

Apart from `store`, the validator's engine: thousands of contributions look up single rows, which dicts do
faster than queries, and at the end the tables that changed are written anew.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from accords.errors import PackageError
from accords.files import UnsafePath
from accords.package import Package, Resource, Schema
from accords.reader import Unreadable, records
from accords.tidy import rendered

Key = tuple[str, ...]
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """A row before (None: it is new) and after (None: it is taken out)."""

    table: str
    key: Key
    before: Mapping[str, str] | None
    after: Mapping[str, str] | None


@dataclass(eq=False, slots=True)
class Table:
    """One table: its rows by primary key; `digest` is the SHA-256 of the file that was read."""

    resource: Resource
    schema: Schema
    rows: dict[Key, Row]
    digest: str
    before: dict[Key, Row | None] = field(default_factory=dict)

    def key(self, row: Mapping[str, str]) -> Key:
        """Return the primary key of a row."""
        return tuple(row[name] for name in self.schema.primary_key)

    def set(self, key: Key, column: str, value: str) -> None:
        """Change one cell, and remember the row as it was."""
        self.before.setdefault(key, dict(self.rows[key]))
        self.rows[key][column] = value

    def insert(self, row: Row) -> Key:
        """Add a row whose key is not there yet; columns that it lacks are empty."""
        whole = {name: row.get(name, "") for name in self.schema.names}
        key = self.key(whole)
        self.rows[key] = whole
        self.before.setdefault(key, None)
        return key

    def remove(self, key: Key) -> None:
        """Take a row out, and remember it."""
        self.before.setdefault(key, self.rows.pop(key))

    def changes(self) -> Iterator[Change]:
        """Yield what has changed."""
        for key, before in self.before.items():
            if before != (after := self.rows.get(key)):
                yield Change(self.resource.name, key, before, after)

    def written(self) -> bytes:
        """Return the canonical bytes of the table as it is now."""
        rows = ([row[name] for name in self.schema.names] for row in self.rows.values())
        return rendered(rows, self.resource, self.schema)


class Tables:
    """All tables of a package that have a schema and a primary key."""

    def __init__(self, package: Package) -> None:
        """Read them; raises `PackageError` where one cannot be read as its schema says."""
        self.package = package
        self._tables = {item.name: _table(package, item) for item in package.resources if item.schema}

    def __getitem__(self, name: str) -> Table:
        """Return a table; `PackageError` where the package has none of that name."""
        try:
            return self._tables[name]
        except KeyError:
            raise PackageError(f"the package has no table {name}, which contributions need.") from None

    def __contains__(self, name: object) -> bool:
        return name in self._tables

    def rows(self, name: str) -> Iterator[Row]:
        """Yield the rows of a table."""
        yield from self[name].rows.values()

    def codes(self, name: str) -> list[str]:
        """Return the codes of a vocabulary that are in use."""
        return [row["code"] for row in self.rows(name) if row.get("status", "active") == "active"]

    def vocabularies(self) -> list[str]:
        """Return the names of the tables that hold codes."""
        return [name for name, table in self._tables.items() if table.schema.primary_key == ("code",)]

    def changes(self) -> list[Change]:
        """Return what has changed, table by table."""
        return [change for table in self._tables.values() for change in table.changes()]

    def files(self) -> dict[str, bytes]:
        """Return the new content of every file whose table has changed, by its path in the package."""
        return {table.resource.path: table.written() for table in self._tables.values() if any(table.changes())}

    def digests(self) -> dict[str, str]:
        """Return the SHA-256 of every file as it was read, by its path in the package."""
        return {table.resource.path: table.digest for table in self._tables.values()}


def _table(package: Package, resource: Resource) -> Table:
    schema = resource.schema
    assert schema is not None  # noqa: S101 -- the caller has looked
    try:
        content = package.files.read(resource.path)
        read = [list(item.cells) for item in records(io.BytesIO(content), resource.encoding, resource.dialect)]
    except (OSError, Unreadable, UnsafePath):
        raise PackageError(f"{resource.path} cannot be read; run accords validate.") from None
    header = [cell or "" for cell in read[0]] if read else []
    body = [[cell or "" for cell in cells] for cells in read[1:] if any(cells)]
    if sorted(header) != sorted(schema.names) or any(len(cells) != len(header) for cells in body):
        raise PackageError(f"{resource.path} does not fit its schema; run accords validate.")
    if resource.further or resource.data is not None or resource.blocked:
        raise PackageError(f"{resource.name} is not one plain file, and contributions change no other.")
    table = Table(resource, schema, {}, hashlib.sha256(content).hexdigest())
    for cells in body:
        row = dict(zip(header, cells, strict=True))
        if table.key(row) in table.rows:
            raise PackageError(f"{resource.path} has two rows with one key; run accords validate.")
        table.rows[table.key(row)] = row
    return table
