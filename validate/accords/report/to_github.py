"""Writes a report as GitHub workflow commands, which put findings beside the changed lines.

GitHub shows ten annotations of a kind for each step, so the worst come first and the last one says how
many are left out. Cell values are somebody's text: what could start a command of its own is escaped.
"""

from __future__ import annotations

import hashlib

from accords.problems import Problem, Report, Severity
from accords.report.to_text import to_text, unevaluated
from accords.report.values import printable

SHOWN = 10
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def to_github(report: Report) -> str:
    """Return annotations for at most ten problems of each severity, then the report as text."""
    lines = []
    for severity, command in _COMMANDS.items():
        listed = sorted(
            (item for item in report.problems if item.severity is severity),
            key=lambda item: (item.path or "", item.line or 0, item.column or 0),
        )
        total = report.counts[severity.label]
        room = SHOWN if total <= SHOWN else SHOWN - 1
        lines += [_annotation(command, item) for item in listed[:room]]
        if total > SHOWN:
            lines.append(f"::{command} title=accords::{total - room} more of this kind; the log lists them")
    lines += [f"::error title=accords::{_data(line)}" for line in unevaluated(report)][:SHOWN]
    # Stopping the commands lets the text that follows hold anything at all.
    # The word that starts them again is made from that text, so that no cell in it can know the word.
    text = to_text(report).rstrip("\n")
    token = "accords-" + hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:32]
    return "\n".join([*lines, f"::stop-commands::{token}", text, f"::{token}::"]) + "\n"


def _annotation(command: str, item: Problem) -> str:
    spots = {"file": item.path, "line": item.line, "col": item.column if item.line else None, "title": item.code}
    listed = ",".join(f"{key}={_property(str(value))}" for key, value in spots.items() if value is not None)
    named = f"{', '.join(item.fields)}: " if item.fields else ""
    return f"::{command} {listed}::{_data(named + item.message + (f' → {item.hint}' if item.hint else ''))}"


def _data(text: str) -> str:
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
