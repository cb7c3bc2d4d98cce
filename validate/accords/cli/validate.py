"""`accords validate`: check a package and report."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accords.cli import options

if TYPE_CHECKING:
    from accords.problems import Report

_ALL = 10**9  # a limit that leaves nothing out


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("validate", help="check a package", description="Check a data package.")
    options.add_path(parser)
    options.add_format(parser, "text; github where GitHub Actions runs it")
    options.add_output(parser)
    options.add_language(parser, "en")
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
    known = parser.add_mutually_exclusive_group()
    known.add_argument(
        "--baseline", metavar="FILE", help="accept the findings listed in FILE; fail on those that are gone"
    )
    known.add_argument(
        "--write-baseline", type=Path, metavar="FILE", help="list all findings in FILE, to be accepted from now on"
    )
    for option, told in (("--select", "report only these codes"), ("--ignore", "leave these codes out")):
        parser.add_argument(option, type=_codes, action="extend", default=[], metavar="CODE,…", help=told)
    parser.set_defaults(run=run)


def run(call: argparse.Namespace) -> int:
    """Validate and write the report; 1 where it failed."""
    import accords
    from accords.cli.progress import Progress
    from accords.languages import Voice
    from accords.problems import Severity
    from accords.report import FORMATS

    with Progress(Voice(call.lang)) as progress:
        report = accords.validate(
            call.path,
            as_of=call.as_of,
            limit=_ALL if call.write_baseline else call.limit,
            examples=call.examples,
            select=call.select,
            ignore=call.ignore,
            against=call.against,
            changed_since=call.changed_since,
            baseline=call.baseline,
            lang=call.lang,
            progress=progress,
            timeout=call.timeout,
            memory=call.memory,
        )
    if call.write_baseline:
        return _accept(report, call)
    chosen = call.format or ("github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text")
    options.emit(FORMATS[chosen](report), call.output)
    return int(report.failed(Severity[call.fail_on.upper()], call.allow_unevaluated))


def _accept(report: Report, call: argparse.Namespace) -> int:
    """Write the baseline and say so; checks that could not be made cannot be accepted by it."""
    from accords.baseline import written
    from accords.report.wording import unevaluated, voice

    say = voice(report)
    options.emit(written(report.problems), call.write_baseline)
    number = say.count(len(report.problems), "{number} finding", "{number} findings")
    lines = [*unevaluated(report), say("{path} accepts {findings}", path=call.write_baseline, findings=number)]
    options.emit("".join(f"{line}\n" for line in lines), None)
    return int(bool(report.counts["unevaluated"]) and not call.allow_unevaluated)


def _codes(text: str) -> list[str]:
    return [code for code in text.split(",") if code]
