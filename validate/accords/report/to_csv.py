"""Writes a report as CSV, one line for each problem, for people who sort and filter in a spreadsheet.

The names of the columns are the same in every language, since programs read them, too; they are those of
`Report.rows`. Values are formula-safe as in `report.cells`; the form that is exact is JSON.
"""

from __future__ import annotations

from accords.problems import Outcome, Report
from accords.report.cells import line, safe

COLUMNS = (
    "severity", "code", "resource", "path", "row", "line", "column", "fields", "record", "value", "message", "hint",
)  # fmt: skip


def to_csv(report: Report) -> str:
    """Return the problems as CSV with a header, in the order of the report; then what could not be evaluated."""
    rows = report.rows() + [
        {"severity": check.outcome.value, "code": check.code, "resource": check.resource, "message": check.reason}
        for check in report.checks
        if check.outcome is Outcome.UNEVALUATED
    ]
    return "".join([line(COLUMNS), *(line([safe(_text(row.get(name))) for name in COLUMNS]) for row in rows)])


def _text(value: str | int | None) -> str:
    return "" if value is None else str(value)
