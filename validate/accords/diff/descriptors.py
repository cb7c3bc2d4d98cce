"""Compares what two descriptors say: the package, which tables there are, where and how their files lie.

Apart from `schemas`, which compares the columns of one table: here whole tables come, go and are renamed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from accords.changes import Change
from accords.lints import change
from accords.package import Package, Resource

Pair = tuple[Resource | None, Resource | None]
_TOLD_ELSEWHERE = frozenset("$schema name version created licenses resources profile accords:rules".split())


def compare_packages(old: Package, new: Package) -> Iterator[Change]:
    """Yield what changed outside schemas, rules and rows."""
    for first, second in paired(old, new):
        yield from _compare_resources(first, second)
    if not old.descriptor:
        return
    before, after = _properties(old), _properties(new)
    if old.name != new.name:
        yield change("package-renamed", before=old.name, after=new.name)
    if _licences(before) != _licences(after):
        yield change("licence-changed", before=_licences(before), after=_licences(after))
    for key in sorted(before.keys() | after.keys() - _TOLD_ELSEWHERE):
        if key not in _TOLD_ELSEWHERE and before.get(key) != after.get(key):
            yield change("metadata-changed", field=key, what=f"{key} of the package")


def paired(old: Package, new: Package) -> list[Pair]:
    """Return the tables of both sides in the order of the new one; those that are gone come last.

    A table under another name is the same where its file is, or where it alone has these columns.
    """
    gone = [item for item in old.resources if new.resource(item.name) is None]
    pairs: list[Pair] = []
    for item in new.resources:
        before = old.resource(item.name) or next((was for was in gone if _same(was, item, old, new)), None)
        if before in gone:
            gone.remove(before)
        pairs.append((before, item))
    return [*pairs, *((item, None) for item in gone)]


def _same(was: Resource, item: Resource, old: Package, new: Package) -> bool:
    if was.data is None and was.paths == item.paths:
        return True
    names = [resource.schema.names if resource.schema else () for resource in (was, item)]
    alone = all(
        sum(resource.schema is not None and resource.schema.names == names[0] for resource in package.resources) == 1
        for package in (old, new)
    )
    return bool(names[0]) and names[0] == names[1] and alone


def _compare_resources(old: Resource | None, new: Resource | None) -> Iterator[Change]:
    """Yield what changed about a table but for its schema and its rows."""
    if new is None or old is None:
        if old:
            yield change("resource-removed", old.name)
        elif new:
            yield change("resource-added", new.name)
        return
    if old.name != new.name:
        yield change("resource-renamed", new.name, before=old.name, after=new.name)
    if old.paths != new.paths:
        yield change("path-changed", new.name, before=", ".join(old.paths), after=", ".join(new.paths))
    if old.encoding.lower() != new.encoding.lower():
        yield change("encoding-changed", new.name, before=old.encoding, after=new.encoding)
    parts = [name for name in old.dialect.__slots__ if getattr(old.dialect, name) != getattr(new.dialect, name)]
    if old.compression != new.compression:
        parts.append("compression")
    if parts:
        yield change("dialect-changed", new.name, what=", ".join(parts))
    for name in ("title", "description"):
        if getattr(old, name) != getattr(new, name):
            yield change("metadata-changed", new.name, name, what=f"the {name} of {new.name}")


def _properties(package: Package) -> dict[str, Any]:
    """Return the descriptor as it stands; it was read before, so that it is known to be JSON."""
    content = json.loads(package.files.read(package.descriptor).decode("utf-8-sig"))
    return content if isinstance(content, dict) else {}


def _licences(properties: dict[str, Any]) -> str | None:
    listed = properties.get("licenses")
    if not isinstance(listed, list) or not listed:
        return None
    named = [item.get("name") or item.get("path") for item in listed if isinstance(item, dict)]
    return ", ".join(sorted(str(name) for name in named))
