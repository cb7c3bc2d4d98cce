"""The package as one SQLite database: tables with foreign keys and indexes, views, full-text search.

Apart from `to_parquet`, because SQLite keeps what the tables mean: keys, references, and what may be empty.
"""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from accords.build.release import Release
from accords.build.to_flat import flats
from accords.package import Field, Resource, Schema
from accords.store import name as quoted

_TYPES = {"integer": "INTEGER", "year": "INTEGER", "number": "REAL", "boolean": "INTEGER"}
_TRUTH = {"true": 1, "false": 0}
_PARTNERS = """CREATE VIEW partners_by_year AS
    SELECT substr(a.signed_date, 1, 4) AS year, p.country AS partner, count(DISTINCT a.agreement_id) AS agreements
    FROM agreements a JOIN agreement_parties l USING (agreement_id) JOIN parties p USING (party_id)
    WHERE a.signed_date IS NOT NULL AND p.country <> 'VNM' GROUP BY 1, 2 ORDER BY 1, 2"""
_SEARCHED = {
    "agreements": ("agreement_id", ("title_en", "title_original", "summary_en", "summary_vi", "notes")),
    "events": ("event_id", ("title_en", "summary_en", "summary_vi", "notes")),
    "parties": ("party_id", ("name_en", "name_vi", "notes")),
    "party_names": ("party_id", ("name",)),
    "commitments": ("commitment_id", ("description_en", "notes")),
}


def sqlite(release: Release) -> dict[str, bytes]:
    """Return the database; the same rows give the same bytes with the same SQLite."""
    with tempfile.TemporaryDirectory(prefix="accords-") as folder:
        loose, packed = Path(folder) / "loose.sqlite", Path(folder) / "packed.sqlite"
        with contextlib.closing(sqlite3.connect(loose, isolation_level=None)) as base:
            base.execute("BEGIN")
            for item, schema in release.described():
                _table(base, release, item, schema)
            _about(base, release)
            _views(base, release)
            _search(base, release)
            base.execute("COMMIT")
            base.execute("VACUUM INTO ?", (str(packed),))
        return {f"{release.stem}.sqlite": packed.read_bytes()}


def _table(base: sqlite3.Connection, release: Release, item: Resource, schema: Schema) -> None:
    columns = [_column(field) for field in schema.fields]
    if schema.primary_key:
        columns.append(f"PRIMARY KEY ({_names(schema.primary_key)})")
    for key in schema.foreign_keys:
        parent = quoted(key.parent or item.name)
        columns.append(f"FOREIGN KEY ({_names(key.fields)}) REFERENCES {parent} ({_names(key.parent_fields)})")
    base.execute(f"CREATE TABLE {quoted(item.name)} ({', '.join(columns)})")
    marks = ", ".join("?" for _ in schema.fields)
    rows = ([_value(field, row[field.name]) for field in schema.fields] for row in release.tables.rows(item.name))
    base.executemany(f"INSERT INTO {quoted(item.name)} VALUES ({marks})", rows)
    for number, key in enumerate(schema.foreign_keys, 1):
        if key.fields != schema.primary_key[: len(key.fields)]:
            base.execute(
                f"CREATE INDEX {quoted(f'{item.name}_{number}')} ON {quoted(item.name)} ({_names(key.fields)})"
            )


def _about(base: sqlite3.Connection, release: Release) -> None:
    """Say in the file what it is, since files travel alone."""
    told = release.descriptor
    about = {
        "name": release.package.name or "",
        "title": told.get("title", ""),
        "version": release.package.version or "",
        "created": release.created.isoformat(),
        "as_of": release.as_of.isoformat(),
        "licenses": "; ".join(item.get("title") or item.get("name") or "" for item in told.get("licenses", [])),
        "valid": "no: built by force, although the package has errors" if release.forced else "yes",
    }
    base.execute("CREATE TABLE about (property TEXT PRIMARY KEY, value TEXT NOT NULL)")
    base.executemany("INSERT INTO about VALUES (?, ?)", about.items())


def _views(base: sqlite3.Connection, release: Release) -> None:
    """Add the flat tables under the names of views; they are stored, as SQLite cannot derive their dates."""
    for table in flats(release):
        stored, view = quoted(f"{table.name.replace('-', '_')}_rows"), quoted(table.name.replace("-", "_"))
        names = ", ".join(f"{quoted(name)} TEXT" for name in table.columns)
        base.execute(f"CREATE TABLE {stored} ({names})")
        marks = ", ".join("?" for _ in table.columns)
        rows = ([cell or None for cell in row] for row in table.rows)
        base.executemany(f"INSERT INTO {stored} VALUES ({marks})", rows)
        base.execute(f"CREATE VIEW {view} AS SELECT * FROM {stored}")
    if release.has("agreements", "agreement_parties", "parties"):
        base.execute(_PARTNERS)


def _search(base: sqlite3.Connection, release: Release) -> None:
    """Index the words of a register, without marks on letters: `SELECT * FROM search WHERE search MATCH 'y te'`."""
    if not release.has(*_SEARCHED):
        return
    base.execute(
        "CREATE VIRTUAL TABLE search USING fts5(record, tbl UNINDEXED, text, tokenize='unicode61 remove_diacritics 2')"
    )
    base.executemany("INSERT INTO search VALUES (?, ?, ?)", _searched(release))


def _searched(release: Release) -> Iterator[tuple[str, str, str]]:
    for table, (key, fields) in _SEARCHED.items():
        for row in release.tables.rows(table):
            text = " ".join(row[name] for name in fields if row[name])
            bare = text.replace("đ", "d").replace("Đ", "D")  # no mark on a letter, so that the index keeps it
            yield row[key], table, text if bare == text else f"{text} {bare}"


def _column(field: Field) -> str:
    must = " NOT NULL" if field.constraints.get("required") else ""
    return f"{quoted(field.name)} {_TYPES.get(field.type, 'TEXT')}{must}"


def _value(field: Field, text: str) -> object:
    if not text:
        return None
    return _TRUTH.get(text, text) if field.type == "boolean" else text  # SQLite turns digits into numbers by the column


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(quoted(name) for name in names)
