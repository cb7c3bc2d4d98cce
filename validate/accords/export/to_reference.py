"""Writes the reference of all codes, built-in and declared, as Markdown.

Apart from `to_dictionary`, because it is about what is checked and not about what is held.
"""

from __future__ import annotations

from collections.abc import Sequence

from accords.catalogue import Code
from accords.rules import Rule


def to_reference(codes: Sequence[Code], rules: Sequence[Rule]) -> str:
    """Return every code with its severity, meaning, reason and remedy; rules with the expression they check."""
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
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
