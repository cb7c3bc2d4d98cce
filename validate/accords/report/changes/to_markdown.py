"""Writes a comparison as Markdown for the job summary of a CI run: the step, the reasons, a section for each card.

A summary that is too large is refused as a whole. So every list has its share of the room; cards take what
is left, and each is there as a whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from accords.changes import Card, Change, Difference, Part, Unread
from accords.report.changes import wording
from accords.report.markdown import LIMIT, code, fitting, link, plain, row, table
from accords.report.values import clipped, counted

OPEN = 5  # with more cards than this, each is folded away under its title
_VALUE = 1000  # characters of a value
_REASONS, _LIST = LIMIT // 4, LIMIT // 12  # bytes
T = TypeVar("T")
_SPARE = 1000  # bytes for the sentences between the lists


def to_markdown(difference: Difference) -> str:
    """Return the comparison as Markdown of less than 1 MiB."""
    if wording.is_empty(difference):
        return f"## {plain(wording.no_change(difference))}\n"
    blocks = [f"## {plain(wording.verdict(difference))}\n", _sides(difference)]
    blocks += [*_reasons(difference), *_totals(difference), *_unread(difference)]
    cards = difference.cards
    room = LIMIT - _SPARE - sum(len(block.encode("utf-8")) + 1 for block in blocks)
    kept = fitting((_card(card, len(cards) <= OPEN) for card in cards), room)
    if cards:
        blocks += ["### Records\n", *kept, *_more(len(cards) - len(kept), "record")]
    return "\n".join(blocks)


def _sides(difference: Difference) -> str:
    sides = (("old", difference.old), ("new", difference.new))
    return "".join(f"- {word}: {plain(wording.named(side))}, {wording.size(side)}\n" for word, side in sides)


def _reasons(difference: Difference) -> Iterator[str]:
    head = ["Step", "Lint", "Where", "Number", "What changed"]
    yield from _list("Reasons", head, wording.reasons(difference), _reason, "reason", _REASONS)


def _reason(item: Change) -> list[str]:
    moved = wording.moved(item, _VALUE)
    said = plain(clipped(item.message, _VALUE)) + (f"<br>{plain(moved)}" if moved else "")
    return [f"**{item.step.label}**", code(item.lint), code(wording.place(item)), f"{item.count:,}", said]


def _totals(difference: Difference) -> Iterator[str]:
    tables = [(name, wording.happened(kinds)) for name, kinds in difference.totals.items() if any(kinds.values())]
    yield from _list("Rows", ["Table", "Rows"], tables, lambda item: [code(_short(item[0])), plain(item[1])], "table")
    if tables:
        yield f"{wording.where_rows_are(difference)}.\n"


def _unread(difference: Difference) -> Iterator[str]:
    def cells(item: Unread) -> list[str]:
        return [code(_short(item.resource)), plain(clipped(item.reason, _VALUE))]

    yield from _list("Not compared", ["Table", "Why"], difference.unread, cells, "table")


def _list(
    title: str, head: Sequence[str], items: Sequence[T], cells: Callable[[T], list[str]], noun: str, room: int = _LIST
) -> Iterator[str]:
    if items:
        kept = fitting((row(cells(item)) for item in items), room)
        yield f"### {title}\n"
        yield "\n".join([table(head, []).rstrip("\n"), *kept]) + "\n"
        yield from _more(len(items) - len(kept), noun)


def _more(number: int, noun: str) -> list[str]:
    more = counted(number, f"more {noun}")
    return [f"{more}, left out for want of room; `--format html` has all.\n"] if number else []


def _card(card: Card, is_open: bool) -> str:
    title = f"{plain(clipped(card.title, _VALUE))} {code(clipped(card.id, _VALUE))}"
    title = f"<b>{card.kind.value}</b> {_name(card.table)}: {title}"
    lines = [f"<details{' open' if is_open else ''}>", f"<summary>{title}</summary>", ""]
    if card.parts:
        lines.append(_parts(card))
    if card.sources:
        lines += ["Sources:", ""]
        for item in card.sources:
            new = " (new)" if item.is_new else ""
            lines.append(f"- {code(item.id)}{new} {link(clipped(item.title, _VALUE), item.url)}")
            lines += [f"  <br>{plain(clipped(item.url, _VALUE))}"] if item.url else []
        lines.append("")
    if card.alike:
        alike = [f"- {item.score:.2f} {code(item.id)} {plain(clipped(item.title, _VALUE))}" for item in card.alike]
        lines += ["Much like:", "", *alike, ""]
    return "\n".join([*lines, "</details>\n"])


def _parts(card: Card) -> str:
    """Return all rows of a card as one table; a column that would be empty throughout is left out."""
    cells = [cell for part in card.parts for cell in _part(part)]
    used = [number for number in range(4) if any(cell[number] for cell in cells)]
    head = ("Row", "Field", "Before", "After")
    return table([head[number] for number in used], ([cell[number] for number in used] for cell in cells))


def _part(part: Part) -> Iterator[tuple[str, str, str, str]]:
    title = f"<b>{part.kind.value}</b> {_name(part.table)}"
    for line in part.lines:
        before, after = wording.values(part, line, _VALUE)
        yield title, _name(line.label), plain(before or ""), plain(after or "")
        title = ""
    if not part.lines:
        yield title, "", "", ""


def _name(text: str) -> str:
    return plain(_short(text))


def _short(text: str) -> str:
    return clipped(text, wording.NAME)
