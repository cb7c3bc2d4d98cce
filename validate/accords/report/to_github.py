"""Writes a report as GitHub workflow commands, which put findings beside the changed lines.

GitHub shows ten annotations of a kind for each step, so the worst come first and the last one says how
many are left out. Cell values are somebody's text: what could start a command of its own is escaped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from accords.problems import Problem, Report, Severity
from accords.report.to_text import to_text
from accords.report.values import printable
from accords.report.wording import from_root, unevaluated, voice, worst

SHOWN = 10
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def to_github(report: Report) -> str:
    """Return annotations, at most ten of each kind, then the report as text."""
    lines = [line for severity in _COMMANDS for line in _annotations(report, severity)]
    # Stopping the commands lets the text that follows hold anything at all.
    # The word that starts them again is made from that text, so that no cell in it can know the word.
    text = to_text(report).rstrip("\n")
    token = "accords-" + hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:32]
    return "\n".join([*lines, f"::stop-commands::{token}", text, f"::{token}::"]) + "\n"


def _annotations(report: Report, severity: Severity) -> Iterator[str]:
    """Yield the annotations of a kind: problems, among the errors also what was not evaluated, and the rest counted."""
    say, command = voice(report), _COMMANDS[severity]
    left = [f"::{command} title=accords::{_data(line)}" for line in unevaluated(report)]
    left = left if severity is Severity.ERROR else []
    listed = [item for item in worst(report) if item.severity is severity]
    total = report.counts[severity.label] + len(left)
    room = SHOWN if total <= SHOWN else SHOWN - 1
    shown = [*(_annotation(report, item, command) for item in listed[:room]), *left][:room]
    yield from shown
    if total > len(shown):
        more = say("{number} more of this kind; the log lists them", number=say.number(total - len(shown)))
        yield f"::{command} title=accords::{_data(more)}"


def _annotation(report: Report, item: Problem, command: str) -> str:
    path = from_root(report, item.path) if item.path else None
    spots = {"file": path, "line": item.line, "col": item.column if item.line else None, "title": item.code}
    listed = ",".join(f"{key}={_property(str(value))}" for key, value in spots.items() if value is not None)
    named = f"{', '.join(item.fields)}: " if item.fields else ""
    return f"::{command} {listed}::{_data(named + item.message + (f' → {item.hint}' if item.hint else ''))}"


def _data(text: str) -> str:
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    shown = text.replace("%", "%25") if text.isprintable() else _data(text)  # a path must stay the same to the sign
    return shown.replace(":", "%3A").replace(",", "%2C")
