"""Makes a contribution of the answers in an issue: texts, codes of labels, a record of each line.

Apart from `issue`, which finds the answers: here is what an answer means. What cannot be read stays as it
was written and becomes a finding where every contribution is checked, so that a form and YAML are told the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accords.intake import lines, tongues
from accords.intake.document import Document, Fault, Trail
from accords.intake.folding import folded
from accords.intake.issue_form import As, Field, IssueForm
from accords.intake.scalars import PARTIAL_DATE
from accords.words import said

MOST = 200
"""Lines of one answer that are records, and codes of one answer; nobody means more."""

_TOLD = 20  # faults of one code that are reported
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
_BASIS, _INFERRED = "_basis", "inferred"
_PRINTED = 100  # characters of what a source prints, before the note on how a date was concluded from it


@dataclass(frozen=True, slots=True)
class Answer:
    """The lines that are not empty, each with its number, under the heading on `line`; no field: under none."""

    field: Field | None
    line: int
    lines: tuple[tuple[int, str], ...]

    @property
    def text(self) -> str:
        """Return the answer as one text."""
        return "\n".join(line for _, line in self.lines)


class Answers:
    """Gathers what the answers of one issue say; `vietnamese`: it was made with the form in Vietnamese."""

    def __init__(self, form: IssueForm, path: str) -> None:
        self._form, self._path = form, path
        self._content: dict[str, Any] = {}
        self._lines: dict[Trail, int] = {(): 1}
        self._faults: list[Fault] = []
        self._told: Counter[str] = Counter()
        self._remarks: list[tuple[int, str]] = []
        self._ticked: set[str] = set()
        self._note: tuple[int, str] = (0, "")
        self._constants = {field.trail: field.constants for field in form.fields}
        self.vietnamese = False

    def report(
        self,
        code: str,
        line: int,
        trail: Trail = (),
        params: Mapping[str, Any] | None = None,
        value: str | None = None,
    ) -> None:
        """Keep a fault of a line; after many of one code, no more are kept."""
        self._told[code] += 1
        if self._told[code] <= _TOLD:
            spot = ("#", *trail, line)  # beside the trails of the content
            self._lines[spot] = line
            self._faults.append(Fault(code, spot, params=params or {}, value=value))

    def take(self, answer: Answer) -> None:
        """Read an answer."""
        field = answer.field
        if not answer.lines:
            return
        if field is None or field.shape is As.REMARKS:
            self._remarks += answer.lines
        elif field.shape is As.CONFIRM:
            found = (lines.ticked(line) for _, line in answer.lines)
            self._ticked |= {folded(one[1]) for one in found if one and one[0]}
        elif field.shape is As.NOTE:
            self._note = (answer.lines[0][0], answer.text)
        elif field.shape is As.LINES:
            self._records(answer, field)
        elif field.shape is As.CODES:
            self._codes(answer, field)
        elif field.shape is not As.CODE or answer.text != "None":
            self._put(field.trail, self._read(field, answer.text), answer.lines[0][0])

    def document(self) -> Document:
        """Return what the answers say."""
        self._date_events()
        self._infer()
        self._remarks += [(0, f"Not confirmed: {text}") for text in self._unconfirmed()]
        for number, (line, text) in enumerate(sorted(self._remarks, key=lambda remark: remark[0] or 1 << 30)):
            self._content.setdefault("uncertain", []).append(text)
            self._lines["uncertain", number] = line or 1
        language = "vi" if self.vietnamese else "en"
        return Document(self._path, self._content, self._lines, faults=tuple(self._faults), language=language)

    def _put(self, trail: tuple[str, ...], value: Any, line: int) -> None:
        within = self._content
        for spot, name in enumerate(trail[:-1], 1):
            within = within.setdefault(name, {})
            self._lines.setdefault(trail[:spot], line)
        within[trail[-1]] = value
        self._lines[trail] = line

    def _read(self, field: Field, text: str) -> str:
        """Return a text, or its code where the field takes codes."""
        return self._code(field.item.vocabulary, text) if field.item and field.item.vocabulary else text

    def _code(self, name: str, text: str) -> str:
        """Return the code of a code or label; the text where it is that of none, or of several."""
        found = self._form.vocabularies[name].find(text)
        return found[0] if len(found) == 1 else text

    def _codes(self, answer: Answer, field: Field) -> None:
        assert field.item is not None  # noqa: S101 -- what the form says of such fields
        assert field.item.vocabulary is not None  # noqa: S101
        known = lines.spellings(self._form.vocabularies[field.item.vocabulary])
        codes: list[str] = []
        for number, line in answer.lines:
            on, text = lines.ticked(line) or (True, line)
            for piece in lines.pieces(text, known) if on else ():
                if len(codes) == MOST:
                    self._too_many(field, number)
                    return
                self._lines[(*field.trail, len(codes))] = number
                codes.append(self._code(field.item.vocabulary, piece))
        if codes:
            self._put(field.trail, codes, answer.lines[0][0])

    def _records(self, answer: Answer, field: Field) -> None:
        """Make a record of each line, or several where its parts belong to several."""
        for spot, (number, line) in enumerate(answer.lines):
            if spot == MOST:
                self._too_many(field, number)
                return
            parts = lines.parts(line)
            if len(parts) > len(field.parts):
                names = "; ".join(item.words["en"].title for _, item in field.parts)
                most = said("one line of at most {number} ({names})", number=len(field.parts), names=names)
                params = {"found": said("{number} parts", number=len(parts)), "expected": most}
                self.report("entry-misshapen", number, field.trail, params, line[:MOST])
            records: dict[tuple[str, ...], dict[str, str]] = {}
            for (trail, item), part in zip(field.parts, parts, strict=False):
                if part:
                    told = self._code(item.vocabulary, part) if item.vocabulary else part
                    records.setdefault(trail[:-1], {})[trail[-1]] = told
            if party := records.get(("agreement", "parties"), {}).get("party"):
                records["parties",] = {**self._named(party), **records.get(("parties",), {})}
            for trail, record in records.items():
                self._append(trail, record, number)

    def _too_many(self, field: Field, line: int) -> None:
        most = said("more than {number} entries", number=MOST)
        params = {"found": most, "expected": said("a list that a person has written")}
        self.report("entry-misshapen", line, field.trail, params)

    def _append(self, trail: tuple[str, ...], record: dict[str, Any], line: int) -> None:
        within: Any = self._content
        for name in trail[:-1]:
            within = within.setdefault(name, {})
        listed = within.setdefault(trail[-1], [])
        self._lines.setdefault(trail, line)
        self._lines[(*trail, len(listed))] = line
        if trail == ("sources",):
            record["supports"] = ["all"]  # what the form says of the pages that are listed
        listed.append(record | dict(self._constants.get(trail, {})))

    def _named(self, text: str) -> dict[str, str]:
        """Return what a party is called as a record of its own says it."""
        if self._form.knows_party(text) or _SLUG.fullmatch(text):
            return {"party_id": text}
        return {"name_vi" if tongues.vietnamese(text, self.vietnamese) else "name_en": text}

    def _date_events(self) -> None:
        """Give a signing what goes without saying: the agreement's date where it has none, and a title."""
        agreement = self._content.get("agreement", {})
        for number, event in enumerate(self._content.get("events", [])):
            here = self._lines["events", number]
            said = {} if "start_date" in event else {"start_date": "signed_date", "date_basis": "signed_date_basis"}
            dated = PARTIAL_DATE.fullmatch(agreement.get("signed_date", ""))  # what is none is told once
            found = {key: agreement[name] for key, name in said.items() if dated and name in agreement}
            if "title_en" not in event and "title_en" in agreement:
                found["title_en"] = f"Signing: {agreement['title_en']}"
            event |= found
            self._lines |= {("events", number, key): here for key in found}

    def _infer(self) -> None:
        """Let the first source be the ground of the dates that are inferred; a note about none is a remark."""
        line, note = self._note
        agreement, sources = self._content.get("agreement", {}), self._content.get("sources", [])
        told = (
            name.removesuffix(_BASIS)
            for name, basis in agreement.items()
            if name.endswith(_BASIS) and basis == _INFERRED
        )
        dates = [("agreement", name) for name in told]
        events = self._content.get("events", [])
        signings = [event for event in events if event.get("date_basis") == _INFERRED]
        whose = [("event" if len(events) == 1 else event.get("title_en", ""), "start_date") for event in signings]
        if not (note and sources and (dates or whose)):
            self._remarks += [(line, note)] if note else []
            return
        printed, sign, how = (part.strip() for part in note.partition(";"))
        if not sign or not how or len(printed) > _PRINTED:
            printed, how = "", note
        days = {agreement.get(name) for _, name in dates} | {event.get("start_date") for event in signings}
        if printed and len(days) > 1:  # words are those of one date, and nobody has said of which
            self._remarks.append((line, printed))
            printed = ""
        words = {"value_in_source": printed} if printed else {}
        sources[0]["infers"] = [{"of": of, "field": name, **words, "note": how} for of, name in (*dates, *whose)]
        self._lines["sources", 0, "infers"] = line

    def _unconfirmed(self) -> list[str]:
        """Return what was to be ticked and is not, in the language of the form."""
        asked = [field.told for field in self._form.fields if field.shape is As.CONFIRM]
        pairs = [pair for told in asked for pair in zip(told["en"].options, told["vi"].options, strict=True)]
        return [pair[self.vietnamese] for pair in pairs if not self._ticked & {folded(text) for text in pair}]
