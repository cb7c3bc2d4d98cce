"""Accords validates data packages of many CSV tables: keys, partial dates, vocabularies, declared rules.

report = accords.validate("path/to/package")
report.valid, report.counts, report.problems
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accords import limits
from accords.version import VERSION

if TYPE_CHECKING:
    from accords.problems import Check, Problem, Report, Severity
    from accords.worker import Stage

__version__ = VERSION
__all__ = ["Check", "Problem", "Report", "Severity", "__version__", "validate"]


def validate(
    path: str | os.PathLike[str] = ".",
    *,
    as_of: datetime.date | None = None,
    limit: int = 1000,
    examples: bool = False,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    against: str | os.PathLike[str] | None = None,
    changed_since: str | os.PathLike[str] | None = None,
    baseline: str | os.PathLike[str] | None = None,
    lang: str = "en",
    progress: Callable[[Stage], object] | None = None,
    timeout: float | None = limits.DEFAULT.timeout,
    memory: int | None = limits.DEFAULT.memory,
) -> Report:
    """Check a package and return the report.

    `path` is a folder that holds `datapackage.json`, a descriptor or a zip. `as_of` is the only clock
    (default: today). `limit` caps the problems shown for each code; totals stay true. `examples` runs the
    examples of the declared rules as well. `select` and `ignore` name the codes that the report is about
    and those that it leaves out. `against` is a former release whose ids and version bind this one,
    `changed_since` a former state: only findings about rows changed since then, or that it did not have, are
    reported. Both are a path or a git revision of the repository that the package lies in. `baseline` is a file
    of accepted findings, which are left out; entries that accept nothing are findings. `lang` is the language of
    the sentences, "en" or "vi"; those of the package's rules stay in their own. `progress` is called with what
    the run is at; without it nothing is ever printed.
    The check runs in a process of its own, for at most `timeout` seconds and with at most `memory` MiB; with both
    None it runs in this one, which is quicker by the start of an interpreter and right for packages of your own.

        report = accords.validate("path/to/package")
        report.valid, report.counts, report.by_code()
        for problem in report: print(problem.path, problem.line, problem.message)
        pandas.DataFrame(report.rows())

    Raises `accords.errors.CannotCheck` where no package is there or a rule cannot be read or run, and its
    `LimitReached` where the check takes more than it may.
    """
    from accords.supervisor import watched  # here, because the records alone need no processes
    from accords.worker import silent, tell

    bounds = limits.Limits(timeout, memory)
    former = tuple(None if item is None else os.fspath(item) for item in (against, changed_since, baseline))
    options = {"as_of": as_of or datetime.date.today(), "limit": limit, "examples": examples, "memory": memory}
    # What a worker is at comes back to this process, which calls the caller's function.
    watcher = silent if progress is None else tell if bounds else progress
    asked = {**options, "progress": watcher}, (frozenset(select), frozenset(ignore)), former, lang
    return watched(progress, bounds, _validated, os.fspath(path), *asked)


def _validated(
    path: str,
    options: dict[str, Any],
    codes: tuple[frozenset[str], ...],
    former: tuple[str | None, ...],
    lang: str,
) -> Report:
    from accords import baseline, checks, descriptor, errors, languages  # here, because they bring in the engine

    if lang not in languages.LANGUAGES:
        raise errors.UsageError(f"there is no language {lang!r} here, only {' and '.join(languages.LANGUAGES)}.")
    place = Path(path)
    against, since = (None if item is None else descriptor.load_at(item, place) for item in former[:2])
    known = None if former[2] is None else baseline.read(Path(former[2]))
    selection = checks.Selection(*codes)
    asked = checks.Options(selection=selection, against=against, changed_since=since, baseline=known, **options)
    return languages.translated(checks.run(descriptor.load(place), asked), lang)


def __getattr__(name: str) -> object:
    """Bring in the records when they are first asked for."""
    if name in __all__:
        from accords import problems

        return getattr(problems, name)
    raise AttributeError(f"module 'accords' has no attribute {name!r}")
