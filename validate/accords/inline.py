"""Data that stand in the descriptor itself: rows as lists or objects, or the text of a CSV.

Apart from `reader`, because these are values and not bytes: each becomes the text that a cell would hold,
and none has a line.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

from accords.package import Dialect
from accords.reader import Record, Unreadable, records
from accords.words import Words, said


def rows(data: Any, dialect: Dialect, names: tuple[str, ...]) -> Iterator[Record]:
    """Yield the records of a resource's `data`, the header among them where there is one.

    Objects give a header of the names that occur, those of the schema first. Raises `Unreadable`.
    """
    if isinstance(data, str):
        for record in records(io.BytesIO(data.encode()), "utf-8", dialect):
            yield Record(record.row, None, record.cells)
    elif not data:
        yield Record(1, None, names)
    elif isinstance(data[0], dict):
        yield from _objects(data, names)
    else:
        for number, item in enumerate(data, 1):
            if not isinstance(item, list):
                raise _odd(number, said("list"))
            yield Record(number, None, [_text(value) for value in item])


def _objects(data: list[Any], names: tuple[str, ...]) -> Iterator[Record]:
    found: dict[str, None] = {}
    for number, item in enumerate(data, 2):
        if not isinstance(item, dict):
            raise _odd(number, said("object"))
        found |= dict.fromkeys(item)
    labels = [name for name in names if name in found] + [name for name in found if name not in names]
    yield Record(1, None, labels)
    for number, item in enumerate(data, 2):
        yield Record(number, None, [_text(item.get(label)) for label in labels])


def _odd(number: int, wanted: Words) -> Unreadable:
    return Unreadable("source-error", "inline", number, None, (("expected", wanted),))


def _text(value: Any) -> str | None:
    """Return a JSON value as a CSV would write it: JSON, but texts without quotes and null as nothing."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
