"""Markdown that nothing can break out of, and that a CI job summary takes.

Apart from the writers, because two of them need it: what is escaped must be the same in both. GitHub looks
for mentions, references, emoji and formulas in the finished text, after all escapes are gone. There only an
element between the sign and the rest helps; unlike an invisible character, it is not copied with the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from accords.report.values import visible, web_address

LIMIT = 900_000  # bytes; a job summary is refused above 1 MiB, and other steps of a job write to it, too
_MISSES = 50
_FOUND = re.compile(
    r"(?P<mark>[\\`*\[\]<>|~]|&(?=[#\w])|(?<![^\W_])_|_(?![^\W_]))"
    r"|(?P<late>[@#$]|:(?=//|[\w+-]+:)|(?<=\bGH)-(?=\d)|(?<=\bwww)\."
    r"|\b(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f](?=[0-9a-f]{6,39}\b))",  # a commit
    re.IGNORECASE | re.ASCII,
)


def plain(text: str) -> str:
    """Return text that stands for itself inside a line, a table cell or an HTML element."""
    return _FOUND.sub(_harmless, visible(text))


def code(text: str) -> str:
    """Return text as code; an element and no backticks, which a value could close."""
    return f"<code>{plain(text)}</code>"


def link(text: str, url: str | None) -> str:
    """Return the text, as a link where the address is one of http or https."""
    address = web_address(url)
    if address is None:
        return plain(text)
    return f"[{plain(text)}](<{address.replace('&', '&amp;')}>)"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of cells that are Markdown already."""
    return "\n".join([row(head), row(["---"] * len(head)), *(row(cells) for cells in rows)]) + "\n"


def row(cells: Sequence[str]) -> str:
    """Return one row of a table."""
    return f"| {' | '.join(cells)} |"


def fitting(blocks: Iterable[str], room: int) -> list[str]:
    """Return those blocks, in order, that fit into `room` bytes of UTF-8 together; each is whole or not there.

    After one that is too large, smaller ones may still come; after many in a row, no more are made.
    """
    kept: list[str] = []
    missed = 0
    for block in blocks:
        size = len(block.encode("utf-8")) + 1
        missed = 0 if size <= room else missed + 1
        if missed > _MISSES:
            break
        if not missed:
            kept.append(block)
            room -= size
    return kept


def _harmless(found: re.Match[str]) -> str:
    sign = found[0]
    return f"<span>{sign}</span>" if found.lastgroup == "late" else f"&#{ord(sign)};"
