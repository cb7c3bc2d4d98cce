"""DuckDB as it is opened: how much it may hold, what it may reach, which functions it has.

Apart from `store`, which fills tables and asks: what a package may reach is decided here, once.
"""

from __future__ import annotations

import os
from datetime import date

try:  # the engine without what the package puts around it, which takes ten times as long to import as the engine
    import _duckdb as duckdb
except ImportError:  # the part has another name in some other version
    import duckdb  # type: ignore[no-redef]

from accords import edtf

_FOLD = r"""CREATE MACRO fold(x) AS lower(CASE WHEN strlen(x) = length(x) THEN x  -- of one byte each: ASCII
    WHEN regexp_full_match(x, '[\p{Latin}\p{Common}\p{Inherited}]*') THEN strip_accents(translate(x, 'đĐ', 'dD'))
    ELSE x END)"""
_TINY, _LARGE = 1 << 20, 32 << 20  # bytes
_SPILL = "32GiB"  # that temporary files may take together
_ENOUGH = 640  # MiB, with which ten million rows are checked hardly slower than with more


def opened(size: int, memory: int | None, folder: str, as_of: date) -> duckdb.DuckDBPyConnection:
    """Return a database in memory, with the functions of rules; `shut` closes it to the outside.

    `size` is that of the package's files in bytes: a large package is worth several threads, and a tiny one not
    even a plan, since planning its queries takes longer than running them as they are written. `memory` is how
    many MiB the run may hold, of which the engine gets a part; beyond that it goes on in files in `folder`.
    """
    connection = duckdb.connect(":memory:")
    for statement in (
        f"SET threads = {1 if size < _LARGE else os.cpu_count() or 1}",
        f"PRAGMA {'disable' if size < _TINY else 'enable'}_optimizer",
        *edtf.MACROS,
        _FOLD,
        f"CREATE MACRO as_of() AS DATE '{as_of.isoformat()}'",
        "SET TimeZone = 'UTC'",
        # The engine would spill into `.tmp` of the current folder, which may well be the package.
        "SET temp_directory = '{}'".format(folder.replace("'", "''")),
        f"SET max_temp_directory_size = '{_SPILL}'",
        *([f"SET memory_limit = '{part(memory)}MiB'"] if memory else []),
        "SET python_enable_replacements = false",  # a table that is not there is no variable of this program
        "SET autoinstall_known_extensions = false",
        "SET autoload_known_extensions = false",
    ):
        connection.execute(statement)
    return connection


def dated() -> duckdb.DuckDBPyConnection:
    """Return a database in memory with the functions of partial dates, for what is ours and not a package's."""
    connection = duckdb.connect(":memory:")
    for statement in ("SET threads = 1", *edtf.MACROS):  # one thread, so that rows keep their order
        connection.execute(statement)
    return connection


def part(memory: int) -> int:
    """Return how many MiB of those that a run may hold the engine gets; the rest is for what is around it."""
    return min(memory // 2, max(_ENOUGH, memory // 8))


def shut(connection: duckdb.DuckDBPyConnection) -> None:
    """Close a database for good: from now on no file, extension, other database or setting can be reached."""
    connection.execute("SET enable_external_access = false; SET lock_configuration = true")


__all__ = ["dated", "duckdb", "opened", "part", "shut"]
