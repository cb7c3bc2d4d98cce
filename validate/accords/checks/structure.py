"""Files, bytes and structure: is each file there, does it read as CSV, do header and rows fit.

The first stage that touches data. It fills the store; what it could not read is not there for later
stages, which then say that they could not be evaluated.
"""

from __future__ import annotations

from collections.abc import Iterator

from accords.catalogue import catalogue
from accords.checks.loading import Loader
from accords.checks.probes import Result, Run, found, passed, unevaluated
from accords.package import Resource
from accords.problems import FileFacts

_CODES = (
    "file-error", "encoding-error", "byte-order-mark", "source-error", "blank-header", "blank-label",
    "duplicate-label", "missing-label", "extra-label", "incorrect-label", "blank-row", "extra-cell", "missing-cell",
)  # fmt: skip
_OF_PARTS = ("repeated-header",)
_OF_DESCRIPTOR = (
    "package-error", "resource-error", "schema-error", "field-error", "dialect-error", "duplicate-property",
)  # fmt: skip


def descriptor(run: Run) -> Iterator[Result]:
    """Yield what reading the descriptor and the schemas found."""
    yield from found(run.package.problems)
    for code in _OF_DESCRIPTOR:
        if not any(item.code == code for item in run.package.problems):
            yield passed(code, None)


def read_files(run: Run) -> Iterator[Result | FileFacts]:
    """Read every file into the store; yield what is wrong with it and its facts."""
    for resource in run.package.resources:
        if resource.blocked or not resource.schema:
            reason = resource.blocked or "the resource has no usable schema"
            yield from (unevaluated(code, resource.name, reason) for code in _codes(resource))
            for path in resource.paths or (resource.path,):
                yield FileFacts(resource.name, path, None, None, None)
            continue
        loader = Loader(run, resource, resource.schema)
        loader.load()
        yield from _results(loader)
        yield from loader.files()


def _codes(resource: Resource) -> tuple[str, ...]:
    """Return the codes of this stage that can be found in a table."""
    return _CODES + _OF_PARTS if resource.further else _CODES


def _results(loader: Loader) -> Iterator[Result]:
    name, entries = loader.resource.name, catalogue()
    for code in _codes(loader.resource):
        problems = tuple(item for item in loader.shown if item.code == code)
        if problems:
            yield Result(code, name, entries[code].severity, loader.totals[code], problems)
        elif loader.stopped:
            yield unevaluated(code, name, "the file could not be read to its end")
        else:
            yield passed(code, name)
