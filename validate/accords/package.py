"""A data package as records: resources, schemas, fields, keys.

Apart from `descriptor`, which reads JSON into these: whoever checks data needs the records and never
the JSON. Everything is frozen; what the descriptor leaves out has its default of Data Package 2.0.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accords.files import Files
from accords.problems import Problem, Severity
from accords.words import Words


@dataclass(frozen=True, slots=True)
class Dialect:
    """How text becomes cells (Table Dialect).

    `header_rows` names the rows of the header; where it is empty, that is the first row that is no comment.
    `null_sequence` joins the schema's missing values when the descriptor is read.
    """

    delimiter: str = ","
    quote_char: str = '"'
    double_quote: bool = True
    escape_char: str = ""
    skip_initial_space: bool = False
    header: bool = True
    header_rows: tuple[int, ...] = ()
    header_join: str = " "
    comment_char: str = ""
    comment_rows: tuple[int, ...] = ()
    null_sequence: str | None = None


class Hygiene(enum.IntEnum):
    """How far text is checked: not at all; as a source prints it, damage and all; wholly."""

    NONE = 0
    PRINTED = 1
    WHOLE = 2


@dataclass(frozen=True, slots=True)
class Field:
    """A column: `position` is 1-based; `options` are type properties such as `trueValues`.

    `missing_values` None: those of the schema. `edtf`: holds partial dates. `text`: how far text hygiene
    is checked. `language`: the column of the same table that names the language of this one's text. `observed`:
    a new value is news of the world, and no correction. `title_vi`: the title in Vietnamese.
    """

    name: str
    position: int
    type: str = "string"
    format: str = "default"
    constraints: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    edtf: bool = False
    text: Hygiene = Hygiene.NONE
    language: str | None = None
    missing_values: tuple[str, ...] | None = None
    title: str = ""
    description: str = ""
    example: str | None = None
    observed: bool = False
    title_vi: str = ""


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A reference: `fields` of a resource to `parent_fields` of the resource named `parent`.

    `severity` None: that of the catalogue.
    """

    fields: tuple[str, ...]
    parent: str
    parent_fields: tuple[str, ...]
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Belonging:
    """To which record a row belongs: the one that the first filled reference of `fields` leads to.

    Where `table` is set, that column names the table, and the only field holds the id.
    """

    fields: tuple[str, ...]
    table: str | None = None


@dataclass(frozen=True, slots=True)
class Schema:
    """A Table Schema; `fields_match` says how the header must agree with `fields`.

    `identity` names the fields that together tell what a record is, its title first; `link` the one that
    holds its address; `belongs_to` the record that its rows are part of.
    """

    path: str | None
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    unique_keys: tuple[tuple[str, ...], ...] = ()
    missing_values: tuple[str, ...] = ("",)
    fields_match: str = "exact"
    title: str = ""
    description: str = ""
    identity: tuple[str, ...] = ()
    link: str | None = None
    belongs_to: Belonging | None = None

    def field(self, name: str) -> Field:
        """Return a field by name; KeyError where there is none."""
        for candidate in self.fields:
            if candidate.name == name:
                return candidate
        raise KeyError(name)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the fields in order."""
        return tuple(item.name for item in self.fields)


@dataclass(frozen=True, slots=True)
class Declared:
    """What a descriptor says its file is like: bytes as stored, a digest by its algorithm, rows, columns.

    `rows` and `fields` are frictionless's own; None where nothing is said.
    """

    bytes: int | None = None
    hash: tuple[str, str] | None = None
    rows: int | None = None
    fields: int | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """A table: where it lies, how it is written, what it should hold.

    `path` is its file, or the first of several, of which `further` names the others; data that stand in the
    descriptor itself are `data`, and `path` is the descriptor's. `compression` is as declared; None: as the
    file's name says. `blocked` says why the data cannot be checked at all.
    """

    name: str
    path: str
    schema: Schema | None
    dialect: Dialect = Dialect()
    encoding: str = "utf-8"
    vocabulary: bool = False
    text: bool = False
    title: str = ""
    description: str = ""
    blocked: Words | None = None
    further: tuple[str, ...] = ()
    compression: str | None = None
    data: Any = None
    declared: Declared = Declared()

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the paths of all its files: none where the data stand in the descriptor."""
        return () if self.data is not None else (self.path, *self.further)


@dataclass(frozen=True, slots=True)
class Package:
    """A package as its descriptor gives it, with the problems that reading the descriptor found.

    `rules` is the folder of its declared rules, `changes` the file that tells what each release changed.
    """

    files: Files
    descriptor: str
    name: str | None
    version: str | None
    title: str
    resources: tuple[Resource, ...]
    rules: str | None
    changes: str | None = None
    created: str | None = None
    problems: tuple[Problem, ...] = ()

    def resource(self, name: str) -> Resource | None:
        """Return a resource by name, or None."""
        return next((item for item in self.resources if item.name == name), None)
