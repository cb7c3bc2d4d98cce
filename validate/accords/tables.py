"""Reads one table: its files, one after the other, into labels and records, as far as they can be read.

Apart from `reader`, which knows one stream of bytes: here is what a table needs to know while it is read:
which file, how far, what was found. Whoever wants the records says where they go.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

from accords import inline
from accords.catalogue import problem
from accords.files import Files, UnsafePath, fingerprint
from accords.labels import Order, compared, joined
from accords.package import Resource, Schema
from accords.problems import Problem
from accords.reader import Ending, Record, Unreadable, has_mark, records
from accords.streams import compression, unpacked
from accords.words import reason

Params = Mapping[str, object]


@dataclass
class TableReader:
    """Reads one table; `shown` problems are capped at `limit` for each code, `totals` never.

    `path` is the file at hand, `width` the number of columns, `head` the rows up to the end of the header,
    `starts` the first row of each file, `facts` the length and SHA-256 of each. `stopped`: the table could
    not be read to its end.
    """

    files: Files
    resource: Resource
    schema: Schema
    limit: int
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
        if self.totals[code] <= self.limit:
            self.shown.append(problem(code, self.resource.name, self.path, variant=variant, params=params, **place))

    def survey(self) -> None:
        """Look at every file as bytes: is it there, how long, what digest."""
        for path in self.resource.paths:
            self.path = path
            with self.reporting(), self.files.open(path) as stream:
                self.facts.append((path, *fingerprint(stream)))
                if compression(path, self.resource.compression):
                    with self.opened() as plain:  # once to its end, so that no bomb is split into cells
                        fingerprint(plain)
        self.path = self.resource.path

    @contextmanager
    def reporting(self) -> Iterator[None]:
        """Turn what keeps a file from being read into a problem."""
        try:
            yield
        except Unreadable as fault:
            line = None if self.resource.data is not None else fault.line
            self.report(fault.code, fault.variant, row=fault.row, line=line, params=dict(fault.params))
        except UnsafePath as fault:
            self.report("file-error", "unsafe", params={"what": reason(fault)})
        except FileNotFoundError:
            self.report("file-error", "missing")
        except OSError as fault:
            self.report("file-error", "unreadable", params={"what": reason(fault, fault.strerror or str(fault))})
        else:
            return
        self.stopped = True

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """Open the file at hand as plain bytes."""
        form = compression(self.path, self.resource.compression)
        with self.files.open(self.path) as stream, unpacked(stream, form, self.files.size(self.path)) as plain:
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
            self.width = len(self.schema.names)
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
        self.width = len(labels)
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
                self.torn(record.row, record.line, len(cells), width)
                cells = [*cells, *[""] * width][:width]
            if columns:
                cells = [None if spot is None else cells[spot] for spot in columns]
            yield record if cells is record.cells else Record(record.row, record.line, cells)

    def torn(self, row: int, line: int | None, found: int, expected: int) -> None:
        """Report a record with more or fewer cells than the header."""
        code = "extra-cell" if found > expected else "missing-cell"
        self.report(code, params={"found": found, "expected": expected}, row=row, line=line)
        self.faulty.append(row)
