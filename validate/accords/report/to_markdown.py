"""Writes a report as Markdown, for the job summary of a CI run: the verdict, the worst findings, all counts."""

from __future__ import annotations

from accords.problems import Problem, Report
from accords.report.markdown import LIMIT, code, fitting, plain, row, table
from accords.report.to_text import summary, unevaluated
from accords.report.values import clipped, counted

SHOWN = 10
_ROOM = 500  # characters of a message or a hint
_PART = LIMIT // 4  # bytes of each list


def to_markdown(report: Report) -> str:
    """Return the verdict, the ten worst findings, the number of each code, and what could not be checked."""
    title, *lines, verdict = summary(report)
    parts = [
        f"## {plain(clipped(title, _ROOM))}: {verdict}\n",
        "\n".join(f"- {plain(line.strip())}" for line in lines) + "\n",
    ]
    parts += [*_findings(report), *_codes(report)]
    left = unevaluated(report)
    if left:
        listed = fitting([f"- {plain(clipped(line, 4 * _ROOM))}" for line in left], _PART)
        parts += ["### Not evaluated\n", "\n".join([*listed, *_more(len(left) - len(listed), "reason")]) + "\n"]
    return "\n".join(parts)


def _findings(report: Report) -> list[str]:
    totals = report.by_code()
    worst = sorted(
        report.problems,
        key=lambda item: (-item.severity, -totals[item.code], item.code, item.path or "", item.line or 0),
    )[:SHOWN]
    if not worst:
        return []
    shown = fitting([row(_cells(item)) for item in worst], _PART)
    found = sum(totals.values())
    heading = "Findings" if found <= len(shown) else f"The {len(shown)} worst of {counted(found, 'finding')}"
    head = table(["Severity", "Place", "Code", "Finding", "Next step"], []).rstrip("\n")
    return [f"### {heading}\n", "\n".join([head, *shown]) + "\n"]


def _cells(item: Problem) -> list[str]:
    place = item.path or "the package"
    named = f"{code(', '.join(item.fields))}: " if item.fields else ""
    record = " | ".join(value or "" for _, value in item.key)
    message = plain(clipped(item.message, _ROOM)) + (f" (record {plain(clipped(record, _ROOM))})" if record else "")
    return [
        item.severity.label,
        code(clipped(f"{place}:{item.line}" if item.line else place, _ROOM)),
        code(item.code),
        named + message,
        plain(clipped(item.hint or "", _ROOM)),
    ]


def _codes(report: Report) -> list[str]:
    totals = report.by_code()
    if not totals:
        return []
    severities = {item.code: item.severity for item in report.checks}
    listed = sorted(totals.items(), key=lambda pair: (-severities[pair[0]], -pair[1], pair[0]))
    lines = [row([severities[name].label, code(name), f"{number:,}"]) for name, number in listed]
    kept = fitting(lines, _PART)
    head = table(["Severity", "Code", "Findings"], []).rstrip("\n")
    more = [f"\n{line}" for line in _more(len(lines) - len(kept), "code")]
    return ["### Findings by code\n", "\n".join([head, *kept, *more]) + "\n"]


def _more(number: int, noun: str) -> list[str]:
    return [f"- and {counted(number, f'more {noun}')}, not shown"] if number else []
