"""Partial dates (EDTF) as SQL: which day is the earliest, which the latest, is it certain, is it one at all.

Apart from `store`, because it is a language of its own, read wherever a field says `"accords:edtf": true`:
levels 0 and 1 of the Extended Date/Time Format (ISO 8601-2; Library of Congress, February 2019) and, of
level 2, quarters, quadrimesters and semesters. Everything is an SQL macro, so that a column of any length is
read inside the engine. `edtf_valid` judges any text, once a column; the bounds are for what it admits, and
short, since rules ask for them many times on small tables, where a plan costs more than the rows.

Where the specification leaves room:

* Bounds of seasons 21 to 24 are those of their year, since hemispheres differ.
* A long year (`Y17000`) may bear a mark, and it, a season, a part of a year or a date with `X` may be a side of
  an interval: the specification calls them dates, but shows none (`2004-06-XX/2004-07-03` under level 2).
* `..` says that one end is open or not given, an empty side that it is unknown; an interval needs a date on
  the other side, so `../..`, `/..`, `../` and `/` are none. One that ends before it can start is none either.
* `-0000` is no year; `-000X` reaches to the end of the year 0000.
* A time is whole (hours to seconds), alone, and without a mark; neither 24:00:00 nor a second 60 is read. The
  day is the one written, whatever the zone.
* Years that a DATE cannot hold lie at its infinity on their side, where their order is not judged.
"""

from __future__ import annotations

_YEAR = r"(?:[0-9]{4}|-(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9]))"
_MONTH, _DAY = r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12][0-9]|3[01])"
_DATE = (
    rf"(?:{_YEAR}(?:-(?:{_MONTH}(?:-(?:{_DAY}|XX))?|XX(?:-XX)?|2[1-4]|3[3-9]|4[01]))?"
    r"|-?[0-9]{2}[0-9X]X|Y-?[1-9][0-9]{4,})[?~%]?"
)
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:Z|[+-](?:[01][0-9]|2[0-3])(?::[0-5][0-9])?)?"

# What a partial date looks like. Whether its days exist and its ends are in order, `edtf_valid` tells.
FORM = rf"{_DATE}(?:/(?:{_DATE}|\.\.)?)?|(?:\.\.)?/{_DATE}|{_YEAR}-{_MONTH}-{_DAY}T{_TIME}"

# The commonest forms, in an expression so short that small tables do not notice it: what has this form and an
# `edtf_earliest` is valid, so that only the rest needs `edtf_valid`, which takes more than twice as long to plan.
PLAIN = r"[0-9]{4}(?:-[0-9]{2}){0,2}[?~%]?"

MANGLED = (
    r"(?i)[0-9]{1,2}[/.][0-9]{1,2}[/.][0-9]{2,4}"  # 17/11/2023
    r"|[0-9]{1,2}[-/ ]?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?:[-/ ]?[0-9]{2,4})?"  # 17-Nov-23
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-/ ][0-9]{2,4}"  # Nov-23
    r"|[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}"  # 17-11-2023
    r"|[0-9]{4}/[0-9]{1,2}(?:/[0-9]{1,2})?"  # 2023/11
    r"|[2-5][0-9]{4}(?:\.[0-9]+)?"  # 45247, the days since 1900
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}(?: 00:00:00.*|T00:00:00[.,].*)"  # 2023-11-17 00:00:00; without a fraction, T is EDTF
)

# What may stand in a month's place, with the first and the last month that it means.
_PARTS = {number: (number, number) for number in range(1, 13)}
_PARTS |= dict.fromkeys((21, 22, 23, 24), (1, 12))
_PARTS |= {33: (1, 3), 34: (4, 6), 35: (7, 9), 36: (10, 12), 37: (1, 4), 38: (5, 8), 39: (9, 12)}
_PARTS |= {40: (1, 6), 41: (7, 12)}


def _month(end: int) -> str:
    """Return SQL for the first day of the month at one end of `d`, a year with a month or a part.

    The months are looked up in one text by position: cheaper to plan than any number of cases.
    """
    months = "".join(f"{_PARTS[number][end]:02}" if number in _PARTS else "--" for number in range(1, 42))
    return f"TRY_CAST(left(d, -2) || substr('-{months}', 2 * TRY_CAST(right(d, 2) AS INTEGER), 2) || '-01' AS DATE)"


def _bound(month: str, day: str, digits: str, infinity: str, side: int) -> str:
    """Return SQL for one bound of `x`: `day` ends a year, `digits` fill a positive and a negative year's X.

    A day and a year are read at once, as they are what most cells hold. For all else the sides are put apart,
    so that each is named once (`d`) however often it is used; a month or day XX is a date without it. The tests
    come before the casts, since a cast that fails is dear.
    """
    plus, minus = digits[0], digits[1]
    return f"""CASE WHEN x LIKE '____-__-__' AND x NOT LIKE '%X' THEN TRY_CAST(x AS DATE)
        WHEN x LIKE '____' AND x NOT LIKE '%X' THEN TRY_CAST(x || '{day}' AS DATE) ELSE list_transform(
        string_split(translate(replace(x, '-XX', ''), '?~%', ''), '/'), lambda d: CASE
        WHEN d LIKE '%_-__-__%' THEN TRY_CAST(d AS DATE)
        WHEN d LIKE '%_-__' THEN {month}
        WHEN d = '..' THEN DATE '{infinity}'
        ELSE coalesce(
            TRY_CAST(translate(d, 'XY', CASE WHEN d LIKE '-%' THEN '{minus}' ELSE '{plus}' END) || '{day}' AS DATE),
            CASE WHEN d BETWEEN 'Y-1' AND 'Y-:' THEN DATE '-infinity'
                WHEN d BETWEEN 'Y1' AND 'Y:' THEN DATE 'infinity' END) END)[{side}] END"""


# `last_day` fails on the last month of all, which no cast does: hence TRY.
_EARLIEST = _bound(_month(0), "-01-01", "09", "-infinity", 1)
_LATEST = _bound(f"TRY(last_day({_month(1)}))", "-12-31", "90", "infinity", -1)

MACROS = (
    f"CREATE MACRO edtf_earliest(x) AS {_EARLIEST}",
    f"CREATE MACRO edtf_latest(x) AS {_LATEST}",
    "CREATE MACRO edtf_uncertain(x) AS coalesce(x GLOB '*[?~%]*', false)",
    # A bound may lack only where the side is empty: then the end is unknown, and no order is wrong.
    f"""CREATE MACRO edtf_valid(x) AS CASE WHEN regexp_full_match(x, '{FORM}') THEN coalesce(
        coalesce(edtf_earliest(x), CASE WHEN x LIKE '/%' THEN DATE '-infinity' END)
        <= coalesce(edtf_latest(x), CASE WHEN x LIKE '%/' THEN DATE 'infinity' END), false)
        WHEN x IS NOT NULL THEN false END""",
)
