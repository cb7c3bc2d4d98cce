"""Reads one resource of `datapackage.json` into `package.Resource`.

Apart from `descriptor`, because a resource is doubted by itself: what cannot be understood becomes a
problem of the descriptor and blocks this resource, no more.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from accords.catalogue import problem
from accords.dialects import PROPERTIES, DialectReader
from accords.documents import read_json
from accords.errors import CannotCheck
from accords.fields import unread
from accords.files import Files, UnsafePath, judge
from accords.measures import declared
from accords.package import Dialect, Resource, Schema
from accords.problems import Problem
from accords.schemas import SchemaReader
from accords.streams import COMPRESSIONS
from accords.vocabulary import RESOURCE_PROPERTIES, nearest
from accords.words import Words, reason, said

VOCABULARY_FIELDS = frozenset("broader replaced_by status".split())
_TEXTS = frozenset("csv tsv tab txt psv dat".split())
_TABS = frozenset(("tsv", "tab", "text/tab-separated-values"))
_OTHERS = frozenset("json jsonl ndjson geojson xls xlsx xlsm xlsb ods parquet feather arrow sqlite db pdf".split())
# Encodings of Python's that are no encodings of files: they serve names of hosts, source code, or nothing.
_ODD = frozenset("idna punycode undefined unicode-escape raw-unicode-escape utf-7 mbcs oem palmos".split())


@dataclass
class ResourceReader:
    """Gathers the problems of one resource; `blocked` is the first reason why its data cannot be checked."""

    files: Files
    descriptor: str
    name: str
    problems: list[Problem] = field(default_factory=list)
    blocked: Words | None = None

    def report(self, code: str, what: Words) -> None:
        """Keep a problem of the descriptor."""
        self.problems.append(problem(code, self.name, self.descriptor, params={"what": what}))

    def refuse(self, what: Words, reason: Words | None = None) -> None:
        """Report the resource as faulty and block it."""
        self.report("resource-error", self.about(what))
        self.block(reason or what)

    def about(self, what: Words) -> Words:
        """Return a sentence with the name of the resource before it."""
        return said("resource {name}: {what}", name=repr(self.name), what=what)

    def block(self, reason: Words) -> None:
        """Note why the data cannot be checked."""
        self.blocked = self.blocked or reason

    def resource(self, item: dict[str, Any]) -> Resource:
        """Return the resource; `blocked` says why its data cannot be checked."""
        misspelt(item, RESOURCE_PROPERTIES, said("the resource {name}", name=repr(self.name)), self.report)
        paths, data = self.paths(item.get("path")), item.get("data")
        if data is not None:
            self.data(item, data)
        elif item.get("path") is None:
            self.refuse(said("the resource has no path"))
        schema = self.schema(item)
        dialect = self.dialect(item)
        if isinstance(data, list):
            dialect = Dialect(header=dialect.header or not data or isinstance(data[0], dict))
        if schema and dialect.null_sequence is not None:
            schema = _with_missing(schema, dialect.null_sequence)
        encoding, compression = item.get("encoding", "utf-8"), item.get("compression")
        if not isinstance(encoding, str) or not _known(encoding):
            told = said("the encoding {encoding} is not known", encoding=repr(encoding))
            self.refuse(told, said("its encoding is not known"))
        if compression is not None and compression not in COMPRESSIONS:
            told = said("the compression {compression} is not known", compression=repr(compression))
            self.refuse(told, said("its compression is not known"))
        self.format(item, paths)
        self.switches(item, schema)
        return Resource(
            name=self.name,
            path=self.descriptor if data is not None else paths[0] if paths else "",
            schema=schema,
            dialect=dialect,
            encoding=str(encoding),
            vocabulary=item.get("accords:vocabulary") is True,
            text=item.get("accords:text") is True,
            title=str(item.get("title", "")),
            description=str(item.get("description", "")),
            blocked=self.blocked,
            further=paths[1:],
            compression=compression if isinstance(compression, str) else None,
            data=data,
            declared=declared(item, self.report),
        )

    def paths(self, value: Any) -> tuple[str, ...]:
        """Return the paths as they stand, whether one or a list; block where one is refused."""
        if value is None:
            return ()
        listed = value if isinstance(value, list) else [value]
        if not listed or not all(isinstance(path, str) for path in listed):
            self.refuse(said("the path must be one file or a list of files"))
            return ()
        for path in listed:
            try:
                judge(path)
            except UnsafePath as fault:
                self.refuse(said("the path {path} is refused: {why}", path=repr(path), why=reason(fault)))
        return tuple(listed)

    def data(self, item: dict[str, Any], data: Any) -> None:
        """Block data in the descriptor that are no table."""
        if item.get("path") is not None:
            self.refuse(said("the resource has a path and data, and may have one of them"))
        elif isinstance(data, str):
            if _form(item) not in _TEXTS | {"text/csv", "text/tab-separated-values"}:
                self.refuse(said("data that are a text need the format csv"))
        elif not isinstance(data, list):
            self.refuse(said("the data must be a list of rows or the text of a CSV"))

    def format(self, item: dict[str, Any], paths: tuple[str, ...]) -> None:
        """Block files of a format that is not read here."""
        form, declared = _form(item), item.get("format")
        if item.get("data") is not None:
            return
        if isinstance(declared, str) and form not in _TEXTS:
            self.block(said("the format {format} is not read, only delimited text is", format=repr(declared)))
        for path in paths if declared is None else ():
            ending = path.lower().removesuffix(".gz").rsplit(".", 1)[-1]
            if ending in _OTHERS:
                self.block(said("a file that ends in .{ending} is not read, only delimited text is", ending=ending))

    def switches(self, item: dict[str, Any], schema: Schema | None) -> None:
        """Report what our own properties cannot mean."""
        for key in ("accords:text", "accords:vocabulary"):
            if not isinstance(item.get(key, False), bool):
                self.report("resource-error", self.about(said("`{key}` must be true or false", key=key)))
        fit = schema is None or (len(schema.primary_key) == 1 and set(schema.names) >= VOCABULARY_FIELDS)
        if item.get("accords:vocabulary") is True and not fit:
            told = said("a vocabulary needs a primary key of one field and the fields broader, replaced_by and status")
            self.report("resource-error", self.about(told))

    def referred(self, path: str, what: Words, code: str) -> Any:
        """Return the JSON that a path leads to; None and a problem, which `what` opens, where there is none."""
        try:
            text = self.files.read(path).decode("utf-8-sig")
            content, doubled = read_json(text, path, CannotCheck)
        except (OSError, UnicodeDecodeError, UnsafePath, CannotCheck) as fault:
            why = said("it cannot be read")
            if isinstance(fault, CannotCheck | UnsafePath):
                why = reason(fault)
            self.report(code, said("{what} cannot be used: {why}", what=what, why=why))
            return None
        for key in doubled:
            self.problems.append(problem("duplicate-property", self.name, path, value=key))
        return content

    def schema(self, item: dict[str, Any]) -> Schema | None:
        """Return the schema, which stands here or in a file of its own."""
        content = item.get("schema")
        path = content if isinstance(content, str) else None
        if path is not None:
            what = said("the schema {path} of {name}", path=repr(path), name=repr(self.name))
            content = self.referred(path, what, "schema-error")
        if content is None:
            return None
        of = "" if path else said(" of {name}", name=repr(self.name))
        reader = SchemaReader(self.name, path or self.descriptor, item.get("accords:text") is True, of)
        schema = reader.schema(content, path)
        self.problems.extend(reader.problems)
        return schema

    def dialect(self, item: dict[str, Any]) -> Dialect:
        """Return the dialect, which stands here or in a file of its own; block where it cannot be followed."""
        content = item.get("dialect", {})
        if isinstance(content, str):
            what = said("the dialect {path} of {name}", path=repr(content), name=repr(self.name))
            content = self.referred(content, what, "dialect-error")
            if content is None:
                self.block(said("its dialect cannot be read"))
                return Dialect()
        if not isinstance(content, dict):
            self.report("dialect-error", self.about(said("a dialect must be a JSON object")))
            self.block(said("its dialect cannot be read"))
            return Dialect()
        what = said("the dialect of {name}", name=repr(self.name))
        misspelt(content, PROPERTIES, what, self.report, all_unknown=True)
        reader = DialectReader()
        dialect = reader.dialect(content, "\t" if _form(item) in _TABS else ",")
        for fault in reader.faults:
            self.report("dialect-error", self.about(fault))
            self.block(said("its dialect cannot be read"))
        if reader.unread:
            self.block(reader.unread)
        return Dialect() if reader.faults else dialect


def misspelt(
    content: dict[str, Any],
    known: frozenset[str],
    what: Words,
    report: Callable[[str, Words], None],
    all_unknown: bool = False,
) -> None:
    """Report properties that are like a known one; with `all_unknown` every one that has no prefix of its own."""
    for key in content:
        if key in known or ":" in key or key.startswith("$"):
            continue
        close = nearest(key, known)
        if close or all_unknown:
            report("unknown-property", unread(what, key, close))


def _form(item: dict[str, Any]) -> str:
    """Return the declared format, or the media type where there is none, in small letters."""
    form = item.get("format") or item.get("mediatype")
    return form.lower() if isinstance(form, str) else ""


def _with_missing(schema: Schema, value: str) -> Schema:
    """Return the schema with one more text that stands for no value."""
    fields = tuple(
        item if item.missing_values is None else replace(item, missing_values=(*item.missing_values, value))
        for item in schema.fields
    )
    return replace(schema, fields=fields, missing_values=(*schema.missing_values, value))


def _known(encoding: str) -> bool:
    try:
        found = codecs.lookup(encoding)
    except (LookupError, ValueError):
        return False
    return bool(getattr(found, "_is_text_encoding", True)) and found.name.replace("_", "-") not in _ODD
