"""The sentences of a finding in the language of the contributor.

Apart from `catalogue`, which speaks English: a finding holds the finished sentence and not its parts, so that it
can be stored and shown without any catalogue. Here the parts are read out of the sentence again, by the template
that made it, and put into the template of the other language. What has no template there stays as it is.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

from accords.catalogue import catalogue
from accords.documents import read_yaml
from accords.errors import CannotCheck
from accords.problems import Problem

_NAME = re.compile(r"\{(\w+)\}")


@functools.cache
def translations() -> Mapping[str, Any]:
    """Return the Vietnamese catalogue: `codes`, `hints`, `terms` and the sentence for all others."""
    text = resources.files("accords").joinpath("catalogue.vi.yaml").read_text("utf-8")
    content: dict[str, Any] = read_yaml(text, "catalogue.vi.yaml", CannotCheck)
    return content


def worded(item: Problem, language: str) -> tuple[str, str]:
    """Return what is wrong and what to do ("" where nothing is known), in English or Vietnamese."""
    hint = item.hint or ""
    if language == "en":
        return item.message, hint
    entry, other = catalogue().get(item.code), translations()["codes"].get(item.code)
    if entry is None or other is None:
        return translations()["otherwise"].format(code=item.code, message=item.message), hint
    message = _told(item.message, _pairs(entry.messages, other["message"]))
    pairs = [*_pairs(entry.fixes, other["fix"]), *(tuple(pair) for pair in translations()["hints"])]
    return message or item.message, _told(hint, pairs) or hint


def _pairs(english: Mapping[str, str], other: Any) -> list[tuple[str, str]]:
    """Return the templates of a code in both languages, way by way."""
    ways: Mapping[str, str] = other if isinstance(other, dict) else dict.fromkeys(english, other)
    found = [(english.get(way) or next(iter(english.values())), text) for way, text in ways.items()]
    return sorted(found, key=lambda pair: -len(_NAME.sub("", pair[0])))


def _told(sentence: str, pairs: Iterable[tuple[str, ...]]) -> str:
    """Return a sentence by the template of the other language, or "" where none of the English ones made it."""
    for english, other in pairs:
        if match := _pattern(english).fullmatch(sentence):
            terms = translations()["terms"]
            said = {name: terms.get(text, text) for name, text in match.groupdict().items()}
            return other.format_map(said)
    return ""


@functools.cache
def _pattern(template: str) -> re.Pattern[str]:
    """Return what sentences of a template look like, with a group for each name."""
    seen: set[str] = set()

    def group(match: re.Match[str]) -> str:
        name = match[1]
        again = name in seen
        seen.add(name)
        return f"(?P={name})" if again else f"(?P<{name}>.*?)"

    parts = _NAME.split(template)
    names = iter(_NAME.finditer(template))
    made = [re.escape(part) if at % 2 == 0 else group(next(names)) for at, part in enumerate(parts)]
    return re.compile("".join(made), re.DOTALL)
