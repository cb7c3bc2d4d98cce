"""`accords template`: an empty contribution, explained key by key."""

from __future__ import annotations

import argparse
import json
from typing import Any

from accords.cli import options


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "template",
        help="print an empty contribution",
        description="Print an empty contribution with explanations, to be filled in and given to accords add.",
    )
    parser.add_argument(
        "--lang", choices=("en", "vi"), default="en", help="the language of the explanations (default: en)"
    )
    parser.add_argument("--schema", action="store_true", help="print the JSON Schema instead, with the codes of now")
    options.add_package(parser, "whose form and codes it takes")
    options.add_output(parser)
    parser.set_defaults(run=run)


def run(call: argparse.Namespace) -> int:
    """Print the blank."""
    from accords.descriptor import load
    from accords.intake.blank import Blank
    from accords.intake.form import read_form, read_schema, refreshed
    from accords.intake.tables import Tables

    package = load(call.package)
    form, tables = read_form(package.files), Tables(package)
    if call.schema:
        codes = {name: tables.codes(name) for name in tables.vocabularies()}
        schema = refreshed(read_schema(package.files), codes)
        options.emit(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", call.output)
    else:
        options.emit(Blank(form, tables, call.lang).text(), call.output)
    return 0
