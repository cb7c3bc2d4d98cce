"""Loads one table into the store, and says what is known of its files afterwards.

Apart from `structure`, the stage that loads every table and judges what was found, and from `tables`, which
reads without a store.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from accords.checks.probes import Run
from accords.files import fingerprint
from accords.labels import order
from accords.problems import FileFacts
from accords.tables import TableReader
from accords.worker import Stage, at


def load(run: Run, table: TableReader) -> None:
    """Read a table into the store."""
    name = table.resource.name
    at(f"while it read {table.resource.path}")
    run.progress(Stage("read", name))
    table.survey()
    if table.stopped:
        return
    with table.reporting(), closing(table.records()) as rows:
        labels = table.labels(rows)
        if labels is None:
            table.stopped = True
            return
        columns = order(labels, table.schema)
        kept = table.fitting(rows, len(labels), columns)
        loaded = run.store.load(table.resource, kept, lambda count: run.progress(Stage("read", name, count)))
        run.store.mark(name, table.faulty)
        run.loaded[name] = loaded
        if table.resource.further:
            run.parts[name] = table.starts
        if columns:
            run.orders[name] = columns


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
