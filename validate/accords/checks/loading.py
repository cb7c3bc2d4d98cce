"""Loads one table into the store, and says what is known of its files afterwards.

Apart from `structure`, the stage that loads every table and judges what was found, and from `tables`, which
reads without a store.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from accords import handing, plain
from accords.checks.probes import Run
from accords.checks.survey import doubtful, needed
from accords.engine import duckdb
from accords.files import fingerprint
from accords.labels import order
from accords.mending import mend
from accords.plain import Census, PlainFile
from accords.problems import FileFacts
from accords.reader import Record
from accords.streams import compression
from accords.tables import TableReader
from accords.worker import Stage, at

Absent = tuple[str, ...]  # the texts that stand for no value
Counted = Callable[[], Census]  # gives what was counted in the bytes, once that is known
Way = Callable[[Run, TableReader, PlainFile, Counted, Absent], int | None]


def load(run: Run, table: TableReader) -> None:
    """Read a table into the store."""
    name = table.resource.name
    at(f"while it read {table.resource.path}")
    run.progress(Stage("read", name))
    file = plain.candidate(table.files, table.resource)
    if not file:
        table.survey()
        if not table.stopped:
            _read(run, table, lambda: None)
        return
    from concurrent.futures import ThreadPoolExecutor  # here, because small packages need none

    # The bytes are counted while the engine reads them.
    with ThreadPoolExecutor(1) as beside, table.reporting():
        counting = beside.submit(plain.census, file)
        _read(run, table, lambda: _quickly(run, table, file, counting.result))
        found = counting.result()
        table.facts.append((table.resource.path, found.size, found.digest))


def _read(run: Run, table: TableReader, shortcut: Callable[[], int | None]) -> None:
    """Read a table's header, and its records: by the shortcut where that leads anywhere, else the strict way."""
    name = table.resource.name
    with table.reporting(), closing(table.records()) as rows:
        labels = table.labels(rows)
        if labels is None:
            table.stopped = True
            return
        columns = order(labels, table.schema)
        loaded = shortcut() if columns is None else None
        if loaded is None:
            kept: Iterable[Record] = table.fitting(rows, len(labels), columns)
            if may_hold(run, table):
                kept = list(kept)
                run.held[name] = handing.columns_of(table.schema, kept)
            of_file = table.resource.data is None
            loaded = run.store.load(
                table.resource, kept, of_file, lambda count: run.progress(Stage("read", name, count))
            )
            run.store.mark(name, table.faulty)
        run.loaded[name] = loaded
        if table.resource.further:
            run.parts[name] = table.starts
        if columns:
            run.orders[name] = columns


def may_hold(run: Run, table: TableReader) -> bool:
    """Tell whether a table is small enough to keep its cells in memory, beside those that are kept already.

    One of which no size is known yet is a large file that is not as plain as it seemed.
    """
    resource = table.resource
    if resource.data is not None or any(compression(path, resource.compression) for path in resource.paths):
        return False
    if not table.facts:
        return False
    run.room -= sum(size for _, size, _ in table.facts)
    return run.room >= 0


def _quickly(run: Run, table: TableReader, file: PlainFile, counted: Counted) -> int | None:
    """Let the engine read a file, or a copy in which torn rows are mended; return the number of records, if it can."""
    words = {handing.absent(item, table.schema) for item in table.schema.fields}
    if len(words) != 1 or "" not in (absent := words.pop()) or "\0" in "".join(absent):
        return None
    count = _taken(run, table, file, counted, absent, _told)
    if count is not None or not counted().plain:
        return count
    with tempfile.TemporaryDirectory(prefix="accords-", ignore_cleanup_errors=True) as folder:
        copy = replace(file, path=str(Path(folder, "mended.csv").resolve()))
        try:
            torn = mend(file, len(table.schema.fields), Path(copy.path)) if plain.readable(copy.path) else None
        except OSError:  # no room for it
            return None
        if torn is None:
            return None
        found = plain.census(copy)
        count = _taken(run, table, copy, lambda: found, absent, _whole)
    if count is not None:
        for row, cells in zip(torn.rows, torn.found, strict=True):
            table.torn(row, row, cells, len(table.schema.fields))
        run.store.mark(table.resource.name, table.faulty)
    return count


def _taken(run: Run, table: TableReader, file: PlainFile, counted: Counted, absent: Absent, way: Way) -> int | None:
    """Let the engine read a file; return the number of records, or None where it has to be read the strict way."""
    resource, schema = table.resource, table.schema
    try:
        count = way(run, table, file, counted, absent)
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        count = None
    if count is None:
        run.store.unload(resource, schema)
    else:
        run.progress(Stage("read", resource.name, count))
    return count


def _told(run: Run, table: TableReader, file: PlainFile, counted: Counted, words: Absent) -> int | None:
    """Let the engine read a file, only the columns that are needed if nothing is wrong, or else all of them.

    Returns the number of records, or None where they are not what was counted in the bytes.
    """
    resource, schema, width, first = table.resource, table.schema, len(table.schema.fields), 1 + file.header
    kept, doubt = needed(run, resource, schema), doubtful(run, resource, schema)
    start = f"SELECT mark FROM ({plain.query(file, schema, (), words, doubt)}) LIMIT 1000"
    if len(kept) < width and not any(mark for (mark,) in run.store.rows(start)):
        count, blank, doubts = run.store.load_plain(resource, plain.query(file, schema, kept, words, doubt), first)
        if blank or not counted().agrees(file, count, width):
            return None
        if not doubts:
            run.clean.add(resource.name)
            return count
    return _whole(run, table, file, counted, words)


def _whole(run: Run, table: TableReader, file: PlainFile, counted: Counted, words: Absent) -> int | None:
    """Let the engine read all columns of a file."""
    resource, schema = table.resource, table.schema
    every = plain.query(file, schema, schema.fields, words, "false")
    count, blank, _ = run.store.load_plain(resource, every, 1 + file.header)
    return None if blank or not counted().agrees(file, count, len(schema.fields)) else count


def measured(run: Run, table: TableReader) -> dict[str, int | str]:
    """Return what compares with `Resource.declared`: of one file its bytes and digest, of a table its size."""
    found: dict[str, int | str] = {}
    if len(table.resource.paths) == 1 and table.facts:
        path, size, digest = table.facts[0]
        algorithm = (table.resource.declared.hash or ("sha256", ""))[0]
        if algorithm != "sha256":
            with table.files.open(path) as stream:
                _, digest = fingerprint(stream, algorithm)
        found.update(bytes=size, hash=digest)
    if not table.stopped:
        found.update(rows=run.loaded[table.resource.name], fields=table.width)
    return found


def facts(run: Run, table: TableReader) -> Iterator[FileFacts]:
    """Yield what is known of each file, after it was read."""
    name, resource = table.resource.name, table.resource
    total = run.loaded.get(name)
    known = {path: (size, digest) for path, size, digest in table.facts}
    for number, path in enumerate(resource.paths or (resource.path,)):
        count = total
        if total is not None and resource.further:
            before = [start for start, _ in table.starts[number : number + 2]]
            bounds = [f"row >= {before[0]}", *(f"row < {start}" for start in before[1:])]
            own = run.store.tables[name]
            count = run.store.rows(f"SELECT count(*) FROM {own} WHERE {' AND '.join(bounds)}")[0][0]
        yield FileFacts(name, path, count, *known.get(path, (None, None)))
