"""Reads `datapackage.json` and the schemas it names into the records of `package`.

Apart from `package`, because this is where JSON that anybody may have written is doubted: what cannot be
understood becomes a problem of the descriptor and blocks the resource that it concerns, no more.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from accords.catalogue import problem
from accords.documents import read_json
from accords.errors import CannotCheck, PackageError
from accords.files import Files, UnsafePath, find, judge
from accords.package import Dialect, Package, Resource, Schema
from accords.problems import Problem
from accords.schemas import SchemaReader

_DIALECT_CHECKED = {
    "delimiter": "delimiter",
    "quoteChar": "quote_char",
    "doubleQuote": "double_quote",
    "escapeChar": "escape_char",
    "skipInitialSpace": "skip_initial_space",
    "header": "header",
}
_DIALECT_DEFAULTS = {"headerRows": [1], "lineTerminator": "\r\n", "commentRows": [], "type": "delimited"}
_DIALECT_IGNORED = {"$schema", "name", "title", "description", "csvddfVersion", "caseSensitiveHeader", "lineTerminator"}


def load(path: Path) -> Package:
    """Return the package at `path`: a folder, a descriptor or a zip.

    Raises `PackageError` where no package is there or its descriptor is no JSON object; every other
    fault of the descriptor is in `Package.problems`.
    """
    files, name = find(path)
    try:
        text = files.read(name).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError, UnsafePath) as fault:
        raise PackageError(f"{name} cannot be read: {fault}.") from None
    content, doubled = read_json(text, name, PackageError)
    if not isinstance(content, dict):
        raise PackageError(f"{name} is no data package: it must hold a JSON object.")
    return _Reader(files, name).package(content, doubled)


@dataclass
class _Reader:
    """Gathers problems while it reads; one for each descriptor."""

    files: Files
    descriptor: str
    problems: list[Problem] = field(default_factory=list)

    def package(self, content: dict[str, Any], doubled: tuple[str, ...]) -> Package:
        for key in doubled:
            self.problems.append(problem("duplicate-property", None, self.descriptor, value=key))
        listed = content.get("resources")
        if not isinstance(listed, list) or not listed:
            self.report("package-error", None, "the package lists no resources")
            listed = []
        resources: list[Resource] = []
        for number, item in enumerate(listed, 1):
            resource = self.resource(item, number)
            if resource and any(resource.name == other.name for other in resources):
                self.report("resource-error", resource.name, f"two resources are called {resource.name!r}")
            elif resource:
                resources.append(resource)
        rules = content.get("accords:rules")
        if rules is not None and not isinstance(rules, str):
            self.report("package-error", None, "`accords:rules` must be the path of a folder")
            rules = None
        text = {key: value if isinstance(value, str) else None for key, value in content.items()}
        return Package(
            files=self.files,
            descriptor=self.descriptor,
            name=text.get("name"),
            version=text.get("version"),
            title=text.get("title") or "",
            resources=tuple(self.linked(item, resources) for item in resources),
            rules=rules,
            problems=tuple(self.problems),
        )

    def report(self, code: str, resource: str | None, what: str, path: str | None = None) -> None:
        place = path or self.descriptor
        self.problems.append(problem(code, resource, place, params={"what": what}))

    def resource(self, item: Any, number: int) -> Resource | None:
        if not isinstance(item, dict):
            self.report("resource-error", None, f"resource {number} is no JSON object")
            return None
        name, path = item.get("name"), item.get("path")
        if not isinstance(name, str) or not name:
            self.report("resource-error", None, f"resource {number} has no name")
            return None
        blocked: str | None = None
        if not isinstance(path, str):
            blocked = "the path must be one file" if path is not None else "the resource has no path"
        else:
            try:
                judge(path)
            except UnsafePath as fault:
                blocked = f"the path {path!r} is refused: {fault}"
        if blocked:
            self.report("resource-error", name, f"resource {name!r}: {blocked}")
        schema = self.schema(item, name)
        dialect, trouble = self.dialect(item.get("dialect"), name)
        encoding = item.get("encoding", "utf-8")
        if not isinstance(encoding, str) or not _known(encoding):
            self.report("resource-error", name, f"resource {name!r}: the encoding {encoding!r} is not known")
            blocked = blocked or "its encoding is not known"
        return Resource(
            name=name,
            path=path if isinstance(path, str) else "",
            schema=schema,
            dialect=dialect,
            encoding=str(encoding),
            vocabulary=item.get("accords:vocabulary") is True,
            text=item.get("accords:text") is True,
            title=str(item.get("title", "")),
            description=str(item.get("description", "")),
            blocked=blocked or trouble,
        )

    def schema(self, item: dict[str, Any], name: str) -> Schema | None:
        content, path = item.get("schema"), None
        if content is None:
            return None
        if isinstance(content, str):
            path = content
            try:
                text = self.files.read(path).decode("utf-8-sig")
                content, doubled = read_json(text, path, CannotCheck)
            except (OSError, UnicodeDecodeError, UnsafePath, CannotCheck) as fault:
                said = str(fault).rstrip(".") if isinstance(fault, CannotCheck | UnsafePath) else "it cannot be read"
                self.report("schema-error", name, f"the schema {path!r} of {name!r} cannot be used: {said}")
                return None
            for key in doubled:
                self.problems.append(problem("duplicate-property", name, path, value=key))
        reader = SchemaReader(name, path or self.descriptor, item.get("accords:text") is True)
        schema = reader.schema(content, path)
        self.problems.extend(reader.problems)
        return schema

    def dialect(self, content: Any, name: str) -> tuple[Dialect, str | None]:
        if content is None:
            return Dialect(), None
        if not isinstance(content, dict):
            self.report("dialect-error", name, f"resource {name!r}: a dialect must be a JSON object")
            return Dialect(), "its dialect cannot be read"
        found: dict[str, Any] = {}
        trouble: str | None = None
        for key, value in content.items():
            if attribute := _DIALECT_CHECKED.get(key):
                found[attribute] = value
            elif key not in _DIALECT_IGNORED and value != _DIALECT_DEFAULTS.get(key):
                trouble = f"the dialect option {key!r} is not supported yet"
        dialect = replace(Dialect(), **found)
        marks = (dialect.delimiter, dialect.quote_char, dialect.escape_char)
        wrong = not all(isinstance(mark, str) and len(mark) <= 1 for mark in marks) or not dialect.delimiter
        switches = (dialect.double_quote, dialect.skip_initial_space, dialect.header)
        if wrong or not all(isinstance(switch, bool) for switch in switches):
            self.report("dialect-error", name, f"resource {name!r}: a dialect option has no usable value")
            return Dialect(), "its dialect cannot be read"
        if not dialect.header:
            trouble = "a file without a header is not supported yet"
        return dialect, trouble

    def linked(self, resource: Resource, resources: list[Resource]) -> Resource:
        """Return the resource with only those foreign keys whose parent and fields exist."""
        schema = resource.schema
        if not schema:
            return resource
        kept = []
        for key in schema.foreign_keys:
            parent = next((item for item in resources if item.name == key.parent), None)
            where = f"the foreign key of {resource.name!r} on {', '.join(key.fields)}"
            if not parent or not parent.schema:
                self.report(
                    "schema-error", resource.name, f"{where} names {key.parent!r}, which is no table here", schema.path
                )
            elif missing := set(key.parent_fields) - set(parent.schema.names):
                what = f"{where} names {', '.join(sorted(missing))}, which {key.parent!r} does not have"
                self.report("schema-error", resource.name, what, schema.path)
            else:
                kept.append(key)
        return replace(resource, schema=replace(schema, foreign_keys=tuple(kept)))


def _known(encoding: str) -> bool:
    try:
        codecs.lookup(encoding)
    except LookupError:
        return False
    return True
