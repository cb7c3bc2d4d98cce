"""Reads JSON and YAML strictly: what is there, nothing guessed, nothing silently dropped.

Apart from `package` and `rules`, because both need the same promises: a key written twice is refused
(the parsers keep the last one without a word), and in YAML every scalar stays text, so that `NO` is no
boolean and `2023-06` no date.
"""

from __future__ import annotations

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
    try:
        depth = 0
        for event in yaml.parse(text, Loader=loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:  # before anything recurses into it
                raise error(f"{path}, line {_line(event)}: nested deeper than {MAX_DEPTH} levels.")
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise error(
                    f"{path}, line {_line(event)}: anchors and aliases are refused; write it out in each place."
                )
        node = yaml.compose(text, Loader=loader)
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        place = f", line {mark.line + 1}" if mark else ""
        said = getattr(fault, "problem", None) or str(fault).splitlines()[0]
        advice = next((text for sign, text in _ADVICE.items() if sign in said), "")
        raise error(f"{path}{place}: not YAML: {said}{advice}.") from None
    except RecursionError:
        raise error(f"{path} is not read: it is nested too deeply.") from None
    return None if node is None else _plain(node, path, error)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _plain(node: yaml.Node, path: str, error: type[CannotCheck]) -> Any:
    if isinstance(node, yaml.MappingNode):
        found = Mapping()
        found.line, found.lines = node.start_mark.line + 1, {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise error(f"{path}, line {line}: a key must be plain text.")
            key = key_node.value
            if key in found:
                raise error(f"{path}, line {line}: the key {key!r} is written twice.")
            found[key] = _plain(value_node, path, error)
            found.lines[key] = line
        return found
    if isinstance(node, yaml.SequenceNode):
        items = Sequence(_plain(item, path, error) for item in node.value)
        items.lines = [item.start_mark.line + 1 for item in node.value]
        return items
    return node.value
