"""Files, bytes and structure: is each file there, does it read as CSV, do header and rows fit.

The first stage that touches data. It fills the store; what it could not read is not there for later
stages, which then say that they could not be evaluated.
"""

from __future__ import annotations

from collections.abc import Iterator

from accords.catalogue import catalogue, problem
from accords.checks.loading import facts, load, measured
from accords.checks.probes import Result, Run, found, passed, unevaluated
from accords.package import Resource
from accords.problems import FileFacts
from accords.tables import TableReader
from accords.words import Words, said

# In the order in which a file is read: opening it, its bytes and records, its header, its rows.
_FILE = ("file-error",)
_BYTES = ("encoding-error", "byte-order-mark", "source-error")
_HEADER = ("blank-header", "blank-label", "duplicate-label", "missing-label", "extra-label", "incorrect-label")
_ROWS = ("blank-row", "extra-cell", "missing-cell")
_OF_PARTS = ("repeated-header",)
_DECLARED = {"byte-count": "bytes", "hash-count": "hash", "row-count": "rows", "field-count": "fields"}
_OF_DESCRIPTOR = (
    "package-error", "resource-error", "schema-error", "field-error", "dialect-error", "duplicate-property",
    "unknown-property", "reference-ambiguous",
)  # fmt: skip


def descriptor(run: Run) -> Iterator[Result]:
    """Yield what reading the descriptor and the schemas found."""
    # The faults of a schema that several tables share are told once.
    told = {(item.code, item.path, item.message): item for item in reversed(run.package.problems)}
    yield from found(reversed(told.values()))
    for code in _OF_DESCRIPTOR:
        if not any(item.code == code for item in run.package.problems):
            yield passed(code, None)


def read_files(run: Run) -> Iterator[Result | FileFacts]:
    """Read every file into the store; yield what is wrong with it and its facts."""
    for resource in run.package.resources:
        if resource.blocked or not resource.schema:
            reason = resource.blocked or said("the resource has no usable schema")
            yield from (unevaluated(code, resource.name, reason) for code in (*_codes(resource), *_later(resource)))
            for path in resource.paths or (resource.path,):
                yield FileFacts(resource.name, path, None, None, None)
            continue
        table = TableReader(run.package.files, resource, resource.schema, run.limit)
        load(run, table)
        yield from _results(run, table)
        yield from facts(run, table)


def _codes(resource: Resource) -> tuple[str, ...]:
    """Return the codes of this stage that can be found in a table."""
    return _FILE + _BYTES + _HEADER + _ROWS + (_OF_PARTS if resource.further else ())


def _later(resource: Resource) -> Iterator[str]:
    """Yield the codes of later stages that a table would have been checked for."""
    yield from ("type-error", "constraint-error")
    if schema := resource.schema:
        yield from ("primary-key",) if schema.primary_key else ()
        yield from ("foreign-key",) if schema.foreign_keys else ()
        yield from ("edtf-invalid",) if any(item.edtf for item in schema.fields) else ()
        yield from ("not-nfc",) if any(item.text for item in schema.fields) else ()


def _results(run: Run, table: TableReader) -> Iterator[Result]:
    resource, entries = table.resource, catalogue()
    reached, reason = _reached(table)
    for code in _codes(resource):
        problems = tuple(item for item in table.shown if item.code == code)
        if problems:
            yield Result(code, resource.name, entries[code].severity, table.totals[code], problems)
        elif code in reached:
            yield passed(code, resource.name)
        else:
            yield unevaluated(code, resource.name, reason)
    yield from _measured(run, table)
    if table.stopped:
        yield from (unevaluated(code, resource.name, reason) for code in _later(resource))


def _measured(run: Run, table: TableReader) -> Iterator[Result]:
    """Compare a file with what the descriptor says of its size and digest."""
    resource, found_, declared = table.resource, measured(run, table), table.resource.declared
    for code, name in _DECLARED.items():
        expected, found = getattr(declared, name), found_.get(name)
        if expected is None:
            continue
        if name == "hash":
            algorithm, expected = expected
        if found is None:
            several = len(resource.paths) != 1
            reason = said("the data are not one file") if several else said("the file could not be read")
            yield unevaluated(code, resource.name, reason)
        elif found == expected:
            yield passed(code, resource.name)
        else:
            told = {"expected": expected, "found": found, **({"algorithm": algorithm} if name == "hash" else {})}
            item = problem(code, resource.name, resource.path, params=told)
            yield Result(code, resource.name, item.severity, 1, (item,))


def _reached(table: TableReader) -> tuple[tuple[str, ...], Words]:
    """Return the codes that were looked for before reading stopped, and why it did."""
    if not table.stopped:
        return _codes(table.resource), said("")
    if table.totals.keys() & set(_FILE):
        return _FILE, said("the file could not be opened")
    if table.totals.keys() & set(_HEADER):
        return _FILE + _BYTES + _HEADER, said("the header does not fit the schema")
    return _FILE, said("the file could not be read to its end")
