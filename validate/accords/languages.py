"""Says in another language what the tool says in English: sentences of reports, and whole reports.

Apart from `catalogue`, which has the sentences of codes: `words.vi.yaml` has all others, by their English text,
so that the English stands where it is used and a language that lacks one falls back to it.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources

from accords.catalogue import LANGUAGES, catalogue, worded
from accords.documents import read_yaml
from accords.errors import CannotCheck
from accords.problems import Check, Problem, Report
from accords.words import Filling, Words, filled, said

__all__ = ["LANGUAGES", "Voice", "phrases", "problem_in", "translated"]


@functools.cache
def phrases(language: str) -> Mapping[str, str]:
    """Return the other words of a language for English ones; none for English itself."""
    if language not in LANGUAGES[1:]:
        return {}
    name = f"words.{language}.yaml"
    content: Mapping[str, str] = read_yaml(
        resources.files("accords").joinpath(name).read_text("utf-8"), name, CannotCheck
    )
    return content


@dataclass(frozen=True, slots=True)
class Voice:
    """A language, called with an English text and what fills it in."""

    language: str = "en"

    def __call__(self, text: str, **filling: object) -> str:
        """Return the text in the language."""
        return self.say(said(text, **filling))

    def say(self, item: Filling) -> str:
        """Return words in the language; text and numbers are as they are."""
        if not isinstance(item, Words):
            return str(item)
        text = phrases(self.language).get(item.text, item.text)
        return filled(text, {name: self.say(part) for name, part in item.filling})

    def number(self, number: int) -> str:
        """Return a number with its thousands parted as the language does it."""
        return f"{number:,}" if self.language == "en" else f"{number:,}".replace(",", ".")

    def count(self, number: int, one: str, many: str) -> str:
        """Return a text with `{number}` in it: `one` for 1, `many` for the rest."""
        return self(one if number == 1 else many, number=self.number(number))


def translated(report: Report, language: str) -> Report:
    """Return a report in another language; the sentences of a package's own rules stay as they are."""
    if language == report.language or report.language not in LANGUAGES:
        return report
    voice = Voice(language)
    return replace(
        report,
        language=language,
        problems=tuple(problem_in(item, language, report.language) for item in report.problems),
        checks=tuple(_check(item, voice) for item in report.checks),
    )


def problem_in(item: Problem, language: str, before: str = "en") -> Problem:
    """Return a problem in another language than the one that it is in; a rule's stays as it is."""
    voice = Voice(language)
    entry, former = catalogue(voice.language).get(item.code), catalogue(before).get(item.code)
    if entry is None or former is None or item.way not in entry.messages:  # another version may have other ways
        return item
    bare = replace(item, hint=None)
    is_usual = item.hint == worded(bare, former, Voice(before).say).hint
    return worded(bare if is_usual else item, entry, voice.say)


def _check(item: Check, voice: Voice) -> Check:
    return replace(item, reason="; ".join(map(voice.say, item.why))) if item.why else item
