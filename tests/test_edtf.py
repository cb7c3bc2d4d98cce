"""Laws of partial dates, asked of the SQL macros that the checks and the rules use.

Longer than most modules because every law draws on one small model of the notation, which stands beside them.
"""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from accords import edtf

EPOCH = date(1970, 1, 1).toordinal()
PARTS = {"33": (1, 3), "34": (4, 6), "35": (7, 9), "36": (10, 12), "40": (1, 6), "41": (7, 12)}
PARTS |= {"37": (1, 4), "38": (5, 8), "39": (9, 12)}
PARTS |= dict.fromkeys(("21", "22", "23", "24"), (1, 12))
QUALIFIERS = st.sampled_from(["", "", "?", "~", "%"])
YEARS = st.one_of(st.integers(1900, 2100), st.integers(-9999, 9999))

Bounds = tuple[float | None, float | None]


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(":memory:")
    for macro in edtf.MACROS:
        connection.execute(macro)
    yield connection
    connection.close()


def number(year: int, month: int, day: int) -> float:
    """Count a day from 1970; beyond what the engine's DATE holds (it says when) it is infinite."""
    cycles = (year - 2000) // 400
    found = date(year - 400 * cycles, month, day).toordinal() - EPOCH + cycles * 146097
    return found if -2147483646 <= found <= 2147483646 else math.copysign(math.inf, year)


def length(year: int, month: int) -> int:
    return calendar.monthrange(2000 + year % 400, month)[1]


def written(year: int) -> str:
    return f"-{-year:04}" if year < 0 else f"{year:04}"


@dataclass(frozen=True)
class Drawn:
    """A text with the bounds that its definition gives it: None for an end that is unknown."""

    text: str
    first: float | None
    last: float | None

    @property
    def ordered(self) -> bool:
        return self.first is None or self.last is None or self.first <= self.last


@st.composite
def plain_dates(draw: st.DrawFn) -> Drawn:
    """Draw a year, a decade, a century, a part of a year, a month or a day, without a mark."""
    kind = draw(st.sampled_from(["year", "X", "XX", "month", "part", "day", "-XX", "-XX-XX", "-MM-XX", "long"]))
    year, month = draw(YEARS), draw(st.integers(1, 12))
    text, first, last = written(year), (year, 1, 1), (year, 12, 31)
    if kind in ("X", "XX"):
        size = 10 ** len(kind)
        group = draw(st.integers(0, 10000 // size - 1))
        sign = draw(st.sampled_from([1, 1, -1]))
        ends = sorted((sign * group * size, sign * (group * size + size - 1)))
        text = ("-" if sign < 0 else "") + f"{group:0{4 - len(kind)}}" + kind
        first, last = (ends[0], 1, 1), (ends[1], 12, 31)
    elif kind == "long":
        size = draw(st.one_of(st.integers(10000, 99999), st.integers(5877000, 5882000), st.integers(10**6, 10**40)))
        year = draw(st.sampled_from([size, -size]))
        text, first, last = f"Y{year}", (year, 1, 1), (year, 12, 31)
    elif kind in ("month", "-MM-XX"):
        text += f"-{month:02}" + ("-XX" if kind == "-MM-XX" else "")
        first, last = (year, month, 1), (year, month, length(year, month))
    elif kind == "part":
        code = draw(st.sampled_from(sorted(PARTS)))
        text += f"-{code}"
        first, last = (year, PARTS[code][0], 1), (year, PARTS[code][1], length(year, PARTS[code][1]))
    elif kind == "day":
        first = last = (year, month, draw(st.integers(1, length(year, month))))
        text += f"-{month:02}-{first[2]:02}"
    elif kind != "year":
        text += kind
    return Drawn(text, number(*first), number(*last))


@st.composite
def dates(draw: st.DrawFn) -> Drawn:
    """Draw a date that may have a mark at its end."""
    bare = draw(plain_dates())
    return Drawn(bare.text + draw(QUALIFIERS), bare.first, bare.last)


@st.composite
def times(draw: st.DrawFn) -> Drawn:
    """Draw a date with a time, with and without a zone."""
    year, month = draw(YEARS), draw(st.integers(1, 12))
    day, zone = draw(st.integers(1, length(year, month))), draw(st.sampled_from(["", "Z", "+05:00", "-04", "-11:30"]))
    clock = draw(st.times())
    text = f"{written(year)}-{month:02}-{day:02}T{clock:%H:%M:%S}{zone}"
    return Drawn(text, number(year, month, day), number(year, month, day))


@st.composite
def intervals(draw: st.DrawFn) -> Drawn:
    """Draw an interval, in order or not, or one with an end that is open or unknown."""
    one, two = draw(dates()), draw(dates())
    kind = draw(st.sampled_from(["closed", "closed", "open", "since", "unknown", "until"]))
    if kind == "closed":
        return Drawn(f"{one.text}/{two.text}", one.first, two.last)
    if kind in ("open", "since"):
        end = math.inf if kind == "open" else None
        return Drawn(one.text + ("/.." if end else "/"), one.first, end)
    start = -math.inf if kind == "until" else None
    return Drawn(("../" if start else "/") + two.text, start, two.last)


FORMS = st.one_of(dates(), dates(), times(), intervals())


def ask(engine: duckdb.DuckDBPyConnection, sql: str, text: str | None) -> Any:
    found = engine.execute(f"SELECT {sql} FROM (SELECT $1::VARCHAR AS x)", [text]).fetchone()
    assert found is not None
    return found[0] if len(found) == 1 else found


def bounds(engine: duckdb.DuckDBPyConnection, text: str) -> Bounds:
    """Return the bounds as days from 1970, since Python has neither infinite dates nor years before 1."""
    days = [
        f"CASE WHEN isinf({side}) THEN {side}::VARCHAR::DOUBLE ELSE date_diff('day', DATE '1970-01-01', {side}) END"
        for side in ("edtf_earliest(x)", "edtf_latest(x)")
    ]
    first, last = ask(engine, ", ".join(days), text)
    return first, last


@given(FORMS)
def test_bounds_are_those_of_the_definition_and_ordered(engine: duckdb.DuckDBPyConnection, drawn: Drawn) -> None:
    assert re.fullmatch(edtf.FORM, drawn.text)
    assert bounds(engine, drawn.text) == (drawn.first, drawn.last)
    assert drawn.ordered or "/" in drawn.text


@given(FORMS)
def test_bounds_are_the_same_with_the_optimizer_off(engine: duckdb.DuckDBPyConnection, drawn: Drawn) -> None:
    engine.execute("PRAGMA disable_optimizer")
    try:
        assert bounds(engine, drawn.text) == (drawn.first, drawn.last)
        assert ask(engine, "edtf_valid(x)", drawn.text) is drawn.ordered
    finally:
        engine.execute("PRAGMA enable_optimizer")


@given(FORMS)
def test_a_form_is_valid_unless_its_end_comes_before_its_start(engine: duckdb.DuckDBPyConnection, drawn: Drawn) -> None:
    assert ask(engine, "edtf_valid(x)", drawn.text) is drawn.ordered


@settings(max_examples=20)
@given(plain_dates(), plain_dates())
def test_a_qualifier_makes_a_date_uncertain_and_moves_no_bound(
    engine: duckdb.DuckDBPyConnection, one: Drawn, two: Drawn
) -> None:
    for before, after in (("", ""), (f"{two.text}/", ""), ("", f"/{two.text}")):
        bare = before + one.text + after
        assert ask(engine, "edtf_uncertain(x)", bare) is False
        for sign in "?~%":
            marked = before + one.text + sign + after
            assert ask(engine, "edtf_uncertain(x)", marked) is True
            assert bounds(engine, marked) == bounds(engine, bare)


@given(FORMS, FORMS)
def test_an_order_rule_is_silent_where_the_order_cannot_be_decided(
    engine: duckdb.DuckDBPyConnection, early: Drawn, late: Drawn
) -> None:
    """`edtf_latest(b) >= edtf_earliest(a)` fails only where every day of b lies before every day of a."""
    found = engine.execute("SELECT edtf_latest($2) >= edtf_earliest($1)", [early.text, late.text]).fetchone()
    holds = None if late.last is None or early.first is None else late.last >= early.first
    assert found == (holds,)


@pytest.mark.parametrize(
    ("early", "late", "holds"),
    [
        ("2023-06", "2020/..", True),  # an open end is never too early
        ("../2023", "2020", True),
        ("2023-06", "2020/", None),  # nor is one that nobody knows
        ("/2023", "2020", None),
        ("2023/..", "2020/2022", False),
        ("Y170000002", "Y170000001", True),  # beyond the engine's years the order is not judged
    ],
)
def test_open_and_unknown_ends_flag_nothing(
    engine: duckdb.DuckDBPyConnection, early: str, late: str, holds: bool | None
) -> None:
    found = engine.execute("SELECT edtf_latest($2) >= edtf_earliest($1)", [early, late]).fetchone()
    assert found == (holds,)


SPECIFIED = """
    1985-04-12 1985-04 1985 0000 1985-04-12T23:20:30 1985-04-12T23:20:30Z 1985-04-12T23:20:30-04
    1985-04-12T23:20:30+04:30 1964/2008 2004-06/2006-08 2004-02-01/2005-02-08 2004-02-01/2005-02 2004-02-01/2005
    2005/2006-02 Y170000002 Y-170000002 2001-21 1984? 2004-06~ 2004-06-11% 201X 20XX 2004-XX 1985-04-XX 1985-XX-XX
    1985-04-12/.. 1985-04/.. 1985/.. ../1985-04-12 ../1985-04 ../1985 1985-04-12/ 1985-04/ 1985/ /1985-04-12
    /1985-04 /1985 1984~/2004-06 1984/2004-06~ 1984~/2004~ 1984?/2004% 1984-06-02?/2004-08-08~ -1985 -0005-03?
    2001-33 2001-34 2001-35 2001-36 2001-37 2001-38 2001-39 2001-40 2001-41 0000-02-29 -0004-02-29 2004-06-XX/2004-07-03
""".split()


@pytest.mark.parametrize("text", SPECIFIED)
def test_what_the_specification_shows_is_valid(engine: duckdb.DuckDBPyConnection, text: str) -> None:
    assert ask(engine, "edtf_valid(x)", text) is True


WRONG = """
    2023-02-30 2023-02-29 1900-02-29? -0001-02-29 2023-04-31 2023-00 2023-13 2023-25 2023-32 2023-42
    2023-06-00 2023-06-32 1/2/2023 2023-1-5 2023-6 23-06-14 2023?? ?2023 2023?-06 2023-?06 ٢٠٢٣ ２０２３
    -0000 -0000-01 +2023 02023 202 12023 Y2023 Y02023 Y-02023 y12023 Y12023-01 2XXX XXXX X023 20X3 202x
    202X-05 20XX-XX 2023-1X 2023-06-1X 2023-XX-05 2023-21-05 2023-33-XX / ../.. ../ /.. .. ..2023 2023..
    2023/... 2023/2024/2025 2023/2023-02-30 2023-02-30/ /2023-02-29 2023-02-30/.. 2024/2023
    2023-06/2023-05 2023-07-01/2023-06-30? 2023-36/2023-35 -0005/-0006 Y12023/2023 2024/202X-05
    2023-06-14T10:10 2023-06-14T24:00:00 2023-06-14T10:10:60 2023-06-14T10:10:10.5 2023-06-14T10:10:10z
    2023-06T10:10:10 2023-06-14T10:10:10Z? 2023-02-30T10:10:10Z 2023-06-14T10:10:10Z/2024
    2023-06-14T10:10:10+5 20230614 2023-W24 2023-165 [2023,2024] {2023} 2023-06-~01 1950S2 Y17E7 summer
    undated 2023年 infinity -infinity epoch 5881580-07 5881580-07-11
""".split()
WRONG += [
    "",
    " ",
    " 2023",
    "2023 ",
    "2023-06-14 ",
    "2023\n",
    "2023-06-14\n",
    "\n2023",
    "2023 / 2024",
    "2023-06-14 10:10:10",
]


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_partial_date_is_not_valid(engine: duckdb.DuckDBPyConnection, text: str) -> None:
    assert ask(engine, "edtf_valid(x)", text) is False


@pytest.mark.parametrize(
    "text", ["2023-02-29", "2023-04-31", "1900-02-29?", "2023-02-30T10:10:10Z", "2023-13", "2023-50"]
)
def test_a_day_that_the_calendar_lacks_has_no_bounds(engine: duckdb.DuckDBPyConnection, text: str) -> None:
    assert bounds(engine, text) == (None, None)


def test_a_missing_date_has_no_bounds_and_is_not_uncertain(engine: duckdb.DuckDBPyConnection) -> None:
    found = ask(engine, "edtf_earliest(x), edtf_latest(x), edtf_uncertain(x), edtf_valid(x)", None)
    assert found == (None, None, False, None)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Y5881579", (5881579, 1, 1), (5881579, 12, 31)),
        ("Y5881580", (5881580, 1, 1), math.inf),
        ("Y5881581", math.inf, math.inf),
        ("Y-5877640", (-5877640, 1, 1), (-5877640, 12, 31)),
        ("Y-5877641", -math.inf, (-5877641, 12, 31)),
        ("Y-5877642", -math.inf, -math.inf),
    ],
)
def test_years_beyond_those_of_the_engine_are_infinite(
    engine: duckdb.DuckDBPyConnection, text: str, first: Any, last: Any
) -> None:
    wanted = tuple(number(*end) if isinstance(end, tuple) else end for end in (first, last))
    assert bounds(engine, text) == wanted


MARKS = st.text("0123456789X-?~%/. TZYjanov:+٣\n", max_size=12)


@st.composite
def mutants(draw: st.DrawFn) -> str:
    """Draw a form in which one character or two digits of a number are others."""
    text = draw(FORMS).text
    at = draw(st.integers(0, len(text)))
    return text[:at] + draw(MARKS)[:2] + text[at + draw(st.integers(0, 2)) :]


def holds(text: str) -> bool:
    """Tell for a text of the form whether its days exist and its ends are in order."""
    read = [sides(side.rstrip("?~%")) for side in text.split("/")]
    if read[0] is None or read[-1] is None:
        return False
    first, last = read[0][0], read[-1][1]
    return first is None or last is None or first <= last


def sides(text: str) -> Bounds | None:
    """Return the bounds of one side, None for a day that does not exist."""
    if text == "":
        return None, None
    if text == "..":
        return -math.inf, math.inf
    if text.startswith("Y"):
        return number(int(text[1:]), 1, 1), number(int(text[1:]), 12, 31)
    sign, bare = (-1, text[1:]) if text.startswith("-") else (1, text)
    years = sorted(sign * int(bare[:4].replace("X", digit)) for digit in "09")
    month, day = bare[5:7], bare[8:10]
    from_, to = PARTS.get(month) or ((1, 12) if month in ("", "XX") else (int(month), int(month)))
    if day not in ("", "XX"):
        exists = int(day) <= length(years[0], from_)
        return (number(years[0], from_, int(day)),) * 2 if exists else None
    return number(years[0], from_, 1), number(years[1], to, length(years[1], to))


@given(st.one_of(mutants(), mutants(), MARKS))
def test_valid_is_what_has_the_form_and_holds(engine: duckdb.DuckDBPyConnection, text: str) -> None:
    formed = re.fullmatch(edtf.FORM, text) is not None
    assert ask(engine, f"regexp_full_match(x, '{edtf.FORM}')", text) is formed
    assert ask(engine, "edtf_valid(x)", text) is (formed and holds(text))


@given(st.one_of(FORMS.map(lambda drawn: drawn.text), mutants(), st.from_regex(edtf.PLAIN, fullmatch=True)))
def test_a_plain_form_with_an_earliest_day_is_valid(engine: duckdb.DuckDBPyConnection, text: str) -> None:
    if ask(engine, f"regexp_full_match(x, '{edtf.PLAIN}') AND edtf_earliest(x) IS NOT NULL", text):
        assert ask(engine, "edtf_valid(x)", text)


@given(st.one_of(st.text(max_size=12), mutants(), MARKS))
def test_no_text_breaks_a_macro(engine: duckdb.DuckDBPyConnection, text: str) -> None:
    assume("\x00" not in text)
    ask(engine, "edtf_earliest(x), edtf_latest(x), edtf_uncertain(x), edtf_valid(x)", text)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT edtf_earliest(d) FROM t",  # the macros have names of their own inside: a table may have the same
        "SELECT list_transform([d], lambda d: edtf_earliest(d))[1] FROM t",
        "SELECT edtf_earliest(d) FROM t GROUP BY edtf_earliest(d) ORDER BY edtf_earliest(d)",
        "SELECT (SELECT min(edtf_earliest(coalesce(u.x, t.d))) FROM t u) FROM t",
        "SELECT edtf_earliest(t.d) FROM t JOIN t u ON edtf_latest(t.d) >= edtf_earliest(u.d)",
    ],
)
@pytest.mark.parametrize("optimizer", ["enable", "disable"])
def test_the_macros_may_stand_where_a_rule_puts_them(
    engine: duckdb.DuckDBPyConnection, optimizer: str, sql: str
) -> None:
    engine.execute(f"PRAGMA {optimizer}_optimizer")
    try:
        found = engine.execute(f"WITH t AS (SELECT '2023-35~' AS d, NULL::VARCHAR AS x) {sql}").fetchall()
        assert found == [(date(2023, 7, 1),)]
    finally:
        engine.execute("PRAGMA enable_optimizer")


@pytest.mark.parametrize(
    "text",
    [
        *["Nov-23", "17/11/2023", "1/11/2023", "45247", "17-11-2023", "17-Nov-2023", "2023/11", "November 2023"],
        *["2023-11-17 00:00:00", "2023-11-17T00:00:00.000Z"],
    ],
)
def test_what_a_spreadsheet_makes_of_dates_is_recognised(engine: duckdb.DuckDBPyConnection, text: str) -> None:
    assert re.fullmatch(edtf.MANGLED, text)
    assert ask(engine, "edtf_valid(x)", text) is False


@given(FORMS)
def test_no_partial_date_is_taken_for_a_rewritten_one(drawn: Drawn) -> None:
    assert not re.fullmatch(edtf.MANGLED, drawn.text)


# Where python-edtf 5.0.2 is known to err, or reads more or less than levels 0 and 1.
REFUSES: dict[str, Callable[[str], bool]] = {
    "semesters": lambda text: re.search(r"\d-4[01]", text) is not None,
    "a mark after a season or a part of a year": lambda text: re.search(r"\d{4}-[23]\d[?~%]", text) is not None,
    "parts of a year in an interval": lambda text: "/" in text and re.search(r"\d{4}-3[3-9]", text) is not None,
    "X in many intervals": lambda text: "/" in text and "X" in text,
    "a mark after a long year": lambda text: re.search(r"Y.*[?~%]", text) is not None,
    "a long year in an interval": lambda text: "/" in text and "Y" in text,
}
ADMITS: dict[str, Callable[[str], bool]] = {
    "an end before the start": lambda text: "/" in text,
    "29 February of any year": lambda text: "-02-29" in text,
    "blanks and line breaks around": lambda text: text != text.strip(),
    "a time after a month": lambda text: re.search(r"^\d{4}-\d\dT", text) is not None,
    "both ends open, more digits X, hour 24": lambda text: text in ("../..", "2XXX", "XXXX", "2023-06-14T24:00:00"),
    "what level 2 adds": lambda text: re.search(r"[\[{SE]|\?.|X-|X\d|\dX$|-~|-2[5-9]$|-3[0-2]$", text) is not None,
}
DIFFERS: dict[str, Callable[[str], bool]] = {
    "an unknown end is ten years off": lambda text: text.startswith("/") or text.endswith("/"),
    "seasons are those of the north": lambda text: re.search(r"\d{4}-2[1-4]", text) is not None,
    "XX before the year 0 runs backwards": lambda text: re.search(r"(?:^|/)-.*-XX", text) is not None,
}


def known(faults: dict[str, Callable[[str], bool]], text: str) -> bool:
    return any(fault(text) for fault in faults.values())


@pytest.fixture(scope="module")
def oracle() -> Callable[[str], Any]:
    """Return python-edtf's reading of a text: None for what it refuses."""
    reason = "python-edtf (edtf==5.0.2) is not installed; it is only an oracle"
    library = pytest.importorskip("edtf", reason=reason)

    def read(text: str) -> Any:
        try:
            return library.parse_edtf(text)
        except Exception:  # it raises TypeError, AttributeError and others besides its own
            return None

    return read


@pytest.mark.filterwarnings("ignore")
class TestAgainstPythonEdtf:
    """The oracle: another implementation agrees, but for its known faults."""

    @given(drawn=FORMS)
    def test_on_what_is_valid_and_its_bounds(self, oracle: Callable[[str], Any], drawn: Drawn) -> None:
        if not drawn.ordered or known(REFUSES, drawn.text):
            return
        found = oracle(drawn.text)
        assert found is not None
        if known(DIFFERS, drawn.text):
            return
        assert self.end(found.lower_strict()) == drawn.first
        assert self.end(found.upper_strict()) == drawn.last

    @staticmethod
    def end(found: Any) -> float:
        if not hasattr(found, "tm_year"):
            return float(found)
        return number(found.tm_year, found.tm_mon, found.tm_mday)

    @pytest.mark.parametrize("text", WRONG)
    def test_on_what_is_not_valid(self, oracle: Callable[[str], Any], text: str) -> None:
        assert oracle(text) is None or known(ADMITS, text)
