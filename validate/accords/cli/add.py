"""`accords add`: contributions become rows, all of them or none."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accords.cli import issues, options
from accords.errors import UsageError

MOST = 200  # findings that are printed

if TYPE_CHECKING:
    from accords.changes import Card
    from accords.intake.adding import Outcome
    from accords.intake.document import Document
    from accords.intake.findings import Finding
    from accords.intake.workbook import Contributed


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "add",
        help="add contributions to a package",
        description="Turn contributions (YAML, JSON, XLSX) into rows of all tables that they touch: all or nothing.",
    )
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="a contribution; accords template writes one"
    )
    issues.add_option(parser, action="append", default=[])
    parser.add_argument("--dry-run", action="store_true", help="change nothing; say what would be done")
    parser.add_argument(
        "--xlsx-errors", type=Path, metavar="OUT", help="write the workbook to OUT with what is wrong painted into it"
    )
    options.add_package(parser, "the package to add to")
    parser.add_argument(
        "--as-of", type=options.day, metavar="DATE", help="the day that counts as today (default: today)"
    )
    parser.set_defaults(run=run)


def run(call: argparse.Namespace) -> int:
    """Add, and say what was done; 1 where nothing was because of findings."""
    from accords.intake.adding import add as add_documents
    from accords.intake.document import read
    from accords.report.values import visible

    if not (call.files or call.issue):
        raise UsageError("no contribution is named; accords template writes one.")
    paths = list({path.absolute(): path for path in call.files}.values())
    workbooks = _workbooks(call, paths)
    documents: list[Document] = []
    for path in paths:
        documents += workbooks[path].documents if path in workbooks else [read(path)]
    documents += issues.read(call.issue, call.package)
    unread = [finding for book in workbooks.values() for finding in book.unread]
    as_of = call.as_of or datetime.date.today()
    outcome = add_documents(call.package, documents, as_of=as_of, write=not call.dry_run, unread=unread)
    if call.xlsx_errors:
        (book,) = workbooks.values()
        options.save(book.painted(outcome.findings), call.xlsx_errors)
    options.emit(_told(outcome, len(documents), call.dry_run), None)
    if call.xlsx_errors:
        print(f"{visible(str(call.xlsx_errors))}: a copy of the workbook, with what is wrong painted into it")
    return int(outcome.blocked)


def _workbooks(call: argparse.Namespace, paths: list[Path]) -> dict[Path, Contributed]:
    """Return what the workbooks among the files contribute."""
    from accords.descriptor import load
    from accords.intake import workbook
    from accords.intake.form import read_form

    named = [path for path in paths if path.suffix.lower() in workbook.SUFFIXES]
    if call.xlsx_errors and len(named) != 1:
        raise UsageError("--xlsx-errors is for one workbook at a time.")
    if call.xlsx_errors and call.xlsx_errors.resolve() == named[0].resolve():
        raise UsageError("--xlsx-errors would write over the workbook itself; name another file.")
    if call.xlsx_errors and not workbook.replaceable(call.xlsx_errors):
        raise UsageError(
            f"{call.xlsx_errors} is there already and is kept, for it is no painted copy or was changed since: "
            "name another file, or move that one away first."
        )
    form = read_form(load(call.package).files) if named else None
    return {path: workbook.read(path, form) for path in named if form}


def _told(outcome: Outcome, documents: int, dry: bool) -> str:
    """Return what is printed: the findings, the cards, and one line that says what happened."""
    from accords.report.values import visible

    lines = [line for finding in outcome.findings[:MOST] for line in _finding(finding)]
    if len(outcome.findings) > MOST:
        lines.append(f"… and {len(outcome.findings) - MOST:,} more")
    if not outcome.blocked:
        lines += _cards(outcome)
    lines += [f"{visible(document.path)}: uncertain: {visible(text)}" for document, text in outcome.remarks]
    rows, tables = len(outcome.changes), len({change.table for change in outcome.changes})
    if outcome.blocked:
        errors = sum(finding.blocks for finding in outcome.findings)
        lines.append(f"NOTHING WRITTEN: {errors} to settle in {_count(documents, 'contribution')}")
    elif not rows:
        lines.append("NOTHING TO DO: all of it is in the package already")
    else:
        done = "WOULD ADD" if dry else "ADDED"
        lines.append(f"{done}: {_count(rows, 'row')} in {_count(tables, 'table')}, {_count(documents, 'contribution')}")
    return "\n".join(lines) + "\n"


def _finding(finding: Finding) -> list[str]:
    """Return a finding as lines: where, what, and what to do next."""
    found = finding.problem
    cell = finding.document.cell(finding.trail) if finding.document else None
    place = f"{found.path}:{found.line}" if found.line and not cell else f"{found.path} {cell}" if cell else found.path
    lines = [f"{place} {found.severity.label} [{found.code}] {', '.join(found.fields)}".rstrip(), f"  {found.message}"]
    return [*lines, f"  → {found.hint}"] if found.hint else lines


def _cards(outcome: Outcome) -> list[str]:
    """Return what became of each record: its card, or where they are many one line for each."""
    from accords.report.changes.to_text import CARDS, to_lines

    cards = outcome.difference.cards if outcome.difference else ()
    if len(cards) <= CARDS:
        made = {(record.kind, record.identifier): id(record.document) for record in outcome.records}
        named: set[str] = set()
        return [line for card in cards for line in (*to_lines(_compared(card, made), named), "")]
    told = [record for record in outcome.records if record.state != "known"]
    return [f"{record.state:8} {record.kind:12} {record.identifier}" for record in told]


def _compared(card: Card, made: Mapping[tuple[str, str], int]) -> Card:
    """Return a card without the records of its own contribution among those that it is like."""
    own = made.get((card.resource, card.id))
    others = (one for one in card.alike if own is None or made.get((card.resource, one.id)) != own)
    return replace(card, alike=tuple(others))


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
