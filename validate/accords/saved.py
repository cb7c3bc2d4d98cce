"""Reads records back from JSON: each member of its kind, nothing guessed.

Apart from the records, because it is the same for all of them: what kind a member is stands in their annotations.
Members that a record does not know are passed over, since later versions may add some; one that has no default
must be there.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
import functools
import types
import typing
from collections.abc import Hashable, Mapping
from typing import Any, TypeVar

T = TypeVar("T")


class Unfit(ValueError):
    """A value is not of the kind that is wanted; the text says which and where."""


def record(kind: type[T], content: Any, readers: Mapping[str, Any] | None = None) -> T:
    """Return the record of a dataclass that a JSON object holds; `readers` read members in their own way.

    Raises `Unfit` where the object is no such record.
    """
    name = kind.__name__.lower()
    if not isinstance(content, dict):
        raise Unfit(f"a {name} must be an object")
    hints, found = _hints(typing.cast("Hashable", kind)), {}
    for item in dataclasses.fields(kind):  # type: ignore[arg-type]  # a dataclass, as the docstring says
        if item.name in content:
            reader = (readers or {}).get(item.name)
            try:
                found[item.name] = reader(content[item.name]) if reader else value(hints[item.name], content[item.name])
            except Unfit as fault:
                raise Unfit(f"{item.name} of a {name}: {fault}") from None
        elif item.default is item.default_factory is dataclasses.MISSING:
            raise Unfit(f"a {name} lacks {item.name!r}")
    return kind(**found)


@functools.cache
def _hints(kind: Hashable) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def value(kind: Any, item: Any) -> Any:
    """Return a JSON value as what an annotation asks for; pairs stand in JSON as an object."""
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return None if item is None else value(next(part for part in parts if part is not types.NoneType), item)
    if origin is tuple and typing.get_origin(parts[0]) is tuple and isinstance(item, dict):
        return tuple((name, value(typing.get_args(parts[0])[1], part)) for name, part in item.items())
    if origin is tuple and isinstance(item, list):
        return tuple(value(parts[0], part) for part in item)
    if origin is dict and isinstance(item, dict):
        return {name: value(parts[1], part) for name, part in item.items()}
    if isinstance(kind, type):
        if kind in (str, int) and type(item) is kind:
            return item
        if kind is datetime.date and isinstance(item, str):
            return _day(item)
        if issubclass(kind, enum.Enum) and isinstance(item, str):
            return _member(kind, item)
        if dataclasses.is_dataclass(kind):
            reader = getattr(kind, "from_dict", None)
            return reader(item) if reader else record(kind, item)
    raise Unfit(f"{item!r:.60} is not of the kind that is wanted")


def _day(text: str) -> datetime.date:
    try:
        return datetime.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise Unfit(f"{text!r:.60} is no day") from None


def _member(kind: type[enum.Enum], word: str) -> enum.Enum:
    for member in kind:
        if word in (member.value, getattr(member, "label", None)):
            return member
    raise Unfit(f"{word!r:.60} is no {kind.__name__.lower()}")
