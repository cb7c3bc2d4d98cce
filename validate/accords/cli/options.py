"""What several commands share: how a path, a date and an output file are given."""

from __future__ import annotations

import argparse
import datetime
import os
import sys
from pathlib import Path

from accords.errors import UsageError
from accords.limits import DEFAULT, LEAST_MEMORY, Limits

_LONGEST = 30 * 86400  # seconds

REPORTS = ("text", "json", "sarif", "junit", "github", "markdown", "html", "csv")
LANGUAGES = ("en", "vi")


def add_path(parser: argparse.ArgumentParser) -> None:
    """Add the argument that names a package."""
    parser.add_argument(
        "path",
        nargs="?",
        default=Path(),
        type=Path,
        metavar="PATH",
        help="a folder with datapackage.json, a descriptor or a zip (default: this folder)",
    )


def add_package(parser: argparse.ArgumentParser, told: str) -> None:
    """Add the option that names a package, where the arguments name something else."""
    parser.add_argument("--package", type=Path, default=Path(), metavar="PATH", help=f"{told} (default: this folder)")


def add_output(parser: argparse.ArgumentParser) -> None:
    """Add the option that sends the result to a file."""
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write to FILE instead of standard output")


def add_format(parser: argparse.ArgumentParser, default: str) -> None:
    """Add the option that says how to report; `default` is told, and taken where it is a format."""
    parser.add_argument(
        "--format",
        choices=REPORTS,
        default=default if default in REPORTS else None,
        metavar="FORMAT",
        help=f"how to report: {', '.join(REPORTS)} (default: {default})",
    )


def add_language(parser: argparse.ArgumentParser, default: str) -> None:
    """Add the option that says in which language; `default` is told, and taken where it is a language."""
    parser.add_argument(
        "--lang",
        choices=LANGUAGES,
        default=default if default in LANGUAGES else None,
        help=f"the language of the sentences (default: {default})",
    )


def add_limits(parser: argparse.ArgumentParser) -> None:
    """Add the options that say what a run may take."""
    parser.add_argument(
        "--timeout",
        type=_seconds,
        default=DEFAULT.timeout,
        metavar="SECONDS",
        help="stop after that many seconds, with exit code 2 (default: %(default)g)",
    )
    parser.add_argument(
        "--memory",
        type=_mebibytes,
        default=DEFAULT.memory,
        metavar="MIB",
        help="stop where more than that many MiB of memory are held, with exit code 2 (default: %(default)d)",
    )


def limits(call: argparse.Namespace) -> Limits:
    """Return what a run may take."""
    return Limits(call.timeout, call.memory)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds <= _LONGEST:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds between 0 and {_LONGEST:,}")
    return seconds


def _mebibytes(text: str) -> int:
    mebibytes = count(text)
    if mebibytes < LEAST_MEMORY:
        raise argparse.ArgumentTypeError(f"{text!r} is too little: {LEAST_MEMORY} is the least")
    return mebibytes


def day(text: str) -> datetime.date:
    """Return a date written as YYYY-MM-DD."""
    try:
        return datetime.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date like 2026-11-22") from None


def count(text: str) -> int:
    """Return a number above 0."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= 10**9:
        raise argparse.ArgumentTypeError(f"{text!r} is no number above 0")
    return int(text)


def _mode(path: Path) -> int:
    """Return who may read and write a file: as it is, or as a new one would be (a link is replaced, not followed)."""
    try:
        if not path.is_symlink():
            return path.stat().st_mode & 0o777
    except OSError:
        pass
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def keep(*outputs: Path | None) -> None:
    """Refuse to write where a file is: what is to be filled in by hand may have been filled in there already."""
    for output in outputs:
        if output is not None and os.path.lexists(output):
            raise UsageError(f"{output} is there already and is kept: name another file, or move that one away first.")


def emit(text: str, output: Path | None) -> None:
    """Write a result to standard output, or to a file by way of a temporary one and a rename."""
    if output is None:
        sys.stdout.write(text)
    else:
        save(text.encode(errors="backslashreplace"), output)


def save(content: bytes, output: Path) -> None:
    """Write a file by way of a temporary one and a rename: what was there before is replaced whole or not at all.

    A device or a pipe is written into, as nothing may take its place.
    """
    import tempfile  # here, because a run begins sooner without it

    try:
        if output.exists() and not output.is_file():
            output.write_bytes(content)
            return
        handle, temporary = tempfile.mkstemp(prefix=".accords-", dir=output.parent)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(content)
            Path(temporary).chmod(_mode(output))
            os.replace(temporary, output)  # noqa: PTH105 -- atomic on every system
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as fault:
        raise UsageError(f"{output} cannot be written: {fault.strerror}.") from None
