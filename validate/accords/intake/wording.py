"""The sentences of a finding in the language of the contributor.

Apart from `languages`, which knows reports: a contributor who reads no English is also told that a rule's sentence,
which the package says in its own language, is a rule's.
"""

from __future__ import annotations

from accords.intake.findings import harmless
from accords.languages import Voice, problem_in
from accords.problems import Problem


def worded(item: Problem, language: str) -> tuple[str, str]:
    """Return what is wrong and what to do ("" where nothing is known), in one of the languages."""
    if language == "en":
        return item.message, item.hint or ""
    if item.way is None:
        say = Voice(language)
        return say("the rule {code} is not met: {message}", code=item.code, message=item.message), item.hint or ""
    found = problem_in(item, language)
    return harmless(found.message), harmless(found.hint or "")
