"""Every table as one Parquet file, typed, with the bounds of its partial dates.

Apart from `to_sqlite`, because here columns have types and no table knows another.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from accords.build.release import Release
from accords.engine import dated, duckdb
from accords.package import Field, Schema
from accords.store import name as quoted

_TYPES = {"integer": "BIGINT", "year": "INTEGER", "number": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE"}


def parquet(release: Release) -> dict[str, bytes]:
    """Return one file for each table, in the folder `parquet`."""
    with tempfile.TemporaryDirectory(prefix="accords-") as folder, dated() as engine:
        return {
            f"parquet/{item.name}.parquet": _file(engine, release, item.name, schema, Path(folder) / "table.parquet")
            for item, schema in release.described()
        }


def _file(engine: duckdb.DuckDBPyConnection, release: Release, name: str, schema: Schema, path: Path) -> bytes:
    columns = [[row[field.name] or None for row in release.tables.rows(name)] for field in schema.fields]
    marks = ", ".join(f"unnest(${number}::VARCHAR[]) AS c{number}" for number in range(1, len(columns) + 1))
    engine.execute(f"CREATE OR REPLACE TEMP TABLE read AS SELECT {marks}", columns)
    chosen = ", ".join(part for number, field in enumerate(schema.fields, 1) for part in _columns(number, field))
    place = str(path).replace("'", "''")
    engine.execute(f"COPY (SELECT {chosen} FROM read) TO '{place}' (FORMAT parquet, COMPRESSION zstd)")
    return path.read_bytes()


def _columns(number: int, field: Field) -> list[str]:
    """Return the column as its type, and for a partial date its first and last day as well."""
    made = [f"c{number}::{_TYPES.get(field.type, 'VARCHAR')} AS {quoted(field.name)}"]
    if field.edtf:
        for end in ("earliest", "latest"):
            made.append(f"edtf_{end}(c{number}) AS {quoted(f'{field.name}_{end}')}")
    return made
