"""The formats of a comparison of two releases: one writer each, from records only."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from accords.changes import Difference
from accords.report.changes.to_csv import to_csv
from accords.report.changes.to_html import to_html
from accords.report.changes.to_json import to_json
from accords.report.changes.to_markdown import to_markdown
from accords.report.changes.to_text import to_text

FORMATS: Mapping[str, Callable[[Difference], str]] = {
    "text": to_text,
    "json": to_json,
    "markdown": to_markdown,
    "html": to_html,
    "csv": to_csv,
}
