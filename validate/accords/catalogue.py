"""The catalogue of built-in codes: what each means, why it matters, how to mend it.

Apart from the checks, so that no sentence for people is buried in code: a check says which code and
which way, the catalogue says it in words. `catalogue.yaml` is the English one, which also has the severities;
another language has a file with the same codes and ways.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any

from accords.documents import read_yaml
from accords.errors import CannotCheck
from accords.problems import Problem, Severity
from accords.words import Filling, Words, filled, kept, said

LANGUAGES = ("en", "vi")
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

    def remedy(self, way: str) -> str:
        """Return what to do where the code fires in one way."""
        return self.fixes.get(way) or self.fix


@functools.cache
def catalogue(language: str = "en") -> Mapping[str, Code]:
    """Return every built-in code by name, in the order of the catalogue, in one of `LANGUAGES`."""
    entries = _entries("catalogue.yaml")
    texts = entries if language == "en" else _entries(f"catalogue.{language}.yaml")
    return {
        code: Code(
            code=code,
            severity=Severity[entries[code]["severity"].upper()],
            title=entry["title"],
            messages=_ways(entry["message"]),
            why=entry["why"],
            fixes=_ways(entry["fix"]),
        )
        for code, entry in texts.items()
    }


def _entries(name: str) -> Mapping[str, Any]:
    text = resources.files("accords").joinpath(name).read_text("utf-8")
    entries: Mapping[str, Any] = read_yaml(text, name, CannotCheck)
    return entries


def _ways(entry: Any) -> Mapping[str, str]:
    return entry if isinstance(entry, dict) else {"": entry}


def shown(value: object) -> str:
    """Return a value as messages print it: in quotes, control characters escaped, cut when long."""
    text = str(value)
    cut = text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"
    return '"' + "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in cut) + '"'


def listed(values: Sequence[object], most: int = 6) -> Filling:
    """Return values as messages list them, cut after a few."""
    first = ", ".join(shown(value) for value in values[:most])
    return first if len(values) <= most else said("{values} and {number} more", values=first, number=len(values) - most)


def problem(
    code: str,
    resource: str | None,
    path: str | None,
    *,
    variant: str = "",
    params: Mapping[str, Any] | None = None,
    hint: str | Words | None = None,
    **place: Any,
) -> Problem:
    """Return a problem of a built-in code with its sentence filled in.

    `place` holds the fields of `Problem` that say where (row, line, fields, column, key, value);
    the template may use them and whatever `params` adds.
    """
    entry = catalogue()[code]
    filling = kept({**(params or {}), **({"hint": hint} if isinstance(hint, Words) else {})})
    found = Problem(
        code, entry.severity, resource, path, "", hint=str(hint) if hint else "", way=variant, filling=filling, **place
    )
    return worded(found, entry, str)


def worded(found: Problem, entry: Code, say: Callable[[Filling], str]) -> Problem:
    """Return a problem of the catalogue with its sentences as an entry has them; `say` says what fills them in.

    A hint that the problem has already stays, where nothing in its filling says it anew.
    """
    way = found.way or ""
    filling = {
        "path": str(found.path),
        "resource": str(found.resource),
        "field": ", ".join(found.fields),
        "row": str(found.row),
        "column": str(found.column),
        "value": shown(found.value),
        **{name: say(item) for name, item in found.filling},
    }
    hint = filling.get("hint") or found.hint or filled(entry.remedy(way), filling)
    return replace(found, message=filled(entry.messages[way], filling), hint=hint)
