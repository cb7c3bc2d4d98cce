"""Reads one field of a Table Schema (JSON) into `package.Field`.

Apart from `schemas`, which reads what concerns all fields together: here a single field is doubted, its
type, its options, its constraints and their values, and the names of its properties.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from accords.catalogue import problem
from accords.fieldtypes import CONSTRAINTS, EVERYWHERE, admits
from accords.package import Field, Hygiene
from accords.problems import Problem
from accords.vocabulary import FIELD_PROPERTIES, nearest
from accords.words import Filling, Words, said

TYPES = frozenset(
    "string number integer boolean object array list datetime date time year yearmonth duration "
    "geopoint geojson any".split()
)
ITEM_TYPES = ("string", "integer", "boolean", "number", "datetime", "date", "time")
_VALUED = frozenset("enum categories minimum maximum exclusiveMinimum exclusiveMaximum".split())
_OPTIONS = "decimalChar groupChar bareNumber trueValues falseValues itemType delimiter".split()


@dataclass
class FieldReader:
    """Gathers the problems of a schema's fields; `text` is what the resource says of text hygiene.

    `of` is " of" and the table's name for a schema inside the descriptor, "" for a file that several
    tables may share.
    """

    resource: str
    path: str
    text: bool
    of: Filling = ""
    problems: list[Problem] = field(default_factory=list)

    def report(self, code: str, what: Words, fields: tuple[str, ...] = ()) -> None:
        """Keep a problem of the schema."""
        self.problems.append(problem(code, self.resource, self.path, params={"what": what}, fields=fields))

    def unknown(self, content: dict[str, Any], known: frozenset[str], what: Words, fields: tuple[str, ...]) -> None:
        """Report properties that no standard and no custom prefix knows."""
        for key in content:
            if key not in known and ":" not in key and not key.startswith("$"):
                self.report("unknown-property", unread(what, key, nearest(key, known)), fields)

    def missing(self, content: dict[str, Any], default: tuple[str, ...] | None) -> tuple[str, ...] | None:
        """Return the texts that stand for no value, written as texts or as objects with a label."""
        if "missingValues" not in content:
            return default
        given = content["missingValues"]
        values = [item.get("value") if isinstance(item, dict) else item for item in listed(given)]
        if not isinstance(given, list) or not all(isinstance(value, str) for value in values):
            self.report("schema-error", said("missingValues{of} must list texts", of=self.of))
            return default
        return tuple(str(value) for value in values)

    def field(self, item: Any, position: int) -> Field | None:
        """Return a field, or None where it has no name."""
        if not isinstance(item, dict) or not isinstance(item.get("name"), str) or not item["name"]:
            self.report("field-error", said("field {position}{of} has no name", position=position, of=self.of))
            return None
        name, kind = item["name"], item.get("type", "string")
        self.unknown(item, FIELD_PROPERTIES, said("the field {name}", name=repr(name)), (name,))
        if not isinstance(kind, str) or kind not in TYPES:
            told = said(
                "the field {name} has the type {type}, which does not exist{near}",
                name=repr(name),
                type=repr(kind),
                near=near(nearest(str(kind), TYPES)),
            )
            self.report("field-error", told, (name,))
            kind = "unknown"
        example = item.get("example")
        options = {key: item[key] for key in _OPTIONS if key in item}
        found = Field(
            name=name,
            position=position,
            type=kind,
            format=str(item.get("format", "default")),
            constraints=self.constraints(item, name, kind),
            options=options if self.options(options, name) else {},
            missing_values=self.missing(item, None),
            edtf=item.get("accords:edtf") is True,
            text=_hygiene(item.get("accords:text", self.text)) if _is_text(kind, item) else Hygiene.NONE,
            language=item.get("accords:language"),
            title=str(item.get("title", "")),
            description=str(item.get("description", "")),
            example=None if example is None else str(example),
            observed=item.get("accords:observed") is True,
            title_vi=str(item.get("accords:title_vi", "")),
        )
        self.own(item, name)
        if example not in (None, "") and not admits(found, example):
            told = said(
                "the example of {name} is {example}, which is no {type}",
                name=repr(name),
                example=repr(example),
                type=kind,
            )
            self.report("field-error", told, (name,))
        unfit = [key for key in found.constraints if key in _VALUED and not self.fits(found, key)]
        return replace(found, constraints={key: value for key, value in found.constraints.items() if key not in unfit})

    def fits(self, item: Field, key: str) -> bool:
        """Tell whether the values of a constraint are of the field's type."""
        bound = item.constraints[key]
        wrong = [value for value in (bound if isinstance(bound, list) else [bound]) if not admits(item, value)]
        if wrong:
            told = said(
                "the constraint {key} of {name} has {value}, which is no {type}",
                key=repr(key),
                name=repr(item.name),
                value=repr(wrong[0]),
                type=item.type,
            )
            self.report("field-error", told, (item.name,))
        return not wrong

    def own(self, item: dict[str, Any], name: str) -> None:
        """Report switches of our own that have a value nobody knows."""
        switches = {
            "accords:edtf": (True, False),
            "accords:observed": (True, False),
            "accords:text": (True, False, "printed"),
        }
        for key, known in switches.items():
            if key in item and item[key] not in known:
                words = ", ".join(str(value).lower() for value in known)
                told = said(
                    "{key} of {name} is {value}, not one of {words}",
                    key=key,
                    name=repr(name),
                    value=repr(item[key]),
                    words=words,
                )
                self.report("field-error", told, (name,))

    def options(self, options: dict[str, Any], name: str) -> bool:
        """Tell whether the type's options can be used."""
        fine = all(isinstance(options.get(key, ""), str) for key in ("decimalChar", "groupChar", "delimiter"))
        fine = fine and isinstance(options.get("bareNumber", True), bool)
        fine = fine and options.get("itemType", "string") in ITEM_TYPES and options.get("delimiter", ",") != ""
        for key in ("trueValues", "falseValues"):
            words = options.get(key, ["x"])
            fine = fine and isinstance(words, list) and all(isinstance(word, str) for word in words)
        if not fine:
            told = said("an option of the type of {name} has no usable value", name=repr(name))
            self.report("field-error", told, (name,))
        return fine

    def constraints(self, item: dict[str, Any], name: str, kind: str) -> dict[str, Any]:
        """Return the constraints that the type takes and that can be used; report the others."""
        given = item.get("constraints", {})
        if not isinstance(given, dict):
            told = said("the constraints of {name} are no JSON object", name=repr(name))
            self.report("field-error", told, (name,))
            return {}
        taken = EVERYWHERE | CONSTRAINTS.get(kind, frozenset())
        every = EVERYWHERE.union(*CONSTRAINTS.values())
        kept = {}
        for key, value in given.items():
            if key not in every:
                told = said(
                    "the field {name} has the constraint {key}, which does not exist{near}",
                    name=repr(name),
                    key=repr(key),
                    near=near(nearest(key, every)),
                )
                self.report("field-error", told, (name,))
            elif key not in taken and kind in TYPES:
                told = said(
                    "the constraint {key} of {name} does not go with the type {type}",
                    key=repr(key),
                    name=repr(name),
                    type=repr(kind),
                )
                self.report("field-error", told, (name,))
            elif self.usable(key, value, name):
                kept[key] = value
        if "categories" in item:
            values = [part.get("value") if isinstance(part, dict) else part for part in listed(item["categories"])]
            kept["categories"] = values
        return kept

    def usable(self, key: str, value: Any, name: str) -> bool:
        """Tell whether a constraint has a value that it can have."""
        told = None
        if key in ("required", "unique") and not isinstance(value, bool):
            told = said("must be true or false")
        elif key in ("minLength", "maxLength") and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
            told = said("must be a whole number")
        elif key == "enum" and (not isinstance(value, list) or not value):
            told = said("must be a list of values")
        elif key == "jsonSchema" and not isinstance(value, dict):
            told = said("must be a JSON Schema")
        elif key == "pattern":
            try:
                re.compile(value)
            except (re.error, TypeError, RecursionError, OverflowError) as fault:
                told = said("is no regular expression: {why}", why=str(fault))
        if told:
            sentence = said("the constraint {key} of {name} {wanted}", key=repr(key), name=repr(name), wanted=told)
            self.report("field-error", sentence, (name,))
        return not told


def unread(what: Words, key: str, close: str | None) -> Words:
    """Return the words for a property that nobody reads, with the known one that it is like."""
    return said("{what} has the property {key}, which nobody reads{near}", what=what, key=repr(key), near=near(close))


def near(word: str | None) -> Filling:
    """Return a question that ends a sentence: whether a word was meant; "" where there is none."""
    return said("; did you mean {word}?", word=repr(word)) if word else ""


def listed(value: Any) -> list[Any]:
    """Return a value that may stand alone or in a list as a list; nothing as an empty one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _hygiene(value: Any) -> Hygiene:
    if value is True:
        return Hygiene.WHOLE
    return Hygiene.PRINTED if value == "printed" else Hygiene.NONE


def _is_text(kind: str, item: dict[str, Any]) -> bool:
    """Tell whether a field holds text for people: an address or a number in a form of its own does not."""
    return kind in ("string", "any") and item.get("format", "default") == "default"
