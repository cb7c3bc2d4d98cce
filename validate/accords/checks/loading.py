"""Loads one table: its files, one after the other, into the store, as far as they can be read.

Apart from `structure`, the stage that loads every table, because here is what one of them needs to know
while it is read: which file, how far, what was found.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

from accords import inline
from accords.catalogue import problem
from accords.checks.labels import compared, joined, order
from accords.checks.probes import Order, Run
from accords.files import UnsafePath, fingerprint
from accords.package import Resource, Schema
from accords.problems import FileFacts, Problem
from accords.reader import Ending, Record, Unreadable, has_mark, records
from accords.streams import compression, unpacked

Params = Mapping[str, object]


@dataclass
class Loader:
    """Loads one table; `shown` problems are capped at the run's limit for each code, `totals` never.

    `path` is the file at hand, `width` the number of columns, `head` the rows up to the end of the header,
    `starts` the first row of each file. `stopped`: the table could not be read to its end.
    """

    run: Run
    resource: Resource
    schema: Schema
    shown: list[Problem] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=dict)
    faulty: list[int] = field(default_factory=list)
    facts: list[tuple[str, int, str]] = field(default_factory=list)
    head: list[Record] = field(default_factory=list)
    starts: list[tuple[int, str]] = field(default_factory=list)
    path: str = ""
    width: int = 0
    stopped: bool = False

    def report(self, code: str, variant: str = "", params: Params | None = None, **place: Any) -> None:
        """Keep a problem of the file at hand."""
        self.totals[code] = self.totals.get(code, 0) + 1
        if self.totals[code] <= self.run.limit:
            self.shown.append(problem(code, self.resource.name, self.path, variant=variant, params=params, **place))

    def load(self) -> None:
        """Read the table into the store."""
        for path in self.resource.paths:
            self.path = path
            with self.reporting(), self.run.package.files.open(path) as stream:
                self.facts.append((path, *fingerprint(stream)))
                if compression(path, self.resource.compression):
                    with self.opened() as plain:  # once to its end, so that no bomb is split into cells
                        fingerprint(plain)
        self.path = self.resource.path
        if self.stopped:
            return
        name, table = self.resource.name, self.run.store
        with self.reporting(), closing(self.records()) as rows:
            labels = self.labels(rows)
            if labels is None:
                self.stopped = True
                return
            self.width = len(labels)
            columns = order(labels, self.schema)
            loaded = table.load(self.resource, self.fitting(rows, len(labels), columns))
            table.mark(name, self.faulty)
            self.run.loaded[name] = loaded
            if self.resource.further:
                self.run.parts[name] = self.starts
            if columns:
                self.run.orders[name] = columns

    @contextmanager
    def reporting(self) -> Iterator[None]:
        """Turn what keeps a file from being read into a problem."""
        try:
            yield
        except Unreadable as fault:
            line = None if self.resource.data is not None else fault.line
            self.report(fault.code, fault.variant, row=fault.row, line=line, params=dict(fault.params))
        except UnsafePath as fault:
            self.report("file-error", "unsafe", params={"what": str(fault)})
        except FileNotFoundError:
            self.report("file-error", "missing")
        except OSError as fault:
            self.report("file-error", "unreadable", params={"what": fault.strerror or str(fault)})
        else:
            return
        self.stopped = True

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """Open the file at hand as plain bytes."""
        files = self.run.package.files
        form = compression(self.path, self.resource.compression)
        with files.open(self.path) as stream, unpacked(stream, form, files.size(self.path)) as plain:
            yield plain

    def records(self) -> Generator[Record, None, None]:
        """Yield the records of all files, headers included, but for those that later files repeat."""
        resource = self.resource
        if resource.data is not None:
            yield from inline.rows(resource.data, resource.dialect, self.schema.names)
            return
        ending = Ending(0, True)
        for path in resource.paths:
            self.path = path
            self.starts.append((ending.row + 1, path))
            with self.opened() as stream:
                if has_mark(stream.read(3)):
                    self.report("byte-order-mark", line=1)
                stream.seek(0)
                rows = records(stream, resource.encoding, resource.dialect, ending.row)
                with closing(rows):
                    ending = yield from rows if len(self.starts) == 1 else self.part(rows)
            if not ending.whole and path != resource.paths[-1]:
                self.report("source-error", "joined", row=ending.row)

    def part(self, rows: Generator[Record, None, Ending]) -> Generator[Record, None, Ending]:
        """Yield the records of a later file; report a header that it repeats, and pass over it."""
        held: list[Record] = []
        ending = None
        for wanted in self.head:
            try:
                held.append(next(rows))
            except StopIteration as stop:
                ending = stop.value
                break
            if held[-1].cells != wanted.cells:
                break
        else:
            if held:
                self.report("repeated-header", row=held[0].row, line=held[0].line)
                held = []
        yield from held
        return ending or (yield from rows)

    def labels(self, rows: Iterator[Record]) -> list[str] | None:
        """Read the header; return its labels, or None after a report where records cannot be read by it."""
        resource, dialect = self.resource, self.resource.dialect
        if not dialect.header:
            return list(self.schema.names)
        wanted = dialect.header_rows
        for record in rows:
            self.head.append(record)
            if not wanted or record.row >= wanted[-1]:
                break
        taken = [record for record in self.head if not wanted or record.row in wanted]
        if len(taken) < (len(wanted) or 1):
            lacking = [row for row in wanted if row not in {record.row for record in taken}]
            self.report("source-error", "headless" if self.head else "empty", params={"number": [*lacking, 1][0]})
            return None
        labels = joined([record.cells for record in taken], dialect.header_join)
        schema = self.schema
        if resource.data and isinstance(resource.data[0], dict):
            schema = replace(schema, fields_match="equal")  # the keys of an object have no order
        findings = list(compared(labels, schema))
        for code, place in findings:
            self.report(code, row=taken[-1].row, line=taken[-1].line, **place)
        return None if findings else labels

    def fitting(self, rows: Iterator[Record], width: int, columns: Order | None) -> Iterator[Record]:
        """Yield records with just as many cells as the schema has fields; report those that do not fit the header."""
        # Where empty text is a value like any other, a row of it says something.
        missing = [self.schema.missing_values if item.missing_values is None else item.missing_values
                   for item in self.schema.fields]  # fmt: skip
        blank = all("" in words for words in missing)
        for record in rows:
            cells = record.cells
            empty = not any(cells) or (len(cells) < width and not any(map(str.strip, filter(None, cells))))
            if empty and (blank or len(cells) != width):
                self.report("blank-row", row=record.row, line=record.line)
                continue
            if len(cells) != width:
                code = "extra-cell" if len(cells) > width else "missing-cell"
                told = {"found": len(cells), "expected": width}
                self.report(code, params=told, row=record.row, line=record.line)
                self.faulty.append(record.row)
                cells = [*cells, *[""] * width][:width]
            if columns:
                cells = [None if spot is None else cells[spot] for spot in columns]
            yield record if cells is record.cells else Record(record.row, record.line, cells)

    def measured(self) -> dict[str, int | str]:
        """Return what compares with `Resource.declared`: of one file its bytes and digest, of a table its size."""
        found: dict[str, int | str] = {}
        if len(self.resource.paths) == 1 and self.facts:
            path, size, digest = self.facts[0]
            algorithm = (self.resource.declared.hash or ("sha256", ""))[0]
            if algorithm != "sha256":
                with self.run.package.files.open(path) as stream:
                    _, digest = fingerprint(stream, algorithm)
            found.update(bytes=size, hash=digest)
        if not self.stopped:
            found.update(rows=self.run.loaded[self.resource.name], fields=self.width)
        return found

    def files(self) -> Iterator[FileFacts]:
        """Yield what is known of each file, after it was read."""
        name, total = self.resource.name, self.run.loaded.get(self.resource.name)
        known = {path: (size, digest) for path, size, digest in self.facts}
        for number, path in enumerate(self.resource.paths or (self.resource.path,)):
            count = total
            if total is not None and self.resource.further:
                before = [start for start, _ in self.starts[number : number + 2]]
                bounds = [f"row >= {before[0]}", *(f"row < {start}" for start in before[1:])]
                table = self.run.store.tables[name]
                count = self.run.store.rows(f"SELECT count(*) FROM {table} WHERE {' AND '.join(bounds)}")[0][0]
            yield FileFacts(name, path, count, *known.get(path, (None, None)))
