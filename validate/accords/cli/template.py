"""`accords template`: an empty contribution, explained key by key, as text or as a workbook."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Any

from accords.cli import options
from accords.errors import UsageError


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "template",
        help="write an empty contribution",
        description="Write an empty contribution with explanations, to be filled in and given to accords add.",
    )
    parser.add_argument(
        "--lang", choices=("en", "vi"), default="en", help="the language of the explanations (default: en)"
    )
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--xlsx", type=Path, metavar="FILE", help="write a workbook to FILE instead")
    instead.add_argument("--schema", action="store_true", help="print the JSON Schema instead, with the codes of now")
    instead.add_argument("--form", action="store_true", help="print the issue form for GitHub instead")
    options.add_package(parser, "whose form and codes it takes")
    options.add_output(parser)
    parser.set_defaults(run=run)


def run(call: argparse.Namespace) -> int:
    """Write the blank; a file that is there is kept, unless it is one that is made again from the package."""
    from accords.descriptor import load
    from accords.intake.blank import Blank
    from accords.intake.form import read_form, read_schema, refreshed
    from accords.intake.tables import Tables

    if not (call.schema or call.form):
        options.keep(call.xlsx, call.output)
    package = load(call.package)
    form, tables = read_form(package.files), Tables(package)
    if call.xlsx:
        from accords.intake.workbook import blank

        if call.output or call.schema:
            raise UsageError("--xlsx goes neither with -o nor with --schema.")
        options.save(blank(form, tables, call.lang), call.xlsx)
    elif call.schema:
        codes = {name: tables.codes(name) for name in tables.vocabularies()}
        schema = refreshed(read_schema(package.files), codes)
        options.emit(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", call.output)
    elif call.form:
        from accords.intake.issue_form import IssueForm

        options.emit(IssueForm(form, tables).text(call.lang), call.output)
    else:
        options.emit(_for_editors(call) + Blank(form, tables, call.lang).text(), call.output)
    return 0


def _for_editors(call: argparse.Namespace) -> str:
    """Return the line by which editors find the schema, and with it complete and check what is written."""
    from accords.intake.form import PATH

    place = call.package if call.package.is_dir() else call.package.parent
    try:
        path = os.path.relpath(place / PATH, call.output.parent if call.output else Path())
    except ValueError:  # another disk
        return ""
    return f"# yaml-language-server: $schema={Path(path).as_posix()}\n"
