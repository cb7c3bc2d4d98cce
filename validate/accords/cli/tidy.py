"""`accords tidy`: bring the CSVs of a package into their canonical form."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from accords.cli import options


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "tidy",
        help="bring the CSVs into canonical form",
        description="Mend what can be mended safely: line ends, quotes, order, Unicode form, stray blanks.",
    )
    options.add_path(parser)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 where something would change")
    parser.set_defaults(run=run)


def run(call: argparse.Namespace) -> int:
    """Tidy, or say what would change; 1 where --check found work or a file was refused."""
    from accords.descriptor import load
    from accords.report.values import harmless
    from accords.tidy import tidy

    results = tidy(load(call.path), write=not call.check)
    for result in results:
        if result.refused:
            print(harmless(f"{result.path}: left alone: {result.refused}"), file=sys.stderr)
        elif result.changed:
            print(harmless(f"{result.path}: {'would be tidied; run accords tidy' if call.check else 'tidied'}"))
    changed = sum(result.changed for result in results)
    refused = sum(result.refused is not None for result in results)
    print(f"{len(results)} files, {changed} {'to tidy' if call.check else 'tidied'}, {refused} left alone")
    return int(bool(refused) or (call.check and bool(changed)))
