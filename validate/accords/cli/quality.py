"""`accords quality`: what the register covers and how far its two readings agree, as Markdown."""

from __future__ import annotations

import argparse
from typing import Any

from accords.cli import options


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "quality",
        help="print what a register of agreements covers, and how well it was read",
        description="Print counts of the agreements and the agreement of their two readings, as Markdown.",
    )
    options.add_path(parser)
    parser.add_argument("--brief", action="store_true", help="print only the few counts that say most")
    options.add_output(parser)
    parser.set_defaults(run=run)


def run(call: argparse.Namespace) -> int:
    """Print the quality report."""
    from accords.descriptor import load
    from accords.intake.tables import Tables
    from accords.register.to_quality import to_brief, to_quality
    from accords.report.values import harmless

    made = (to_brief if call.brief else to_quality)(Tables(load(call.path)))
    options.emit(made if call.output else harmless(made), call.output)
    return 0
