"""A value as reports show it: nothing in it invisible, nothing endless, and a link only where it is one.

Apart from the writers, because a terminal, a job summary and a page have the same readers: whoever
compares two values must see a blank at the end and a mark that turns the direction of writing.
"""

from __future__ import annotations

import json
import re
from urllib.parse import quote, urlsplit

_LOST_BLANKS = re.compile(r"^ +| +$|(?<= ) +")  # most places where text is shown drop or join these
_COMMANDS = re.compile(r"^ *::|##\[", re.MULTILINE)
_IN_ADDRESSES = "/:?#[]@!&'()+,;=%~-._"
_LEAD = 40  # characters that stay before the first difference of two long values


def visible(text: str) -> str:
    r"""Return a value on one line, with what nobody would see written out: `\n`, `\x1b`, `\u202e`, `␣`."""
    return _LOST_BLANKS.sub(lambda blanks: "␣" * len(blanks[0]), printable(text))


def printable(text: str) -> str:
    r"""Return a value on one line, with what cannot be printed written out: `\n`, `\x1b`, `\u202e`."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def harmless(text: str) -> str:
    r"""Return text of several lines as it may be printed: nothing in it moves a cursor or starts a command.

    A workflow of GitHub takes a line that begins with `::`, and `##[` anywhere, for a command, whoever wrote it.
    """
    if not text.replace("\n", "").isprintable():
        text = "\n".join(printable(line) for line in text.split("\n"))
    return _COMMANDS.sub(lambda found: found[0].replace("::", r"\x3a:").replace("##", r"#\x23"), text)


def harmless_json(content: object, indent: int | None = None) -> str:
    """Return JSON that says the same, with what `harmless` is about written as escapes."""
    text = json.dumps(content, ensure_ascii=False, indent=indent)
    if not text.replace("\n", "").isprintable():
        text = "".join(sign if sign.isprintable() or sign == "\n" else json.dumps(sign)[1:-1] for sign in text)
    return text.replace("##[", r"#\u0023[")


def clipped(text: str, room: int, start: int = 0) -> str:
    """Return at most `room` characters of a value from `start` on, visible, and how many it has."""
    if len(text) <= room:
        return visible(text)
    cut = text[start : start + room]
    after = "…" if start + room < len(text) else ""
    return f"{'…' if start else ''}{visible(cut)}{after} ({len(text):,} characters)"


def clipped_pair(before: str, after: str, room: int) -> tuple[str, str]:
    """Return two values, clipped where they are long so that the first difference is in both cuts."""
    if max(len(before), len(after)) <= room:
        return visible(before), visible(after)
    shorter = min(len(before), len(after))
    same = next((spot for spot in range(shorter) if before[spot] != after[spot]), shorter)
    start = max(0, same - _LEAD) if same >= room else 0
    return clipped(before, room, start), clipped(after, room, start)


def web_address(text: str | None) -> str | None:
    """Return an address that may become a link, percent-encoded; None for all but plain http and https.

    One with a name before the host is none: `https://known.example@other.example/` leads elsewhere than it looks.
    """
    if not text or not text.isprintable() or " " in text:
        return None
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc or "\\" in text:
        return None
    return quote(text, safe=_IN_ADDRESSES)


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: `1 row`, `2,000 rows`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
