"""Says of every page that was read for the register, and of all that is told there, what became of it.

Apart from the package itself, which holds what was recorded: the accounts also hold what was left out, and why.
"""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from accords.errors import UsageError
from accords.intake.tables import Row, Tables

COLUMNS = ("page", "kind", "label", "outcome", "record", "reason")
_OUTCOMES = frozenset({"recorded", "merged", "event", "left_out"})
_CITED = (("agreement_citations", "agreement_id"), ("event_citations", "event_id"))


@dataclass(frozen=True, slots=True)
class Mention:
    """What a page seems to tell of: an agreement or an event by its label; `of` is the agreement of an event."""

    page: str
    kind: str
    label: str
    start: str = ""
    of: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """What became of a mention.

    `outcome`: recorded, merged, event or left_out, and empty where nobody has decided yet. `cited`: yes where the
    record cites the page.
    """

    page: str
    kind: str
    label: str
    outcome: str
    record: str
    cited: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Decision:
    outcome: str
    record: str
    reason: str


def mentions(folder: Path) -> list[Mention]:
    """Return what the fact sheets in a folder tell of (`*.jsonl`, one page a line); raises `UsageError`."""
    found: dict[Mention, None] = {}
    sheets = sorted(folder.glob("*.jsonl"))
    if not sheets:
        raise UsageError(f"{folder} holds no fact sheets (*.jsonl).")
    for path in sheets:
        for number, line in enumerate(path.read_bytes().splitlines(), 1):
            try:
                sheet = json.loads(line)
                page = sheet["url"]
                told = [Mention(page, "agreement", item["label"]) for item in sheet["agreements"]]
                told += [
                    Mention(page, "event", item["label"], item["start"] or "", item["agreement_label"] or "")
                    for item in sheet["events"]
                ]
            except (ValueError, KeyError, TypeError):
                raise UsageError(f"{path}, line {number}: no fact sheet.") from None
            found.update(dict.fromkeys(told or [Mention(page, "page", "")]))
    return list(found)


def decisions(path: Path) -> dict[tuple[str, str, str], _Decision]:
    """Return the list of reasons by page, kind and label; an empty page stands for all. Raises `UsageError`."""
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeError) as fault:
        raise UsageError(f"{path} cannot be read: {fault}.") from None
    found = {}
    for number, row in enumerate(rows, 2):
        if set(row) != set(COLUMNS) or row["outcome"] not in _OUTCOMES:
            raise UsageError(
                f"{path}, row {number}: the columns are {', '.join(COLUMNS)}, outcomes {', '.join(sorted(_OUTCOMES))}."
            )
        found[row["page"], row["kind"], row["label"]] = _Decision(row["outcome"], row["record"], row["reason"])
    return found


def accounts(
    told: Iterable[Mention], decided: Mapping[tuple[str, str, str], _Decision], tables: Tables
) -> list[Account]:
    """Return one account for each mention, in their order."""
    register = _Register(tables)
    found = []
    for item in told:
        made = _decision(item, decided) or register.event_of(item, decided) or _Decision("", "", "")
        cited = "yes" if item.page in register.pages[made.record] else ""
        found.append(Account(item.page, item.kind, item.label, made.outcome, made.record, cited, made.reason))
    return found


def unknown(decided: Mapping[tuple[str, str, str], _Decision], tables: Tables) -> list[str]:
    """Return the records that the list of reasons names and the package does not have."""
    known = {
        row[key]
        for table, key in (("agreements", "agreement_id"), ("events", "event_id"))
        for row in tables.rows(table)
    }
    return sorted({item.record for item in decided.values() if item.record} - known)


def to_csv(rows: Sequence[Account]) -> str:
    """Return the accounts as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(field.name for field in fields(Account))
    writer.writerows(astuple(row) for row in rows)
    return text.getvalue()


class _Register:
    """What the package has of pages: which records cite them, and which events belong to which agreement."""

    def __init__(self, tables: Tables) -> None:
        urls = {row["source_id"]: row["url"] for row in tables.rows("sources")}
        self.pages: dict[str, set[str]] = defaultdict(set)
        for table, key in _CITED:
            for row in tables.rows(table):
                self.pages[row[key]].add(urls[row["source_id"]])
        self._events = {row["event_id"]: row for row in tables.rows("events")}
        self._agreements = defaultdict(set)
        for row in tables.rows("event_agreements"):
            self._agreements[row["event_id"]].add(row["agreement_id"])

    def event_of(self, item: Mention, decided: Mapping[tuple[str, str, str], _Decision]) -> _Decision | None:
        """Return what became of an event that was not decided on its own: it goes the way of its agreement."""
        whole = (
            _decision(Mention(item.page, "agreement", item.of), decided) if item.kind == "event" and item.of else None
        )
        fitting = [key for key, row in self._events.items() if item.page in self.pages[key] and _same_day(item, row)]
        if item.kind != "event" or (whole is None and len(fitting) != 1):
            return None
        if whole is None:
            return _Decision("recorded", fitting[0], "")
        own = [key for key in fitting if whole.record in self._agreements[key] or key == whole.record]
        if own or len(fitting) == 1:
            return _Decision("recorded", (own or fitting)[0], "")
        if whole.outcome == "left_out":
            return whole
        return _Decision("merged", whole.record, "Told with that record.")


def _decision(item: Mention, decided: Mapping[tuple[str, str, str], _Decision]) -> _Decision | None:
    return decided.get((item.page, item.kind, item.label)) or decided.get(("", item.kind, item.label))


def _same_day(item: Mention, row: Row) -> bool:
    day = row["start_date"].rstrip("?~%")
    return bool(item.start and day) and (day.startswith(item.start) or item.start.startswith(day))
