"""Writes a comparison as one HTML file that needs nothing else: verdict, reasons, and cards that can be filtered.

Without the script all of it is there, too; only the filter is not. Nothing is cut.
"""

from __future__ import annotations

import html
import sys
from collections.abc import Iterable, Sequence

from accords.changes import Alike, Card, Change, Difference, Kind, Line, Part, Source
from accords.report.changes import wording
from accords.report.changes.page import SCRIPT, STYLE
from accords.report.page import escaped as _plain
from accords.report.page import page
from accords.report.values import counted, web_address

OPEN = 10  # with more cards than this, they start folded


def to_html(difference: Difference) -> str:
    """Return the comparison as a page."""
    empty = wording.is_empty(difference)
    title = _plain(wording.no_change(difference) if empty else wording.verdict(difference))
    parts = [f"<h1>{title}</h1>\n"]
    if not empty:
        parts += [_sides(difference), _reasons(difference), _totals(difference), _unread(difference)]
        parts.append(_cards(difference.cards))
    return page(title, "".join(parts), SCRIPT, STYLE)


def _sides(difference: Difference) -> str:
    sides = (("old", difference.old), ("new", difference.new))
    items = (f"<li>{word}: {_plain(wording.named(side))}, {wording.size(side)}</li>\n" for word, side in sides)
    return f'<ul class="quiet">\n{"".join(items)}</ul>\n'


def _reasons(difference: Difference) -> str:
    head = ("Step", "Lint", "Where", "Number", "What changed")
    return _table("Reasons", head, [_reason(item) for item in wording.reasons(difference)])


def _reason(item: Change) -> str:
    step = item.step.label
    moved = wording.moved(item, sys.maxsize)
    said = _plain(item.message) + (f'<br><span class="quiet">{_plain(moved)}</span>' if moved else "")
    return (
        f'<td><span class="tag {step if item.step else "none-step"}">{step}</span></td>'
        f"<td><code>{_plain(item.lint)}</code></td><td><code>{_plain(wording.place(item))}</code></td>"
        f'<td class="number">{item.count:,}</td><td class="wide" dir="auto">{said}</td>'
    )


def _totals(difference: Difference) -> str:
    rows = [
        f'<th scope="row"><code>{_plain(table)}</code></th><td>{_plain(wording.happened(kinds))}</td>'
        for table, kinds in difference.totals.items()
        if any(kinds.values())
    ]
    note = f'<p class="quiet">{_plain(wording.where_rows_are(difference))}.</p>\n' if rows else ""
    return _table("Rows", ("Table", "Rows"), rows) + note


def _unread(difference: Difference) -> str:
    rows = [
        f'<th scope="row"><code>{_plain(item.resource)}</code></th><td>{_plain(item.reason)}</td>'
        for item in difference.unread
    ]
    return _table("Not compared", ("Table", "Why"), rows)


def _table(title: str, head: Sequence[str], rows: Sequence[str]) -> str:
    if not rows:
        return ""
    heads = "".join(f'<th scope="col">{item}</th>' for item in head)
    body = "".join(f"<tr>{item}</tr>\n" for item in rows)
    name = title.lower().replace(" ", "-")
    return (
        f'<h2 id="{name}">{title}</h2>\n<div class="scroll" role="region" aria-labelledby="{name}" tabindex="0">'
        f'<table aria-labelledby="{name}">\n'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}</tbody>\n</table></div>\n"
    )


def _cards(cards: Sequence[Card]) -> str:
    if not cards:
        return ""
    tables = {card.resource: card.table for card in cards}
    kinds = {card.kind.value: card.kind.value for card in cards}
    state = f'<p id="state" role="status" class="quiet">{counted(len(cards), "record")}</p>\n'
    tools = (
        '<div class="tools" role="search" hidden>\n'
        f"{_choice('table', 'Table', tables)}{_choice('kind', 'What happened', kinds)}"
        '<label>Text <input id="text" type="search" autocomplete="off"></label>\n'
        '<button id="open" type="button">Open all</button><button id="close" type="button">Close all</button>\n</div>\n'
    )
    return f"<h2>Records</h2>\n{tools}{state}" + "".join(_card(card, len(cards) <= OPEN) for card in cards)


def _choice(name: str, label: str, values: dict[str, str]) -> str:
    listed = "".join(f'<option value="{_plain(value)}">{_plain(said)}</option>' for value, said in values.items())
    return f'<label>{label} <select id="{name}"><option value="">all</option>{listed}</select></label>\n'


def _card(card: Card, is_open: bool) -> str:
    parts = "".join(
        _part(part, is_own=not number and part.table == card.table and part.kind is card.kind)
        for number, part in enumerate(card.parts)
    )
    inside = parts + _listed("Sources", map(_source, card.sources)) + _listed("Much like", map(_alike, card.alike))
    return (
        f'<details class="card" data-table="{_plain(card.resource)}" data-kind="{card.kind.value}"'
        f"{' open' if is_open else ''}>\n"
        f'<summary>{_tag(card.kind)} <span class="quiet">{_plain(card.table)}</span> '
        f"<h3><bdi>{_plain(card.title)}</bdi></h3> <code>{_plain(card.id)}</code></summary>\n"
        f'<div class="inside">\n{inside}</div>\n</details>\n'
    )


def _part(part: Part, is_own: bool) -> str:
    title = "" if is_own else f"<h4>{_tag(part.kind)} {_plain(part.table)}</h4>\n"
    lines = "".join(
        f'<tr><th scope="row">{_plain(line.label)}</th><td dir="auto">{_values(part, line)}</td></tr>\n'
        for line in part.lines
    )
    return f'{title}<table class="lines" aria-label="{_plain(part.table)}">\n{lines}</table>\n' if lines else title


def _values(part: Part, line: Line) -> str:
    before, after = wording.values(part, line, sys.maxsize)
    if before == after:
        return _value("span", "", after)
    gone, come = _value("del", "before: ", before), _value("ins", "after: ", after)
    return f'<span class="both">{gone} → {come}</span>' if gone and come else gone or come


def _value(element: str, heard: str, text: str | None) -> str:
    if text == wording.NOTHING:
        return '<span class="none">nothing</span>'
    said = f'<span class="unseen">{heard}</span>' if heard else ""
    return "" if text is None else f'<{element} dir="auto">{said}{_plain(text)}</{element}>'


def _tag(kind: Kind) -> str:
    return f'<span class="tag {kind.value}">{kind.value}</span>'


def _listed(title: str, items: Iterable[str]) -> str:
    listed = "".join(f"<li>{item}</li>\n" for item in items)
    return f"<h4>{title}</h4>\n<ul>\n{listed}</ul>\n" if listed else ""


def _source(source: Source) -> str:
    new = ' <span class="tag added">new</span>' if source.is_new else ""
    said = f"<code>{_plain(source.id)}</code>{new} <bdi>{_plain(source.title)}</bdi>"
    address = web_address(source.url)
    if address:
        shown = f'<a href="{html.escape(address)}" rel="noopener noreferrer">{_plain(source.url or "")}</a>'
    else:
        shown = _plain(source.url or "")
    return f"{said}<br>{shown}" if shown else said


def _alike(item: Alike) -> str:
    return f"{item.score:.2f} <code>{_plain(item.id)}</code> <bdi>{_plain(item.title)}</bdi>"
