"""Writes the reference of all codes, built-in and declared, as Markdown.

Apart from `to_dictionary`, because it is about what is checked and not about what is held.
"""

from __future__ import annotations

from collections.abc import Sequence

from accords.catalogue import Code
from accords.lints import Lint
from accords.rules import Rule


def to_reference(codes: Sequence[Code], rules: Sequence[Rule], lints: Sequence[Lint]) -> str:
    """Return every code with its severity, meaning, reason and remedy; then what changes call for."""
    lines = [
        "<!-- Made by `accords explain --format markdown`. Change the catalogue and the rules, not this. -->",
        "",
        "# Codes",
        "",
        "A code, once released, is never renamed or given another meaning.",
        "",
        "## Built in",
        "",
        "| Code | Severity | Means | Why | What to do |",
        "| --- | --- | --- | --- | --- |",
        *(
            f"| `{item.code}` | {item.severity.label} | {_cell(item.title)} | {_cell(item.why)} | {_cell(item.fix)} |"
            for item in codes
        ),
    ]
    if rules:
        lines += ["", "## Rules of the package", ""]
        lines += ["| Code | Severity | Table | Means | Why | What to do |", "| --- | --- | --- | --- | --- | --- |"]
        lines += [
            f"| `{item.code}` | {item.severity.label} | {item.table} | {_cell(item.title)} | {_cell(item.why)} "
            f"| {_cell(item.fix)} |"
            for item in rules
        ]
    lines += ["", "## Changes between two releases", ""]
    lines += ["What `accords diff` tells apart, and the step of the version that each calls for.", ""]
    lines += ["| Change | Step | Means | Why | What to do |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| `{item.lint}` | {item.step.label} | {_cell(item.title)} | {_cell(item.why)} | {_cell(item.fix)} |"
        for item in lints
    ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
