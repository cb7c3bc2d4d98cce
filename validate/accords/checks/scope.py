"""Narrows findings down to what a change is about: rows that it touched, and what was not wrong before.

Apart from the checks, which always look at everything: a row that nobody touched can be wrong because
another one was, so that a finding counts as the change's, too, where the former state did not have it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from accords.changes import Difference, Kind
from accords.checks.probes import Result
from accords.problems import Problem, Scope

_HERE = (Kind.ADDED, Kind.CHANGED, Kind.RENAMED)


def narrowed(results: Iterable[Result], before: Iterable[Result], difference: Difference) -> tuple[list[Result], Scope]:
    """Return the results without what the change is not about, and how much that was.

    Both runs must hold every problem, none left out.
    """
    rows = {(item.resource, item.row) for item in difference.rows if item.kind in _HERE}
    unread = {item.resource for item in difference.unread}
    known = {_said(problem) for result in before for problem in result.problems}
    hidden = 0

    def kept(problems: tuple[Problem, ...]) -> Iterator[Problem]:
        for item in problems:
            if (item.resource, item.row) in rows or item.resource in unread or _said(item) not in known:
                yield item

    found = []
    for result in results:
        problems = tuple(kept(result.problems))
        hidden += len(result.problems) - len(problems)
        found.append(replace(result, count=len(problems), problems=problems))
    return found, Scope(difference.old.where, len(rows), hidden)


def _said(problem: Problem) -> Problem:
    """Return a problem without its place, which moves with every row above it."""
    return replace(problem, row=None, line=None)
