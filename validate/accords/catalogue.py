"""The catalogue of built-in codes: what each means, why it matters, how to mend it.

Apart from the checks, so that no sentence for people is buried in code: a check says which code and
which way, the catalogue says it in words.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from accords.documents import read_yaml
from accords.errors import CannotCheck
from accords.problems import Problem, Severity

LONGEST_VALUE = 120


@dataclass(frozen=True, slots=True)
class Code:
    """One code: its severity and its sentences; `messages` and `fixes` map each way to fire to a text."""

    code: str
    severity: Severity
    title: str
    messages: Mapping[str, str]
    why: str
    fixes: Mapping[str, str]

    @property
    def fix(self) -> str:
        """Return what to do, whichever way the code fires."""
        return " ".join(self.fixes.values())


@functools.cache
def catalogue() -> Mapping[str, Code]:
    """Return every built-in code by name, in the order of the catalogue."""
    text = resources.files("accords").joinpath("catalogue.yaml").read_text("utf-8")
    entries = read_yaml(text, "catalogue.yaml", CannotCheck)
    return {
        code: Code(
            code=code,
            severity=Severity[entry["severity"].upper()],
            title=entry["title"],
            messages=_ways(entry["message"]),
            why=entry["why"],
            fixes=_ways(entry["fix"]),
        )
        for code, entry in entries.items()
    }


def _ways(entry: Any) -> Mapping[str, str]:
    return entry if isinstance(entry, dict) else {"": entry}


def shown(value: object) -> str:
    """Return a value as messages print it: in quotes, control characters escaped, cut when long."""
    text = str(value)
    cut = text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"
    return '"' + "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in cut) + '"'


def listed(values: Sequence[object], most: int = 6) -> str:
    """Return values as messages list them, cut after a few."""
    first = ", ".join(shown(value) for value in values[:most])
    return first if len(values) <= most else f"{first} and {len(values) - most} more"


def problem(
    code: str,
    resource: str | None,
    path: str | None,
    *,
    variant: str = "",
    params: Mapping[str, Any] | None = None,
    hint: str | None = None,
    **place: Any,
) -> Problem:
    """Return a problem of a built-in code with its sentence filled in.

    `place` holds the fields of `Problem` that say where (row, line, fields, column, key, value);
    the template may use them and whatever `params` adds.
    """
    entry = catalogue()[code]
    fields = place.get("fields") or ()
    filling: dict[str, Any] = {
        "path": path,
        "resource": resource,
        "field": ", ".join(fields),
        "row": place.get("row"),
        "column": place.get("column"),
        "value": shown(place.get("value")),
        **(params or {}),
    }
    return Problem(
        code=code,
        severity=entry.severity,
        resource=resource,
        path=path,
        message=entry.messages[variant].format_map(filling),
        hint=hint or entry.fixes.get(variant) or entry.fix,
        **place,
    )
