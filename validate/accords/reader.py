"""The strict reader: what a CSV file says, cell by cell, with the row and line of each record.

Apart from `store`, because this module alone decides how bytes become cells: the declared encoding and
dialect, RFC 4180, nothing guessed. Whoever reads faster must read the same.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from accords.package import Dialect

CHUNK = 20_000
LONGEST = 1 << 26  # characters of a cell, and of a line


class Record(NamedTuple):
    """One record: its ordinal among the rows, its first physical line, its cells.

    Comments are rows, too, so that a row has the number that an editor or frictionless shows. Only data
    from JSON have no line, and cells without a value.
    """

    row: int
    line: int | None
    cells: Sequence[str | None]


@dataclass(frozen=True, slots=True)
class Ending:
    """How a file ended: the number of its last row, and whether its last line was ended by a line break."""

    row: int
    whole: bool


@dataclass(eq=False)
class Unreadable(Exception):
    """The file stops making sense: the code and way of the catalogue, where, and what was found."""

    code: str
    variant: str
    row: int | None
    line: int | None
    params: tuple[tuple[str, object], ...] = ()


class _Lines:
    """Physical lines of a text; where a record would start (`fresh`), comments are counted and passed over.

    `last` is the last line that was read; `text`, if it is kept, what the record at hand consists of so far.
    """

    def __init__(self, stream: io.TextIOBase, comment: str, keep: bool) -> None:
        self._stream, self._comment, self._keep = stream, comment, keep
        self.comments, self.fresh, self.ended = 0, True, False
        self.last, self.text = "", list[str]()

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(LONGEST)
        if self.fresh:
            self.fresh = False
            self.text.clear()
            while self._comment and line.startswith(self._comment):
                self.comments += 1
                self.last = line
                line = self._stream.readline(LONGEST)
        if not line:
            self.ended = True
            raise StopIteration
        if len(line) == LONGEST:
            raise csv.Error("line larger than field limit")
        if "\0" in line:
            raise csv.Error("a NUL character")
        self.last = line
        if self._keep:
            self.text.append(line)
        return line


def has_mark(head: bytes) -> bool:
    """Tell whether the bytes start with the UTF-8 byte order mark."""
    return head.startswith(codecs.BOM_UTF8)


def records(stream: BinaryIO, encoding: str, dialect: Dialect, before: int = 0) -> Generator[Record, None, Ending]:
    """Yield every record of a CSV but comments: header rows and blank ones (no cells) are included.

    `before`: the rows of earlier files of the same table. Raises `Unreadable` at the first byte that is not
    in the encoding or the first record that is no CSV.
    """
    codec = "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding
    text = io.TextIOWrapper(stream, encoding=codec, errors="strict", newline="")
    try:
        return (yield from _split(text, dialect, before))
    except UnicodeError:
        raise _bad_byte(stream, encoding) from None
    finally:
        text.detach()  # the stream is its opener's to close


def _split(text: io.TextIOBase, dialect: Dialect, row: int) -> Generator[Record, None, Ending]:
    left_out, form = frozenset(dialect.comment_rows), _form(dialect)
    lines = _Lines(text, dialect.comment_char, keep=form is not None)
    csv.field_size_limit(LONGEST)
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
    read = 0
    while True:
        lines.fresh, passed = True, lines.comments
        try:
            cells = next(reader)
        except StopIteration:
            return Ending(row + lines.comments - passed, not lines.last or lines.last.endswith(("\n", "\r")))
        except csv.Error as fault:
            row += 1 + lines.comments - passed
            raise _no_csv(str(fault), row, 1 + read + lines.comments, lines, dialect.escape_char) from None
        row += 1 + lines.comments - passed
        if form and not form.fullmatch("".join(lines.text)):
            raise Unreadable("source-error", "quote", row, 1 + read + lines.comments)
        if row not in left_out:
            yield Record(row, 1 + read + lines.comments, cells)
        read = reader.line_num


def _form(dialect: Dialect) -> re.Pattern[str] | None:
    """Return what a record must look like where quotes are not doubled: there Python's `csv` is not strict."""
    if dialect.double_quote or not dialect.quote_char:
        return None
    mark, quote, escape = (re.escape(item) for item in (dialect.delimiter, dialect.quote_char, dialect.escape_char))
    escaped = rf"{escape}[\s\S]|" if escape else ""
    blanks = " *+" if dialect.skip_initial_space else ""
    quoted = rf"{quote}(?:{escaped}[^{quote}{escape}])*+{quote}"
    plain = rf"(?!{quote})(?:{escaped}[^{mark}{escape}\r\n])*+"
    cell = rf"{blanks}(?:{quoted}|{plain})"
    return re.compile(rf"{cell}(?:{mark}{cell})*+(?:\r\n|\n|\r)?")


def _no_csv(fault: str, row: int, line: int, lines: _Lines, escape: str) -> Unreadable:
    if lines.ended and "end of data" in fault:
        tail = lines.last.rstrip("\r\n")
        dangling = bool(escape) and (len(tail) - len(tail.rstrip(escape))) % 2 == 1
        return Unreadable("source-error", "escape" if dangling else "unclosed", row, line)
    if "expected after" in fault:
        return Unreadable("source-error", "quote", row, line)
    if "NUL" in fault:
        return Unreadable("source-error", "null", row, line)
    if "field limit" in fault:
        return Unreadable("source-error", "long", row, line, (("most", LONGEST),))
    return Unreadable("source-error", "syntax", row, line, (("what", fault),))


def _bad_byte(stream: BinaryIO, encoding: str) -> Unreadable:
    """Read the file once more, in blocks, for the offset and line of the first bad byte."""
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    offset, line, returned = 0, 1, False  # of what has been decoded so far; whether that ends in CR
    while True:
        block, state, bad = stream.read(1 << 16), decoder.getstate(), None
        held = len(state[0])
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeError as fault:
            bad = fault.start if isinstance(fault, UnicodeDecodeError) else 0
            decoder.setstate(state)
            text = decoder.decode(block[: max(0, bad - held)])
        line += text.count("\n") + text.count("\r") - text.count("\r\n") - (returned and text.startswith("\n"))
        if bad is not None or not block:
            place = (("offset", offset + (bad or 0)), ("encoding", encoding))
            return Unreadable("encoding-error", "", None, line, place)
        returned = text.endswith("\r") if text else returned
        offset += held + len(block) - len(decoder.getstate()[0])
