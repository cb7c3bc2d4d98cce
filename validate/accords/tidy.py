"""The canonical form of a package's CSVs: what can be mended safely is mended, nothing else changes.

UTF-8 without a byte order mark, LF, the declared delimiter, quotes only where needed, the schema's column
order, rows in the order of the primary key, no blank rows; in text fields Unicode form NFC, no blanks at
the ends or doubled. With `journal` the only module that writes into a package, and there through a temporary
file and a rename.
"""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from accords import journal
from accords.errors import PackageError
from accords.files import Folder
from accords.package import Package, Resource, Schema
from accords.reader import Unreadable, records
from accords.streams import compression

_BLANKS = re.compile(r"[\s\u00a0\u200b\ufeff]+")


@dataclass(frozen=True, slots=True)
class Tidied:
    """One file: whether its form changed (or would), or why it was left alone."""

    path: str
    changed: bool
    refused: str | None = None


def tidy(package: Package, write: bool) -> list[Tidied]:
    """Bring every CSV of the package into its canonical form; with `write` off only say which would change.

    A file that cannot be read safely is left alone and named. Raises `PackageError` for a package that is
    not in a folder.
    """
    if not isinstance(package.files, Folder):
        raise PackageError(f"{package.files.label} is not a folder: a zip is not rewritten.")
    if write:
        journal.recover(package.files.root)
    found: list[Tidied] = []
    for resource in package.resources:
        if resource.schema is None or (reason := _left_alone(resource)):
            reason = "it has no usable schema" if resource.schema is None else reason
            found.extend(Tidied(path, False, reason) for path in resource.paths or (resource.path,))
            continue
        try:
            path = package.files.locate(resource.path)
            with package.files.open(resource.path) as stream:
                before = stream.read()
            after = canonical(before, resource, resource.schema)
        except (OSError, ValueError) as fault:
            found.append(Tidied(resource.path, False, str(fault)))
            continue
        if before != after and write:
            _replace(path, after)
        found.append(Tidied(resource.path, before != after))
    return found


def _left_alone(resource: Resource) -> str | None:
    """Return why a table has no canonical form here, or None."""
    dialect = resource.dialect
    reasons = (
        (str(resource.blocked), bool(resource.blocked)),
        ("its data stand in the descriptor", resource.data is not None),
        ("its rows are in several files", bool(resource.further)),
        ("it is compressed", compression(resource.path, resource.compression) is not None),
        ("its dialect has comments", bool(dialect.comment_char or dialect.comment_rows)),
        ("its header is not just the first row", not dialect.header or dialect.header_rows not in ((), (1,))),
        ("blanks after its delimiters mean nothing", dialect.skip_initial_space),
    )
    return next((reason for reason, holds in reasons if holds), None)


def canonical(content: bytes, resource: Resource, schema: Schema) -> bytes:
    """Return the canonical bytes of a CSV.

    Raises ValueError where columns or rows do not fit the schema, so that nothing can slip or get lost.
    """
    try:
        read = records(io.BytesIO(content), resource.encoding, resource.dialect)
        rows = [[cell or "" for cell in item.cells] for item in read]
    except Unreadable as fault:
        raise ValueError(f"it cannot be read (line {fault.line}); run accords validate") from None
    header = rows[0] if rows else []
    if sorted(header) != sorted(schema.names):
        raise ValueError("its columns are not those of the schema; run accords validate")
    body = [cells for cells in rows[1:] if any(cells)]
    if any(len(cells) != len(header) for cells in body):
        raise ValueError("a row has too many or too few cells; run accords validate")
    order = [header.index(item) for item in schema.names]
    return rendered(([cells[spot] for spot in order] for cells in body), resource, schema)


def rendered(rows: Iterable[Sequence[str]], resource: Resource, schema: Schema) -> bytes:
    """Return the canonical bytes of a table whose rows have the schema's columns; ValueError like `canonical`."""
    text = [item.text for item in schema.fields]
    body = [[mended(cell) if hygiene else cell for cell, hygiene in zip(cells, text, strict=True)] for cells in rows]
    body = [cells for cells in body if any(cells)]
    body.sort(key=lambda cells: _sort_key(cells, schema))
    return _written([list(schema.names), *body], resource)


def mended(value: str) -> str:
    """Return a text in Unicode form NFC, without blanks at its ends, doubled ones, tabs and line breaks."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", value)).strip(" ")


def _sort_key(cells: Sequence[str], schema: Schema) -> tuple[tuple[int, int, str], ...]:
    """Order by the primary key, integers as numbers, everything else by code point."""
    return tuple(_part(cells[schema.names.index(item)], schema.field(item).type) for item in schema.primary_key)


def _part(value: str, kind: str) -> tuple[int, int, str]:
    if kind == "integer" and re.fullmatch(r"[+-]?[0-9]{1,4000}", value):
        return (0, int(value), value)
    return (1, 0, value)


@dataclass(slots=True)
class _Lines:
    """Takes records from a CSV writer and ends each with LF alone."""

    written: list[str] = field(default_factory=list)

    def write(self, record: str) -> None:
        self.written.append(record.removesuffix("\r\n") + "\n")


def _written(rows: Sequence[Sequence[str]], resource: Resource) -> bytes:
    dialect, lines = resource.dialect, _Lines()
    writer = csv.writer(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote_char or None,
        escapechar=dialect.escape_char or None,
        doublequote=dialect.double_quote,
        quoting=csv.QUOTE_MINIMAL if dialect.quote_char else csv.QUOTE_NONE,
        lineterminator="\r\n",  # so that a cell with either of them is quoted
    )
    try:
        writer.writerows(rows)
    except csv.Error as fault:
        raise ValueError(f"it cannot be written in its dialect: {fault}") from None
    return "".join(lines.written).encode(resource.encoding)


def _replace(path: Path, content: bytes) -> None:
    """Put new content in the place of a file, all at once; its permissions stay."""
    handle, temporary = tempfile.mkstemp(prefix=".accords-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        Path(temporary).chmod(path.stat().st_mode & 0o7777)
        os.replace(temporary, path)  # noqa: PTH105 -- atomic on every system
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
