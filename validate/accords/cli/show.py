"""`accords show`: one record with everything that is linked to it."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

from accords.cli import options

_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "show",
        help="print one record with everything that is linked to it",
        description="Print an agreement, event, commitment or party with all that is linked to it, and its sources.",
    )
    parser.add_argument("id", metavar="ID", help="a record's identifier")
    options.add_package(parser, "whose record it is")
    parser.set_defaults(run=run)


def run(call: argparse.Namespace) -> int:
    """Print the record; headings are bold on a terminal."""
    from accords.descriptor import load
    from accords.intake.tables import Tables
    from accords.register.showing import shown
    from accords.report.values import harmless

    fancy = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    for heading, line in shown(Tables(load(call.package)), call.id):
        told = harmless(line)
        print(f"{_BOLD}{told}{_PLAIN}" if heading and fancy else told)
    return 0
