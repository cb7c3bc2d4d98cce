"""In which language a name seems to be written, as far as its letters and small words tell.

Apart from `folding`, which takes marks away to compare: here they are what counts. A form has one place for a
party's name, and the tables have one for English and one for Vietnamese.
"""

from __future__ import annotations

import re
import unicodedata

_VIETNAMESE = re.compile("[đĐ\u0309\u0323\u031b]")  # đ, and the marks that only Vietnamese puts on its letters
_LATIN_MARK = re.compile("[A-Za-z][\u0300-\u036f]")
_ENGLISH = re.compile(
    r"\b(?:of|the|and|for|university|hospital|center|ministry|government|institute|faculty|clinic|company"
    r"|department|association|school|college|foundation|embassy|group|city|province|vietnam|viet nam)\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:de|du|des|la|le|les|et|der|die|das|und|für|el|los|las|y|della|di|dei|och|para"
    r"|[Ff]ondation|[Hh]opital|[Ii]nstitut|[Cc]linique|[Gg]esellschaft|[Ss]tiftung|[Kk]linikum|[Kk]rankenhaus"
    r"|[Ff]undacion|[Oo]spedale|[Uu]niversidad|[Uu]niversita)\b"
)


def vietnamese(text: str, likely: bool = False) -> bool:
    """Tell whether a name is Vietnamese; `likely`: its author writes Vietnamese, so that any mark on a letter tells."""
    apart = unicodedata.normalize("NFD", text)
    return bool(_VIETNAMESE.search(apart) or (likely and _LATIN_MARK.search(apart)))


def foreign(text: str) -> str:
    """Return why a name is hardly English: `script`, `vietnamese`, `words`; "" where it may well be."""
    if any(sign.isalpha() and not unicodedata.name(sign, "").startswith("LATIN") for sign in text):
        return "script"
    if vietnamese(text):
        return "vietnamese"
    marked = _LATIN_MARK.search(unicodedata.normalize("NFD", text)) or _ELSEWHERE.search(text)
    return "words" if marked and not _ENGLISH.search(text) else ""
