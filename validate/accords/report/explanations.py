"""What a code of a report means: from the catalogue in the report's language, or from the rule that declares it.

Apart from the writers that show it, so that all of them explain a code in the same words.
"""

from __future__ import annotations

from collections.abc import Mapping

from accords.catalogue import LANGUAGES, catalogue
from accords.problems import Report, RuleText


def explanations(report: Report) -> Mapping[str, RuleText]:
    """Return title, reason and remedy for the codes of a report; those that nobody explains are left out."""
    built_in = catalogue(report.language if report.language in LANGUAGES else "en")
    found = {rule.code: rule for rule in report.rules}
    for code in {check.code for check in report.checks} & built_in.keys():
        entry = built_in[code]
        found[code] = RuleText(code, entry.title, entry.why, entry.fix)
    return found
