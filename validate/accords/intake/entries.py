"""Checks a document against the form and returns what it says: records with values, each with its trail.

Apart from `merging`, which makes rows: here is what can be said of one document alone, without the package's
records. Every value is mended as `accords tidy` would (blanks, line breaks, Unicode form) and, where it is of
a type, read: a wrong one is a finding, and stays, so that everything wrong is said at once.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from accords.intake.document import Document, Trail
from accords.intake.findings import Findings
from accords.intake.form import Kind, Property, Section
from accords.intake.scalars import Scalars
from accords.tidy import mended
from accords.words import Words, said


@dataclass(frozen=True, slots=True)
class Value:
    """A text, as it goes into a cell, and where it stands."""

    text: str
    trail: Trail


@dataclass(eq=False, slots=True)
class Entry:
    """One mapping of a document: what it says, by the names of the form; empty values are left out.

    `lists` holds lists of texts, `entries` lists of mappings, `replaces` the values to be replaced by column,
    `removes` what is to be taken out of the lists of a known record.
    """

    document: Document
    section: Section
    trail: Trail
    values: dict[str, Value] = field(default_factory=dict)
    lists: dict[str, list[Value]] = field(default_factory=dict)
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    replaces: dict[str, Value] = field(default_factory=dict)
    removes: Entry | None = None

    def text(self, name: str) -> str:
        """Return a value, or "" where there is none."""
        return self.values[name].text if name in self.values else ""

    def at(self, name: str) -> Trail:
        """Return where a value stands, or the whole entry."""
        return self.values[name].trail if name in self.values else self.trail

    @property
    def new(self) -> bool:
        """Tell whether the contributor says that the record is another than those that look like it."""
        return self.text("new") == "true"


_NOTHING = frozenset({"", "_No response_"})  # the second is what a form of GitHub writes


class Checker:
    """Reads documents by the form; what is wrong goes into `findings`."""

    def __init__(self, form: Section, scalars: Scalars, findings: Findings) -> None:
        self._form, self.scalars, self._findings = form, scalars, findings

    def check(self, document: Document) -> Entry:
        """Return what a document says; one that says nothing is a finding."""
        for fault in document.faults:
            self._findings.report(fault.code, document, fault.trail, fault.variant, fault.params, value=fault.value)
        if blank(document.content):
            self._findings.report("contribution-empty", document, ())
        return self._entry(document, self._form, document.content, ())

    def _entry(self, document: Document, section: Section, content: dict[str, Any], trail: Trail) -> Entry:
        entry = Entry(document, section, trail)
        for key, value in content.items():
            item = section.properties.get(key)
            if item is None:
                self._unknown(entry, key)
            elif not blank(value):
                self._property(entry, item, value)
        for name in sorted(section.required - set(entry.values)):
            what = section.properties[name].words["en"].title
            self._findings.report("entry-missing", document, (*trail, name), params={"what": name, "title": what})
        return entry

    def _unknown(self, entry: Entry, key: str) -> None:
        known = list(entry.section.properties)
        close = difflib.get_close_matches(key, known, 1, 0.6)
        keys = ", ".join(known)
        hint = (
            said("Did you mean {near}?", near=close[0])
            if close
            else said("These keys are known here: {keys}.", keys=keys)
        )
        trail = (*entry.trail, key)
        self._findings.report("entry-unknown", entry.document, trail, hint=hint, value=key)

    def _property(self, entry: Entry, item: Property, value: Any) -> None:
        trail = (*entry.trail, item.name)
        if item.kind in (Kind.RECORD, Kind.REMOVES) and item.section:
            if isinstance(value, dict):
                found = self._entry(entry.document, item.section, value, trail)
                if item.kind is Kind.REMOVES:
                    entry.removes = found
                else:
                    entry.entries[item.name] = [found]
            else:
                self._misshapen(entry.document, trail, said("keys with values"), value)
        elif item.kind in (Kind.RECORDS, Kind.CITATIONS) and item.section:
            entry.entries[item.name] = list(self._entries(entry.document, item, value, trail))
        elif item.kind is Kind.TEXTS:
            spots = [(*trail, number) for number in range(len(value))] if isinstance(value, list) else [trail]
            listed = value if isinstance(value, list) else [value]
            filled = ((one, at) for one, at in zip(listed, spots, strict=True) if not blank(one))
            read = (self._value(entry.document, item, one, at) for one, at in filled)
            entry.lists[item.name] = [one for one in read if one]
        elif item.kind is Kind.REPLACES:
            self._replaces(entry, value, trail)
        elif read_value := self._value(entry.document, item, value, trail):
            entry.values[item.name] = read_value

    def _entries(self, document: Document, item: Property, value: Any, trail: Trail) -> Iterator[Entry]:
        assert item.section is not None  # noqa: S101 -- what the two kinds have
        short = item.kind is Kind.CITATIONS  # one citation needs no list, and one without a field no mapping
        if short and isinstance(value, str | dict):
            value, spots = [value], [trail]
        elif isinstance(value, list):
            spots = [(*trail, number) for number in range(len(value))]
        else:
            self._misshapen(document, trail, said("a list"), value)
            return
        for one, at in zip(value, spots, strict=True):
            if blank(one):
                continue
            if short and isinstance(one, str):
                one = {"of": one}
            if isinstance(one, dict):
                yield self._entry(document, item.section, one, at)
            else:
                self._misshapen(document, at, said("keys with values"), one)

    def _value(self, document: Document, item: Property, value: Any, trail: Trail) -> Value | None:
        if not isinstance(value, str):
            self._misshapen(document, trail, said("a single text"), value)
            return None
        text = mended(value)
        if not text:
            return None
        return Value(self.scalars.read(document, item, text, trail), trail)

    def _replaces(self, entry: Entry, value: Any, trail: Trail) -> None:
        if not isinstance(value, dict):
            self._misshapen(entry.document, trail, said("columns with the values that are replaced"), value)
            return
        for key, old in value.items():
            item, spot = entry.section.properties.get(key), (*trail, key)
            if item is None or item.column is None or item.section or item.kind is Kind.TEXTS:
                self._findings.report("entry-unknown", entry.document, spot, value=key)
            elif isinstance(old, str):
                entry.replaces[key] = Value(mended(old), spot)
            else:
                self._misshapen(entry.document, spot, said("a single text"), old)

    def _misshapen(self, document: Document, trail: Trail, expected: Words, value: Any) -> None:
        found = said("a text")
        if isinstance(value, list | dict):
            found = said("a list") if isinstance(value, list) else said("keys with values")
        params = {"expected": expected, "found": found}
        shown = value if isinstance(value, str) else None
        self._findings.report("entry-misshapen", document, trail, params=params, value=shown)


def blank(value: Any) -> bool:
    """Tell whether nothing is filled in: an empty text, or a list or mapping of nothing else."""
    if isinstance(value, dict):
        return all(blank(item) for item in value.values())
    if isinstance(value, list):
        return all(blank(item) for item in value)
    return value is None or str(value).strip() in _NOTHING
