"""Files, bytes and structure: is each file there, does it read as CSV, do header and rows fit.

The first stage that touches data. It fills the store; what it could not read is not there for later
stages, which then say that they could not be evaluated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from accords.catalogue import catalogue, problem, shown
from accords.checks.probes import Result, Run, found, passed, unevaluated
from accords.files import UnsafePath, fingerprint
from accords.package import Resource, Schema
from accords.problems import FileFacts, Problem
from accords.reader import Record, Unreadable, has_mark, records

_CODES = (
    "file-error", "encoding-error", "byte-order-mark", "source-error", "blank-header", "blank-label",
    "duplicate-label", "missing-label", "extra-label", "incorrect-label", "blank-row", "extra-cell", "missing-cell",
)  # fmt: skip


def read_files(run: Run) -> Iterator[Result | FileFacts]:
    """Read every file into the store; yield what is wrong with it and its facts."""
    for resource in run.package.resources:
        if resource.blocked or not resource.schema:
            reason = resource.blocked or "the resource has no usable schema"
            yield from (unevaluated(code, resource.name, reason) for code in _CODES)
            yield FileFacts(resource.name, resource.path, None, None, None)
            continue
        loader = _Loader(run, resource, resource.schema)
        size, digest = loader.facts()
        if size is not None:
            loader.read()
        yield from loader.results()
        yield FileFacts(resource.name, resource.path, run.loaded.get(resource.name), size, digest)


@dataclass
class _Loader:
    """Reads one file; `shown` problems are capped at the run's limit for each code, `totals` never."""

    run: Run
    resource: Resource
    schema: Schema
    shown: list[Problem] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=dict)
    faulty: list[int] = field(default_factory=list)
    stopped: bool = False

    def report(self, code: str, variant: str = "", **place: object) -> None:
        self.totals[code] = self.totals.get(code, 0) + 1
        if self.totals[code] <= self.run.limit:
            params = place.pop("params", None)
            self.shown.append(
                problem(code, self.resource.name, self.resource.path, variant=variant, params=params, **place)  # type: ignore[arg-type]
            )

    def facts(self) -> tuple[int | None, str | None]:
        try:
            with self.run.package.files.open(self.resource.path) as stream:
                return fingerprint(stream)
        except UnsafePath as fault:
            self.report("file-error", "unsafe", params={"what": str(fault)})
        except FileNotFoundError:
            self.report("file-error", "missing")
        except OSError as fault:
            self.report("file-error", "unreadable", params={"what": fault.strerror or str(fault)})
        self.stopped = True
        return None, None

    def read(self) -> None:
        with self.run.package.files.open(self.resource.path) as stream:
            if has_mark(stream.read(3)):
                self.report("byte-order-mark", line=1)
            stream.seek(0)
            rows = records(stream, self.resource.encoding, self.resource.dialect)
            try:
                header = next(rows, None)
                if header is None:
                    self.report("source-error", "empty")
                    self.stopped = True
                elif self.header(header):
                    self.run.loaded[self.resource.name] = self.run.store.load(self.resource, self.fitting(rows))
                    self.run.store.mark(self.resource.name, self.faulty)
                else:
                    self.stopped = True
            except Unreadable as fault:
                self.report(
                    fault.code, fault.variant, row=fault.row, line=fault.line, params=dict(fault.params)
                )
                self.stopped = True
                self.run.loaded.pop(self.resource.name, None)

    def header(self, header: Record) -> bool:
        """Compare the header with the schema; tell whether the records can be read by it."""
        labels, expected = header.cells, self.schema.names
        before = sum(self.totals.values())
        if not any(label.strip() for label in labels):
            self.report("blank-header", row=header.row, line=header.line)
            return False
        for position, label in enumerate(labels, 1):
            place = {"row": header.row, "line": header.line, "column": position}
            wanted = expected[position - 1] if position <= len(expected) else None
            if not label.strip():
                self.report("blank-label", params={"expected": shown(wanted or "")}, **place)
            elif label in labels[: position - 1]:
                self.report("duplicate-label", value=label, **place)
            elif wanted is None:
                self.report("extra-label", value=label, **place)
            elif label != wanted:
                self.report("incorrect-label", value=label, params={"expected": shown(wanted)}, **place)
        for position, wanted in enumerate(expected[len(labels) :], len(labels) + 1):
            place = {"row": header.row, "line": header.line, "column": position}
            self.report("missing-label", fields=(wanted,), params={"expected": shown(wanted)}, **place)
        return sum(self.totals.values()) == before

    def fitting(self, rows: Iterator[Record]) -> Iterator[Record]:
        """Yield records with just as many cells as the schema has fields; report the others."""
        width = len(self.schema.fields)
        for record in rows:
            found_cells = len(record.cells)
            if found_cells == width and (width > 1 or record.cells[0]):
                yield record
                continue
            place = {"row": record.row, "line": record.line}
            if not any(record.cells):
                self.report("blank-row", **place)
                continue
            if found_cells != width:
                code = "extra-cell" if found_cells > width else "missing-cell"
                self.report(code, params={"found": found_cells, "expected": width}, **place)
                self.faulty.append(record.row)
            padded = (record.cells + [""] * width)[:width]
            yield Record(record.row, record.line, padded)

    def results(self) -> Iterator[Result]:
        name, entries = self.resource.name, catalogue()
        for code in _CODES:
            problems = tuple(item for item in self.shown if item.code == code)
            if problems:
                yield Result(code, name, entries[code].severity, self.totals[code], problems)
            elif self.stopped:
                yield unevaluated(code, name, "the file could not be read to its end")
            else:
                yield passed(code, name)


def descriptor(run: Run) -> Iterator[Result]:
    """Yield what reading the descriptor and the schemas found."""
    yield from found(run.package.problems)
    for code in ("package-error", "resource-error", "schema-error", "field-error", "dialect-error", "duplicate-property"):
        if not any(item.code == code for item in run.package.problems):
            yield passed(code, None)
