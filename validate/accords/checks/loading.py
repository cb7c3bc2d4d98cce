"""Loads one table into the store, and says what is known of its files afterwards.

Apart from `structure`, the stage that loads every table and judges what was found, and from `tables`, which
reads without a store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING

import duckdb

from accords import handing, plain
from accords.checks.probes import Run
from accords.checks.survey import doubtful, needed
from accords.files import fingerprint
from accords.labels import order
from accords.plain import Census, PlainFile
from accords.problems import FileFacts
from accords.tables import TableReader
from accords.worker import Stage, at

if TYPE_CHECKING:
    from concurrent.futures import Future


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
        _read(run, table, lambda: _taken(run, table, file, counting))
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
            kept = table.fitting(rows, len(labels), columns)
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


def _taken(run: Run, table: TableReader, file: PlainFile, counting: Future[Census]) -> int | None:
    """Let the engine read a file; return the number of records, or None where it has to be read the strict way."""
    resource, schema, width = table.resource, table.schema, len(table.schema.fields)
    absent = {handing.absent(item, schema) for item in schema.fields}
    words = absent.pop()
    if absent or "" not in words or "\0" in "".join(words):
        return None
    kept = needed(run, resource, schema)
    whole = len(kept) == width
    try:
        read = plain.query(file, schema, kept, words, "false" if whole else doubtful(run, resource, schema))
        count, blank, doubts = run.store.load_plain(resource, read, 1 + file.header)
        fits = not blank and counting.result().agrees(file, count, width)
        if fits and doubts:  # now all columns, so that it can be said what is wrong
            whole, read = True, plain.query(file, schema, schema.fields, words, "false")
            fits = run.store.load_plain(resource, read, 1 + file.header) == (count, 0, 0)
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        fits = False
    if not fits:
        run.store.unload(resource, schema)
        return None
    if not whole:
        run.clean.add(resource.name)
    run.progress(Stage("read", resource.name, count))
    return count


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
