"""Files, bytes and structure: is each file there, does it read as CSV, do header and rows fit.

The first stage that touches data. It fills the store; what it could not read is not there for later
stages, which then say that they could not be evaluated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

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


Params = Mapping[str, object]


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

    def report(self, code: str, variant: str = "", params: Params | None = None, **place: Any) -> None:
        self.totals[code] = self.totals.get(code, 0) + 1
        if self.totals[code] <= self.run.limit:
            self.shown.append(
                problem(code, self.resource.name, self.resource.path, variant=variant, params=params, **place)
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
                self.report(fault.code, fault.variant, row=fault.row, line=fault.line, params=dict(fault.params))
                self.stopped = True
                self.run.loaded.pop(self.resource.name, None)

    def header(self, header: Record) -> bool:
        """Compare the header with the schema; tell whether the records can be read by it."""
        labels, expected = header.cells, self.schema.names
        place: dict[str, Any] = {"row": header.row, "line": header.line}
        if tuple(labels) == expected:
            return True
        if not any(label.strip() for label in labels):
            self.report("blank-header", **place)
            return False
        missing = [item for item in expected if item not in labels]
        extra = [position for position, label in enumerate(labels, 1) if label not in expected]
        doubled = len(set(labels)) < len(labels)
        if missing and not extra and not doubled:
            for item in missing:
                spot = expected.index(item) + 1
                self.report("missing-label", fields=(item,), column=spot, params={"expected": shown(item)}, **place)
        elif extra and not missing and not doubled:
            for spot in extra:
                label = labels[spot - 1]
                self.report("extra-label" if label.strip() else "blank-label", column=spot, value=label,
                            params={"expected": "no column here"}, **place)  # fmt: skip
        else:
            self.labels(labels, expected, place)
        return False

    def labels(self, labels: list[str], expected: tuple[str, ...], place: dict[str, Any]) -> None:
        """Report the labels that differ, position by position."""
        for position, label in enumerate(labels, 1):
            wanted = expected[position - 1] if position <= len(expected) else None
            spot = {**place, "column": position, "params": {"expected": shown(wanted or "")}}
            if not label.strip():
                self.report("blank-label", **spot)
            elif label in labels[: position - 1]:
                self.report("duplicate-label", value=label, **spot)
            elif wanted is None:
                self.report("extra-label", value=label, **spot)
            elif label != wanted:
                self.report("incorrect-label", value=label, **spot)
        for position, wanted in enumerate(expected[len(labels) :], len(labels) + 1):
            told = {"expected": shown(wanted)}
            self.report("missing-label", fields=(wanted,), column=position, params=told, **place)

    def fitting(self, rows: Iterator[Record]) -> Iterator[Record]:
        """Yield records with just as many cells as the schema has fields; report the others."""
        width = len(self.schema.fields)
        for record in rows:
            cells = len(record.cells)
            if not any(record.cells):
                self.report("blank-row", row=record.row, line=record.line)
            elif cells == width:
                yield record
            else:
                code = "extra-cell" if cells > width else "missing-cell"
                told = {"found": cells, "expected": width}
                self.report(code, params=told, row=record.row, line=record.line)
                self.faulty.append(record.row)
                yield Record(record.row, record.line, (record.cells + [""] * width)[:width])

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
    for code in (
        "package-error",
        "resource-error",
        "schema-error",
        "field-error",
        "dialect-error",
        "duplicate-property",
    ):
        if not any(item.code == code for item in run.package.problems):
            yield passed(code, None)
