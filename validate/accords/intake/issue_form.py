"""The issue form: which keys of a contribution it asks for and how, and its text for GitHub in either language.

Apart from `issue`, which reads what people filled in: both go by the same fields, so that what the form asks
is what is read. Titles, meanings and codes come from the schema and the vocabularies of the package.
"""

from __future__ import annotations

import enum
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

import yaml

from accords.documents import read_yaml
from accords.errors import CannotCheck
from accords.intake.folding import folded
from accords.intake.form import LANGUAGES, Property, Section
from accords.intake.scalars import Vocabulary
from accords.intake.tables import Tables

_CODE = re.compile(r"\{(\w+)\.(\w+)\}")


class As(enum.StrEnum):
    """How a field is asked for, and so how its answer is read."""

    INPUT = "input"
    TEXT = "text"
    CODE = "code"
    CODES = "codes"
    LINES = "lines"
    REMARKS = "remarks"
    NOTE = "note"
    CONFIRM = "confirm"


_WIDGETS = {As.INPUT: "input", As.NOTE: "input", As.CODE: "dropdown", As.CODES: "dropdown", As.CONFIRM: "checkboxes"}


@dataclass(frozen=True, slots=True)
class Told:
    """What a field says in one language; `options` are what can be chosen or ticked."""

    label: str
    description: str = ""
    placeholder: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its trail in a contribution, and its parts, each with a trail, where a line is a record.

    `item` None: no key of a contribution, but something about it. `constants`: what is said of each record.
    """

    trail: tuple[str, ...]
    shape: As
    item: Property | None
    parts: tuple[tuple[tuple[str, ...], Property], ...]
    told: Mapping[str, Told]
    required: frozenset[str]
    constants: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the identifier of the field."""
        return self.trail[-1]


class IssueForm:
    """The form of a package: `fields` in order; `vocabularies` by name for whoever reads answers."""

    def __init__(self, form: Section, tables: Tables) -> None:
        path = "intake/issue_form.yaml"
        content = read_yaml(resources.files("accords").joinpath(path).read_text("utf-8"), path, CannotCheck)
        self._form, self._tables, self._words = form, tables, content["words"]
        self.vocabularies = {name: Vocabulary(tables.rows(name)) for name in tables.vocabularies()}
        self.fields = tuple(self._field(key, asked) for key, asked in content["fields"].items())
        self._headings = {folded(field.name): field for field in self.fields}
        self._headings |= {folded(told.label): field for field in self.fields for told in field.told.values()}

    def field(self, heading: str) -> Field | None:
        """Return the field of a heading, in whichever language it is."""
        return self._headings.get(folded(heading))

    def vietnamese(self, heading: str) -> bool:
        """Tell whether a heading is that of a field in Vietnamese."""
        field = self.field(heading)
        return field is not None and folded(field.told["vi"].label) == folded(heading)

    def knows_party(self, identifier: str) -> bool:
        """Tell whether a text is the identifier of a party."""
        return (identifier,) in self._tables["parties"].rows

    def title(self, language: str) -> str:
        """Return what the form is called."""
        return str(self._words[language]["name"])

    def text(self, language: str) -> str:
        """Return the form as GitHub reads it."""
        words = self._words[language]
        head = {name: words[name] for name in ("name", "description", "title")} | {"labels": ["new agreement"]}
        intro = {"type": "markdown", "attributes": {"value": words["intro"]}}
        body = [intro, *(self._widget(field, language) for field in self.fields)]
        command = f"accords template --form --lang {language}"
        return f"# Made by `{command}`. Change the schema or the tool, not this.\n{_to_yaml({**head, 'body': body})}"

    def _widget(self, field: Field, language: str) -> dict[str, Any]:
        told, widget = field.told[language], _WIDGETS.get(field.shape, "textarea")
        needed = language in field.required
        options: Any = list(told.options)
        if field.shape is As.CONFIRM:
            options = [{"label": option, "required": True} for option in told.options]
        attributes = {
            "label": told.label,
            "description": told.description,
            "multiple": field.shape is As.CODES,
            "options": options,
            "placeholder": told.placeholder,
        }
        filled = {key: value for key, value in attributes.items() if value}
        made = {"type": widget, "id": field.name, "attributes": filled}
        return made | ({"validations": {"required": True}} if needed and widget != "checkboxes" else {})

    def _field(self, key: str, asked: Mapping[str, Any]) -> Field:
        shape, item = As(asked["as"]), self._property(key)
        parts = tuple((tuple(part.split(".")), self._needed(part)) for part in asked.get("parts", ()))
        told = {language: self._told(language, key, shape, item, parts, asked) for language in LANGUAGES}
        required, constants = frozenset(asked.get("required", ())), json.loads(json.dumps(asked.get("constants", {})))
        return Field(tuple(key.split(".")), shape, item, parts, told, required, constants)

    def _property(self, key: str) -> Property | None:
        section, item = self._form, None
        for name in key.split("."):
            item = section.properties.get(name)
            section = item.section if item and item.section else section
        return item

    def _needed(self, key: str) -> Property:
        item = self._property(key)
        if item is None:
            raise CannotCheck(f"the form of contributions has no {key}, which the issue form asks for.")
        return item

    def _told(
        self, language: str, key: str, shape: As, item: Property | None, parts: Any, asked: Mapping[str, Any]
    ) -> Told:
        own = self._words[language]["fields"].get(key, {})
        words = item.words[language] if item else None
        described = own.get("description", words.description if words else "")
        if shape is As.LINES:
            listed = "; ".join(part.words[language].title for _, part in parts)
            described = f"{described} {self._words[language]['parts']} {listed}."
        example = item.examples[0] if item and item.examples and shape is As.INPUT else ""
        return Told(
            label=own.get("label", words.title if words else key),
            description=self._filled(described, language),
            placeholder=self._filled(own.get("placeholder", example), language).strip(),
            options=tuple(own.get("options", ())) or tuple(self._options(item, shape, asked.get("only", ()), language)),
        )

    def _options(self, item: Property | None, shape: As, only: list[str], language: str) -> Iterator[str]:
        """Yield the labels of a vocabulary's codes, as people look them up: in alphabetical order."""
        if item and item.vocabulary and shape in (As.CODE, As.CODES):
            rows = self.vocabularies[item.vocabulary].codes
            codes = only or self._tables.codes(item.vocabulary)
            yield from sorted((rows[code][f"label_{language}"] for code in codes), key=folded)

    def _filled(self, text: str, language: str) -> str:
        """Return a text with the labels of the codes that it names."""

        def label(found: re.Match[str]) -> str:
            row = self.vocabularies[found[1]].codes[found[2]]
            return row.get(f"label_{language}") or row[f"name_{language}"]

        return _CODE.sub(label, text)


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as such, and indents lists under their key; `No` and dates stay in quotes."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent lists like mappings."""
        super().increase_indent(flow, False)

    def represent_text(self, text: str) -> yaml.ScalarNode:
        """Return a scalar: a block where there are line breaks."""
        return self.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _Dumper.represent_text)


def _to_yaml(content: Any) -> str:
    return str(yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1000))
