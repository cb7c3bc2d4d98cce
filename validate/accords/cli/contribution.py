"""`accords contribution`: a record of the package, or an issue, as the contribution that would make it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from accords.cli import issues, options
from accords.errors import UsageError


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "contribution",
        help="print a record as a contribution",
        description="Print a record, with all that belongs to it, as the contribution that would make it; or what an "
        "issue says, to be completed by hand.",
    )
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("id", nargs="?", metavar="ID", help="an agreement, event, party, place or source")
    which.add_argument("--all", type=Path, metavar="FOLDER", help="write contributions for all records into FOLDER")
    issues.add_option(which)
    options.add_package(parser, "whose record or form it is")
    options.add_output(parser)
    parser.set_defaults(run=run)


def run(call: argparse.Namespace) -> int:
    """Print one contribution, or write all, never over a file; what is wrong with an issue, `accords add` says."""
    from accords.descriptor import load
    from accords.intake.form import read_form
    from accords.intake.reverse import Reverse
    from accords.intake.tables import Tables
    from accords.intake.text import to_yaml

    options.keep(call.output)
    if call.issue:
        (document,) = issues.read([call.issue], call.package)
        options.emit(to_yaml(document.content), call.output)
        return 0
    package = load(call.package)
    reverse = Reverse(Tables(package), read_form(package.files))
    if call.all is None:
        options.emit(to_yaml(reverse.contribution(reverse.kind(call.id), call.id)), call.output)
        return 0
    try:
        call.all.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise UsageError(f"{call.all} cannot be made: {fault.strerror}.") from None
    every = [(call.all / f"{name}.yaml", content) for name, content in reverse.every()]
    options.keep(*(path for path, _ in every))
    for path, content in every:
        options.emit(to_yaml(content), path)
    print(f"{len(every)} contributions written to {call.all}")
    return 0
