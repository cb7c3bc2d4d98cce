"""What `accords add` prints, in the language of the contribution: findings, cards, and what was done.

Apart from `add`, which does it. Of the Vietnamese, the schemas have what columns are called, the form of
contributions what tables are, and the vocabularies what codes mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from accords.languages import Voice
from accords.report.values import visible

if TYPE_CHECKING:
    from accords.changes import Card, Line, Part
    from accords.intake.adding import Outcome
    from accords.intake.findings import Finding
    from accords.intake.form import Section

MOST = 200  # findings that are printed
_NAMED = re.compile(r".* \(([\w-]+)\)")


def told(outcome: Outcome, documents: int, dry: bool, language: str, package: Path) -> str:
    """Return what is printed: the findings, the cards, and one line that says what happened."""
    say = Voice(language)
    lines = [line for finding in outcome.findings[:MOST] for line in _finding(finding, say)]
    if len(outcome.findings) > MOST:
        lines.append(f"… {say.count(len(outcome.findings) - MOST, '{number} more', '{number} more')}")
    if not outcome.blocked:
        lines += _cards(outcome, say, package)
    uncertain = say("uncertain")
    lines += [f"{visible(document.path)}: {uncertain}: {visible(text)}" for document, text in outcome.remarks]
    made = [change for change in outcome.changes if change.after is not None]
    gone = len(outcome.changes) - len(made)
    rows, tables = len(made), len({change.table for change in made})
    files = say.count(documents, "{number} contribution", "{number} contributions")
    if outcome.blocked:
        errors = sum(finding.blocks for finding in outcome.findings)
        lines.append(say("NOTHING WRITTEN: {number} to settle in {files}", number=errors, files=files))
    elif not outcome.changes:
        lines.append(say("NOTHING TO DO: all of it is in the package already"))
    else:
        words = {
            "rows": say.count(rows, "{number} row", "{number} rows"),
            "tables": say.count(tables, "{number} table", "{number} tables"),
            "files": files,
        }
        done = "WOULD ADD: {rows} in {tables}, {files}" if dry else "ADDED: {rows} in {tables}, {files}"
        lines += [say(done, **words)] if made else []
        out = "WOULD TAKE OUT: {rows}" if dry else "TAKEN OUT: {rows}"
        lines += [say(out, rows=say.count(gone, "{number} row", "{number} rows"))] if gone else []
    return "\n".join(lines) + "\n"


def _finding(finding: Finding, say: Voice) -> list[str]:
    """Return a finding as lines: where, what, and what to do next."""
    from accords.intake.wording import worded

    found = finding.problem
    cell = finding.document.cell(finding.trail) if finding.document else None
    place = f"{found.path}:{found.line}" if found.line and not cell else f"{found.path} {cell}" if cell else found.path
    message, hint = worded(found, say.language)
    severity = say(found.severity.label)
    lines = [f"{place} {severity} [{found.code}] {', '.join(found.fields)}".rstrip(), f"  {message}"]
    return [*lines, f"  → {hint}"] if hint else lines


def _cards(outcome: Outcome, say: Voice, package: Path) -> list[str]:
    """Return what became of each record: its card, or where they are many one line for each."""
    from accords.report.changes.to_text import CARDS, to_lines

    cards = outcome.difference.cards if outcome.difference else ()
    if len(cards) <= CARDS:
        made = {(record.kind, record.identifier): id(record.document) for record in outcome.records}
        named: set[str] = set()
        wording = _Wording(say, package) if say.language != "en" and cards else None
        compared = (_compared(card, made) for card in cards)
        shown = (wording.card(card) if wording else card for card in compared)
        return [line for card in shown for line in (*to_lines(card, named, say), "")]
    told = [record for record in outcome.records if record.state != "known"]
    return [f"{record.state:8} {record.kind:12} {record.identifier}" for record in told]


def _compared(card: Card, made: Mapping[tuple[str, str], int]) -> Card:
    """Return a card without the records of its own contribution among those that it is like."""
    own = made.get((card.resource, card.id))
    others = (one for one in card.alike if own is None or made.get((card.resource, one.id)) != own)
    return replace(card, alike=tuple(others))


class _Wording:
    """Puts the words of the form and of the vocabularies for the English ones of a card."""

    def __init__(self, say: Voice, package: Path) -> None:
        from accords.descriptor import load
        from accords.intake.form import read_form
        from accords.intake.tables import Tables

        loaded = load(package)
        self._say, self._tables = say, Tables(loaded)
        self._titles: dict[str, str] = {}
        self._labels: dict[tuple[str, str], str] = {}
        self._codes: dict[tuple[str, str], str] = {}
        vocabularies = set(self._tables.vocabularies())
        for resource in loaded.resources:
            for item in resource.schema.fields if resource.schema else ():
                self._labels[resource.title or "", item.title] = item.title_vi
            for key in resource.schema.foreign_keys if resource.schema else ():
                if key.parent in vocabularies and resource.schema:
                    self._codes[resource.title or "", resource.schema.field(key.fields[0]).title] = key.parent
        for section in _sections(read_form(loaded.files)):
            self._learn(section)

    def _learn(self, section: Section) -> None:
        """Remember what a section calls its table and the tables of its lists."""
        for item in section.properties.values():
            if item.table and item.table in self._tables:
                title = self._tables[item.table].resource.title or ""
                self._titles[title] = item.words[self._say.language].title
        if section.table and section.table in self._tables:
            title = self._tables[section.table].resource.title or ""
            self._titles[title] = section.words[self._say.language].title

    def card(self, card: Card) -> Card:
        """Return a card in the language."""
        return replace(card, table=self._title(card.table), parts=tuple(map(self._part, card.parts)))

    def _title(self, table: str) -> str:
        return self._titles.get(table) or self._say(table)

    def _part(self, part: Part) -> Part:
        lines = tuple(self._line(part.table, line) for line in part.lines)
        return replace(part, table=self._title(part.table), lines=lines)

    def _line(self, table: str, line: Line) -> Line:
        place = table, line.label
        before, after = (self._value(self._codes.get(place, ""), text) for text in (line.before, line.after))
        return replace(line, label=self._labels.get(place) or self._say(line.label), before=before, after=after)

    def _value(self, vocabulary: str, text: str | None) -> str | None:
        """Return a code with its label in the language; any other value as it is."""
        found = _NAMED.fullmatch(text or "")
        row = self._tables[vocabulary].rows.get((found[1],)) if found and vocabulary else None
        return f"{row[f'label_{self._say.language}']} ({found[1]})" if row and found else text


def _sections(form: Section) -> Iterator[Section]:
    """Yield every section of a form, those within others, too, each once."""
    waiting, seen = [form], set()
    while waiting:
        section = waiting.pop()
        if section.name not in seen:
            seen.add(section.name)
            yield section
            waiting += [item.section for item in section.properties.values() if item.section]
