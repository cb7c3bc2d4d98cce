"""Identifiers for new records, by the recipe: readable slugs, the first that is free.

Apart from `recognition`, because an identifier is only a handle: it proves nothing about sameness.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from accords.intake.entries import Entry
from accords.intake.folding import SMALL, folded, slug
from accords.intake.register import Register

LONGEST, SHORT = 80, 32
_ALIKE = 100  # events of one kind, of the same parties, on one day
_CALLED = {
    "bilateral_meeting": "talks",
    "courtesy_call": "reception",
    "delegation_visit": "visit",
    "official_visit": "visit",
    "training_course": "course",
}
_EMPTY = frozenset(
    "memorandum understanding cooperation agreement between viet nam vietnam signing health letter intent joint".split()
)
_HOSTS = frozenset(
    {"www", "en", "vi", "fr", "zh", "es", "ru", "m", "amp", "news", "english", "com", "net", "org", "gov"}
)
_SECOND = frozenset({"com", "co", "gov", "org", "net", "edu", "or", "go", "ac"})  # before a country's two letters


def unique(register: Register, kind: str, wanted: Iterable[str], longest: int = LONGEST) -> str:
    """Return the first identifier that is free: those wanted, in order, then the first of them with a number."""
    first = ""
    for name in wanted:
        if name and len(name) <= longest:
            if register.free(kind, name):
                return name
            first = first or name
    first = first or "record"
    numbered = (f"{cut(first, longest - 5)}-{number}" for number in itertools.count(2))
    return next(name for name in numbered if register.free(kind, name))


def cut(name: str, longest: int) -> str:
    """Return a slug cut between its words."""
    return name if len(name) <= longest else name[: longest + 1].rpartition("-")[0] or name[:longest]


def words(text: str) -> list[str]:
    """Return the words of a text that carry sense, as slugs."""
    return [word for word in slug(text, 1000).split("-") if word and word not in SMALL]


def party(register: Register, entry: Entry) -> str:
    """Return an identifier for a new party: its acronym, or its name, at most 32 characters."""
    country = entry.text("country").lower()
    name, kind = entry.text("name_en") or entry.text("name_vi"), entry.text("party_type")
    wanted: list[str] = []
    if kind == "state" and country:
        wanted.append(f"gov-{country}")
    if kind == "ministry" and country and (field := re.match("ministry of (.+?)(?: of |$)", folded(name))):
        initials = "".join(word[0] for word in words(slug(field[1], 200)))
        wanted.append(f"mo{initials}-{country}")
    acronyms = [item for item in entry.entries.get("names", ()) if item.text("name_type") == "acronym"]
    acronyms.sort(key=lambda item: item.text("language") != "en")
    wanted += [slug(item.text("name"), SHORT) for item in acronyms]
    whole = slug(name, 200)
    wanted.append(whole if len(whole) <= SHORT else cut("-".join(words(name)), SHORT))
    wanted += [f"{cut(item, SHORT - 4)}-{country}" for item in wanted if item and country not in item]
    return unique(register, "parties", wanted, SHORT)


def is_cut(identifier: str, entry: Entry) -> bool:
    """Tell whether an identifier of a party holds only the beginning of its name."""
    name = entry.text("name_en") or entry.text("name_vi")
    telling = "-".join(words(name))
    return len(slug(name, 200)) > SHORT and telling.startswith(identifier) and telling != identifier


def place(register: Register, entry: Entry) -> str:
    """Return an identifier for a new place; units made on 2025-07-01 or later end in that year."""
    name = slug(entry.text("name_en") or entry.text("name_vi"))
    since = entry.text("valid_from")
    wanted = [name, f"{name}-{entry.text('country').lower()}"]
    if entry.text("country") == "VNM" and since >= "2025-07":
        wanted = [f"{cut(name, LONGEST - 5)}-{since[:4]}"]
    return unique(register, "places", wanted)


def source(register: Register, entry: Entry) -> str:
    """Return an identifier for a new source: who publishes it, the year, and words or the number of the page."""
    host, page = _parts(entry.text("url"))
    site = host or slug(entry.text("publisher"), 24) or slug(entry.text("source_type"), 24) or "source"
    year = "".join(re.findall(r"^[0-9]{4}(?![0-9])", entry.text("published_date")))
    said = [word for word in words(entry.text("title")) if word not in _EMPTY][:4]
    number = (re.findall(r"[0-9]{4,}|[0-9]+$", page) or [""])[-1][:16]
    tails = [[year, *said], [year, *said, number]] if said else []
    tails += [[number], [year, *words(page)[:5]], [year]]
    wanted = ["-".join(filter(None, (site, *tail))) for tail in tails]
    return unique(register, "sources", [*(cut(item, LONGEST) for item in wanted if item != site), site])


def agreement(register: Register, parties: Iterable[str], date: str, topics: Iterable[str]) -> str:
    """Return an identifier for a new agreement: the first two or three parties, the year, a topic if it must be.

    `parties` are identifiers, or names of parties that are not known. One alone says too little, and gets a topic.
    """
    year = slug(date[:4]) or "undated"
    named = sorted(filter(None, (slug(one, 40) for one in parties)))[:3]
    base = "-".join([*named, year])
    if len(base) > LONGEST:
        base = f"{cut('-'.join(named[:2]), LONGEST - len(year) - 1)}-{year}"
    longer = (f"{base}-{topic}" for topic in topics)
    wanted = itertools.chain([base], longer) if len(named) > 1 else itertools.chain(longer, [base])
    return unique(register, "agreements", wanted)


def topics(areas: Iterable[str], title: str, known: Iterable[str]) -> Iterator[str]:
    """Yield topic words for an agreement whose plain identifier is taken."""
    yield from (area.replace("_", "-") for area in areas)
    dull = _EMPTY | {part for name in known for part in name.split("-")}
    yield from (word for word in words(title) if word not in dull and not word.isdigit())


def without_year(identifier: str) -> str:
    """Return the parties in an agreement's identifier: what stands before its year."""
    found = re.match(r"(.+?)-(?:[0-9]{4}|[0-9]{3}x|undated)(?:-|$)", identifier)
    return found[1] if found else identifier


def topic(title: str) -> str:
    """Return the first telling words of a title, as a slug."""
    return "-".join([word for word in words(title) if word not in _EMPTY][:4])


def event(register: Register, kind: str, who: str, date: str) -> str:
    """Return an identifier for a new event: what it was, where or who, the date as known."""
    what = _CALLED.get(kind) or slug(kind.partition("_or_")[0].replace("_", "-"))
    day = slug(date.rstrip("?~%")) or "undated"

    def named(number: str) -> str:
        """Return the identifier with a number; who it was gives way, never the date."""
        middle = cut(who, LONGEST - len("-".join((what, "", day, number))))
        return "-".join(filter(None, (what, middle, day, number)))

    return unique(register, "events", [named(""), *(named(str(number)) for number in range(2, _ALIKE))])


def commitment(register: Register, owner: str, item: str, description: str) -> str:
    """Return an identifier for a new commitment: its agreement or event, and what it is about."""
    item, owner = slug(item.replace("_", "-")) or "other", owner or "unclear"  # what is wrong there is told by itself
    said = [word for word in words(description) if word not in item.split("-") and word not in owner.split("-")]
    tails = [item, *(f"{item}-{word}" for word in said), *("-".join([item, *said[:length]]) for length in (2, 3))]
    if item == "other" and said:
        tails = ["-".join(said[:2]), *tails]
    return unique(register, "commitments", (f"{cut(owner, LONGEST - len(tail) - 1)}-{tail}" for tail in tails))


def _parts(url: str) -> tuple[str, str]:
    """Return the telling part of a host, `vietnamplus` of `en.vietnamplus.vn`, and the path with its query."""
    try:
        parts = urlsplit(url)
        labels = (parts.hostname or "").split(".")
    except ValueError:
        return "", ""
    if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND:
        labels = labels[:-1]
    telling = [label for label in labels[:-1] if label not in _HOSTS] or labels
    return slug(telling[-1], 24), f"{parts.path} {parts.query}".strip()
