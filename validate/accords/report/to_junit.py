"""Writes a report as JUnit XML: a suite for each table, in it a case for each check.

What was found is a failure whatever its severity, which is its type; a check that could not be made is an error.
XML has no way to write most control characters, so that they are written out as in all reports for people.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import defaultdict

from accords.languages import Voice
from accords.problems import Check, Outcome, Problem, Report, RuleText
from accords.report.explanations import explanations
from accords.report.values import clipped, harmless, visible
from accords.report.wording import place, summary, title, voice

SHOWN = 100  # problems told in one case
_ROOM = 1000  # characters of a value or a message


def to_junit(report: Report) -> str:
    """Return the report as one XML document; it says nothing of how long a check took."""
    suites: dict[str | None, list[Check]] = defaultdict(list)
    for check in report.checks:
        suites[check.resource].append(check)
    problems, texts = _by_check(report), explanations(report)
    name, say = visible(title(report)), voice(report)
    root = ET.Element("testsuites", {"name": name, **_numbers(report.checks)})
    for number, (resource, checks) in enumerate(suites.items()):
        attributes = {
            "name": visible(resource or say("the package")),
            "package": name,
            "id": str(number),
            "timestamp": f"{report.as_of.isoformat()}T00:00:00",
            "hostname": "localhost",
            "time": "0",
        }
        suite = ET.SubElement(root, "testsuite", {**attributes, **_numbers(checks)})
        ET.SubElement(suite, "properties")
        for check in checks:
            suite.append(_case(check, problems[check], texts.get(check.code), say))
        ET.SubElement(suite, "system-out").text = "\n".join(map(visible, summary(report))) if number == 0 else ""
        ET.SubElement(suite, "system-err")
    ET.indent(root)
    return harmless('<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n")


def _by_check(report: Report) -> dict[Check, list[Problem]]:
    """Return the problems of each check; those that a check on the whole package found may be about a table."""
    checks = {(check.code, check.resource, check.severity): check for check in report.checks}
    found: dict[Check, list[Problem]] = defaultdict(list)
    for item in report.problems:
        for resource in (item.resource, None):
            if check := checks.get((item.code, resource, item.severity)):
                found[check].append(item)
                break
    return found


def _numbers(checks: tuple[Check, ...] | list[Check]) -> dict[str, str]:
    outcomes = [check.outcome for check in checks]
    return {
        "tests": str(len(outcomes)),
        "failures": str(outcomes.count(Outcome.FAIL)),
        "errors": str(outcomes.count(Outcome.UNEVALUATED)),
    }


def _case(check: Check, problems: list[Problem], text: RuleText | None, say: Voice) -> ET.Element:
    where = visible(check.resource or say("the package"))
    case = ET.Element("testcase", {"name": check.code, "classname": where, "time": "0"})
    if check.outcome is Outcome.UNEVALUATED:
        told = clipped(check.reason or "", _ROOM)
        ET.SubElement(case, "error", {"message": told, "type": "unevaluated"}).text = told
    elif check.outcome is Outcome.FAIL:
        number = say.count(check.count, "{number} finding", "{number} findings")
        message = f"{number}: {visible(text.title)}" if text else number
        failure = ET.SubElement(case, "failure", {"message": message, "type": check.severity.label})
        lines = [line for item in problems[:SHOWN] for line in _problem(item, say)]
        left = check.count - min(len(problems), SHOWN)
        if left > 0:
            lines.append(say.count(left, "{number} more finding, not listed", "{number} more findings, not listed"))
        failure.text = "\n".join(["", *lines, ""])
    return case


def _problem(item: Problem, say: Voice) -> list[str]:
    named = f"{visible(', '.join(item.fields))}: " if item.fields else ""
    record = f" ({say('record {record}', record=clipped(item.record, _ROOM))})" if item.record else ""
    lines = [f"{visible(place(item, say))}: {named}{clipped(item.message, _ROOM)}{record}"]
    return [*lines, f"  → {clipped(item.hint, _ROOM)}"] if item.hint else lines
