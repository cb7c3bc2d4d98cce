"""`accords accounts`: what became of every page that was read for the register, as CSV."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from accords.cli import options


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "accounts",
        help="print what became of every page that was read for a register of agreements",
        description="Print one row for each agreement and event that the fact sheets tell of, and what became of it.",
    )
    parser.add_argument("sheets", type=Path, metavar="FOLDER", help="fact sheets, one page a line (*.jsonl)")
    parser.add_argument("--reasons", type=Path, required=True, metavar="FILE", help="what was decided, as CSV")
    options.add_package(parser, "whose records they are held against")
    options.add_output(parser)
    parser.set_defaults(run=run)


def run(call: argparse.Namespace) -> int:
    """Print the accounts; 1 where one is missing or names a record that the package does not have."""
    from accords.descriptor import load
    from accords.intake.tables import Tables
    from accords.register import accounts
    from accords.report.values import harmless

    tables = Tables(load(call.package))
    decided = accounts.decisions(call.reasons)
    found = accounts.accounts(accounts.mentions(call.sheets), decided, tables)
    made = accounts.to_csv(found)
    options.emit(made if call.output else harmless(made), call.output)
    missing = [item for item in found if not item.outcome]
    for item in missing:
        print(harmless(f"no account: {item.page}: {item.kind} {item.label}"), file=sys.stderr)
    strangers = accounts.unknown(decided, tables)
    for record in strangers:
        print(harmless(f"not in the package: {record}"), file=sys.stderr)
    print(f"{len(found)} mentions, {len(missing)} without an account", file=sys.stderr)
    return 1 if missing or strangers else 0
