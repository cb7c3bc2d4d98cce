"""Reads `datapackage.json` into the records of `package`.

Apart from `package`, because this is where JSON that anybody may have written is doubted: what cannot be
understood becomes a problem of the descriptor and blocks the resource that it concerns, no more.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from accords import revisions
from accords.archives import find
from accords.catalogue import problem
from accords.documents import read_json
from accords.errors import PackageError
from accords.files import Files, UnsafePath
from accords.package import Package, Resource, Schema
from accords.problems import Problem
from accords.resources import ResourceReader, misspelt
from accords.vocabulary import PACKAGE_PROPERTIES
from accords.words import Words, said
from accords.worker import at


def load(path: Path) -> Package:
    """Return the package at `path`: a folder, a descriptor or a zip.

    Raises `PackageError` where no package is there or its descriptor is no JSON object; every other
    fault of the descriptor is in `Package.problems`.
    """
    return _read(*find(path))


def load_at(where: str, beside: Path) -> Package:
    """Return the package that a call names: at a path, as `load` does, or else at a git revision.

    A revision is one of the repository in which `beside`, the package to compare with, lies: `v0.1.0` is the
    same folder there, `v0.1.0:FOLDER` another one. A path that exists goes before a revision of that name.
    Raises `PackageError` as `load` does, and where `where` is neither.
    """
    return load(Path(where)) if os.path.lexists(where) else _read(*revisions.find(where, beside))


def _read(files: Files, name: str) -> Package:
    at(f"while it read {name}")
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
        misspelt(content, PACKAGE_PROPERTIES, said("the package"), lambda code, what: self.report(code, None, what))
        listed = content.get("resources")
        if not isinstance(listed, list) or not listed:
            self.report("package-error", None, said("the package lists no resources"))
            listed = []
        resources: list[Resource] = []
        for number, item in enumerate(listed, 1):
            resource = self.resource(item, number)
            if resource and any(resource.name == other.name for other in resources):
                told = said("two resources are called {name}", name=repr(resource.name))
                self.report("resource-error", resource.name, told)
            elif resource:
                resources.append(resource)
        places = {}
        for key, what in (("accords:rules", said("a folder")), ("accords:changes", said("a file"))):
            places[key] = content.get(key)
            if places[key] is not None and not isinstance(places[key], str):
                self.report("package-error", None, said("`{key}` must be the path of {what}", key=key, what=what))
                places[key] = None
        text = {key: value if isinstance(value, str) else None for key, value in content.items()}
        return Package(
            files=self.files,
            descriptor=self.descriptor,
            name=text.get("name"),
            version=text.get("version"),
            title=text.get("title") or "",
            resources=tuple(self.linked(item, resources) for item in resources),
            rules=places["accords:rules"],
            changes=places["accords:changes"],
            created=text.get("created"),
            problems=tuple(self.problems),
        )

    def report(self, code: str, resource: str | None, what: Words, path: str | None = None) -> None:
        place = path or self.descriptor
        self.problems.append(problem(code, resource, place, params={"what": what}))

    def resource(self, item: Any, number: int) -> Resource | None:
        if not isinstance(item, dict):
            self.report("resource-error", None, said("resource {number} is no JSON object", number=number))
            return None
        name = item.get("name")
        if not isinstance(name, str) or not name:
            self.report("resource-error", None, said("resource {number} has no name", number=number))
            return None
        reader = ResourceReader(self.files, self.descriptor, name)
        resource = reader.resource(item)
        self.problems.extend(reader.problems)
        return resource

    def linked(self, resource: Resource, resources: list[Resource]) -> Resource:
        """Return the resource without the foreign keys whose parent or whose fields do not exist."""
        schema = resource.schema
        if not schema:
            return resource
        kept = []
        for key in schema.foreign_keys:
            parent = next((item for item in resources if item.name == key.parent), None)
            where = said(
                "the foreign key of {table} on {fields}", table=repr(resource.name), fields=", ".join(key.fields)
            )
            above = repr(key.parent)
            if not parent:
                what = said("{where} names {parent}, which is no table here", where=where, parent=above)
                self.report("schema-error", resource.name, what, schema.path)
            elif not parent.schema:
                kept.append(key)  # it is not evaluated, and said so
            elif missing := set(key.parent_fields) - set(parent.schema.names):
                lacking = ", ".join(sorted(missing))
                what = said(
                    "{where} names {fields}, which {parent} does not have", where=where, fields=lacking, parent=above
                )
                self.report("schema-error", resource.name, what, schema.path)
            else:
                kept.append(key)
                if not any(parts and set(parts) <= set(key.parent_fields) for parts in _keys(parent.schema)):
                    named = ", ".join(key.parent_fields)
                    what = said(
                        "{where} names {fields} of {parent}, which need not be unique",
                        where=where,
                        fields=named,
                        parent=above,
                    )
                    self.report("reference-ambiguous", resource.name, what, schema.path)
        return replace(resource, schema=replace(schema, foreign_keys=tuple(kept)))


def _keys(schema: Schema) -> list[tuple[str, ...]]:
    """Return the lists of fields whose values a schema wants to be unique."""
    unique = [(item.name,) for item in schema.fields if item.constraints.get("unique") is True]
    return [schema.primary_key, *schema.unique_keys, *unique]
