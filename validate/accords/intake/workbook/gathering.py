"""Makes contributions of the rows of a workbook: one for each agreement, and for each event that stands alone.

Apart from `reading`, which knows cells: here is which row belongs to which other. Parties and places go to the
first contribution that names them, so that its sources speak for them; all others say what they belong to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from accords.intake.document import Document, Trail
from accords.intake.folding import folded
from accords.intake.workbook.drafts import Draft
from accords.intake.workbook.layout import FIRST_SHEET, FOR, SOURCE, SUPPORT, SUPPORTS
from accords.intake.workbook.reading import Content, Row

_NAMES = {"parties": ("name_en", "name_vi", "party_id"), "places": ("name_en", "name_vi", "place_id")}


def gather(content: Content) -> list[Document]:
    """Return the contributions of a workbook; what belongs nowhere is added to its findings."""
    drafts, language = _Gatherer(content).drafts(), content.language
    documents = [Document(content.path, draft.content, {}, draft.cells, language=language) for draft in drafts]
    if not documents and not content.found:
        content.findings.report("contribution-empty", content.carrier, ())
    return documents


class _Gatherer:
    """Puts the rows of one workbook together."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._drafts: list[Draft] = []
        self._spots: dict[int, tuple[Draft, Trail]] = {}  # where a row has gone, by its identity
        self._rest: Draft | None = None

    def drafts(self) -> list[Draft]:
        """Return what the rows come to."""
        rows: dict[str, list[Row]] = defaultdict(list)
        for row in self._content.rows:
            rows[row.sheet.name].append(row)
        for row in rows[FIRST_SHEET]:
            self._begin(row, (), row.texts.get("agreement.title_en", ""))
        for row in rows["events"]:
            if FOR in row.texts:
                self._put(row, "events", self._owner(row))
            else:
                self._begin(row, ("events", 0), row.texts.get("events.title_en", ""))
        for name in ("commitments", "sources"):
            for row in rows[name]:
                self._put(row, name, self._owner(row))
        self._roles(rows["roles"])
        for name in ("parties", "places"):
            self._named(name, rows[name])
        self._evidence(rows["evidence"], rows["sources"])
        return self._drafts

    def _begin(self, row: Row, base: Trail, title: str) -> None:
        """Make a contribution of a row."""
        calls = {folded(text) for text in (row.name, title) if text}
        draft = Draft(calls=calls, in_vietnamese=self._content.language == "vi")
        self._drafts.append(draft)
        if base:
            draft.content["events"] = [{}]
        draft.fill(row, base)
        self._spots[id(row)] = draft, base

    def _put(self, row: Row, name: str, draft: Draft | None) -> None:
        """Add a row to a list of a contribution."""
        if draft is not None:
            self._spots[id(row)] = draft, draft.extend(row, (), name)

    def _owner(self, row: Row) -> Draft | None:
        """Return the contribution that a row says it belongs to, or the only one; None with a finding."""
        name = row.texts.get(FOR, "")
        found = [draft for draft in self._drafts if folded(name) in draft.calls] if name else self._drafts
        if len(found) == 1:
            return found[0]
        if not self._drafts and not name:
            return self._remainder()
        spot = row.spots[FOR] if FOR in row.spots else next(iter(row.spots.values()))
        variant = "none" if not name else "several" if found else "unknown"
        self._content.report("row-unclear", variant, spot, FOR, name, {})
        return None

    def _remainder(self) -> Draft:
        """Return the contribution that holds what no agreement or event names."""
        if self._rest is None:
            self._rest = Draft()
            self._drafts.append(self._rest)
        return self._rest

    def _roles(self, rows: Iterable[Row]) -> None:
        """Add parties to the agreement or event that a row names."""
        for row in rows:
            called = folded(row.texts.get(FOR, ""))
            events = [item for item in self._spots.values() if item[1][:1] == ("events",)]
            own = [(draft, base) for draft, base in events if called and called in self._called(draft, base)]
            if len(own) == 1 and not any(
                called in draft.calls and "agreement" in draft.content for draft in self._drafts
            ):
                own[0][0].extend(row, own[0][1], "parties")
            elif draft := self._owner(row):
                draft.extend(row, ("agreement",) if "agreement" in draft.content else ("events", 0), "parties")

    def _called(self, draft: Draft, base: Trail) -> set[str]:
        """Return what an event is called: by its row, and by its title."""
        rows = [row for row in self._content.rows if self._spots.get(id(row)) == (draft, base)]
        return {folded(text) for row in rows for text in (row.name, row.texts.get("events.title_en", "")) if text}

    def _named(self, name: str, rows: list[Row]) -> None:
        """Add parties or places to the first contribution that names them, also by way of another of them."""
        left = rows
        while left:
            taken = [(row, draft) for row in left for draft in self._naming(name, row)]
            if not taken:
                break
            for row, draft in taken:
                self._put(row, name, draft)
            placed = {id(row) for row, _ in taken}
            left = [row for row in left if id(row) not in placed]
        for row in left:
            self._put(row, name, self._drafts[0] if len(self._drafts) == 1 else self._remainder())

    def _naming(self, name: str, row: Row) -> list[Draft]:
        texts = [row.name, *(row.texts.get(f"{name}.{key}", "") for key in _NAMES[name])]
        texts += [text for key, text in row.texts.items() if key.startswith(f"{name}.names.") and key.endswith(".name")]
        calls = {folded(text) for text in texts if text}
        return [draft for draft in self._drafts if calls & draft.mentions[name]][:1]

    def _evidence(self, rows: Iterable[Row], sources: list[Row]) -> None:
        """Add what sources say of single values to the sources."""
        for row in rows:
            draft, support = self._owner(row), row.texts.get(SUPPORT, "").strip().lower()
            if draft is None:
                continue
            if SOURCE not in row.texts or support not in SUPPORTS:
                key = SOURCE if SOURCE not in row.texts else SUPPORT
                spot = row.spots.get(key) or next(iter(row.spots.values()))
                variant = "source" if key == SOURCE else "support"
                self._content.report("row-unclear", variant, spot, key, row.texts.get(SUPPORT, ""), {})
                continue
            number = self._source(draft, row, sources)
            draft.extend(row, ("sources", number), support)

    def _source(self, draft: Draft, row: Row, sources: list[Row]) -> int:
        """Return the number of the source that a row names; one that is not described here is known to the data."""
        text = row.texts[SOURCE].strip()
        called = [one for one in sources if folded(one.name) == folded(text)]
        spots = [self._spots[id(one)] for one in called if id(one) in self._spots]
        for there, base in spots:
            if there is draft and isinstance(base[1], int):
                return base[1]
        entries = draft.content.setdefault("sources", [])
        for number, entry in enumerate(entries):
            if folded(text) in {folded(entry.get(key, "")) for key in ("url", "title", "source_id")}:
                return number
        said = [there.content["sources"][base[1]] for there, base in spots if isinstance(base[1], int)]
        known = {key: value for one in said[:1] for key, value in one.items() if isinstance(value, str)}
        entries.append(known or {"url" if "://" in text else "source_id": text})
        for key in ((), *((name,) for name in entries[-1])):
            draft.cells["sources", len(entries) - 1, *key] = row.spots[SOURCE]
        return len(entries) - 1
