"""`accords diff`: what changed between two releases, and the step of the version that it calls for."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accords.cli import options
from accords.errors import UsageError

if TYPE_CHECKING:
    from accords.changes import Difference
    from accords.package import Package

_STEPS = ("none", "patch", "minor", "major")
_NOTHING = "-"
_FOR_PEOPLE = 20_000  # rows of a table that are told one by one to people, who read fewer


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "diff",
        help="compare two releases",
        description="Say what changed between two releases, record by record, and which step of the version "
        "it calls for. OLD and NEW are folders, descriptors, zips or git revisions such as v1.0.0.",
    )
    parser.add_argument("old", metavar="OLD", help="the former release; - for none, where NEW is the first")
    parser.add_argument("new", nargs="?", default=".", metavar="NEW", help="the later one (default: this folder)")
    parser.add_argument(
        "--format",
        choices=("text", "json", "markdown", "html", "csv"),
        default="text",
        help="how to tell it (default: text)",
    )
    options.add_output(parser)
    parser.add_argument(
        "--expect", choices=_STEPS, metavar="STEP", help="exit with 1 where more than this step is called for"
    )
    parser.add_argument(
        "--limit",
        type=options.count,
        metavar="N",
        help="rows listed for each table (default: 20000, in json and csv all); totals stay true",
    )
    parser.add_argument(
        "--changelog", type=Path, metavar="FILE", help="write the lists into the section of NEW's version in FILE"
    )
    options.add_limits(parser)
    parser.set_defaults(run=run)


def run(call: argparse.Namespace) -> int:
    """Compare and tell; 1 where more changed than expected, or a table could not be compared."""
    from accords.changes import Step
    from accords.report.changelog import to_changelog
    from accords.report.changes import FORMATS
    from accords.supervisor import supervised

    limit = call.limit or (_FOR_PEOPLE if call.format in ("text", "markdown", "html") else None)
    found = supervised(options.limits(call), _compared, call.old, call.new, limit)
    if call.changelog:
        options.emit(to_changelog(_text(call.changelog), found), call.changelog)
    else:
        options.emit(FORMATS[call.format](found), call.output)
    more = call.expect is not None and found.step > Step[call.expect.upper()]
    return int(more or bool(found.unread))


def _compared(old: str, new: str, limit: int | None) -> Difference:
    from accords.diff import compare

    return compare(*_sides(old, new), limit)


def _sides(old: str, new: str) -> tuple[Package, Package]:
    """Return both packages; a revision is one of the repository that the other side, or this folder, lies in."""
    from accords.descriptor import load_at
    from accords.diff import NOTHING

    paths = [Path(item) if Path(item).exists() else Path() for item in (old, new)]
    return NOTHING if old == _NOTHING else load_at(old, paths[1]), load_at(new, paths[0])


def _text(path: Path) -> str:
    """Return a change log as it stands; nothing where there is none yet.

    A link is not followed: what is read is written again where the link stood, and may be nobody's to publish.
    """
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise UsageError(f"{path} is no plain file; name the change log itself.")
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as fault:
        raise UsageError(f"{path} cannot be read: {fault}.") from None
