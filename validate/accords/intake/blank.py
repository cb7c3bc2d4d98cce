"""The empty form as commented YAML, in English or Vietnamese: every key, what it means, and which codes it takes.

Apart from `form`, which reads the schema: here it is laid out for somebody who fills it in by hand. What is
seldom needed stands commented out, and an unfilled key says nothing, so that the blank itself can be read.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from importlib import resources

from accords.documents import read_yaml
from accords.errors import CannotCheck
from accords.intake.form import Kind, Property, Section
from accords.intake.tables import Tables

WIDTH, MOST = 100, 24  # columns of a comment; codes of a list that is printed whole
_LEFT_OUT = frozenset({"readings", "retired"})
_SELDOM = frozenset({"new", "replaces", "removes", "coding", "notes", "iso_3166_2", "latitude", "longitude"})


class Blank:
    """Lays out the form in one language; `tables` for the codes."""

    def __init__(self, form: Section, tables: Tables, language: str) -> None:
        words = resources.files("accords").joinpath("intake/words.yaml").read_text("utf-8")
        self._told: dict[str, str] = read_yaml(words, "words.yaml", CannotCheck)[language]
        self._form, self._tables, self._language = form, tables, language
        self._laid_out: set[str] = set()  # sections and code lists that have been explained

    def text(self) -> str:
        """Return the blank as YAML."""
        words = self._form.words[self._language]
        lines = [*_comment(f"{words.title}. {words.description}", ""), "#", *_comment(self._told["head"], "")]
        for item in self._form.properties.values():
            if item.name not in _LEFT_OUT:
                lines += ["", *self._property(item, "", False)]
        return "\n".join(lines) + "\n"

    def _property(self, item: Property, indent: str, needed: bool, brief: bool = False) -> Iterator[str]:
        """Yield the lines of a key: what it means (unless `brief`), the key, and what is below it."""
        words = item.words[self._language]
        title = f"{words.title} ({self._told['needed']})" if needed else words.title
        if not brief:
            yield from _comment(f"{title}. {words.description} {self._hint(item)}".strip(), indent)
        yield f"{indent}{item.name}:"
        if item.section is not None:
            yield from self._section(item.section, f"{indent}  ", "" if item.kind is Kind.RECORD else "- ")

    def _section(self, section: Section, indent: str, dash: str) -> Iterator[str]:
        """Yield the keys of a mapping, the first of them after the dash of a list; explained once in a blank."""
        needed, inner, brief = (
            required_keys(section, self._tables),
            indent + " " * len(dash),
            section.name in self._laid_out,
        )
        self._laid_out.add(section.name)
        own = next(iter(section.properties))
        seldom = [
            one
            for one in section.properties.values()
            if one.name in _SELDOM or (one.name == own and own.endswith("_id"))
        ]
        for item in section.properties.values():
            for line in () if item in seldom else self._property(item, inner, item.name in needed, brief):
                if dash and not line.lstrip().startswith("#"):
                    line, dash = f"{indent}{dash}{line.lstrip()}", ""
                yield line
        for item in () if brief or section.required else seldom:
            yield f"{inner}# {item.name}: ({item.words[self._language].title})"

    def _hint(self, item: Property) -> str:
        """Return what a value of a key may be."""
        if item.kind is Kind.FLAG:
            return self._told["flag"]
        if item.choices:
            return self._told["choices"].format(codes=", ".join(item.choices))
        if not item.vocabulary or item.vocabulary in self._laid_out:
            return ""
        self._laid_out.add(item.vocabulary)
        rows = [row for row in self._tables.rows(item.vocabulary) if row.get("status", "active") == "active"]
        plain = self._language == "en"
        named = [row["code"] if plain else f"{row['code']} ({row[f'label_{self._language}']})" for row in rows]
        path = self._tables[item.vocabulary].resource.path
        whole = len(rows) <= MOST
        told = self._told["codes" if whole else "list"].format(
            codes=", ".join(named if whole else named[:6]), path=path
        )
        return f"{told} {self._told['several']}" if item.kind is Kind.TEXTS else told


def required_keys(section: Section, tables: Tables) -> set[str]:
    """Return the keys that a new record needs; an identifier of its own it gets by itself."""
    if section.table is None or section.required:
        return set(section.required)
    schema = tables[section.table].schema
    own = schema.primary_key if len(schema.primary_key) == 1 else ()
    must = {item.name for item in schema.fields if item.constraints.get("required")} - {"coding", *own}
    return {item.name for item in section.properties.values() if item.column in must}


def _comment(text: str, indent: str) -> Iterator[str]:
    yield from (f"{indent}# {line}" for line in textwrap.wrap(text, WIDTH - len(indent) - 2, break_long_words=False))
