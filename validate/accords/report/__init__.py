"""The formats of a report: one writer each, from records only, never from a database."""

from __future__ import annotations

from collections.abc import Callable

from accords.problems import Report
from accords.report.to_github import to_github
from accords.report.to_json import to_json
from accords.report.to_markdown import to_markdown
from accords.report.to_text import to_text

FORMATS: dict[str, Callable[[Report], str]] = {
    "text": to_text,
    "json": to_json,
    "github": to_github,
    "markdown": to_markdown,
}
