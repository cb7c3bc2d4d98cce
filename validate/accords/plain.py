"""The shortcut past the strict reader: the engine's own reader of CSV, for files that prove to be plain.

Apart from `reader`, which defines what a file says. Of a plain file every reader makes the same cells: it is
UTF-8 without NUL, each record is one line, a quote stands only around a whole cell or doubled within one, and all
lines end alike. The engine's reader is told everything and may guess nothing, and what it has read is held against
what was counted in the bytes. Whatever is not plain, or not as counted, is read the strict way.
"""

from __future__ import annotations

import codecs
import hashlib
import io
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from accords.fieldtypes import column, judged
from accords.files import Files, UnsafePath
from accords.package import Dialect, Field, Resource, Schema
from accords.streams import compression

SMALLEST = 320 << 10  # bytes; below that the strict reader is as quick, and its cells prove much (`checks.proofs`)
BLOCK = 1 << 20  # bytes that are looked at together
QUOTE = b'"'
_LONGEST = 1 << 20  # bytes; the longest line is half of what the engine takes
_BUFFER = 4 << 20  # bytes that one thread of the engine reads at a time
_DELIMITERS = ",;\t|"
_GLOBS = frozenset("*?[]{}") | (frozenset("\\") if os.name == "posix" else frozenset())


@dataclass(frozen=True, slots=True)
class PlainFile:
    """A file on this machine that may be plain, and how its resource says that it is written."""

    path: str
    delimiter: str
    header: bool


@dataclass(frozen=True, slots=True)
class Census:
    """A file's length and SHA-256; where it is `plain`, its numbers of lines and of delimiters outside quotes."""

    size: int
    digest: str
    plain: bool
    lines: int
    delimiters: int

    def agrees(self, file: PlainFile, rows: int, width: int) -> bool:
        """Tell whether so many rows of so many cells are what the bytes hold."""
        return self.plain and rows + file.header == self.lines and self.delimiters == self.lines * (width - 1)


def candidate(files: Files, resource: Resource) -> PlainFile | None:
    """Return the file of a table for which the shortcut is worth a try; None where it is not."""
    if len(resource.paths) != 1 or compression(resource.path, resource.compression):
        return None
    if codecs.lookup(resource.encoding).name != "utf-8" or not _standard(resource.dialect):
        return None
    try:
        with files.open(resource.path) as stream:
            raw = getattr(stream, "raw", None)
            path = raw.name if isinstance(raw, io.FileIO) else None
            if not isinstance(path, str) or os.fstat(stream.fileno()).st_size < SMALLEST:
                return None
    except (OSError, UnsafePath):
        return None
    return PlainFile(path, resource.dialect.delimiter, resource.dialect.header) if readable(path) else None


def readable(path: str) -> bool:
    """Tell whether the engine takes a path for what it is; some signs make it a pattern of paths."""
    return not set(path) & _GLOBS and path.isprintable() and Path(path).is_absolute()


def _standard(dialect: Dialect) -> bool:
    """Tell whether a dialect is RFC 4180 with one of the common delimiters, and its header is the first line."""
    written = Dialect(delimiter=dialect.delimiter, header=dialect.header, header_rows=dialect.header_rows,
                      header_join=dialect.header_join, null_sequence=dialect.null_sequence)  # fmt: skip
    return dialect == written and dialect.delimiter in _DELIMITERS and dialect.header_rows in ((), (1,))


def census(file: PlainFile) -> Census:
    """Read a file once, as bytes, and return what they are; OSError where it cannot be read."""
    digest, size, held = hashlib.sha256(), 0, b""
    counts: _Counts | None = _Counts(file.delimiter)
    with Path(file.path).open("rb", buffering=0) as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
            size += len(block)
            if counts:
                whole, end, held = (held + block).rpartition(b"\n")
                counts = counts if counts.add(whole + end) and len(held) <= _LONGEST else None
    plain = counts is not None and (not held or counts.add(held)) and counts.carriage in (0, counts.newlines)
    lines = counts.newlines + bool(held) if counts else 0
    return Census(size, digest.hexdigest(), plain, lines, counts.delimiters if counts else 0)


class _Counts:
    """What was counted so far in whole lines: line feeds, those after a carriage return, delimiters."""

    def __init__(self, delimiter: str) -> None:
        self.newlines = self.carriage = self.delimiters = 0
        self._delimiter = delimiter.encode()
        self._quoted = quoted(self._delimiter)

    def add(self, lines: bytes) -> bool:
        """Count whole lines; False where they are not plain."""
        if not lines.isascii():
            try:
                lines.decode("utf-8")
            except UnicodeDecodeError:
                return False
        if b"\0" in lines or lines.startswith(codecs.BOM_UTF8):
            return False
        if b"\r" in lines:
            ended = lines.count(b"\r\n")
            if lines.count(b"\r") != ended:
                return False
            self.carriage += ended
        if QUOTE in lines:
            lines = self._quoted.sub(b"", lines)
            if QUOTE in lines:
                return False
        self.newlines += lines.count(b"\n")
        self.delimiters += lines.count(self._delimiter)
        return True


def quoted(mark: bytes) -> re.Pattern[bytes]:
    """Return what a quoted cell is, with what must stand around it: the start or end of a line, or a delimiter."""
    before, after = rb"(?<![^%b\n]\")" % re.escape(mark), rb"(?![^%b\r\n])" % re.escape(mark)
    return re.compile(rb'"' + before + rb'[^"\n]*+(?:""[^"\n]*+)*+"' + after)


def query(file: PlainFile, schema: Schema, fields: Sequence[Field], absent: Sequence[str], doubtful: str) -> str:
    """Return SQL for the engine's reading of a file: the columns of some fields, and `mark`.

    That is 2 where all cells of the record are empty, 1 where it meets the condition `doubtful`, else 0. The texts
    in `absent` are no values. All columns are read, whichever are kept, so that none escapes the engine's notice.
    """
    wanted = [column(item) for item in fields]
    wanted += [f"NULL::VARCHAR AS j{item.position}" for item in fields if judged(item)]
    every = ", ".join(column(item) for item in schema.fields)
    mark = f"CASE WHEN coalesce({every}) IS NULL THEN 2 WHEN {doubtful} THEN 1 ELSE 0 END::TINYINT AS mark"
    return f"SELECT {', '.join([*wanted, mark])} FROM {_source(file, schema, absent)}"


def _source(file: PlainFile, schema: Schema, absent: Sequence[str]) -> str:
    columns = ", ".join(f"'{column(item)}': 'VARCHAR'" for item in schema.fields)
    missing = ", ".join(_literal(word) for word in absent)
    return (
        f"read_csv({_literal(file.path)}, columns = {{{columns}}}, delim = {_literal(file.delimiter)}, "
        f"header = false, skip = {int(file.header)}, nullstr = [{missing}], allow_quoted_nulls = true, "
        "quote = '\"', escape = '\"', comment = '', encoding = 'utf-8', compression = 'none', "
        "auto_detect = false, strict_mode = true, null_padding = false, ignore_errors = false, "
        "store_rejects = false, hive_partitioning = false, union_by_name = false, filename = false, "
        f"buffer_size = {_BUFFER}, max_line_size = {2 * _LONGEST})"
    )


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
