"""The formats of a report: one writer each, from records only, never from a database."""

from __future__ import annotations

from collections.abc import Callable

from accords.problems import Report
from accords.report.to_csv import to_csv
from accords.report.to_github import to_github
from accords.report.to_html import to_html
from accords.report.to_json import to_json
from accords.report.to_junit import to_junit
from accords.report.to_markdown import to_markdown
from accords.report.to_sarif import to_sarif
from accords.report.to_text import to_text

FORMATS: dict[str, Callable[[Report], str]] = {
    "text": to_text,
    "json": to_json,
    "sarif": to_sarif,
    "junit": to_junit,
    "github": to_github,
    "markdown": to_markdown,
    "html": to_html,
    "csv": to_csv,
}
