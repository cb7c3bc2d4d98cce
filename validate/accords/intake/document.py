"""Reads a contribution, YAML or JSON, into plain data: dict, list and str, and the line of every field.

Apart from `entries`, which asks what the data mean: a workbook or an issue form makes the same document
another way, and everything behind it stays as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from accords import documents
from accords.errors import CannotCheck

LARGEST = 32 << 20  # bytes of a contribution; one of 1,000 long records has a tenth of it
Trail = tuple[str | int, ...]
"""Where a value stands in a document: ("parties", 0, "name_en"); () is the whole."""


class Unreadable(CannotCheck):
    """A contribution that cannot be read at all."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with how a document was written, which its content no longer shows: a code of the catalogue."""

    code: str
    trail: Trail
    variant: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One contribution: dicts, lists and str, never another type, and where each value stands.

    `path` is what findings call the file. `lines` maps a trail to the line on which its key or item starts
    (1-based); `cells` to the cell of a workbook, such as "Parties!C5", where it comes from one. `faults` become
    findings, like what is wrong with the content. `language`: that of the form which was filled in.
    """

    path: str
    content: dict[str, Any]
    lines: Mapping[Trail, int] = field(default_factory=dict)
    cells: Mapping[Trail, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    language: str = "en"

    def line(self, trail: Trail) -> int | None:
        """Return the line of a value, or of the nearest thing around it."""
        return next((self.lines[trail[:end]] for end in range(len(trail), -1, -1) if trail[:end] in self.lines), None)

    def cell(self, trail: Trail) -> str | None:
        """Return the cell of a workbook for a value, or for the nearest thing around it."""
        return next((self.cells[trail[:end]] for end in range(len(trail), -1, -1) if trail[:end] in self.cells), None)

    def spot(self, trail: Trail) -> str:
        """Return where a value stands as a sentence says it: the file, and the cell or the line."""
        return f"{self.path}, {self.cell(trail) or f'line {self.line(trail)}'}"


def read(path: Path) -> Document:
    """Return the contribution in a file: JSON where its name ends in `.json`, else YAML.

    Raises `Unreadable` with one sentence where there is no such file, or it is no text of that kind.
    """
    return read_text(text_of(path), str(path), path.suffix.lower() == ".json")


def text_of(path: Path) -> str:
    """Return the text of a file; raises `Unreadable` where there is none, or it is too large or not UTF-8."""
    content = bytes_of(path)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise Unreadable(f"{path}, line {line}: not UTF-8; save the file as UTF-8.") from None


def bytes_of(path: Path) -> bytes:
    """Return all of a file; raises `Unreadable` where there is none, or it is too large."""
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except (OSError, ValueError) as fault:
        raise Unreadable(f"{path} cannot be read: {getattr(fault, 'strerror', None) or fault}.") from None
    if len(content) > LARGEST:
        raise Unreadable(f"{path} is not read: it is larger than {LARGEST} bytes.")
    return content


def read_text(text: str, path: str, is_json: bool = False) -> Document:
    """Return the contribution in a text that findings call `path`; raises `Unreadable` like `read`."""
    lines: dict[Trail, int] = {}
    if is_json:
        _, doubled = documents.read_json(text, path, Unreadable)
        if doubled:
            raise Unreadable(f"{path}: the key {doubled[0]!r} is written twice.")
        content = _Tokens(text, path, lines).value(())
    else:
        content = _gathered(documents.read_yaml(text, path, Unreadable), (), lines)
    if not isinstance(content, dict):
        raise Unreadable(f"{path} is no contribution: it must hold keys such as agreement, parties, sources.")
    lines.setdefault((), 1)
    return Document(path, content, lines)


def _gathered(value: Any, trail: Trail, lines: dict[Trail, int]) -> Any:
    """Return plain data, and put the line of every key and item into `lines`."""
    if isinstance(value, documents.Mapping):
        for key, line in value.lines.items():
            lines[(*trail, key)] = line
        return {key: _gathered(item, (*trail, key), lines) for key, item in value.items()}
    if isinstance(value, documents.Sequence):
        for number, line in enumerate(value.lines):
            lines[(*trail, number)] = line
        return [_gathered(item, (*trail, number), lines) for number, item in enumerate(value)]
    return value


_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+|\n')


class _Tokens:
    """Walks JSON that is known to be right, token by token: numbers and words stay text, null is no text."""

    def __init__(self, text: str, path: str, lines: dict[Trail, int]) -> None:
        self._signs: Iterator[str] = (match.group() for match in _TOKEN.finditer(text))
        self._path, self._lines, self._line = path, lines, 1
        self._next = self._read()

    def _read(self) -> str:
        for sign in self._signs:
            if sign != "\n":
                return sign
            self._line += 1
        return ""

    def _take(self) -> str:
        sign, self._next = self._next, ""
        self._next = self._read()
        return sign

    def value(self, trail: Trail) -> Any:
        """Return the value that starts here."""
        if len(trail) > documents.MAX_DEPTH:
            raise Unreadable(f"{self._path} is not read: it is nested deeper than {documents.MAX_DEPTH} levels.")
        sign = self._take()
        if sign == "{":
            return self._object(trail)
        if sign == "[":
            return self._array(trail)
        if sign.startswith('"'):
            return json.loads(sign)
        return "" if sign == "null" else sign

    def _object(self, trail: Trail) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while self._next != "}":
            line = self._line
            key = json.loads(self._take())
            self._take()  # the colon
            self._lines[(*trail, key)] = line
            found[key] = self.value((*trail, key))
            if self._next == ",":
                self._take()
        self._take()
        return found

    def _array(self, trail: Trail) -> list[Any]:
        found: list[Any] = []
        while self._next != "]":
            self._lines[(*trail, len(found))] = self._line
            found.append(self.value((*trail, len(found))))
            if self._next == ",":
                self._take()
        self._take()
        return found
