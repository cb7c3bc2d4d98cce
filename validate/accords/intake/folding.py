"""Folds names and addresses, so that two spellings of one thing compare as equal.

Apart from the rules' `fold`, which is SQL and leaves punctuation: here names of bodies are compared as people
write them, with and without marks, hyphens, capitals and "the".
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

_MARKED = str.maketrans("đøł", "dol")
_LATIN = re.compile(r"[\u0000-\u024f\u0300-\u036f\u1e00-\u1eff]*")
_TRACKING = re.compile(r"(?:utm_.*|fbclid|gclid|zarsrc|igshid|mc_[ce]id|_ga|spm)", re.IGNORECASE)
SMALL = frozenset({"of", "the", "and", "for", "in", "on", "at", "to", "a", "an", "by", "with", "from", "its"})
"""English words that tell no body from another."""

_KINDS = re.compile(r"\b(?:city|province|prefecture|municipality|district|town|state|of|thanh pho|tp|tinh)\b")
_PAGE = re.compile(r"/(?:index\.(?:html?|php|aspx?))?$")


@functools.lru_cache(maxsize=1 << 16)
def folded(text: str) -> str:
    """Return a name without case, marks, punctuation and a leading "the"; other scripts keep their letters."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    words = "".join(sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in text).split()
    plain = [_bare(word) if _LATIN.fullmatch(word) else word for word in words]
    kept = [word for word in plain if word]
    return " ".join(kept[1:] if kept[:1] == ["the"] and len(kept) > 1 else kept)


def joined(text: str) -> str:
    """Return a folded text without blanks: Viet Nam, Vietnam and Viet-Nam are one."""
    return folded(text).replace(" ", "")


def shorter(text: str) -> list[str]:
    """Return the folded names in a name that says more than one: Huế of Huế City, Hà Nội of Hà Nội, Việt Nam."""
    pieces = [folded(piece) for piece in text.split(",")]
    bare = [" ".join(_KINDS.sub(" ", piece).split()) for piece in pieces]
    return [name for name in dict.fromkeys([*pieces, *bare]) if name and name != folded(text)]


def _bare(word: str) -> str:
    apart = unicodedata.normalize("NFD", word.translate(_MARKED))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def spelt_alike(one: str, other: str) -> bool:
    """Tell whether two folded names differ only by slips, the order of words, or small words.

    A slip is one letter in a word of four or more, two in one of eight or more: Lao Cai is no slip for Lai Chau,
    nor is hospital 1 for hospital 2.
    """
    from rapidfuzz.distance import OSA

    left, right = (Counter(word for word in name.split() if word not in SMALL) for name in (one, other))
    only, instead = sorted((left - right).elements()), sorted((right - left).elements())
    if len(only) != len(instead):
        return False
    pairs = zip(only, instead, strict=True)
    return all(OSA.distance(a, b) <= min(len(a) // 4, len(b) // 4, 2) for a, b in pairs)


@functools.lru_cache(maxsize=1 << 16)
def address(url: str) -> str:
    """Return a web address as it compares: without scheme, www, fragment, tracking parts and last slash."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    except ValueError:
        return url.strip()
    asked = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(pair[0])]
    path = _PAGE.sub("", unquote(parts.path))
    return f"{host}{port}{path}{'?' + urlencode(sorted(asked)) if asked else ''}"


def untracked(url: str) -> str:
    """Return a web address as it was written, without the parts that only say where a reader came from."""
    front, mark, query = url.partition("?")
    query, _, fragment = query.partition("#")
    kept = [part for part in query.split("&") if part and not _TRACKING.fullmatch(part.partition("=")[0])]
    tail = f"#{fragment}" if fragment and not fragment.startswith(":~:") else ""
    return f"{front}{'?' + '&'.join(kept) if kept else ''}{tail}" if mark else url


def slug(text: str, longest: int = 80) -> str:
    """Return a text as small Latin letters, digits and single hyphens, cut between words; may be empty."""
    words = re.findall(r"[a-z0-9]+", folded(re.sub("['’]", "", text)))
    taken = ""
    for word in words:
        longer = f"{taken}-{word}" if taken else word[:longest]
        if len(longer) > longest:
            break
        taken = longer
    return taken
