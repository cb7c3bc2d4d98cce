"""Accords validates data packages of many CSV tables: keys, partial dates, vocabularies, declared rules.

report = accords.validate("path/to/package")
report.valid, report.counts, report.problems
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from accords.version import VERSION

if TYPE_CHECKING:
    from accords.checks.probes import Stage
    from accords.problems import Check, Problem, Report, Severity

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

        report = accords.validate("path/to/package")
        report.valid, report.counts, report.by_code()
        for problem in report: print(problem.path, problem.line, problem.message)
        pandas.DataFrame(report.rows())

    Raises `accords.errors.CannotCheck` where no package is there or a rule cannot be read or run.
    """
    from accords import baseline as baselines  # here, because they bring in the engine
    from accords import checks, descriptor, errors, languages

    if lang not in languages.LANGUAGES:
        raise errors.UsageError(f"there is no language {lang!r} here, only {' and '.join(languages.LANGUAGES)}.")
    place = Path(path)
    former = [None if item is None else descriptor.load_at(os.fspath(item), place) for item in (against, changed_since)]
    selection = checks.Selection(frozenset(select), frozenset(ignore))
    today = as_of or datetime.date.today()
    known = None if baseline is None else baselines.read(Path(baseline))
    watcher = progress or checks.silent
    options = checks.Options(today, limit, examples, selection, former[0], former[1], known, watcher)
    return languages.translated(checks.run(descriptor.load(place), options), lang)


def __getattr__(name: str) -> object:
    """Bring in the records when they are first asked for."""
    if name in __all__:
        from accords import problems

        return getattr(problems, name)
    raise AttributeError(f"module 'accords' has no attribute {name!r}")
