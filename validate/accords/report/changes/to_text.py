"""Writes a comparison for a terminal: the verdict, the reasons for it, the tables, then a card for each record."""

from __future__ import annotations

from collections.abc import Iterator

from accords.changes import Card, Difference, Part
from accords.languages import Voice
from accords.report.changes import wording
from accords.report.values import clipped, counted, harmless, visible

_ENGLISH = Voice()
REASONS, CARDS, PARTS, LINES, SOURCES = 50, 25, 40, 60, 20
_VALUE = 700  # characters of a value: a summary is whole
_WIDEST = 28  # longer labels stand out of line rather than push all values to the right


def to_text(difference: Difference) -> str:
    """Return the comparison as plain text; long lists are cut and say how much is left."""
    if wording.is_empty(difference):
        return f"{wording.no_change(difference)}\n"
    blocks = [_head(difference), *_reasons(difference), *_totals(difference)]
    blocks += [to_lines(card) for card in difference.cards[:CARDS]]
    if len(difference.cards) > CARDS:
        more = counted(len(difference.cards) - CARDS, "more record")
        blocks.append([f"{more}, not shown; `--format html` or `markdown` shows them"])
    if difference.unread:
        blocks.append([f"not compared: {clipped(x.resource, _VALUE)}: {visible(x.reason)}" for x in difference.unread])
    return harmless("\n".join("".join(f"{line.rstrip()}\n" for line in block) for block in blocks))


def _head(difference: Difference) -> list[str]:
    sides = (("old", difference.old), ("new", difference.new))
    return [
        wording.verdict(difference),
        *(f"  {word}: {wording.named(side)}, {wording.size(side)}" for word, side in sides),
    ]


def _reasons(difference: Difference) -> Iterator[list[str]]:
    ordered = wording.reasons(difference)
    lines = []
    for item in ordered[:REASONS]:
        times = f" ({counted(item.count, 'row')})" if item.count > 1 else ""
        lines.append(f"{item.step.label:<5} [{item.lint}] {wording.place(item)}{times}")
        lines.append(f"      {visible(item.message)}")
        moved = wording.moved(item, _VALUE)
        lines += [f"      {moved}"] if moved else []
    if len(ordered) > REASONS:
        lines.append(f"{counted(len(ordered) - REASONS, 'more reason')}, not shown")
    if lines:
        yield lines


def _totals(difference: Difference) -> Iterator[list[str]]:
    if wording.changed_rows(difference):
        tables = {visible(table): wording.happened(kinds) for table, kinds in difference.totals.items()}
        width = max(len(table) for table in tables)
        listed = [f"  {table:<{width}}  {kinds}" for table, kinds in tables.items() if kinds]
        yield [wording.where_rows_are(difference), *listed]


def to_lines(card: Card, told: set[str] | None = None, say: Voice = _ENGLISH) -> list[str]:
    """Return a card as lines, without line breaks; a source in `told` is only named, and others are added to it.

    `say`: in which language; what the package calls things stays as the card has it.
    """
    called = f"{clipped(card.title, _VALUE)} ({visible(card.id)})" if card.title else visible(card.id)
    lines = [f"{say(card.kind.value):<8} {visible(card.table)}: {called}"]
    for number, part in enumerate(card.parts[:PARTS]):
        if number or part.table != card.table or part.kind is not card.kind:  # the title says it of the record itself
            lines.append(f"  {say(part.kind.value)} {visible(part.table)}")
        lines += [f"    {line}" for line in _lines(part)]
    if len(card.parts) > PARTS:
        more = say.count(len(card.parts) - PARTS, "{number} more row, not shown", "{number} more rows, not shown")
        lines.append(f"  {more}")
    if card.sources:
        lines.append(f"  {say('sources')}")
    told = set() if told is None else told
    for source in card.sources[:SOURCES]:
        new, title = (
            f" ({say('new')})" if source.is_new else "",
            f": {clipped(source.title, _VALUE)}" if source.title else "",
        )
        if source.id in told:
            lines.append(f"    {visible(source.id)}, {say('as above')}")
            continue
        told.add(source.id)
        lines.append(f"    {visible(source.id)}{new}{title}")
        lines += [f"      {visible(source.url)}"] if source.url else []
    if len(card.sources) > SOURCES:
        left = len(card.sources) - SOURCES
        lines.append(f"    {say.count(left, '{number} more source, not shown', '{number} more sources, not shown')}")
    if card.alike:
        lines.append(f"  {say('may be the same as (1.00: alike in all that is compared)')}")
    lines += [f"    {item.score:.2f} {clipped(item.title, _VALUE)} ({visible(item.id)})" for item in card.alike]
    return lines


def _lines(part: Part) -> Iterator[str]:
    labels = [clipped(line.label, wording.NAME) for line in part.lines]
    width = min(max(map(len, labels), default=0), _WIDEST)
    for label, line in list(zip(labels, part.lines, strict=True))[:LINES]:
        both = [text for text in wording.values(part, line, _VALUE) if text is not None]
        yield f"{label:<{width}}  {' → '.join(both if len(set(both)) > 1 else both[-1:])}"
    if len(labels) > LINES:
        yield f"{counted(len(labels) - LINES, 'more field')}, not shown"
