"""What the sheets of the workbook are, and what each column fills: `sheets.yaml` and the form put together.

Apart from `template` and `reading`, which both ask it, so that what is offered is what is understood.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any

from accords.documents import read_yaml
from accords.errors import CannotCheck
from accords.intake.form import LANGUAGES, Kind, Property, Section, Words

ROW, FOR, SOURCE, SUPPORT = "row", "for", "source", "support"
SUPPORTS = ("supports", "infers", "contradicts")
FIRST_SHEET = "agreements"
_MOST = 99  # the highest number that a column may bear


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key, where its values go in a row's record, and the property of the form that they are.

    `path` holds names, and numbers from 1 on, as in ("agreement", "parties", 2, "role"); on a sheet with a
    section it starts within that. `item` None: the column is none of the form (`row`, `for` …). `needed`: a new
    record needs it; `follows`: it is needed once anything else of its numbered group is filled in.
    """

    key: str
    path: tuple[str | int, ...]
    item: Property | None
    words: Mapping[str, Words]
    needed: bool = False
    follows: bool = False

    @property
    def star(self) -> str:
        """Return what stands behind the title of a column that is needed."""
        return " *" if self.needed else " (*)" if self.follows else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its columns in order, and what an example row holds, by key.

    `constants`: what is said, by list, of everything in that list that a row speaks of.
    """

    name: str
    words: Mapping[str, Words]
    section: tuple[str, ...]
    columns: tuple[Column, ...]
    constants: Mapping[str, Mapping[str, Any]]
    example: Mapping[str, str]


@functools.cache
def _content() -> dict[str, Any]:
    text = resources.files("accords").joinpath("intake/workbook/sheets.yaml").read_text("utf-8")
    content: dict[str, Any] = read_yaml(text, "sheets.yaml", CannotCheck)
    return content


def told(language: str) -> dict[str, Any]:
    """Return what the workbook says besides the titles and descriptions of the form."""
    words: dict[str, Any] = _content()["words"][language]
    return words


class Layout:
    """The sheets of the workbook for one form; `needed` tells which keys a new record of a section needs."""

    def __init__(self, form: Section, needed: Callable[[Section], Collection[str]] = lambda _: ()) -> None:
        self._form, self._needed = form, needed
        self.sheets = {name: self._sheet(name, entry) for name, entry in _content()["sheets"].items()}

    def column(self, sheet: str, key: str) -> Column | None:
        """Return the column of a sheet that has a key, also one with a higher number than the blank offers."""
        found = next((column for column in self.sheets[sheet].columns if column.key == key), None)
        if found or not any(part.isdecimal() for part in key.split(".")):
            return found
        pattern = _unnumbered(key)
        if any(_unnumbered(column.key) == pattern for column in self.sheets[sheet].columns):
            return self._column(self.sheets[sheet].section, key)
        return None

    def _sheet(self, name: str, entry: dict[str, Any]) -> Sheet:
        section = tuple(entry["section"].split(".")) if "section" in entry else ()
        return Sheet(
            name=name,
            words={language: Words(**entry[language]) for language in LANGUAGES},
            section=section,
            columns=tuple(self._columns(name, section, entry)),
            constants=entry.get("constants", {}),
            example=entry["example"],
        )

    def _columns(self, name: str, section: tuple[str, ...], entry: dict[str, Any]) -> Iterator[Column]:
        for key in _keys(entry["columns"]):
            if column := self._column(section, key):
                needed = column.needed or key in entry.get("needed", ())
                free = needed or _unnumbered(key) in entry.get("free", ())
                yield replace(column, needed=needed, follows=column.follows and not free)

    def _column(self, base: tuple[str, ...], key: str) -> Column | None:
        """Return a column; None where its number is too high, or the form lacks it."""
        if key in _content()["columns"]:
            words = {language: Words(**_content()["columns"][key][language]) for language in LANGUAGES}
            return Column(key, (key,), None, words, key in (SOURCE, SUPPORT))
        parts = tuple(int(part) if part.isdecimal() else part for part in key.split("."))
        path = parts[1:] if base else parts
        if any(isinstance(part, int) and not 1 <= part <= _MOST for part in parts):
            return None
        section, item, needed = self._form, None, False
        for part in (*base, *path):
            if isinstance(part, int):
                continue
            item = section.properties.get(part)
            if item is None:
                return None
            needed = part in self._needed(section)
            section = item.section or section
        if item is None or (item.section and item.kind is not Kind.CITATIONS):
            return None
        listed = any(isinstance(part, int) for part in path)  # the whole of it may be left out
        return Column(key, path, item, _titled(path, item), needed and not listed, needed and listed)


def _titled(path: tuple[str | int, ...], item: Property) -> Mapping[str, Words]:
    """Return the words of a column, with the list and number that it belongs to before them."""
    spot = next((at for at, part in enumerate(path) if isinstance(part, int)), 0)
    group = _content()["groups"].get(path[spot - 1]) if spot else None
    if group is None:
        return item.words
    found: dict[str, Words] = {}
    for language in LANGUAGES:
        words, title = item.words[language], f"{group[language]} {path[spot]}"
        ends = spot == len(path) - 1
        found[language] = Words(title if ends else f"{title}: {words.title}", words.description)
    return found


def _keys(entries: list[Any]) -> Iterator[str]:
    for entry in entries:
        if isinstance(entry, str):
            yield entry
            continue
        for number in range(1, int(entry["repeat"]) + 1):
            yield from (key.replace(".N", f".{number}") for key in entry["columns"])


def _unnumbered(key: str) -> str:
    return ".".join("N" if part.isdecimal() else part for part in key.split("."))
