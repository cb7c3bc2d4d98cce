"""`accords validate`: check a package and report."""

from __future__ import annotations

import argparse
import os
from typing import Any

from accords.cli import options


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("validate", help="check a package", description="Check a data package.")
    options.add_path(parser)
    parser.add_argument(
        "--format",
        choices=("text", "json", "github", "markdown"),
        help="how to report (default: text; github where GitHub Actions runs it)",
    )
    options.add_output(parser)
    parser.add_argument(
        "--fail-on",
        choices=("error", "warning", "info"),
        default="error",
        help="the least severity that makes the exit code 1 (default: error)",
    )
    parser.add_argument(
        "--as-of", type=options.day, metavar="DATE", help="the day that counts as today (default: today)"
    )
    parser.add_argument(
        "--limit", type=options.count, default=1000, metavar="N", help="problems shown for each code (default: 1000)"
    )
    parser.add_argument("--allow-unevaluated", action="store_true", help="accept checks that could not be evaluated")
    parser.add_argument("--examples", action="store_true", help="also run the examples of the declared rules")
    parser.add_argument(
        "--against", metavar="REF", help="a former release (path or git revision) whose ids and version bind this one"
    )
    parser.add_argument(
        "--changed-since", metavar="REF", help="report only what concerns rows changed since then; all are checked"
    )
    options.add_limits(parser)
    for option, told in (("--select", "report only these codes"), ("--ignore", "leave these codes out")):
        parser.add_argument(option, type=_codes, action="extend", default=[], metavar="CODE,…", help=told)
    parser.set_defaults(run=run)


def run(call: argparse.Namespace) -> int:
    """Validate and write the report; 1 where it failed."""
    import accords
    from accords.problems import Severity
    from accords.report import FORMATS

    report = accords.validate(
        call.path,
        as_of=call.as_of,
        limit=call.limit,
        examples=call.examples,
        select=call.select,
        ignore=call.ignore,
        against=call.against,
        changed_since=call.changed_since,
        timeout=call.timeout,
        memory=call.memory,
    )
    chosen = call.format or ("github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text")
    options.emit(FORMATS[chosen](report), call.output)
    return int(report.failed(Severity[call.fail_on.upper()], call.allow_unevaluated))


def _codes(text: str) -> list[str]:
    return [code for code in text.split(",") if code]
