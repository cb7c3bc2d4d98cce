"""Laws of partial dates, asked of the SQL macros that the checks and the rules use."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date, timedelta

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accords import edtf

YEARS = st.integers(1000, 2999)
QUALIFIERS = st.sampled_from(["", "?", "~", "%"])
PARTS = {"33": (1, 3), "34": (4, 6), "35": (7, 9), "36": (10, 12), "40": (1, 6), "41": (7, 12)}
PARTS |= dict.fromkeys(("21", "22", "23", "24"), (1, 12))


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(":memory:")
    for macro in edtf.MACROS:
        connection.execute(macro)
    yield connection
    connection.close()


@st.composite
def partial_dates(draw: st.DrawFn) -> tuple[str, date, date]:
    """Draw a partial date with the bounds that its definition gives it."""
    year = draw(YEARS)
    kind = draw(st.sampled_from(["year", "decade", "month", "part", "day"]))
    first, last = date(year, 1, 1), date(year, 12, 31)
    text = f"{year:04}"
    if kind == "decade":
        text = f"{year // 10:03}X"
        first, last = date(year // 10 * 10, 1, 1), date(year // 10 * 10 + 9, 12, 31)
    elif kind == "month":
        month = draw(st.integers(1, 12))
        text += f"-{month:02}"
        first, last = date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    elif kind == "part":
        code = draw(st.sampled_from(sorted(PARTS)))
        start, end = PARTS[code]
        text += f"-{code}"
        first, last = date(year, start, 1), date(year, end, calendar.monthrange(year, end)[1])
    elif kind == "day":
        first = last = draw(st.dates(date(year, 1, 1), date(year, 12, 31)))
        text = first.isoformat()
    return text + draw(QUALIFIERS), first, last


def bounds(engine: duckdb.DuckDBPyConnection, text: str) -> tuple[date | None, date | None]:
    found = engine.execute("SELECT edtf_earliest($1), edtf_latest($1)", [text]).fetchone()
    assert found is not None
    return found[0], found[1]


@given(partial_dates())
def test_bounds_are_those_of_the_definition_and_ordered(
    engine: duckdb.DuckDBPyConnection, drawn: tuple[str, date, date]
) -> None:
    text, first, last = drawn
    assert re.fullmatch(edtf.FORM, text)
    assert bounds(engine, text) == (first, last)
    assert first <= last


@given(partial_dates())
def test_a_qualifier_makes_a_date_uncertain_and_moves_no_bound(
    engine: duckdb.DuckDBPyConnection, drawn: tuple[str, date, date]
) -> None:
    bare = drawn[0].rstrip("?~%")
    for text in (bare, *(bare + sign for sign in "?~%")):
        uncertain = engine.execute("SELECT edtf_uncertain($1)", [text]).fetchone()
        assert uncertain == (text != bare,)
        assert bounds(engine, text) == bounds(engine, bare)


@given(partial_dates(), partial_dates())
def test_an_order_rule_is_silent_where_the_order_cannot_be_decided(
    engine: duckdb.DuckDBPyConnection, one: tuple[str, date, date], two: tuple[str, date, date]
) -> None:
    """`edtf_latest(b) >= edtf_earliest(a)` fails only where every day of b lies before every day of a."""
    (early, first, _), (late, _, last) = one, two
    holds = engine.execute("SELECT edtf_latest($2) >= edtf_earliest($1)", [early, late]).fetchone()
    assert holds == (last >= first,)
    assert (last + timedelta(0) < first) == (holds == (False,))


@pytest.mark.parametrize("text", ["2023-02-29", "2023-04-31", "1900-02-29?"])
def test_a_day_that_the_calendar_lacks_has_no_bounds(engine: duckdb.DuckDBPyConnection, text: str) -> None:
    assert bounds(engine, text) == (None, None)


def test_a_missing_date_has_no_bounds_and_is_not_uncertain(engine: duckdb.DuckDBPyConnection) -> None:
    found = engine.execute("SELECT edtf_earliest(NULL), edtf_latest(NULL), edtf_uncertain(NULL)").fetchone()
    assert found == (None, None, False)


@given(st.text("0123456789X-?~%/. TJanov", max_size=12))
def test_the_form_admits_only_what_has_bounds_or_a_missing_day(engine: duckdb.DuckDBPyConnection, text: str) -> None:
    if re.fullmatch(edtf.FORM, text) and text[:4] != "0000":
        first, last = bounds(engine, text)
        if first is None:
            assert len(text.rstrip("?~%")) == len("2023-02-29")
        else:
            assert last is not None
            assert str(first) <= str(last)


@pytest.mark.parametrize(
    "text", ["Nov-23", "17/11/2023", "1/11/2023", "45247", "17-11-2023", "17-Nov-2023", "2023/11", "November 2023"]
)
def test_what_a_spreadsheet_makes_of_dates_is_recognised(text: str) -> None:
    assert re.fullmatch(edtf.MANGLED, text)


@given(partial_dates())
def test_no_partial_date_is_taken_for_a_rewritten_one(drawn: tuple[str, date, date]) -> None:
    assert not re.fullmatch(edtf.MANGLED, drawn[0])
