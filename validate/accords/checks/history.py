"""Against a former release: ids that vanished or stand for something else, versions that moved too little.

The only stage that knows two states of a package. What changed is found by `diff`; here it becomes findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from accords.catalogue import problem, shown
from accords.changes import Change, Difference, RowChange, Step
from accords.checks.probes import Result, passed, unevaluated
from accords.files import UnsafePath
from accords.package import Package
from accords.problems import Problem
from accords.words import said

CODES = (
    "id-disappeared", "id-reused", "code-removed", "row-count-drop", "version-bump-too-small", "changelog-missing",
)  # fmt: skip
_OF_ROWS = {"record-removed": "id-disappeared", "record-renamed": "id-disappeared", "id-reused": "id-reused",
            "code-removed": "code-removed"}  # fmt: skip
_DROP = 0.02  # share of a table
_CHANGES = ("CHANGES.md", "CHANGELOG.md", "data/CHANGES.md", "data/CHANGELOG.md")
_VERSION = re.compile(r"v?([0-9]{1,9})\.([0-9]{1,9})\.([0-9]{1,9})(?:[-+].*)?")

Version = tuple[int, int, int]


def history(new: Package, difference: Difference, limit: int) -> Iterator[Result]:
    """Yield what a former release says against this one; `limit` caps the samples for each code."""
    found = [*_rows(new, difference), *_drops(new, difference), *_version(new, difference), *_told(new, difference)]
    for code in CODES:
        problems = [item for item in found if item.code == code]
        if problems:
            yield Result(code, None, problems[0].severity, len(problems), tuple(islice(problems, limit)))
        else:
            yield passed(code, None)
    for table in difference.unread:
        for code in dict.fromkeys(_OF_ROWS.values()):
            yield unevaluated(code, table.resource, said("it cannot be compared: {why}", why=said(table.reason)))


def _rows(new: Package, difference: Difference) -> Iterator[Problem]:
    """Yield ids and codes that are gone, and ids that stand for something else."""
    for row in difference.rows:
        for lint in row.lints:
            if lint in _OF_ROWS and not (lint == "code-removed" and _was_deprecated(row)):
                yield _of_row(_OF_ROWS[lint], lint, row, new)


def _of_row(code: str, lint: str, row: RowChange, new: Package) -> Problem:
    resource = new.resource(row.resource)
    gone = row.cells[0].before if lint == "record-renamed" else " | ".join(value for _, value in row.key)
    identity = resource.schema.identity if resource and resource.schema else ()
    params = {
        "gone": shown(gone),
        "table": row.resource,
        "expected": ", ".join(identity),
        "now": shown(row.cells[0].after),
    }
    return problem(
        code,
        row.resource,
        resource.path if resource else None,
        variant={"record-renamed": "renamed", "record-removed": "removed"}.get(lint, ""),
        params=params,
        value=gone,
        row=row.row if code == "id-reused" else None,  # else the row is gone, or known by another id
        key=row.key,
    )


def _was_deprecated(row: RowChange) -> bool:
    return any(cell.field == "status" and cell.before == "deprecated" for cell in row.cells)


def _drops(new: Package, difference: Difference) -> Iterator[Problem]:
    """Yield tables that lost more rows than a correction takes; codes that go are told one by one."""
    for name, before in difference.old.rows.items():
        after, resource = difference.new.rows.get(name), new.resource(name)
        if after is not None and resource and not resource.vocabulary and after < before * (1 - _DROP):
            told = {"found": after, "expected": before, "lost": before - after}
            yield problem("row-count-drop", name, resource.path, params=told)


def _version(new: Package, difference: Difference) -> Iterator[Problem]:
    """Yield what is wrong with the step from the former version to this one."""
    needed, biggest = needed_step(difference), _reason(difference.changes)
    before, after = parsed(difference.old.version), parsed(difference.new.version)
    told = {"found": difference.new.version or said("none"), "expected": difference.old.version or said("none")}
    variant = ""
    if before is None or after is None:
        variant = "unreadable"
    elif after < before:
        variant = "backwards"
    elif taken(before, after) < needed:
        variant = "small"
    if variant:
        params = {**told, "step": needed.label, "what": biggest}
        yield problem("version-bump-too-small", None, new.descriptor, variant=variant, params=params)


def needed_step(difference: Difference) -> Step:
    """Return the step that the version must take; before 1.0.0 a minor one is enough for everything."""
    before = parsed(difference.old.version)
    return min(difference.step, Step.MINOR) if before and before[0] == 0 else difference.step


def parsed(version: str | None) -> Version | None:
    """Return the three numbers of a version, or None where it has none."""
    match = _VERSION.fullmatch(version or "")
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def taken(before: Version, after: Version) -> Step:
    """Return the step from one version to another."""
    for step, was, now in zip((Step.MAJOR, Step.MINOR, Step.PATCH), before, after, strict=True):
        if now != was:
            return step
    return Step.NONE


def _reason(changes: Iterable[Change]) -> str:
    """Return the sentence of the change that calls for most: they are in this order."""
    return next((item.message for item in changes), "nothing changed")


def _told(new: Package, difference: Difference) -> Iterator[Problem]:
    """Yield that no change log tells of a version that differs from the former one."""
    version = difference.new.version
    if version is None or version == difference.old.version:
        return
    for path in (new.changes,) if new.changes else _CHANGES:
        try:
            text = new.files.read(path).decode("utf-8-sig", "replace")
        except (OSError, UnsafePath):
            continue
        if not re.search(rf"^#.*(?<![0-9.]){re.escape(version)}(?![0-9.]*[0-9])", text, re.MULTILINE):
            yield problem("changelog-missing", None, path, variant="section", params={"expected": version})
        return
    yield problem("changelog-missing", None, new.changes or _CHANGES[0], variant="file", params={"expected": version})
