"""`accords report`: render a saved report again, in any format and language."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from accords.cli import options
from accords.errors import UsageError


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "report",
        help="render a saved report again",
        description="Render a report that `accords validate --format json -o FILE` saved; nothing is checked again.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a report in JSON")
    options.add_format(parser, "text")
    options.add_output(parser)
    options.add_language(parser, "that of the report")
    parser.set_defaults(run=run)


def run(call: argparse.Namespace) -> int:
    """Render; 0 whatever the report says, since nothing was checked."""
    from accords.documents import read_json
    from accords.languages import translated
    from accords.problems import Report
    from accords.report import FORMATS
    from accords.saved import Unfit

    try:
        text = call.file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise UsageError(f"{call.file} cannot be read: {fault}.") from None
    content, _ = read_json(text, str(call.file), UsageError)
    if isinstance(content, dict) and content.get("valid", "") is None and isinstance(content.get("error"), str):
        raise UsageError(f"{call.file} holds no findings, but says why there are none: {content['error']}")
    try:
        report = Report.from_dict(content)
    except Unfit as fault:
        raise UsageError(f"{call.file} is no report of accords: {fault}.") from None
    options.emit(FORMATS[call.format](translated(report, call.lang or report.language)), call.output)
    return 0
