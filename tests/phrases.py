"""Every English text that the sources say in other languages, too, found in their syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "validate" / "accords"
_SAID = {"say", "_say", "said", "count", "Refused", "UnsafePath"}
_ELSEWHERE = {"sqlguard.py"}  # its refusals end a run, in English
# Said by their name: severities, stages, and a sentence that stands for several places.
BY_NAME = {
    "error", "warning", "info", "types", "dates", "constraints", "keys", "references", "vocabularies", "text",
    "declared", "Parties", "Places", "Sources", "agreements", "events", "parties", "places", "sources", "commitments",
    "added", "changed", "removed", "retired", "renamed",
    "Citations of agreements", "Citations of events", "Citations of commitments", "Citations of parties",
    "WOULD ADD: {rows} in {tables}, {files}", "ADDED: {rows} in {tables}, {files}",
    "WOULD TAKE OUT: {rows}", "TAKEN OUT: {rows}",
    "git cannot read it: its content is damaged or not in this clone",
}  # fmt: skip


def phrases() -> set[str]:
    """Return every text that is said."""
    found = set(BY_NAME)
    for path in PACKAGE.rglob("*.py"):
        if path.name not in _ELSEWHERE:
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call):
                    found |= set(_texts(node))
    return found - {""}


def _texts(call: ast.Call) -> Iterator[str]:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name == "count" and len(call.args) < 3:  # that of texts and lists
        return
    if name in _SAID:
        for argument in call.args:
            for node in (argument.body, argument.orelse) if isinstance(argument, ast.IfExp) else (argument,):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip():
                    yield node.value
