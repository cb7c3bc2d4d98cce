"""`accords dictionary`: the data dictionary of a package, from its descriptor and schemas."""

from __future__ import annotations

import argparse
from typing import Any

from accords.cli import options


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "dictionary",
        help="print the data dictionary",
        description="Print what every table and column holds, as Markdown.",
    )
    options.add_path(parser)
    options.add_output(parser)
    parser.set_defaults(run=run)


def run(call: argparse.Namespace) -> int:
    """Print the dictionary."""
    from accords.descriptor import load
    from accords.export.to_dictionary import to_dictionary
    from accords.report.values import harmless

    made = to_dictionary(load(call.path))
    options.emit(made if call.output else harmless(made), call.output)
    return 0
