"""Takes the lines of an answer apart: boxes that are ticked, labels with commas between them, parts of a record.

Apart from `answers`, which knows fields: here is only how people and GitHub write lists.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from accords.intake.scalars import Vocabulary

_BULLET = re.compile(r"(?:[-*•]|[0-9]{1,3}[.)])\s+")
_TICKED = re.compile(r"[-*] \[(.)\]\s*(.*)")
_AUTOLINK = re.compile(r"<(https?://[^<>\s]+)>")


def ticked(line: str) -> tuple[bool, str] | None:
    """Return whether the box on a line is ticked, and its label; None where there is no box."""
    found = _TICKED.fullmatch(line)
    return (found[1] in "xX", found[2]) if found else None


def parts(line: str) -> list[str]:
    """Return the parts of a line that is one record, up to the last that is not empty."""
    found = [_plain(part) for part in _BULLET.sub("", line, count=1).replace("；", ";").split(";")]
    while found and not found[-1]:
        found.pop()
    return found


def spellings(vocabulary: Vocabulary) -> list[str]:
    """Return every code and label in small letters, the longest first."""
    names = ("code", "label_en", "label_vi")
    found = {row[name].lower() for row in vocabulary.codes.values() for name in names if row.get(name)}
    return sorted(found, key=len, reverse=True)


def pieces(text: str, known: list[str]) -> Iterator[str]:
    """Yield what stands between commas; a known spelling that has a comma itself is one piece."""
    text = unicodedata.normalize("NFC", _BULLET.sub("", text, count=1))
    small = text.lower()
    if len(small) != len(text):  # a letter that is two in small letters would shift everything behind it
        small = text
    at = 0
    while at < len(text):
        if text[at] in ", ":
            at += 1
            continue
        ends = (at + len(one) for one in known if small.startswith(one, at))
        comma = text.find(",", at)
        end = next((end for end in ends if small[end : end + 1] in ("", ",")), comma if comma >= 0 else len(text))
        yield text[at:end].strip()
        at = end


def _plain(part: str) -> str:
    """Return a part without blanks around it; a bare address without the signs that make it a link."""
    part = part.strip()
    link = _AUTOLINK.fullmatch(part)
    return link[1] if link else part
