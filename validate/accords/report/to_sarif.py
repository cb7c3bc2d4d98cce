"""Writes a report as SARIF 2.1.0, for code scanning and editors, within what GitHub takes.

GitHub shows the first 5,000 results of a run, so that the worst come first and no more are written; a result is
on one line of one file. Its fingerprint says what a finding is and not where, so that an alert stays the same
when rows move; GitHub looks at `primaryLocationLineHash` only, other tools at the name that is ours. Checks that
could not be made are notifications of the tool.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import Any
from urllib.parse import quote

from accords.languages import Voice
from accords.problems import Problem, Report, RuleText, Severity
from accords.report.explanations import explanations
from accords.report.markdown import plain
from accords.report.values import harmless_json, visible
from accords.report.wording import from_root, ordered_codes, summary, unevaluated, voice, worst

RESULTS, NOTIFICATIONS = 5000, 100
LONGEST = 1000  # characters; GitHub takes 1,024
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_KINDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}


def to_sarif(report: Report) -> str:
    """Return the report as one SARIF log with one run."""
    listed = worst(report)[:RESULTS]
    rules = _rules(report)
    places = {rule["id"]: number for number, rule in enumerate(rules)}
    driver = {"name": "accords", "version": report.tool_version, "language": report.language, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "language": report.language,
        "columnKind": "unicodeCodePoints",
        "automationDetails": {"id": f"accords/{quote(report.package_name or '', safe='')}/"},
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": _notifications(report, listed)}],
        "results": _results(report, listed, places),
    }
    return harmless_json({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, 2) + "\n"


def _rules(report: Report) -> list[dict[str, Any]]:
    texts, severities = explanations(report), {item.code: item.severity for item in report.checks if item.count}
    unknown = {item.code: item.severity for item in report.problems if item.code not in severities}
    codes = [*(code for code, _ in ordered_codes(report)), *unknown]
    say, known = voice(report), {**severities, **unknown}
    return [_rule(texts.get(code, RuleText(code, code, code, code)), known[code], say) for code in codes]


def _rule(text: RuleText, severity: Severity, say: Voice) -> dict[str, Any]:
    return {
        "id": text.code,
        "name": text.code,
        "shortDescription": {"text": _cut(text.title)},
        "fullDescription": {"text": _cut(text.why)},
        "help": {
            "text": _cut(f"{text.why} {text.fix}"),
            "markdown": f"{plain(text.why)}\n\n**{plain(say('What to do:'))}** {plain(text.fix)}",
        },
        "defaultConfiguration": {"level": _LEVELS[severity]},
        "properties": {"tags": ["data"], "precision": "very-high", "problem.severity": _KINDS[severity]},
    }


def _results(report: Report, listed: list[Problem], places: dict[str, int]) -> list[dict[str, Any]]:
    seen: Counter[str] = Counter()
    results = []
    for item in listed:
        print_ = _fingerprint(item)
        seen[print_] += 1
        named = f"{', '.join(item.fields)}: " if item.fields else ""
        results.append(
            {
                "ruleId": item.code,
                "ruleIndex": places[item.code],
                "level": _LEVELS[item.severity],
                "message": {"text": _cut(named + item.message + (f" → {item.hint}" if item.hint else ""))},
                "locations": [_location(report, item)],
                "partialFingerprints": {
                    "primaryLocationLineHash": f"{print_}:{seen[print_]}",
                    "accordsFinding/v1": f"{print_}:{seen[print_]}",
                },
            }
        )
    return results


def _location(report: Report, item: Problem) -> dict[str, Any]:
    """Return the line; what is about a whole file, or about the package, is on the first line of it."""
    uri = quote(from_root(report, item.path or "datapackage.json").encode("utf-8", "surrogateescape"), safe="/")
    region = {"startLine": item.line or 1, "startColumn": 1}
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}


def _fingerprint(item: Problem) -> str:
    text = json.dumps(item.identity, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:32]


def _notifications(report: Report, listed: list[Problem]) -> list[dict[str, Any]]:
    say, lines = voice(report), unevaluated(report)
    found = [{"level": "error", "message": {"text": _cut(line)}} for line in lines[:NOTIFICATIONS]]
    left = sum(report.by_code().values()) - len(listed)
    if left > 0:
        told = say.count(left, "{number} more finding, not listed", "{number} more findings, not listed")
        found.append({"level": "warning", "message": {"text": told}})
    return [*found, {"level": "note", "message": {"text": _cut("; ".join(summary(report)))}}]


def _cut(text: str) -> str:
    """Return a text that is not empty, not too long, and in which nothing is invisible."""
    shown = visible(text) or "-"
    return shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"
