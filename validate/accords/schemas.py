"""Reads one Table Schema (JSON) into `package.Schema`.

Apart from `descriptor`, because a schema is read the same wherever it stands, in a file or inline.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from accords.catalogue import problem
from accords.package import Field, ForeignKey, Hygiene, Schema
from accords.problems import Problem

TYPES = frozenset(
    "string number integer boolean object array list datetime date time year yearmonth duration "
    "geopoint geojson any".split()
)
CONSTRAINTS = frozenset(
    "required unique pattern enum minimum maximum exclusiveMinimum exclusiveMaximum minLength maxLength "
    "jsonSchema".split()
)
_OPTIONS = (
    "decimalChar groupChar bareNumber trueValues falseValues categories categoriesOrdered itemType delimiter"
).split()


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
        fields = [self.field(item, position) for position, item in enumerate(listed, 1)]
        if None in fields:
            return None
        known = tuple(item for item in fields if item)
        names = [item.name for item in known]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.report("schema-error", f"two fields of {self.resource!r} are called {name!r}", (name,))
            return None
        missing = content.get("missingValues", [""])
        return Schema(
            path=path,
            fields=known,
            primary_key=self.names(content.get("primaryKey"), names, "primary key"),
            foreign_keys=self.foreign_keys(content.get("foreignKeys"), names),
            unique_keys=tuple(
                key for item in _listed(content.get("uniqueKeys")) if (key := self.names(item, names, "unique key"))
            ),
            missing_values=tuple(item["value"] if isinstance(item, dict) else str(item) for item in missing),
            title=str(content.get("title", "")),
            description=str(content.get("description", "")),
        )

    def field(self, item: Any, position: int) -> Field | None:
        """Return a field, or None where it has no name."""
        if not isinstance(item, dict) or not isinstance(item.get("name"), str):
            self.report("field-error", f"field {position} of {self.resource!r} has no name")
            return None
        name, kind = item["name"], item.get("type", "any")
        if kind not in TYPES:
            self.report("field-error", f"the field {name!r} has the type {kind!r}, which does not exist", (name,))
        constraints = item.get("constraints", {})
        if not isinstance(constraints, dict):
            self.report("field-error", f"the constraints of {name!r} are no JSON object", (name,))
            constraints = {}
        for key in sorted(set(constraints) - CONSTRAINTS):
            self.report("field-error", f"the field {name!r} has the constraint {key!r}, which does not exist", (name,))
        if not self.pattern(constraints.get("pattern"), name):
            constraints = {key: value for key, value in constraints.items() if key != "pattern"}
        example = item.get("example")
        return Field(
            name=name,
            position=position,
            type=kind,
            format=item.get("format", "default"),
            constraints={key: value for key, value in constraints.items() if key in CONSTRAINTS},
            options={key: item[key] for key in _OPTIONS if key in item},
            edtf=item.get("accords:edtf") is True,
            text=_hygiene(item.get("accords:text", self.text)) if kind in ("string", "any") else Hygiene.NONE,
            language=item.get("accords:language"),
            title=str(item.get("title", "")),
            description=str(item.get("description", "")),
            example=None if example is None else str(example),
        )

    def pattern(self, pattern: Any, name: str) -> bool:
        """Tell whether the pattern can be used; report one that is no regular expression."""
        if pattern is None:
            return True
        try:
            re.compile(pattern)
        except (re.error, TypeError) as fault:
            self.report("field-error", f"the pattern of {name!r} is no regular expression: {fault}", (name,))
            return False
        return True

    def names(self, value: Any, known: list[str], what: str) -> tuple[str, ...]:
        """Return field names written as text or list; () and a problem where one does not exist."""
        names = tuple(str(item) for item in _listed(value))
        for name in names:
            if name not in known:
                self.report("schema-error", f"the {what} of {self.resource!r} names {name!r}, which is no field")
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
                self.report(
                    "schema-error", f"the foreign key of {self.resource!r} on {fields[0]!r} pairs no equal lists"
                )
            elif fields:
                keys.append(ForeignKey(fields, reference.get("resource") or self.resource, parent_fields))
        return tuple(keys)


def _hygiene(value: Any) -> Hygiene:
    if value is True:
        return Hygiene.WHOLE
    return Hygiene.PRINTED if value == "printed" else Hygiene.NONE


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
