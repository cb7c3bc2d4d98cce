"""`accords template`: an empty contribution, explained key by key."""

from __future__ import annotations

import argparse
from typing import Any

from accords.cli import options


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "template",
        help="print an empty contribution",
        description="Print an empty contribution with explanations, to be filled in and given to accords add.",
    )
    parser.add_argument("--lang", choices=("en", "vi"), default="en", help="the language of the explanations (default: en)")
    options.add_package(parser, "whose form and codes it takes")
    options.add_output(parser)
    parser.set_defaults(run=run)


def run(call: argparse.Namespace) -> int:
    """Print the blank."""
    from accords.descriptor import load
    from accords.intake.blank import Blank
    from accords.intake.form import read_form
    from accords.intake.tables import Tables

    package = load(call.package)
    options.emit(Blank(read_form(package.files), Tables(package), call.lang).text(), call.output)
    return 0
