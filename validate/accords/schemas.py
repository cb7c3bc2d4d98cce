"""Reads one Table Schema (JSON) into `package.Schema`.

Apart from `descriptor`, because a schema is read the same wherever it stands, in a file or inline, and
because what is doubted here is the schema's content: types, constraints, keys, names nobody knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from accords.catalogue import problem
from accords.fieldtypes import CONSTRAINTS, EVERYWHERE, admits
from accords.package import Field, ForeignKey, Hygiene, Schema
from accords.problems import Problem
from accords.vocabulary import FIELD_PROPERTIES, SCHEMA_PROPERTIES, nearest

TYPES = frozenset(
    "string number integer boolean object array list datetime date time year yearmonth duration "
    "geopoint geojson any".split()
)
ITEM_TYPES = frozenset("string integer boolean number datetime date time".split())
FIELDS_MATCH = ("exact", "equal", "subset", "superset", "partial")
_VALUED = frozenset("enum categories minimum maximum exclusiveMinimum exclusiveMaximum".split())
_OPTIONS = "decimalChar groupChar bareNumber trueValues falseValues itemType delimiter".split()


@dataclass
class SchemaReader:
    """Gathers the problems of one schema; `text` is what the resource says of text hygiene."""

    resource: str
    path: str
    text: bool
    problems: list[Problem] = field(default_factory=list)

    def report(self, code: str, what: str, fields: tuple[str, ...] = ()) -> None:
        """Keep a problem of the schema."""
        self.problems.append(problem(code, self.resource, self.path, params={"what": what}, fields=fields))

    def schema(self, content: Any, path: str | None) -> Schema | None:
        """Return the schema, or None where it is no object with fields."""
        listed = content.get("fields") if isinstance(content, dict) else None
        if not isinstance(listed, list) or not listed:
            self.report("schema-error", f"the schema of {self.resource!r} lists no fields")
            return None
        self.unknown(content, SCHEMA_PROPERTIES, f"the schema of {self.resource!r}", ())
        fields = [self.field(item, position) for position, item in enumerate(listed, 1)]
        known = tuple(item for item in fields if item)
        names = [item.name for item in known]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.report("schema-error", f"two fields of {self.resource!r} are called {name!r}", (name,))
        if len(known) < len(fields) or len(set(names)) < len(names):
            return None
        for item in known:
            if item.language is not None and item.language not in names:
                told = f"accords:language of {item.name!r} names {item.language!r}, which is no field"
                self.report("field-error", told, (item.name,))
        return Schema(
            path=path,
            fields=known,
            primary_key=self.names(content.get("primaryKey"), names, "primary key"),
            foreign_keys=self.foreign_keys(content.get("foreignKeys"), names),
            unique_keys=tuple(
                key for item in _listed(content.get("uniqueKeys")) if (key := self.names(item, names, "unique key"))
            ),
            missing_values=self.missing(content, ("",)) or (),
            fields_match=self.match(content.get("fieldsMatch", "exact")),
            title=str(content.get("title", "")),
            description=str(content.get("description", "")),
        )

    def unknown(self, content: dict[str, Any], known: frozenset[str], what: str, fields: tuple[str, ...]) -> None:
        """Report properties that no standard and no custom prefix knows."""
        for key in content:
            if key not in known and ":" not in key and not key.startswith("$"):
                close = nearest(key, known)
                told = f"{what} has the property {key!r}, which nobody reads"
                told += f"; did you mean {close!r}?" if close else ""
                self.problems.append(
                    problem("unknown-property", self.resource, self.path, params={"what": told}, fields=fields)
                )

    def match(self, value: Any) -> str:
        """Return how header and fields must agree; the public profile wants a list, the standard a word."""
        word = value[0] if isinstance(value, list) and len(value) == 1 else value
        if word not in FIELDS_MATCH:
            told = f"fieldsMatch of {self.resource!r} is {value!r}, not one of {', '.join(FIELDS_MATCH)}"
            self.report("schema-error", told)
            return "exact"
        return str(word)

    def missing(self, content: dict[str, Any], default: tuple[str, ...] | None) -> tuple[str, ...] | None:
        """Return the texts that stand for no value, written as texts or as objects with a label."""
        if "missingValues" not in content:
            return default
        listed = content["missingValues"]
        values = [item.get("value") if isinstance(item, dict) else item for item in _listed(listed)]
        if not isinstance(listed, list) or not all(isinstance(value, str) for value in values):
            self.report("schema-error", f"missingValues of {self.resource!r} must list texts")
            return default
        return tuple(str(value) for value in values)

    def field(self, item: Any, position: int) -> Field | None:
        """Return a field, or None where it has no name."""
        if not isinstance(item, dict) or not isinstance(item.get("name"), str) or not item["name"]:
            self.report("field-error", f"field {position} of {self.resource!r} has no name")
            return None
        name, kind = item["name"], item.get("type", "string")
        self.unknown(item, FIELD_PROPERTIES, f"the field {name!r}", (name,))
        if not isinstance(kind, str) or kind not in TYPES:
            close = nearest(str(kind), TYPES)
            told = f"the field {name!r} has the type {kind!r}, which does not exist"
            self.report("field-error", told + (f"; did you mean {close!r}?" if close else ""), (name,))
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
            text=_hygiene(item.get("accords:text", self.text)) if kind in ("string", "any") else Hygiene.NONE,
            language=item.get("accords:language"),
            title=str(item.get("title", "")),
            description=str(item.get("description", "")),
            example=None if example is None else str(example),
        )
        self.own(item, name)
        unfit = [key for key in found.constraints if key in _VALUED and not self.fits(found, key)]
        return replace(found, constraints={key: value for key, value in found.constraints.items() if key not in unfit})

    def fits(self, item: Field, key: str) -> bool:
        """Tell whether the values of a constraint are of the field's type."""
        bound = item.constraints[key]
        wrong = [value for value in (bound if isinstance(bound, list) else [bound]) if not admits(item, value)]
        if wrong:
            told = f"the constraint {key!r} of {item.name!r} has {wrong[0]!r}, which is no {item.type}"
            self.report("field-error", told, (item.name,))
        return not wrong

    def own(self, item: dict[str, Any], name: str) -> None:
        """Report switches of our own that have a value nobody knows."""
        for key, known in (("accords:edtf", (True, False)), ("accords:text", (True, False, "printed"))):
            if key in item and item[key] not in known:
                listed = ", ".join(str(value).lower() for value in known)
                told = f"{key} of {name!r} is {item[key]!r}, not one of {listed}"
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
            self.report("field-error", f"an option of the type of {name!r} has no usable value", (name,))
        return fine

    def constraints(self, item: dict[str, Any], name: str, kind: str) -> dict[str, Any]:
        """Return the constraints that the type takes and that can be used; report the others."""
        listed = item.get("constraints", {})
        if not isinstance(listed, dict):
            self.report("field-error", f"the constraints of {name!r} are no JSON object", (name,))
            return {}
        taken = EVERYWHERE | CONSTRAINTS.get(kind, frozenset())
        every = EVERYWHERE.union(*CONSTRAINTS.values())
        kept = {}
        for key, value in listed.items():
            if key not in every:
                close = nearest(key, every)
                told = f"the field {name!r} has the constraint {key!r}, which does not exist"
                self.report("field-error", told + (f"; did you mean {close!r}?" if close else ""), (name,))
            elif key not in taken and kind in TYPES:
                told = f"the constraint {key!r} of {name!r} does not go with the type {kind!r}"
                self.report("field-error", told, (name,))
            elif self.usable(key, value, name):
                kept[key] = value
        if "categories" in item:
            values = [part.get("value") if isinstance(part, dict) else part for part in _listed(item["categories"])]
            kept["categories"] = values
        return kept

    def usable(self, key: str, value: Any, name: str) -> bool:
        """Tell whether a constraint has a value that it can have."""
        told = ""
        if key in ("required", "unique") and not isinstance(value, bool):
            told = "must be true or false"
        elif key in ("minLength", "maxLength") and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
            told = "must be a whole number"
        elif key == "enum" and (not isinstance(value, list) or not value):
            told = "must be a list of values"
        elif key == "jsonSchema" and not isinstance(value, dict):
            told = "must be a JSON Schema"
        elif key == "pattern":
            try:
                re.compile(value)
            except (re.error, TypeError, RecursionError, OverflowError) as fault:
                told = f"is no regular expression: {fault}"
        if told:
            self.report("field-error", f"the constraint {key!r} of {name!r} {told}", (name,))
        return not told

    def names(self, value: Any, known: list[str], what: str) -> tuple[str, ...]:
        """Return field names written as text or list; () and a problem where one does not exist."""
        names = tuple(str(item) for item in _listed(value))
        for name in names:
            if name not in known:
                close = nearest(name, known)
                told = f"the {what} of {self.resource!r} names {name!r}, which is no field"
                self.report("schema-error", told + (f"; did you mean {close!r}?" if close else ""))
                return ()
        return names

    def foreign_keys(self, listed: Any, names: list[str]) -> tuple[ForeignKey, ...]:
        """Return the keys whose own fields exist; a reference without a resource is to the table itself."""
        keys = []
        for item in _listed(listed):
            reference = item.get("reference") if isinstance(item, dict) else None
            if not isinstance(reference, dict):
                self.report("schema-error", f"a foreign key of {self.resource!r} has no reference")
                continue
            fields = self.names(item.get("fields"), names, "foreign key")
            parent_fields = tuple(str(name) for name in _listed(reference.get("fields")))
            if fields and len(fields) != len(parent_fields):
                told = f"the foreign key of {self.resource!r} on {fields[0]!r} pairs lists of unequal length"
                self.report("schema-error", told)
            elif fields:
                keys.append(ForeignKey(fields, str(reference.get("resource") or self.resource), parent_fields))
        return tuple(keys)


def _hygiene(value: Any) -> Hygiene:
    if value is True:
        return Hygiene.WHOLE
    return Hygiene.PRINTED if value == "printed" else Hygiene.NONE


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
