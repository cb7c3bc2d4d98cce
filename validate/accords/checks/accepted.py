"""Leaves out of a run what a baseline accepts, and reports what it accepts for nothing.

Apart from `baseline`, which knows the file: here are results. Where rows without a key are alike, the first ones
are taken for the known ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from accords.baseline import Baseline, about, mark, told
from accords.catalogue import problem, shown
from accords.checks.gathering import Selection
from accords.checks.probes import Result, found, passed
from accords.problems import Problem

_CODE = "baseline-stale"


def without_accepted(results: Iterable[Result], baseline: Baseline, selection: Selection) -> tuple[list[Result], int]:
    """Return the results without the accepted problems, but with those for stale entries, and how many went.

    The results must hold every problem. An entry whose check was not wanted, or of whose table something could not
    be checked, is not stale.
    """
    left = Counter(baseline.entries)
    kept, unmade = [], set()
    for result in results:
        problems = []
        for item in result.problems:
            text = mark(item)
            if left[text] > 0:
                left[text] -= 1
            else:
                problems.append(item)
        kept.append(replace(result, count=len(problems), problems=tuple(problems)))
        if result.reason:
            unmade.add(result.resource or result.code)
    taken = sum(baseline.entries.values()) - left.total()
    stale = {text: number for text, number in left.items() if number and unmade.isdisjoint(about(text))}
    if _CODE not in selection.ignore:
        kept += [passed(_CODE, None), *found(_stale(baseline, stale, selection))]
    return kept, taken


def _stale(baseline: Baseline, stale: dict[str, int], selection: Selection) -> Iterator[Problem]:
    for text, number in sorted(stale.items()):
        if selection.wants(about(text)[0]):
            count = baseline.entries[text]
            params: dict[str, object] = {"baseline": baseline.path, "finding": shown(told(text))[1:-1]}
            params |= {"count": count, "found": count - number}
            yield problem(_CODE, None, None, variant="gone" if number == count else "fewer", params=params)
