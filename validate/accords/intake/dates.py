"""What a date means that is written another way than here: 14.5.2024, 14 May 2024, 5/2024, 2024/5/14.

Apart from `scalars`, because nothing is taken as read: whoever wrote such a date is told how it is written here.
"""

from __future__ import annotations

import datetime
import re

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WORD = rf"({'|'.join(_MONTHS)})[a-z]*"
_DAY_FIRST = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})")
_MONTH_FIRST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{4})")
_NAMED = re.compile(rf"(?:([0-9]{{1,2}})[-/. ]+)?{_WORD}[-/,. ]+([0-9]{{4}})", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/. ]([0-9]{1,2})(?:[-/. ]([0-9]{1,2}))?")
_SHORT = re.compile(rf"[0-9]{{1,2}}[-/. ](?:[0-9]{{1,2}}|{_WORD})[-/. ][0-9]{{2}}", re.IGNORECASE)


def meant(text: str) -> list[str] | None:
    """Return the dates that a text can mean, as we write them and the likeliest first; None: it is none of these.

    3/6/2024 can mean two; 31.2.2024 means none that there is.
    """
    if found := _DAY_FIRST.fullmatch(text):
        first, second, year = (int(part) for part in found.groups())
        return list(dict.fromkeys(_dates(year, (second, first), (first, second))))
    if found := _MONTH_FIRST.fullmatch(text):
        return _dates(int(found[2]), (int(found[1]), None))
    if found := _NAMED.fullmatch(text):
        return _dates(int(found[3]), (_MONTHS.index(found[2].lower()) + 1, int(found[1]) if found[1] else None))
    if found := _YEAR_FIRST.fullmatch(text):
        return _dates(int(found[1]), (int(found[2]), int(found[3]) if found[3] else None))
    return None


def begins_with_year(text: str) -> bool:
    """Tell whether a date is in the right order, and only its signs are others."""
    return bool(_YEAR_FIRST.fullmatch(text))


def short(text: str) -> bool:
    """Tell whether a text is a date with two digits of the year."""
    return bool(_SHORT.fullmatch(text))


def _dates(year: int, *parts: tuple[int, int | None]) -> list[str]:
    """Return the dates that there are, of months and days."""
    found = []
    for month, day in parts:
        try:
            whole = datetime.date(year, month, 1 if day is None else day).isoformat()
        except ValueError:
            continue
        found.append(whole[:7] if day is None else whole)
    return found
