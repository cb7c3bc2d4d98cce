"""The command line: parses a call, hands it to one function, and turns the outcome into an exit code.

0: every check ran and found nothing at or above `--fail-on`. 1: findings, or a check that could not be
evaluated. 2: could not check; one sentence on stderr, never a traceback.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from accords import __version__
from accords.cli import (
    accounts,
    add,
    build,
    cite,
    contribution,
    dictionary,
    diff,
    explain,
    quality,
    report,
    show,
    template,
    tidy,
    validate,
)
from accords.errors import CannotCheck

CANNOT_CHECK = 2
_COMMANDS = (
    validate,
    report,
    explain,
    tidy,
    diff,
    template,
    add,
    contribution,
    dictionary,
    quality,
    accounts,
    build,
    cite,
    show,
)


class _Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are one sentence."""

    def error(self, message: str) -> NoReturn:
        self.exit(CANNOT_CHECK, f"accords: {message}; see {self.prog} --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    parser = _Parser(prog="accords", description="Validate data packages of many CSV tables.")
    parser.add_argument("--version", action="version", version=f"accords {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)
    for command in _COMMANDS:
        command.add(commands)
    call = parser.parse_args(arguments)
    if arguments is None and hasattr(call, "timeout"):
        from accords import supervisor  # here, because help needs none

        supervisor.may_copy = sys.platform == "linux"  # this process is ours and has just begun
    try:
        code = int(call.run(call))
        sys.stdout.flush()
        return code
    except CannotCheck as fault:
        return _stopped(call, str(fault))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CANNOT_CHECK
    except KeyboardInterrupt:
        print("accords: stopped.", file=sys.stderr)
        return 130
    except Exception as fault:  # an internal fault is no verdict, and nobody's data is to blame
        if os.environ.get("ACCORDS_TRACEBACK"):
            raise
        said = " ".join(str(fault).split())[:300]
        return _stopped(call, f"internal fault ({type(fault).__name__}: {said}); please report it.")


def _stopped(call: argparse.Namespace, sentence: str) -> int:
    if getattr(call, "format", None) == "json":
        from accords.report.to_json import error_to_json

        sys.stdout.write(error_to_json(sentence))
    from accords.report.values import harmless, visible  # here, because most runs end with none

    print(harmless(f"accords: {visible(sentence)}"), file=sys.stderr)
    return CANNOT_CHECK
