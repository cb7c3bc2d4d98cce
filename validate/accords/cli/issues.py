"""What commands share that read issues made with the issue form: the option, and how they are read.

Apart from `options`, because the form is that of a package, which has to be loaded first.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accords.intake.document import Document


def add_option(parser: argparse.ArgumentParser | argparse._ArgumentGroup, **more: Any) -> None:
    """Add the option that names an issue."""
    told = "an issue made with the issue form: its body, or (.json) the event file of a workflow run"
    parser.add_argument("--issue", type=Path, metavar="FILE", help=told, **more)


def read(paths: Iterable[Path], package: Path) -> list[Document]:
    """Return the contributions in issues, read by the form of a package; each file once."""
    once = {path.absolute(): path for path in paths}.values()
    if not once:
        return []
    from accords.descriptor import load
    from accords.intake import issue
    from accords.intake.form import read_form
    from accords.intake.issue_form import IssueForm
    from accords.intake.tables import Tables

    loaded = load(package)
    form = IssueForm(read_form(loaded.files), Tables(loaded))
    return [issue.read(path, form) for path in once]
