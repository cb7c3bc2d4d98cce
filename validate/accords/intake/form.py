"""The form of a contribution as records, read from `schemas/contribution.schema.json` of the package.

Apart from `entries`, which checks documents: the blank, the workbook and the issue form are made from the form
without any document. The JSON Schema says all there is to say: what each property is called and means in both
languages, and, in properties of our own, which table and column it fills.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from accords.documents import read_json
from accords.errors import PackageError
from accords.files import Files, UnsafePath

PATH = "schemas/contribution.schema.json"
LANGUAGES = ("en", "vi")
_DEFS = "#/$defs/"


class Kind(enum.StrEnum):
    """What a property holds: a text of some kind, or a mapping, or a list of either."""

    TEXT = "text"
    ID = "id"
    DATE = "date"
    NUMBER = "number"
    FLAG = "flag"
    CODE = "code"
    CHOICE = "choice"
    REFERENCE = "reference"
    RECORD = "record"
    RECORDS = "records"
    TEXTS = "texts"
    CITATIONS = "citations"
    REPLACES = "replaces"
    REMOVES = "removes"


_NAMED = {kind.value: kind for kind in (Kind.TEXT, Kind.ID, Kind.DATE, Kind.NUMBER, Kind.FLAG, Kind.REFERENCE)}


@dataclass(frozen=True, slots=True)
class Words:
    """What a property or a section is called, and what it means, in one language."""

    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Property:
    """One key of a section.

    `column` None: it fills none. `vocabulary`: whose codes it takes; `choices`: what else it may be; `refers`:
    the table whose record it names; `section`: the form of its mappings; `table`: what a list of codes fills;
    `support`: what a citation below it says.
    """

    name: str
    kind: Kind
    words: Mapping[str, Words]
    column: str | None = None
    longest: int = 2000
    vocabulary: str | None = None
    choices: tuple[str, ...] = ()
    refers: str | None = None
    section: Section | None = None
    table: str | None = None
    support: str | None = None
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A mapping of the form: its properties in order, the table it fills (None: none), what it must hold."""

    name: str
    words: Mapping[str, Words]
    table: str | None
    properties: Mapping[str, Property]
    required: frozenset[str] = field(default_factory=frozenset)


def read_form(files: Files) -> Section:
    """Return the whole form of the package's contributions.

    Raises `PackageError` where the package has none, or it is no JSON object.
    """
    return _Reader(read_schema(files)).form()


def read_schema(files: Files) -> dict[str, Any]:
    """Return the JSON Schema of the package's contributions; raises like `read_form`."""
    try:
        text = files.read(PATH).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError, UnsafePath):
        raise PackageError(f"{files.label} takes no contributions: {PATH} is not there or cannot be read.") from None
    schema, _ = read_json(text, PATH, PackageError)
    if not isinstance(schema, dict):
        raise PackageError(f"{PATH} is no JSON Schema: it must hold an object.")
    return schema


def refreshed(schema: dict[str, Any], codes: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return a form's JSON Schema with the codes that its vocabularies have now, for editors to offer."""
    defs = {
        name: {**node, "examples": codes[node["accords:vocabulary"]]} if "accords:vocabulary" in node else node
        for name, node in schema["$defs"].items()
    }
    return {**schema, "$defs": defs}


class _Reader:
    """Follows the references of one JSON Schema."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self._schema = schema
        self._defs: dict[str, Any] = schema.get("$defs", {})
        self._sections: dict[str, Section] = {}

    def form(self) -> Section:
        try:
            return self._section("contribution", self._schema)
        except (KeyError, TypeError, AttributeError, IndexError) as fault:
            raise PackageError(f"{PATH} is not understood: {type(fault).__name__} {fault}.") from None

    def _section(self, name: str, node: dict[str, Any]) -> Section:
        if name not in self._sections:
            self._sections[name] = Section(
                name=name,
                words=_words(node),
                table=node.get("accords:table"),
                properties={key: self._property(key, item) for key, item in node["properties"].items()},
                required=frozenset(node.get("required", ())),
            )
        return self._sections[name]

    def _property(self, name: str, node: dict[str, Any]) -> Property:
        referred, target = self._followed(node)
        whole = {**target, **node}
        kind, section = self._kind(name, referred, whole)
        return Property(
            name=name,
            kind=kind,
            words=_words(whole),
            column=whole.get("accords:column", name),
            longest=whole.get("maxLength", 2000),
            vocabulary=target.get("accords:vocabulary") or self._items(whole).get("accords:vocabulary"),
            choices=tuple(item for item in whole.get("enum", ()) if isinstance(item, str)),
            refers=node.get("accords:refers"),
            section=section,
            table=node.get("accords:table"),
            support=node.get("accords:support"),
            examples=tuple(str(item) for item in node.get("examples", ()) if isinstance(item, str)),
        )

    def _kind(self, name: str, referred: str, node: dict[str, Any]) -> tuple[Kind, Section | None]:
        if "accords:support" in node:
            mapping = next(item for item in self._defs["citation"]["anyOf"] if "properties" in item)
            return Kind.CITATIONS, self._section("citation", mapping)
        if name == "replaces":
            return Kind.REPLACES, None
        if name == "removes":
            lists = {key: self._property(key, item) for key, item in node["properties"].items()}
            return Kind.REMOVES, Section("removes", _words(node), None, lists)
        if "items" in node:
            inner, target = self._followed(node["items"])
            return Kind.RECORDS, self._section(inner, target)
        if "anyOf" in node and "properties" not in node:
            return Kind.TEXTS, None
        if "properties" in node:
            return Kind.RECORD, self._section(referred, node)
        if "accords:vocabulary" in node:
            return Kind.CODE, None
        return _NAMED.get(referred, Kind.CHOICE if "enum" in node else Kind.TEXT), None

    def _followed(self, node: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        reference = node.get("$ref", "")
        return (reference[len(_DEFS) :], self._defs[reference[len(_DEFS) :]]) if reference else ("", {})

    def _items(self, node: dict[str, Any]) -> dict[str, Any]:
        """Return what a list that may also be written as one value holds."""
        inner: dict[str, Any] = next((item for item in node.get("anyOf", ()) if item.get("$ref")), {})
        return self._followed(inner)[1]


def _words(node: dict[str, Any]) -> Mapping[str, Words]:
    other = node.get("accords:vi", {})
    english = Words(node.get("title", ""), node.get("description", ""))
    return {"en": english, "vi": Words(other.get("title", english.title), other.get("description", ""))}


def sections(form: Section) -> Iterator[tuple[str, Section]]:
    """Yield the sections of the form's own keys, in order, with their keys."""
    for name, item in form.properties.items():
        if item.section is not None:
            yield name, item.section
