"""Adds contributions to a package: reads, merges, validates what would be, and writes all of it or nothing.

The one door for the command line and for whoever brings documents of another kind. Apart from `merging`,
because here the package is a whole: it is validated with the new rows before a byte is written, and what the
validator finds is led back to the line of the contribution that caused it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from accords import journal
from accords.catalogue import catalogue, problem
from accords.changes import Difference
from accords.checks import Options, Selection, run
from accords.descriptor import load
from accords.diff import compare
from accords.errors import PackageError
from accords.files import Folder
from accords.intake.document import Document
from accords.intake.entries import Entry
from accords.intake.findings import Finding, Findings
from accords.intake.form import read_form
from accords.intake.merging import Merger
from accords.intake.overlay import Overlay
from accords.intake.register import KINDS, id_column
from accords.intake.tables import Change, Key, Tables
from accords.package import Package
from accords.problems import Problem, Severity

_LIMIT = 100_000  # problems of one code; so many that none of a contribution is left out
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_FORMS = frozenset({"constraint-error", "type-error", "edtf-invalid", "spreadsheet-mangled-date"})  # of one cell
_BEYOND = frozenset({"foreign-key", "primary-key"})  # what follows from a reference that was not clear


@dataclass(frozen=True, slots=True)
class Record:
    """A record that a contribution speaks of: its kind (table), identifier, and what became of it.

    `state`: `new`, `changed` or `known`, which is unchanged.
    """

    document: Document
    kind: str
    identifier: str
    state: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What adding contributions came to.

    `findings`: those of the contributions, errors first where they block. `changes`: every row that is, or
    would be, new or changed; `difference` tells it record by record (None: nothing changes). `remarks`: what
    contributors are not sure of. `written`: the package was changed.
    """

    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]
    records: tuple[Record, ...]
    remarks: tuple[tuple[Document, str], ...]
    written: bool
    difference: Difference | None = None

    @property
    def blocked(self) -> bool:
        """Tell whether an error kept everything from being written."""
        return any(finding.blocks for finding in self.findings)


def add(
    path: Path,
    documents: Iterable[Document],
    *,
    as_of: datetime.date,
    write: bool = True,
    unread: Iterable[Finding] = (),
) -> Outcome:
    """Add contributions to the package at `path`; with `write` off only say what would be.

    `as_of` is the only clock. `unread`: what was found wrong while the documents were read. Nothing is written
    where any finding blocks. Raises `CannotCheck` where there is no package in a folder, it takes no
    contributions, or it cannot be read or written.
    """
    package = load(path)
    folder = package.files
    if not isinstance(folder, Folder):
        raise PackageError(f"{folder.label} is not a folder: a zip is not changed.")
    if write:
        journal.recover(folder.root)
    form = read_form(package.files)
    tables = Tables(package)
    merger = Merger(tables, form)
    merger.findings.begin(unread)
    roots = merger.merge(documents)
    files = tables.files()
    difference = None
    findings = merger.findings
    if files:
        would_be = replace(package, files=Overlay(package.files, files))
        _validate(package, would_be, merger, tables, as_of)
        difference = None if findings.block else compare(package, would_be)
    written = bool(files) and write and not findings.block
    if written:
        journal.replace(folder.root, files, tables.digests())
    changes = tables.changes()
    return Outcome(
        findings=_ordered(findings.found, roots),
        changes=tuple(changes),
        records=_records(merger, changes),
        remarks=tuple((root.document, value.text) for root in roots for value in root.lists.get("uncertain", ())),
        written=written,
        difference=difference,
    )


def _ordered(found: Sequence[Finding], roots: Sequence[Entry]) -> tuple[Finding, ...]:
    """Return findings in the order of documents and lines; those of the package first."""
    place = {id(root.document): number for number, root in enumerate(roots, 1)}
    return tuple(sorted(found, key=lambda one: (place.get(id(one.document), 0), one.problem.line or 0)))


def _validate(package: Package, would_be: Package, merger: Merger, tables: Tables, as_of: datetime.date) -> None:
    """Validate the package as it would be, and lead what is found back to the contributions."""
    unclear = merger.findings.block  # then only what single values are; the rest would follow from what is unclear
    selection = Selection(frozenset(catalogue()) - _BEYOND if unclear else frozenset(), frozenset())
    report = run(would_be, Options(as_of, _LIMIT, selection=selection))
    problems = report.problems
    if left := report.counts["unevaluated"]:
        made = problem("package-invalid", None, package.descriptor, variant="unevaluated", params={"count": left})
        merger.findings.add(Finding(made))
    if not problems:
        return
    known = {_mark(item) for item in run(package, Options(as_of, _LIMIT, selection=selection)).problems}
    old = sum(item.severity is Severity.ERROR for item in problems if _mark(item) in known)
    if old:
        made = problem("package-invalid", None, package.descriptor, variant="errors", params={"count": old})
        merger.findings.add(Finding(made))
    for item in problems:
        if _mark(item) not in known:
            _lead_back(item, tables, merger)


def _mark(item: Problem) -> tuple[object, ...]:
    """Return what makes a problem the same before and after, wherever its row has moved."""
    return (item.code, item.resource, item.key, item.fields, item.value, item.message if not item.key else "")


def _lead_back(item: Problem, tables: Tables, merger: Merger) -> None:
    """Keep a problem of a row at the place of the contribution that the row comes from.

    A problem of an older row, that a new record has brought about, names that record in its message.
    """
    row = (item.resource or "", _key(item, tables))
    if _said_before(item, merger.ledger.makers.get(row), merger.findings):
        return
    if origin := merger.ledger.origins.get(row):
        own = [origin[name] for name in item.fields if name in origin]
        if item.code in _FORMS and any(merger.findings.unread(*spot) for spot in own):
            return  # of a word that was not understood, the schema says no more
        spots = [origin[name] for name in (*item.fields, "") if name in origin] or list(origin.values())
        merger.findings.adopt(item, *spots[0])
        return
    named = set(_ID.findall(item.message))
    for draft in merger.drafts:
        if draft.identifier in named and draft.new:
            merger.findings.adopt(item, draft.entry.document, draft.entry.trail)
            return
    for (_, key), spot in merger.ledger.taken.items():  # a link that is gone, of the record that is found fault with
        if key[0] in dict(item.key).values() and named & set(key[1:]):
            merger.findings.adopt(item, *spot)
            return
    for identifier, entry in merger.removing.retired.items():
        if identifier in named or item.value == identifier:
            merger.findings.adopt(item, entry.document, entry.trail)
            return
    merger.findings.add(Finding(item))


def _said_before(item: Problem, maker: Entry | None, findings: Findings) -> bool:
    """Tell whether an empty cell is one of which the contribution was told that its value is missing."""
    if item.code != "constraint-error" or item.value is not None or maker is None:
        return False
    keys = (known.name for known in maker.section.properties.values() if known.column in item.fields)
    return any(findings.lacks(maker.document, (*maker.trail, key)) for key in keys)


def _key(item: Problem, tables: Tables) -> Key:
    """Return the primary key of the row that a problem is about; () where it is about none."""
    if item.resource is None or item.resource not in tables:
        return ()
    table = tables[item.resource]
    told = dict(item.key)
    return tuple(told.get(name) or "" for name in table.schema.primary_key)


def _records(merger: Merger, changes: Sequence[Change]) -> tuple[Record, ...]:
    """Return what became of every record that the contributions describe, each at the first that does."""
    made = {(change.table, change.key[0]) for change in changes if change.before is None}
    kinds = {f"{id_column(kind).removesuffix('_id')}_": kind for kind in KINDS}
    touched = {(change.table, change.key[0]) for change in changes}
    for change in changes:
        kind = next((kind for prefix, kind in kinds.items() if change.table.startswith(prefix)), None)
        if kind:
            touched.add((kind, change.key[0]))

    told: dict[tuple[str, str], Record] = {}
    for draft in merger.drafts:
        mark = (draft.kind, draft.identifier)
        state = "new" if mark in made else "changed" if mark in touched else "known"
        told.setdefault(mark, Record(draft.entry.document, *mark, state))
    return tuple(told.values())
