"""Writes a report for people: place, code, fact, next step; then a summary that says what was checked."""

from __future__ import annotations

from accords.problems import Outcome, Problem, Report
from accords.report.values import harmless, visible


def to_text(report: Report) -> str:
    """Return the report as plain text."""
    parts = [_entry(problem) for problem in _ordered(report.problems)]
    parts += [f"{visible(line)}\n" for line in unevaluated(report)]
    parts += [
        f"{check.code}: {check.count - check.shown} more on {visible(check.resource or 'the package')}, not shown\n"
        for check in report.checks
        if check.count > check.shown
    ]
    return harmless("\n".join([*parts, "\n".join(summary(report)) + "\n"]))


def unevaluated(report: Report) -> list[str]:
    """Return what could not be checked and why, one line for each resource and reason."""
    reasons: dict[tuple[str | None, str | None], list[str]] = {}
    for check in report.checks:
        if check.outcome is Outcome.UNEVALUATED:
            reasons.setdefault((check.resource, check.reason), []).append(check.code)
    return [
        f"not evaluated on {resource or 'the package'}: {reason} ({', '.join(codes)})"
        for (resource, reason), codes in reasons.items()
    ]


def place(problem: Problem) -> str:
    """Return where a problem is, as editors and terminals link it: path:line:column."""
    spots = [problem.path or "the package", problem.line, problem.column if problem.line else None]
    return ":".join(str(spot) for spot in spots if spot is not None)


def summary(report: Report) -> list[str]:
    """Return what was checked and what was found: the package, some indented lines, the verdict."""
    rows = sum(facts.rows or 0 for facts in report.resources)
    read = sum(facts.rows is not None for facts in report.resources)
    title = " ".join(part for part in (report.package_name or "unnamed package", report.package_version) if part)
    made = sum(check.outcome is not Outcome.UNEVALUATED for check in report.checks)
    tables = f"{read} of {len(report.resources)}" if read < len(report.resources) else str(read)
    lines = [
        f"{visible(title)}, as of {report.as_of.isoformat()}",
        f"  {tables} tables with {rows:,} records read, {made:,} checks made",
    ]
    counted = [(report.counts[kind], one, many) for kind, one, many in _WORDS if report.counts[kind]]
    found = [f"{number:,} {one if number == 1 else many}" for number, one, many in counted]
    lines.append(f"  found: {', '.join(found) if found else 'nothing'}")
    if report.counts["excepted"]:
        number = report.counts["excepted"]
        lines.append(f"  {number:,} {'finding' if number == 1 else 'findings'} left out by exceptions with a reason")
    if scope := report.scope:
        since, elsewhere = _number(scope.rows, "row"), _number(scope.hidden, "finding")
        lines.append(
            f"  only what concerns the {since} changed since {visible(scope.revision)}; {elsewhere} elsewhere not shown"
        )
    return [*lines, "VALID" if report.valid else "NOT VALID"]


def _ordered(problems: tuple[Problem, ...]) -> list[Problem]:
    return sorted(problems, key=lambda item: (-item.severity, item.path or "", item.line or 0, item.column or 0))


def _entry(problem: Problem) -> str:
    named = ", ".join(problem.fields)
    record = " | ".join(value or "" for _, value in problem.key)
    lines = [
        f"{visible(place(problem))} {problem.severity.label} [{problem.code}]{f' {visible(named)}' if named else ''}",
        f"  {visible(problem.message)}" + (f" (record {visible(record)})" if record else ""),
    ]
    if problem.hint:
        lines.append(f"  → {visible(problem.hint)}")
    return "\n".join(lines) + "\n"


def _number(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


_WORDS = (
    ("error", "error", "errors"),
    ("warning", "warning", "warnings"),
    ("info", "note", "notes"),
    ("unevaluated", "check not evaluated", "checks not evaluated"),
)
