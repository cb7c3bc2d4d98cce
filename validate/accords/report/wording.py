"""What the writers for people say in the same words, each in its own markup: verdict, places, order, what is left.

Nothing here is escaped; that is the writers' part, because each has its own signs that mean something.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from accords.languages import Voice
from accords.problems import Outcome, Problem, Report

_ENGLISH = Voice()


def voice(report: Report) -> Voice:
    """Return what says the words of a report's frame in its language."""
    return Voice(report.language)


def place(problem: Problem, say: Voice = _ENGLISH) -> str:
    """Return where a problem is, as editors and terminals link it: path:line:column."""
    spots = [problem.path or say("the package"), problem.line, problem.column if problem.line else None]
    return ":".join(str(spot) for spot in spots if spot is not None)


def unevaluated(report: Report) -> list[str]:
    """Return what could not be checked and why, one line for each resource and reason."""
    say = voice(report)
    reasons: dict[tuple[str | None, str | None], list[str]] = {}
    for check in report.checks:
        if check.outcome is Outcome.UNEVALUATED:
            reasons.setdefault((check.resource, check.reason), []).append(check.code)
    return [
        say("not evaluated on {table}: {reason} ({codes})", table=table or say("the package"), reason=reason or "",
            codes=", ".join(codes))
        for (table, reason), codes in reasons.items()
    ]  # fmt: skip


def title(report: Report) -> str:
    """Return what the package calls itself."""
    say = voice(report)
    return " ".join(part for part in (report.package_name or say("unnamed package"), report.package_version) if part)


def verdict(report: Report) -> str:
    """Return the last word."""
    say = voice(report)
    return say("VALID") if report.valid else say("NOT VALID")


def summary(report: Report) -> list[str]:
    """Return what was checked and what was found, line by line, after the package and the day."""
    say = voice(report)
    rows = sum(facts.rows or 0 for facts in report.resources)
    read = sum(facts.rows is not None for facts in report.resources)
    made = sum(check.outcome is not Outcome.UNEVALUATED for check in report.checks)
    tables = str(read)
    if read < len(report.resources):
        tables = say("{read} of {all}", read=read, all=len(report.resources))
    numbers = {"tables": tables, "records": say.number(rows), "checks": say.number(made)}
    counted = {
        "error": say.count(report.counts["error"], "{number} error", "{number} errors"),
        "warning": say.count(report.counts["warning"], "{number} warning", "{number} warnings"),
        "info": say.count(report.counts["info"], "{number} note", "{number} notes"),
        "unevaluated": say.count(
            report.counts["unevaluated"], "{number} check not evaluated", "{number} checks not evaluated"
        ),
    }
    found = [text for kind, text in counted.items() if report.counts[kind]]
    lines = [
        say("{title}, as of {day}", title=title(report), day=report.as_of.isoformat()),
        say("{tables} tables with {records} records read, {checks} checks made", **numbers),
        say("found: {counts}", counts=", ".join(found) or say("nothing")),
    ]
    if number := report.counts.get("excepted", 0):
        lines.append(
            say.count(
                number,
                "{number} finding left out by exceptions with a reason",
                "{number} findings left out by exceptions with a reason",
            )
        )
    if number := report.counts.get("accepted", 0):
        lines.append(
            say.count(number, "{number} finding accepted by the baseline", "{number} findings accepted by the baseline")
        )
    if scope := report.scope:
        lines.append(
            say(
                "only what concerns the {rows} changed since {revision}; {findings} elsewhere not shown",
                rows=say.count(scope.rows, "{number} row", "{number} rows"),
                revision=scope.revision,
                findings=say.count(scope.hidden, "{number} finding", "{number} findings"),
            )
        )
    return lines


def worst(report: Report) -> list[Problem]:
    """Return the problems, the worst first: by severity, then what is found most often."""
    totals = report.by_code()
    return sorted(
        report.problems,
        key=lambda item: (-item.severity, -totals[item.code], item.code, item.path or "", item.line or 0),
    )


def ordered_codes(report: Report) -> list[tuple[str, int]]:
    """Return the codes that fired with their true numbers, the worst first."""
    severities: dict[str, int] = {}
    for check in report.checks:
        if check.count:
            severities[check.code] = max(check.severity, severities.get(check.code, 0))
    return sorted(report.by_code().items(), key=lambda pair: (-severities[pair[0]], -pair[1], pair[0]))


def from_root(report: Report, path: str) -> str:
    """Return a file of the package from the folder on in which the run was started, as CI names files.

    Where the package is a zip or lies at an absolute place, it is the path inside the package.
    """
    above = PurePosixPath(report.package_path.replace("\\", "/"))
    is_folder = not above.is_absolute() and ":" not in report.package_path and ".." not in above.parts
    return str(above / path) if is_folder and above.suffix.lower() != ".zip" else path
