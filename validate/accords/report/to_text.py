"""Writes a report for people: place, code, fact, next step; then a summary that says what was checked."""

from __future__ import annotations

from accords.languages import Voice
from accords.problems import Problem, Report
from accords.report.values import harmless, visible
from accords.report.wording import place, summary, unevaluated, verdict, voice


def to_text(report: Report) -> str:
    """Return the report as plain text."""
    say = voice(report)
    parts = [_entry(problem, say) for problem in _ordered(report.problems)]
    parts += [f"{visible(line)}\n" for line in unevaluated(report)]
    parts += [
        say(
            "{code}: {number} more on {table}, not shown",
            code=check.code,
            number=say.number(check.count - check.shown),
            table=visible(check.resource or say("the package")),
        )
        + "\n"
        for check in report.checks
        if check.count > check.shown
    ]
    first, *lines = summary(report)
    told = [visible(first), *(f"  {visible(line)}" for line in lines), verdict(report)]
    return harmless("\n".join([*parts, "\n".join(told) + "\n"]))


def _ordered(problems: tuple[Problem, ...]) -> list[Problem]:
    return sorted(problems, key=lambda item: (-item.severity, item.path or "", item.line or 0, item.column or 0))


def _entry(problem: Problem, say: Voice) -> str:
    named, record = ", ".join(problem.fields), visible(problem.record)
    head = f"{visible(place(problem, say))} {say(problem.severity.label)} [{problem.code}]"
    lines = [
        f"{head} {visible(named)}" if named else head,
        f"  {visible(problem.message)}" + (f" ({say('record {record}', record=record)})" if record else ""),
    ]
    if problem.hint:
        lines.append(f"  → {visible(problem.hint)}")
    return "\n".join(lines) + "\n"
