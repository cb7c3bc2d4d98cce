"""Accords validates data packages of many CSV tables: keys, partial dates, vocabularies, declared rules.

report = accords.validate("path/to/package")
report.valid, report.counts, report.problems
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accords import limits
from accords.version import VERSION

if TYPE_CHECKING:
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
    timeout: float | None = limits.DEFAULT.timeout,
    memory: int | None = limits.DEFAULT.memory,
) -> Report:
    """Check a package and return the report.

    `path` is a folder that holds `datapackage.json`, a descriptor or a zip. `as_of` is the only clock
    (default: today). `limit` caps the problems shown for each code; totals stay true. `examples` runs the
    examples of the declared rules as well. `select` and `ignore` name the codes that the report is about
    and those that it leaves out. `against` is a former release whose ids and version bind this one,
    `changed_since` a former state: only findings about rows changed since then, or that it did not have, are
    reported. Both are a path or a git revision of the repository that the package lies in.
    The check runs in a process of its own, for at most `timeout` seconds and with at most `memory` MiB; with both
    None it runs in this one, which is quicker by the start of an interpreter and right for packages of your own.
    Raises `accords.errors.CannotCheck` where no package is there or a rule cannot be read or run, and its
    `LimitReached` where the check takes more than it may.
    """
    from accords.supervisor import supervised  # here, because the records alone need no processes

    former = tuple(None if item is None else os.fspath(item) for item in (against, changed_since))
    options = {"as_of": as_of or datetime.date.today(), "limit": limit, "examples": examples, "memory": memory}
    codes = frozenset(select), frozenset(ignore)
    return supervised(limits.Limits(timeout, memory), _validated, os.fspath(path), options, codes, former)


def _validated(
    path: str, options: dict[str, Any], codes: tuple[frozenset[str], ...], former: tuple[str | None, ...]
) -> Report:
    from accords import checks, descriptor  # here, because they bring in the engine

    place = Path(path)
    against, since = (None if item is None else descriptor.load_at(item, place) for item in former)
    asked = checks.Options(selection=checks.Selection(*codes), against=against, changed_since=since, **options)
    return checks.run(descriptor.load(place), asked)


def __getattr__(name: str) -> object:
    """Bring in the records when they are first asked for."""
    if name in __all__:
        from accords import problems

        return getattr(problems, name)
    raise AttributeError(f"module 'accords' has no attribute {name!r}")
