"""Reads single values of a contribution by their kind: dates, numbers, yes and no, codes by code or label.

Apart from `entries`, which knows shapes: here is what one text may be. A value that cannot be read is a
finding and stays as it is.
"""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Iterable, Mapping

from accords import edtf
from accords.intake import dates
from accords.intake.document import Document, Trail
from accords.intake.findings import Findings, listed
from accords.intake.folding import folded, joined, untracked
from accords.intake.form import Kind, Property
from accords.words import said

_YES, _NO = frozenset({"yes", "true", "co", "1"}), frozenset({"no", "false", "khong", "0"})
PARTIAL_DATE = re.compile(
    r"(?:[0-9]{4}(?:-(?:(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?|3[3-6]|4[01]))?|[0-9]{3}X)[?~%]?"
)
"""A date as far as it is known, in the form that the tables take."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_GROUPED = re.compile(r"(-?[1-9][0-9]{0,2})\.([0-9]{3})")
_GUARDED = re.compile(rf"{_GROUPED.pattern}0+")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

_ADDRESSES = frozenset({"url", "archive_url", "website"})
_DEGREES = frozenset({"latitude", "longitude"})  # nobody divides their thousands, for they have none

_NAMES, _OTHERS = ("code", "label_en", "label_vi", "name_en", "name_vi", "alpha_2"), "other_names"

Rows = Iterable[Mapping[str, str]]


def spelt(item: Property, text: str) -> str:
    """Return the text of a cell as a contribution has to say it: 1.234 with one more zero, for it is not 1234."""
    grouped = item.kind is Kind.NUMBER and item.column not in _DEGREES
    return f"{text}0" if grouped and (_GROUPED.fullmatch(text) or _GUARDED.fullmatch(text)) else text


class Vocabulary:
    """One code list: finds a code by itself, by a label in English or Vietnamese, or by another name that its list has.

    A name just as it is printed goes first (Mỹ is not MY), then without case and marks, then without blanks, too.
    """

    def __init__(self, rows: Rows) -> None:
        listed_rows = list(rows)
        self.codes = {row["code"]: row for row in listed_rows}
        self._found: dict[str, set[str]] = {}
        self._printed: dict[str, set[str]] = {}
        self._close: dict[str, set[str]] = {}
        for row in listed_rows:
            for text in filter(None, (*(row.get(name) for name in _NAMES), *row.get(_OTHERS, "").split("; "))):
                self._printed.setdefault(text, set()).add(row["code"])
                self._found.setdefault(folded(text), set()).add(row["code"])
                self._close.setdefault(joined(text), set()).add(row["code"])
        self._spellings = [key for key in self._found if len(key) > 1]

    def find(self, text: str) -> list[str]:
        """Return the codes that a text can mean: itself alone where it is a code."""
        if text in self.codes:
            return [text]
        ways = (self._printed.get(text), self._found.get(folded(text)), self._close.get(joined(text)))
        return sorted(next(filter(None, ways), ()))

    def nearest(self, text: str) -> list[str]:
        """Return up to three codes that are spelt like a text."""
        close = difflib.get_close_matches(folded(text), self._spellings, 3, 0.6)
        return list(dict.fromkeys(code for name in close for code in sorted(self._found[name])))[:3]

    def named(self, code: str) -> str:
        """Return a code with its English label."""
        row = self.codes[code]
        return f"{code} ({row.get('label_en') or row.get('name_en') or code})"


class Scalars:
    """Reads values; `vocabularies` by the name of their table."""

    def __init__(self, vocabularies: Mapping[str, Vocabulary], findings: Findings) -> None:
        self._vocabularies, self._findings = vocabularies, findings

    def read(self, document: Document, item: Property, text: str, trail: Trail) -> str:
        """Return the text that goes into the cell."""
        if len(text) > item.longest:
            long: dict[str, object] = {"found": len(text), "expected": item.longest}
            self._findings.report("constraint-error", document, trail, "maxLength", long)
            return text[: item.longest]
        if item.column in _ADDRESSES:
            return untracked(text)
        if item.vocabulary:
            return self.code(document, item.vocabulary, text, trail)
        if item.kind is Kind.DATE:
            self._date(document, item, text, trail)
        elif item.kind is Kind.NUMBER:
            return self._number(document, item, text, trail)
        elif item.kind is Kind.ID and not _ID.fullmatch(text):
            params = {"expected": said("small letters, digits and single hyphens")}
            self._findings.report("constraint-error", document, trail, "pattern", params, value=text)
        elif item.kind is Kind.FLAG:
            return self._flag(document, text, trail)
        elif item.kind is Kind.CHOICE:
            return self._choice(document, item, text, trail)
        return text

    def code(self, document: Document, vocabulary: str, text: str, trail: Trail) -> str:
        """Return the code of a code or a label; one that is unknown or not for use is a finding."""
        known = self._vocabularies[vocabulary]
        codes = known.find(text)
        usable = [code for code in codes if known.codes[code].get("status") != "group"]
        if len(usable) == 1:
            return usable[0]
        params = {"vocabulary": vocabulary, "codes": listed(known.named(code) for code in usable or codes)}
        if codes:
            variant = "several" if usable else "group"
            self._findings.report("code-unknown", document, trail, variant, params, value=text)
            return text
        near = [known.named(code) for code in known.nearest(text)]
        hint = said("Did you mean {near}?", near=" / ".join(near)) if near else None
        self._findings.report("code-unknown", document, trail, "unknown", params, hint, text)
        return text

    def _date(self, document: Document, item: Property, text: str, trail: Trail) -> None:
        whole = item.column in ("accessed_date", "reading_date")
        if (_DAY if whole else PARTIAL_DATE).fullmatch(text):
            try:
                if _DAY.match(text):
                    datetime.date.fromisoformat(text[:10])
                return
            except ValueError:
                pass
        mangled = re.fullmatch(edtf.MANGLED, text)
        typed = not (mangled and document.cell(trail))  # in a cell, it was the spreadsheet that wrote it so
        if typed and self._otherwise(document, text, trail, whole):
            return
        mangled = None if typed and dates.meant(text) is not None else mangled
        if whole and not mangled:
            params = {"type": said("date"), "form": said(": write the full day, such as 2026-11-22")}
            self._findings.report("type-error", document, trail, params=params, value=text)
            return
        code = "spreadsheet-mangled-date" if mangled else "edtf-invalid"
        self._findings.report(code, document, trail, value=text)

    def _otherwise(self, document: Document, text: str, trail: Trail, whole: bool) -> bool:
        """Report a date that is written another way than here, and tell whether it is one."""
        found = [date for date in dates.meant(text) or () if len(date) == len("2024-05-14") or not whole]
        if not found and not dates.short(text):
            return False
        variant = "signs" if dates.begins_with_year(text) else ("short", "one", "several")[len(found)]
        params = {"first": found[0], "other": found[-1]} if found else {}
        self._findings.report("date-form", document, trail, variant, params, value=text)
        return True

    def _number(self, document: Document, item: Property, text: str, trail: Trail) -> str:
        """Return a number; a point before three digits divides thousands on half of all pages, and is asked."""
        if not _NUMBER.fullmatch(text):
            told = {"type": said("number"), "form": said("; write plain digits, such as 2500 or 0.5")}
            self._findings.report("type-error", document, trail, params=told, value=text)
        elif item.column in _DEGREES:
            return text
        elif grouped := _GROUPED.fullmatch(text):
            decimal = text.rstrip("0").rstrip(".") if text.endswith("0") else spelt(item, text)
            params = {"whole": "".join(grouped.groups()), "decimal": decimal}
            self._findings.report("number-unclear", document, trail, params=params, value=text)
        return text[:-1] if _GUARDED.fullmatch(text) else text

    def _flag(self, document: Document, text: str, trail: Trail) -> str:
        if folded(text) in _YES | _NO:
            return "true" if folded(text) in _YES else "false"
        self._findings.report("constraint-error", document, trail, "enum", {"expected": "yes, no"}, value=text)
        return "false"

    def _choice(self, document: Document, item: Property, text: str, trail: Trail) -> str:
        found = next((choice for choice in item.choices if folded(choice) == folded(text)), None)
        if found is None:
            params = {"expected": listed(item.choices)}
            self._findings.report("constraint-error", document, trail, "enum", params, value=text)
        return found or text
