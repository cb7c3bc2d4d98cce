"""How much alike records are: the share of telling words, values and linked ids that two have in common.

Apart from `cards`, because whether a record is new or there already under another name is asked elsewhere,
too. Pure: it knows features of records, and not where they come from.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass

LEAST = 0.35  # on our own data, unlike records stay below and variants of one agreement above
_COMMON = 200  # a feature of more records than this leads to no candidate by itself


@dataclass(frozen=True, slots=True)
class Near:
    """A record that is much like another: 1.0 would be all the same."""

    id: str
    score: float


def bare(text: str) -> str:
    """Return a text without case and marks."""
    apart = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return "".join(char for char in apart if not unicodedata.combining(char))


def words_of(text: str) -> set[str]:
    """Return the words of a text without case and marks, as features."""
    return set(re.findall(r"\w+", bare(text)))


class Likeness:
    """Compares records by their features; a feature that few have tells more (its inverse frequency)."""

    def __init__(self, features: Mapping[str, Set[str]]) -> None:
        self._features = features
        counts = Counter(item for found in features.values() for item in found)
        self._weight = {item: math.log(1 + len(features) / count) for item, count in counts.items()}
        self._having: dict[str, list[str]] = defaultdict(list)
        for id_, found in features.items():
            for item in found:
                if counts[item] <= _COMMON:
                    self._having[item].append(id_)

    def near(self, id_: str, least: float = LEAST, most: int = 3) -> list[Near]:
        """Return the records most like one of them, the likest first, from the score `least` on."""
        own = self._features.get(id_, frozenset())
        candidates = {other for item in own for other in self._having.get(item, ()) if other != id_}
        scored = [Near(other, round(self._score(own, self._features[other]), 2)) for other in candidates]
        return sorted((item for item in scored if item.score >= least), key=lambda item: (-item.score, item.id))[:most]

    def _score(self, one: Set[str], two: Set[str]) -> float:
        either = sum(self._weight[item] for item in one | two)
        return sum(self._weight[item] for item in one & two) / either if either else 0.0
