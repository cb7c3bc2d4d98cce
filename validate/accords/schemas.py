"""Reads one Table Schema (JSON) into `package.Schema`.

Apart from `resources`, because a schema is read the same wherever it stands, in a file or inline; apart from
`fields`, because here is what concerns several fields: their names, keys and references.
"""

from __future__ import annotations

from typing import Any

from accords.fields import FieldReader, listed, near
from accords.package import Belonging, ForeignKey, Schema
from accords.problems import Severity
from accords.vocabulary import SCHEMA_PROPERTIES, nearest
from accords.words import Words, said

FIELDS_MATCH = ("exact", "equal", "subset", "superset", "partial")
_SEVERITIES = tuple(severity.label for severity in Severity)


class SchemaReader(FieldReader):
    """Gathers the problems of one schema."""

    def schema(self, content: Any, path: str | None) -> Schema | None:
        """Return the schema, or None where it is no object with fields."""
        given = content.get("fields") if isinstance(content, dict) else None
        if not isinstance(given, list) or not given:
            self.report("schema-error", said("the schema{of} lists no fields", of=self.of))
            return None
        self.unknown(content, SCHEMA_PROPERTIES, said("the schema{of}", of=self.of), ())
        fields = [self.field(item, position) for position, item in enumerate(given, 1)]
        known = tuple(item for item in fields if item)
        names = [item.name for item in known]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.report("schema-error", said("two fields{of} are called {name}", of=self.of, name=repr(name)), (name,))
        if len(known) < len(fields) or len(set(names)) < len(names):
            return None
        for item in known:
            if item.language is not None and item.language not in names:
                told = said(
                    "accords:language of {name} names {language}, which is no field",
                    name=repr(item.name),
                    language=repr(item.language),
                )
                self.report("field-error", told, (item.name,))
        return Schema(
            path=path,
            fields=known,
            primary_key=self.names(content.get("primaryKey"), names, said("primary key")),
            foreign_keys=self.foreign_keys(content.get("foreignKeys"), names),
            unique_keys=tuple(
                key
                for item in listed(content.get("uniqueKeys"))
                if (key := self.names(item, names, said("unique key")))
            ),
            missing_values=self.missing(content, ("",)) or (),
            fields_match=self.match(content.get("fieldsMatch", "exact")),
            title=str(content.get("title", "")),
            description=str(content.get("description", "")),
            identity=self.names(content.get("accords:identity"), names, Words("accords:identity")),
            link=next(iter(self.names(content.get("accords:link"), names, Words("accords:link"))), None),
            belongs_to=self.belonging(content.get("accords:belongs_to"), names),
        )

    def belonging(self, value: Any, names: list[str]) -> Belonging | None:
        """Return to which record rows belong: references, or the columns that hold a table's name and an id."""
        if value is None:
            return None
        if isinstance(value, dict):
            found = self.names([value.get("table"), value.get("id")], names, Words("accords:belongs_to"))
            return Belonging(found[1:], found[0]) if found else None
        fields = self.names(value, names, Words("accords:belongs_to"))
        return Belonging(fields) if fields else None

    def match(self, value: Any) -> str:
        """Return how header and fields must agree; the public profile wants a list, the standard a word."""
        word = value[0] if isinstance(value, list) and len(value) == 1 else value
        if word not in FIELDS_MATCH:
            told = said(
                "fieldsMatch{of} is {value}, not one of {words}",
                of=self.of,
                value=repr(value),
                words=", ".join(FIELDS_MATCH),
            )
            self.report("schema-error", told)
            return "exact"
        return str(word)

    def names(self, value: Any, known: list[str], what: Words) -> tuple[str, ...]:
        """Return field names written as text or list; () and a problem where one does not exist."""
        names = tuple(str(item) for item in listed(value))
        for name in names:
            if name not in known:
                told = said(
                    "the {what}{of} names {name}, which is no field{near}",
                    what=what,
                    of=self.of,
                    name=repr(name),
                    near=near(nearest(name, known)),
                )
                self.report("schema-error", told)
                return ()
        return names

    def foreign_keys(self, given: Any, names: list[str]) -> tuple[ForeignKey, ...]:
        """Return the keys whose own fields exist; a reference without a resource is to the table itself."""
        keys = []
        for item in listed(given):
            reference = item.get("reference") if isinstance(item, dict) else None
            if not isinstance(reference, dict):
                self.report("schema-error", said("a foreign key{of} has no reference", of=self.of))
                continue
            fields = self.names(item.get("fields"), names, said("foreign key"))
            parent_fields = tuple(str(name) for name in listed(reference.get("fields")))
            if fields and len(fields) != len(parent_fields):
                told = said(
                    "the foreign key{of} on {field} pairs lists of unequal length", of=self.of, field=repr(fields[0])
                )
                self.report("schema-error", told)
            elif fields:
                parent = str(reference.get("resource") or self.resource)
                keys.append(ForeignKey(fields, parent, parent_fields, self.severity(item, fields)))
        return tuple(keys)

    def severity(self, item: dict[str, Any], fields: tuple[str, ...]) -> Severity | None:
        """Return how bad it is that a reference leads nowhere, where the key says so itself."""
        word = item.get("accords:severity")
        if word is None:
            return None
        if word not in _SEVERITIES:
            told = said(
                "accords:severity of the foreign key{of} on {field} is {value}, not one of {words}",
                of=self.of,
                field=repr(fields[0]),
                value=repr(word),
                words=", ".join(_SEVERITIES),
            )
            self.report("schema-error", told)
            return None
        return Severity[str(word).upper()]
