"""`accords cite`: how the package, or one record with its sources, is cited."""

from __future__ import annotations

import argparse
import json
from typing import Any

from accords.cli import options


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "cite",
        help="print how the package or one record is cited",
        description="Print a citation of the package, or of one record with its sources.",
    )
    parser.add_argument("id", nargs="?", metavar="ID", help="a record's identifier (default: the whole package)")
    parser.add_argument("--format", choices=("text", "bibtex", "csl-json"), default="text", help="default: text")
    options.add_package(parser, "that is cited")
    options.add_output(parser)
    parser.set_defaults(run=run)


def run(call: argparse.Namespace) -> int:
    """Print the citation."""
    from accords.descriptor import load
    from accords.intake.tables import Tables
    from accords.register.citation import FORMATS, cited
    from accords.report.values import harmless

    package = load(call.package)
    descriptor = json.loads(package.files.read(package.descriptor).decode("utf-8-sig"))
    made = FORMATS[call.format](cited(Tables(package), call.id, descriptor))
    options.emit(made if call.output else harmless(made), call.output)
    return 0
