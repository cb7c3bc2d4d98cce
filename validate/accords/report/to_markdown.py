"""Writes a report as Markdown, for the job summary of a CI run: the verdict, the worst findings, all counts."""

from __future__ import annotations

from accords.languages import Voice
from accords.problems import Problem, Report
from accords.report.markdown import LIMIT, code, fitting, plain, row, table
from accords.report.values import clipped
from accords.report.wording import ordered_codes, summary, unevaluated, verdict, voice, worst

SHOWN = 10
_ROOM = 500  # characters of a message or a hint
_PART = LIMIT // 4  # bytes of each list


def to_markdown(report: Report) -> str:
    """Return the verdict, the ten worst findings, the number of each code, and what could not be checked."""
    say = voice(report)
    title, *lines = summary(report)
    parts = [
        f"## {plain(clipped(title, _ROOM))}: {verdict(report)}\n",
        "\n".join(f"- {plain(line)}" for line in lines) + "\n",
    ]
    parts += [*_findings(report, say), *_codes(report, say)]
    left = unevaluated(report)
    if left:
        listed = fitting([f"- {plain(clipped(line, 4 * _ROOM))}" for line in left], _PART)
        hidden = len(left) - len(listed)
        more = say.count(hidden, "and {number} more reason, not shown", "and {number} more reasons, not shown")
        parts += [f"### {say('Not evaluated')}\n", "\n".join([*listed, *([f"- {more}"] if hidden else [])]) + "\n"]
    return "\n".join(parts)


def _findings(report: Report, say: Voice) -> list[str]:
    shown = fitting([row(_cells(item, say)) for item in worst(report)[:SHOWN]], _PART)
    if not report.problems:
        return []
    found = sum(report.by_code().values())
    heading = say("Findings")
    if found > len(shown):
        heading = say("The {shown} worst of {found} findings", shown=len(shown), found=say.number(found))
    columns = [say("Severity"), say("Place"), say("Code"), say("Finding"), say("Next step")]
    return [f"### {heading}\n", "\n".join([table(columns, []).rstrip("\n"), *shown]) + "\n"]


def _cells(item: Problem, say: Voice) -> list[str]:
    place = item.path or say("the package")
    named = f"{code(', '.join(item.fields))}: " if item.fields else ""
    message = plain(clipped(item.message, _ROOM))
    if item.record:
        message += f" ({say('record {record}', record=plain(clipped(item.record, _ROOM)))})"
    return [
        say(item.severity.label),
        code(clipped(f"{place}:{item.line}" if item.line else place, _ROOM)),
        code(item.code),
        named + message,
        plain(clipped(item.hint or "", _ROOM)),
    ]


def _codes(report: Report, say: Voice) -> list[str]:
    listed = ordered_codes(report)
    if not listed:
        return []
    severities = {item.code: item.severity for item in report.checks if item.count}
    lines = [row([say(severities[name].label), code(name), say.number(number)]) for name, number in listed]
    kept = fitting(lines, _PART)
    hidden = len(lines) - len(kept)
    more = say.count(hidden, "and {number} more code, not shown", "and {number} more codes, not shown")
    head = table([say("Severity"), say("Code"), say("Findings")], []).rstrip("\n")
    return [
        f"### {say('Findings by code')}\n",
        "\n".join([head, *kept, *([f"\n- {more}"] if hidden else [])]) + "\n",
    ]
