"""Reads JSON and YAML strictly: what is there, nothing guessed, nothing silently dropped.

Apart from `package` and `rules`, because both need the same promises: a key written twice is refused
(the parsers keep the last one without a word), and in YAML every scalar stays text, so that `NO` is no
boolean and `2023-06` no date.
"""

from __future__ import annotations

import functools
import json
import re
from typing import Any

import yaml

from accords.errors import CannotCheck
from accords.words import said

MAX_DEPTH = 60
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def read_json(text: str, path: str, error: type[CannotCheck]) -> tuple[Any, tuple[str, ...]]:
    """Return what the JSON text says and the keys that some object writes twice.

    Raises `error` with one sentence where the text is not JSON, or holds what no text or number can be.
    """
    doubled: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        seen: dict[str, Any] = {}
        for key, value in items:
            if key in seen:
                doubled.append(key)
            seen[key] = value
        return seen

    try:
        content = json.loads(text, object_pairs_hook=pairs)
        if _SURROGATE.search(text):
            json.dumps([content, doubled], ensure_ascii=False).encode()
        return content, tuple(doubled)
    except UnicodeEncodeError:
        what = said("{path} is not read: it holds half of a character (a lone surrogate).", path=path)
    except json.JSONDecodeError as fault:
        what = said(
            "{path} is not JSON: {why} at line {line}, column {column}.",
            path=path,
            why=fault.msg,
            line=fault.lineno,
            column=fault.colno,
        )
    except RecursionError:
        what = said("{path} is not read: it is nested too deeply.", path=path)
    except ValueError:  # Python reads no integer of more than 4300 digits
        what = said("{path} is not read: it holds a number of too many digits.", path=path)
    raise error(what)


_ADVICE = {
    "mapping values are not allowed": "; a text that has a colon and a blank in it stands in quotation marks",
    "cannot start any token": "; indent with blanks, and put a text that begins with a sign in quotation marks",
}
"""What to do about what the library says of the commonest slips."""


class Mapping(dict[str, Any]):
    """A YAML mapping that remembers on which line (1-based) it and each of its keys stand."""

    line: int
    lines: dict[str, int]


class Sequence(list[Any]):
    """A YAML sequence that remembers on which line (1-based) each of its items starts."""

    lines: list[int]


def read_yaml(text: str, path: str, error: type[CannotCheck]) -> Any:
    """Return the YAML text as `Mapping`, `Sequence` and str; empty scalars are "".

    Raises `error` with one sentence for text that is not YAML, has several documents, writes a key twice,
    uses an anchor or alias, or nests deeper than 60 levels.
    """
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    tree = _Tree(path, error)
    try:
        for event in yaml.parse(text, Loader=loader):
            tree.take(event)
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        place = f", line {mark.line + 1}" if mark else ""
        said = getattr(fault, "problem", None) or str(fault).splitlines()[0]
        advice = next((text for sign, text in _ADVICE.items() if sign in said), "")
        raise error(f"{path}{place}: not YAML: {said}{advice}.") from None
    except RecursionError:
        raise error(f"{path} is not read: it is nested too deeply.") from None
    if tree.fault:
        raise tree.fault
    return tree.content


kept_yaml = functools.lru_cache(maxsize=16)(read_yaml)
"""Reads YAML that nobody changes afterwards; who validates a package twice in one process reads its rules once."""


class _Tree:
    """Puts YAML together while it is read: nothing recurses, and nothing but what is asked for is made.

    `fault` is the first thing that is YAML but is refused, to be told where the rest is YAML, too.
    """

    def __init__(self, path: str, error: type[CannotCheck]) -> None:
        self._path, self._error = path, error
        self._open: list[Mapping | Sequence] = []
        self._keys: list[str | None] = []  # of each open mapping the key that waits for its value
        self._documents = 0
        self.content: Any = None
        self.fault: CannotCheck | None = None

    def take(self, event: yaml.Event) -> None:
        """Add what an event says."""
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            told = "anchors and aliases are refused; write it out in each place"
            raise self._error(f"{self._path}, line {_line(event)}: {told}.")
        if isinstance(event, yaml.ScalarEvent):
            self._add(event.value, event)
        elif isinstance(event, yaml.CollectionStartEvent):
            if len(self._open) == MAX_DEPTH:
                raise self._error(f"{self._path}, line {_line(event)}: nested deeper than {MAX_DEPTH} levels.")
            found = Mapping() if isinstance(event, yaml.MappingStartEvent) else Sequence()
            if isinstance(found, Mapping):
                found.line, found.lines = _line(event), {}
            else:
                found.lines = []
            self._add(found, event)
            self._open.append(found)
            self._keys.append(None)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
            self._keys.pop()
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents == 2:  # which is worse than any key
                self.fault = self._error(f"{self._path}, line {_line(event)}: not YAML: but found another document.")

    def _add(self, item: Any, event: yaml.Event) -> None:
        """Put a value into what is open: it is a key, the value of the key that waits, an item, or all there is."""
        if not self._open:
            self.content = item
            return
        into, line = self._open[-1], _line(event)
        if isinstance(into, Sequence):
            into.append(item)
            into.lines.append(line)
        elif (key := self._keys[-1]) is not None:
            into[key] = item
            self._keys[-1] = None
        else:
            if not isinstance(item, str):
                self._refuse(event, "a key must be plain text")
            elif item in into:
                self._refuse(event, f"the key {item!r} is written twice")
            self._keys[-1] = key = str(item)
            into.lines[key] = line

    def _refuse(self, event: yaml.Event, why: str) -> None:
        if self.fault is None:
            self.fault = self._error(f"{self._path}, line {_line(event)}: {why}.")


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
