"""`accords add`: contributions become rows, all of them or none."""

from __future__ import annotations

import argparse
import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accords.cli import options

MOST = 200  # findings that are printed

if TYPE_CHECKING:
    from accords.intake.adding import Outcome
    from accords.intake.findings import Finding


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "add",
        help="add contributions to a package",
        description="Turn contributions (YAML, or JSON) into rows of all tables that they touch: all of it or nothing.",
    )
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="a contribution; accords template writes one"
    )
    parser.add_argument("--dry-run", action="store_true", help="change nothing; say what would be done")
    options.add_package(parser, "the package to add to")
    parser.add_argument(
        "--as-of", type=options.day, metavar="DATE", help="the day that counts as today (default: today)"
    )
    parser.set_defaults(run=run)


def run(call: argparse.Namespace) -> int:
    """Add, and say what was done; 1 where nothing was because of findings."""
    from accords.intake.adding import add as add_documents
    from accords.intake.document import read

    documents = [read(path) for path in {path.absolute(): path for path in call.files}.values()]
    as_of = call.as_of or datetime.date.today()
    outcome = add_documents(call.package, documents, as_of=as_of, write=not call.dry_run)
    options.emit(_told(outcome, len(documents), call.dry_run), None)
    return int(outcome.blocked)


def _told(outcome: Outcome, documents: int, dry: bool) -> str:
    """Return what is printed: the findings, the cards, and one line that says what happened."""
    from accords.catalogue import shown

    lines = [line for finding in outcome.findings[:MOST] for line in _finding(finding)]
    if len(outcome.findings) > MOST:
        lines.append(f"… and {len(outcome.findings) - MOST:,} more")
    if not outcome.blocked:
        lines += _cards(outcome)
    lines += [f"{document.path}: uncertain: {shown(text)}" for document, text in outcome.remarks]
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
    """Return what became of each record, by contribution."""
    lines: list[str] = []
    path = None
    for record in sorted(outcome.records, key=lambda record: record.document.path):
        if record.state == "known":
            continue
        if record.document.path != path:
            path = record.document.path
            lines.append(path)
        lines.append(f"  {record.state:8} {record.kind:12} {record.identifier}")
    return lines


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
