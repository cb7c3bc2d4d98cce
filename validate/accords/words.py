"""A sentence that can still be said in any language: its English text and what fills it in.

Apart from `problems`, whose records hold sentences, and from `languages`, which knows other words for them: where
a fault is found it is only known what there is to say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from accords.saved import Unfit


@dataclass(frozen=True, slots=True)
class Words:
    """An English text with names in braces, and what stands for each."""

    text: str
    filling: Fillings = ()

    def __str__(self) -> str:
        """Say it in English."""
        return filled(self.text, {name: str(item) for name, item in self.filling})

    def to_dict(self) -> dict[str, Any]:
        """Return the words as the JSON report keeps them."""
        return {"text": self.text, "filling": plain(self.filling)}

    @classmethod
    def from_dict(cls, content: Any) -> Words:
        """Return what `to_dict` gave; `Unfit` for anything else."""
        if not isinstance(content, dict) or not isinstance(content.get("text"), str):
            raise Unfit("words are an object with a text")
        return cls(content["text"], fillings(content.get("filling", {})))


_NAME = re.compile(r"\{(\w+)\}")
Filling: TypeAlias = str | int | Words
Fillings: TypeAlias = tuple[tuple[str, Filling], ...]


def said(text: str, **filling: object) -> Words:
    """Return words to be said; what fills them in is text, a number, other words, or what `str` makes of it."""
    return Words(text, kept(filling))


def reason(fault: Exception, text: str | None = None) -> Words:
    """Return the words that an exception was raised with, or its text as words (`text`, where it is another).

    They go into a sentence, so that a full stop at their end is left out.
    """
    told = fault.args[0] if fault.args else None
    words = told if isinstance(told, Words) else Words(str(fault) if text is None else text)
    return Words(words.text.removesuffix("."), words.filling)


def filled(text: str, filling: Mapping[str, str]) -> str:
    """Return a text with its names filled in; one that nothing stands for is left, as other braces are.

    Not `str.format`, which would look into objects, and a saved report may come from anywhere.
    """
    return _NAME.sub(lambda found: filling.get(found[1], found[0]), text) if filling else text


def kept(filling: Mapping[str, object]) -> Fillings:
    """Return a filling as records keep it."""
    return tuple((name, item if isinstance(item, str | int | Words) else str(item)) for name, item in filling.items())


def plain(filling: Fillings) -> dict[str, Any]:
    """Return a filling as the JSON report keeps it."""
    return {name: item.to_dict() if isinstance(item, Words) else item for name, item in filling}


def fillings(content: Any) -> Fillings:
    """Return what `plain` gave; `Unfit` for anything else."""
    if not isinstance(content, dict):
        raise Unfit("a filling is an object")
    return tuple((name, _filling(item)) for name, item in content.items())


def _filling(item: Any) -> Filling:
    if isinstance(item, str | int) and not isinstance(item, bool):
        return item
    return Words.from_dict(item)
