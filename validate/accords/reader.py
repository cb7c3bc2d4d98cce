"""The strict reader: what a CSV file says, cell by cell, with the row and line of each record.

Apart from `store`, because this module alone decides how bytes become cells: the declared encoding and
dialect, RFC 4180, nothing guessed. Whoever reads faster must read the same.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from accords.package import Dialect

CHUNK = 20_000
_LONGEST_CELL = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its ordinal in the file (the header is 1), its first physical line, its cells."""

    row: int
    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Unreadable(Exception):
    """The file stops making sense: the code and way of the catalogue, where, and what was found."""

    code: str
    variant: str
    row: int | None
    line: int | None
    params: tuple[tuple[str, object], ...] = ()


class _Lines:
    """Physical lines of a text stream, counted; remembers the line after which the text ended."""

    def __init__(self, stream: io.TextIOBase) -> None:
        self._stream = stream
        self.ended = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._stream.readline()
        if not line:
            self.ended = True
            raise StopIteration
        return line


def has_mark(head: bytes) -> bool:
    """Tell whether the bytes start with the UTF-8 byte order mark."""
    return head.startswith(codecs.BOM_UTF8)


def records(stream: BinaryIO, encoding: str, dialect: Dialect) -> Iterator[Record]:
    """Yield every record of a CSV, the header and blank ones (no cells) included.

    Raises `Unreadable` at the first byte that is not in the encoding or the first record that is no CSV.
    """
    codec = "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding
    text = io.TextIOWrapper(stream, encoding=codec, errors="strict", newline="")
    try:
        yield from _split(_Lines(text), dialect)
    except UnicodeError:
        raise _bad_byte(stream, encoding) from None
    finally:
        text.detach()  # the stream is its opener's to close


def _split(lines: _Lines, dialect: Dialect) -> Iterator[Record]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote_char or None,
        escapechar=dialect.escape_char or None,
        doublequote=dialect.double_quote,
        quoting=csv.QUOTE_MINIMAL if dialect.quote_char else csv.QUOTE_NONE,
        skipinitialspace=dialect.skip_initial_space,
        strict=True,
    )
    row, line = 0, 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            raise _no_csv(str(fault), row + 1, line, lines.ended) from None
        row += 1
        yield Record(row, line, cells)
        line = reader.line_num + 1


def _no_csv(fault: str, row: int, line: int, ended: bool) -> Unreadable:
    if ended and "end of data" in fault:
        return Unreadable("source-error", "unclosed", row, line)
    if "expected after" in fault:
        return Unreadable("source-error", "quote", row, line)
    return Unreadable("source-error", "syntax", row, line, (("what", fault),))


def _bad_byte(stream: BinaryIO, encoding: str) -> Unreadable:
    """Read the file once more, in blocks, for the offset and line of the first bad byte."""
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    offset, line = 0, 1  # of what has been decoded so far
    while True:
        block = stream.read(1 << 16)
        held = decoder.getstate()[0]
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as fault:
            good = (held + block)[: fault.start].decode(encoding, errors="replace")
            place = (("offset", offset + fault.start), ("encoding", encoding))
            return Unreadable("encoding-error", "", None, line + good.count("\n"), place)
        line += text.count("\n")
        offset += len(held) + len(block) - len(decoder.getstate()[0])
        if not block:
            return Unreadable("encoding-error", "", None, line, (("offset", offset), ("encoding", encoding)))
