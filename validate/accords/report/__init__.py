"""The formats of a report: one writer each, from records only, never from a database."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module

from accords.problems import Report


def _written(name: str, report: Report) -> str:
    """Write a report; a run needs one writer and not the libraries of all."""
    writer: Callable[[Report], str] = getattr(import_module(f"accords.report.to_{name}"), f"to_{name}")
    return writer(report)


FORMATS: dict[str, Callable[[Report], str]] = {
    name: partial(_written, name)
    for name in ("text", "json", "sarif", "junit", "github", "markdown", "html", "csv")
}  # fmt: skip
