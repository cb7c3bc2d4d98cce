"""`accords build`: the files of a release, from the one authored package."""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path
from typing import Any

from accords.cli import options
from accords.errors import UsageError

CHOICES = ("flat", "xlsx", "sqlite", "parquet", "codebook", "metadata", "feeds", "zip")  # as `accords.build` has them


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "build",
        help="write the files of a release into dist/",
        description="Build workbook, database, flat tables and the rest from a valid package, all of them or none.",
    )
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"{', '.join(CHOICES)} (default: all)")
    options.add_package(parser, "that is built")
    parser.add_argument("-o", "--output", type=Path, metavar="FOLDER", help="where to (default: dist in the package)")
    parser.add_argument(
        "--as-of", type=options.day, metavar="DATE", help="the day on which terms are judged (default: today)"
    )
    parser.add_argument("--force", action="store_true", help="build an invalid package, too; the files say so")
    parser.set_defaults(run=run)


def run(call: argparse.Namespace) -> int:
    """Validate, build and write; 1 with the findings where the package is not valid."""
    import accords
    from accords.build import Release, build, folder
    from accords.descriptor import load
    from accords.report import FORMATS
    from accords.report.values import harmless

    if strangers := [name for name in call.targets if name not in CHOICES]:
        raise UsageError(f"there is no target {strangers[0]!r}; there are {', '.join(CHOICES)}.")
    output = call.output or (call.package if call.package.is_dir() else call.package.parent) / "dist"
    folder.judge(output)
    as_of = call.as_of or datetime.date.today()
    report = accords.validate(call.package, as_of=as_of)
    if not report.valid:
        print(harmless(FORMATS["text"](report)), file=sys.stderr)
        if not call.force:
            print("accords: an invalid package is not built; --force builds it and says so inside.", file=sys.stderr)
            return 1
    release = Release(load(call.package), as_of, forced=not report.valid)
    files = build(release, call.targets)
    folder.place(files, output)
    for path in sorted(files):
        print(harmless(f"{len(files[path]):>12,}  {path}"))
    print(harmless(f"{len(files)} files in {output}"))
    return 0
