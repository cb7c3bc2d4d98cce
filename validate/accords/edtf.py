"""Partial dates (EDTF) as SQL: which day is the earliest, which the latest, and is it certain.

Apart from `store`, because it is a language of its own: the subset of ISO 8601-2 that packages with
`"accords:edtf": true` use. A year, a month, a day; `201X` for a decade; seasons 21 to 24 (bounds of
their year, since hemispheres differ), quarters 33 to 36, half-years 40 and 41; `?`, `~` or `%` at the
end. Everything is an SQL macro, so that a column of any length is read inside the engine.
"""

from __future__ import annotations

FORM = (
    r"(?:[0-9]{4}(?:-(?:(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?|2[1-4]|3[3-6]|4[01]))?"
    r"|[0-9]{3}X)[?~%]?"
)

MANGLED = (
    r"(?i)[0-9]{1,2}[/.][0-9]{1,2}[/.][0-9]{2,4}"  # 17/11/2023
    r"|[0-9]{1,2}[-/ ]?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?:[-/ ]?[0-9]{2,4})?"  # 17-Nov-23
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-/ ][0-9]{2,4}"  # Nov-23
    r"|[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}"  # 17-11-2023
    r"|[0-9]{4}/[0-9]{1,2}(?:/[0-9]{1,2})?"  # 2023/11
    r"|[2-5][0-9]{4}(?:\.[0-9]+)?"  # 45247, the days since 1900
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]00:00:00.*"  # 2023-11-17 00:00:00
)

# The macros read by position, without an expression to compile: a year has 4 characters, a month or a part
# of a year 7, a day 10; one more where a qualifier ends it. They are for text that has the form above (the
# checks see to it, and empty a cell that has not); a day or month that the calendar lacks gives NULL.
_FIRST_MONTH = """CASE WHEN x[6] < '2' THEN x[6:7] WHEN x[6:7] = '34' THEN '04'
    WHEN x[6:7] IN ('35', '41') THEN '07' WHEN x[6:7] = '36' THEN '10' ELSE '01' END"""
_LAST_MONTH = """CASE WHEN x[6] < '2' THEN x[6:7] WHEN x[6:7] = '33' THEN '03'
    WHEN x[6:7] IN ('34', '40') THEN '06' WHEN x[6:7] = '35' THEN '09' ELSE '12' END"""

MACROS = (
    f"""CREATE MACRO edtf_earliest(x) AS TRY_CAST(CASE length(rtrim(x, '?~%'))
        WHEN 4 THEN replace(x[:4], 'X', '0') || '-01-01'
        WHEN 7 THEN x[:5] || {_FIRST_MONTH} || '-01' WHEN 10 THEN x[:10] END AS DATE)""",
    f"""CREATE MACRO edtf_latest(x) AS CASE length(rtrim(x, '?~%'))
        WHEN 4 THEN TRY_CAST(replace(x[:4], 'X', '9') || '-12-31' AS DATE)
        WHEN 7 THEN last_day(TRY_CAST(x[:5] || {_LAST_MONTH} || '-01' AS DATE))
        WHEN 10 THEN TRY_CAST(x[:10] AS DATE) END""",
    "CREATE MACRO edtf_uncertain(x) AS coalesce(right(x, 1) IN ('?', '~', '%'), false)",
)
