"""`accords add`: contributions become rows, all of them or none."""

from __future__ import annotations

import argparse
import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accords.cli import issues, options
from accords.errors import UsageError

if TYPE_CHECKING:
    from accords.intake.document import Document
    from accords.intake.workbook import Contributed


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "add",
        help="add contributions to a package",
        description="Turn contributions (YAML, JSON, XLSX) into rows of all tables that they touch: all or nothing.",
    )
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="a contribution; accords template writes one"
    )
    issues.add_option(parser, action="append", default=[])
    parser.add_argument("--dry-run", action="store_true", help="change nothing; say what would be done")
    parser.add_argument(
        "--xlsx-errors", type=Path, metavar="OUT", help="write the workbook to OUT with what is wrong painted into it"
    )
    options.add_package(parser, "the package to add to")
    parser.add_argument(
        "--as-of", type=options.day, metavar="DATE", help="the day that counts as today (default: today)"
    )
    options.add_language(parser, "that of the form or workbook that was filled in, else en")
    parser.set_defaults(run=run)


def run(call: argparse.Namespace) -> int:
    """Add, and say what was done; 1 where nothing was because of findings."""
    from accords.cli.telling import told
    from accords.intake.adding import add as add_documents
    from accords.intake.document import read
    from accords.report.values import visible

    if not (call.files or call.issue):
        raise UsageError("no contribution is named; accords template writes one.")
    paths = list({path.absolute(): path for path in call.files}.values())
    workbooks = _workbooks(call, paths)
    documents: list[Document] = []
    for path in paths:
        documents += workbooks[path].documents if path in workbooks else [read(path)]
    documents += issues.read(call.issue, call.package)
    unread = [finding for book in workbooks.values() for finding in book.unread]
    as_of = call.as_of or datetime.date.today()
    outcome = add_documents(call.package, documents, as_of=as_of, write=not call.dry_run, unread=unread)
    if call.xlsx_errors:
        (book,) = workbooks.values()
        options.save(book.painted(outcome.findings), call.xlsx_errors)
    language = call.lang or ("vi" if documents and all(one.language == "vi" for one in documents) else "en")
    options.emit(told(outcome, len(documents), call.dry_run, language, call.package), None)
    if call.xlsx_errors:
        print(f"{visible(str(call.xlsx_errors))}: a copy of the workbook, with what is wrong painted into it")
    return int(outcome.blocked)


def _workbooks(call: argparse.Namespace, paths: list[Path]) -> dict[Path, Contributed]:
    """Return what the workbooks among the files contribute."""
    from accords.descriptor import load
    from accords.intake import workbook
    from accords.intake.form import read_form

    named = [path for path in paths if path.suffix.lower() in workbook.SUFFIXES]
    if call.xlsx_errors and len(named) != 1:
        raise UsageError("--xlsx-errors is for one workbook at a time.")
    if call.xlsx_errors and call.xlsx_errors.resolve() == named[0].resolve():
        raise UsageError("--xlsx-errors would write over the workbook itself; name another file.")
    if call.xlsx_errors and not workbook.replaceable(call.xlsx_errors):
        raise UsageError(
            f"{call.xlsx_errors} is there already and is kept, for it is no painted copy or was changed since: "
            "name another file, or move that one away first."
        )
    form = read_form(load(call.package).files) if named else None
    return {path: workbook.read(path, form) for path in named if form}
