"""What two plain files have in common line by line, without splitting it into cells.

Apart from `rows`, because it is a shortcut, and one that has to prove itself: it is taken only where a line
is a record in both files, and the strict reader would say the same of every line that it passes over.
"""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from accords.files import Files, UnsafePath
from accords.package import Dialect, Resource
from accords.reader import LONGEST, has_mark
from accords.streams import compression

Token = TypeVar("Token", bound=str | bytes)


@dataclass(frozen=True, slots=True)
class Unlike(Generic[Token]):
    """What only one side has, with its row numbers, and how many each side has in all."""

    gone: list[tuple[Token, int]]
    fresh: list[tuple[Token, int]]
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines after the header that only one of two files has, and whether the files differ at all."""

    header: bytes
    unlike: Unlike[bytes]
    rewritten: bool


def unlike(before: Iterable[tuple[Token, int]], after: Iterable[tuple[Token, int]]) -> Unlike[Token]:
    """Return what two multisets do not share. Only the first is kept in memory, and what differs."""
    left: dict[Token, int] = {}
    again: list[tuple[Token, int]] = []
    for token, number in before:
        if token in left:
            again.append((token, number))
        else:
            left[token] = number
    total, shared = len(left) + len(again), 0
    fresh: list[tuple[Token, int]] = []
    for token, number in after:
        if left.pop(token, None) is None:
            fresh.append((token, number))
        else:
            shared += 1
    gone = [*left.items(), *again]
    came = shared + len(fresh)
    if again:
        both = Counter(token for token, _ in gone) & Counter(token for token, _ in fresh)
        gone, fresh = _without(gone, both), _without(fresh, both)
    return Unlike(gone, fresh, total, came)


def _without(items: list[tuple[Token, int]], both: Counter[Token]) -> list[tuple[Token, int]]:
    left, kept = Counter(both), []
    for token, number in items:
        if left[token]:
            left[token] -= 1
        else:
            kept.append((token, number))
    return kept


class _Odd(Exception):
    """A file is not as plain as the shortcut needs it."""


def differing(old_files: Files, old: Resource, new_files: Files, new: Resource) -> Lines | None:
    """Return the lines that only one of two files has; None where the shortcut cannot be taken."""
    if not (_plain(old) and _plain(new)) or old.dialect != new.dialect or old.encoding != new.encoding:
        return None
    try:
        before, after = _content(old_files, old), _content(new_files, new)
        first, second = _Lines(before, old), _Lines(after, new)
        if first.header != second.header:
            return None
        return Lines(first.header, unlike(first.numbered(), second.numbered()), before != after)
    except _Odd:
        return None


def _plain(resource: Resource) -> bool:
    dialect, schema = resource.dialect, resource.schema
    return (
        schema is not None
        and resource.blocked is None
        and len(resource.paths) == 1
        and compression(resource.path, resource.compression) is None
        and codecs.lookup(resource.encoding).name == "utf-8"
        and dialect.header_rows in ((), (1,))
        and dialect == Dialect(delimiter=dialect.delimiter, header_rows=dialect.header_rows)
        and dialect.delimiter.isascii()
        and schema.missing_values == ("",)
        and all(item.missing_values is None for item in schema.fields)
    )


def _content(files: Files, resource: Resource) -> bytes:
    try:
        with files.open(resource.path) as stream:
            content = stream.read()
        content.decode()
    except (OSError, UnsafePath, UnicodeDecodeError):
        raise _Odd from None  # the strict reader says what is the matter
    if b"\0" in content or has_mark(content) or (len(content) > LONGEST and _longest(content) >= LONGEST):
        raise _Odd
    return content


def _longest(content: bytes) -> int:
    return max(map(len, content.split(b"\n")))


class _Lines:
    """The lines of a file after its header, each a record with as many cells as the header has."""

    def __init__(self, content: bytes, resource: Resource) -> None:
        text = content.replace(b"\r\n", b"\n")
        if b"\r" in text:
            raise _Odd
        self._lines = text.removesuffix(b"\n").split(b"\n")
        self._delimiter = resource.dialect.delimiter
        self.header = self._lines[0]
        names = resource.schema.names if resource.schema else ()
        if tuple(self._cells(self.header)) != names:
            raise _Odd
        self._width = len(names)

    def _cells(self, line: bytes) -> list[str]:
        try:
            return next(csv.reader([line.decode()], delimiter=self._delimiter, strict=True))
        except (csv.Error, StopIteration):
            raise _Odd from None

    def numbered(self) -> Iterator[tuple[bytes, int]]:
        """Yield each line with its row's number; raise `_Odd` at one that is no record of this width."""
        mark, commas = self._delimiter.encode(), self._width - 1
        for number, line in enumerate(self._lines[1:], 2):
            if b'"' in line:
                if len(self._cells(line)) != self._width:
                    raise _Odd
            elif not line:
                continue  # a blank row
            elif line.count(mark) != commas:
                raise _Odd
            yield line, number
