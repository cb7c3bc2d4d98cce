"""Compares one column with itself: its type, the form of its values, and what it admits.

Apart from `schemas`, which compares columns with one another: whether a column admits more or less than
before is a question of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from accords.changes import Change
from accords.lints import change
from accords.package import Field

_NARROWER = {"number": ("integer", "year"), "integer": ("year",)}  # each of their values is one of the type
_ALL = ("string", "any")  # types that every text has
_LOWER = frozenset(("minimum", "exclusiveMinimum", "minLength"))
_UPPER = frozenset(("maximum", "exclusiveMaximum", "maxLength"))
_TEXTS = {
    "title": "the title",
    "title_vi": "the Vietnamese title",
    "description": "the description",
    "example": "the example",
    "text": "accords:text",
    "language": "accords:language",
    "observed": "accords:observed",
}


def compare_fields(old: Field, new: Field, resource: str) -> Iterator[Change]:
    """Yield what changed about a column that stayed."""
    name = new.name
    if old.type != new.type:
        lint = f"type-{_direction(old.type, new.type)}"
        yield change(lint, resource, name, before=old.type, after=new.type)
    elif old.format != new.format or old.options != new.options:
        forms = [words({"format": item.format, **item.options}) for item in (old, new)]
        yield change("format-changed", resource, name, before=forms[0], after=forms[1])
    if old.missing_values != new.missing_values:
        absent = [words(list(item.missing_values or ())) for item in (old, new)]
        where = f"{name} of {resource}"
        yield change("missing-values-changed", resource, name, before=absent[0], after=absent[1], what=where)
    before, after = _admits(old), _admits(new)
    for key in sorted(before.keys() | after.keys()):
        if lint := _tightness(key, before.get(key), after.get(key)):
            said = [None if side.get(key) is None else words(side[key]) for side in (before, after)]
            yield change(f"constraint-{lint}", resource, name, before=said[0], after=said[1], what=key)
    for part, called in _TEXTS.items():
        if getattr(old, part) != getattr(new, part):
            yield change("metadata-changed", resource, name, what=f"{called} of {name} in {resource}")


def _admits(item: Field) -> dict[str, Any]:
    return {**item.constraints, **({"accords:edtf": True} if item.edtf else {})}


def words(value: Any) -> str:
    """Return a value of a descriptor as messages print it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _direction(old: str, new: str) -> str:
    """Tell whether a type became wider, narrower or another one."""
    if old in _NARROWER.get(new, ()) or (new in _ALL and old not in _ALL) or (old, new) == ("string", "any"):
        return "widened"
    if new in _NARROWER.get(old, ()) or (old in _ALL and new not in _ALL) or (old, new) == ("any", "string"):
        return "narrowed"
    return "changed"


def _tightness(key: str, old: Any, new: Any) -> str:
    """Tell whether a constraint admits less or more than before, something else, or the same (nothing)."""
    old, new = (None if value is False else value for value in (old, new))
    if old == new:
        return ""
    if old is None or new is None:
        return "tightened" if old is None else "loosened"
    if key in ("enum", "categories") and isinstance(old, list) and isinstance(new, list):
        before, after = ({words(item) for item in value} for value in (old, new))
        return "" if before == after else "loosened" if before < after else "tightened" if after < before else "changed"
    if key in _LOWER | _UPPER and type(old) in (int, float, str) and isinstance(new, type(old)):
        return "tightened" if (new > old) == (key in _LOWER) else "loosened"
    return "changed"
