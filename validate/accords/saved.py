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
from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeAlias, TypeVar, cast

T = TypeVar("T")
Reader: TypeAlias = Callable[[Any], Any]


class Unfit(ValueError):
    """A value is not of the kind that is wanted; the text says which and where."""


def record(kind: type[T], content: Any, readers: Mapping[str, Reader] | None = None) -> T:
    """Return the record of a dataclass that a JSON object holds; `readers` read members in their own way.

    Raises `Unfit` where the object is no such record.
    """
    name = kind.__name__.lower()
    if not isinstance(content, dict):
        raise Unfit(f"a {name} must be an object")
    found, own = {}, readers or {}
    for member, (reader, is_needed) in _members(cast("Hashable", kind)).items():
        if member in content:
            try:
                found[member] = own.get(member, reader)(content[member])
            except Unfit as fault:
                raise Unfit(f"{member} of a {name}: {fault}") from None
        elif is_needed:
            raise Unfit(f"a {name} lacks {member!r}")
    return kind(**found)


@functools.cache
def _members(kind: Any) -> dict[str, tuple[Reader, bool]]:
    """Return what reads each member of a record, and whether it must be there."""
    hints = typing.get_type_hints(kind)
    return {
        item.name: (_reader(hints[item.name]), item.default is item.default_factory is dataclasses.MISSING)
        for item in dataclasses.fields(kind)
    }


@functools.cache
def _reader(kind: Any) -> Reader:
    """Return what reads a value of an annotation; pairs stand in JSON as an object."""
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        inner = _reader(next(part for part in parts if part is not types.NoneType))
        return lambda item: None if item is None else inner(item)
    if origin is tuple and typing.get_origin(parts[0]) is tuple:
        of_pair = _reader(typing.get_args(parts[0])[1])
        return lambda item: tuple((name, of_pair(part)) for name, part in _of(dict, item).items())
    if origin is tuple:
        of_item = _reader(parts[0])
        return lambda item: tuple(map(of_item, _of(list, item)))
    if origin is dict:
        of_value = _reader(parts[1])
        return lambda item: {name: of_value(part) for name, part in _of(dict, item).items()}
    if kind is datetime.date:
        return lambda item: _day(_of(str, item))
    if issubclass(kind, enum.Enum):
        members = {getattr(member, "label", member.value): member for member in kind}
        return lambda item: _member(members, kind, _of(str, item))
    if dataclasses.is_dataclass(kind):
        own: Reader | None = getattr(kind, "from_dict", None)
        return own or (lambda item: record(cast("type[Any]", kind), item))
    return lambda item: _of(kind, item)


def _of(kind: type[T], item: Any) -> T:
    """Return a value that is just of a kind: a truth value is no number."""
    if type(item) is not kind:
        raise Unfit(f"{item!r:.60} is not of the kind that is wanted")
    return item


def _day(text: str) -> datetime.date:
    try:
        return datetime.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise Unfit(f"{text!r:.60} is no day") from None


def _member(members: Mapping[str, enum.Enum], kind: type, word: str) -> enum.Enum:
    if word not in members:
        raise Unfit(f"{word!r:.60} is no {kind.__name__.lower()}")
    return members[word]
