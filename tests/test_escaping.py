"""Values in reports: whatever a cell holds, a reader sees all of it, and it is text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pages import MARKDOWN, Page

from accords.report.markdown import fitting, plain
from accords.report.values import clipped_pair, visible, web_address

SIGNS = "http :// www. GH- 1 # @a : tada &amp; &#60; <b> </td> abc123f 0 _ ** [x](y) ![ | \\| ^ $$ ~~ <!-- --> `"
PIECES = [*SIGNS.split(), "javascript:", " ", "- ", "\n"]


@given(st.text(st.characters(exclude_categories=())) | st.lists(st.sampled_from(PIECES)).map("".join))
def test_markdown_shows_a_value_as_it_is(value: str) -> None:
    cells = Page(MARKDOWN.render(f"| x |\n| --- |\n| {plain(value)}. |\n"))
    assert "".join(cells.text).split("\n") == ["", "", "", "x", "", "", "", "", visible(value) + ".", "", "", "", ""]
    summary = Page(f"<summary>{plain(value)}</summary>")
    assert "".join(summary.text) == visible(value)


@pytest.mark.parametrize(
    "sign", [*"\\`*_{}[]<>()#+-.!|~^&$@:'\"=", "abc1234", "1.", "www.a.b", "http://a.b", "a_b_c", "__0__"]
)
def test_markdown_shows_every_sign_as_it_is(sign: str) -> None:
    for value in (sign, sign * 3, f"x {sign}y{sign} z", f"{sign} y {sign}"):
        assert "".join(Page(MARKDOWN.render(f"- <b>x</b> {plain(value)}")).text).strip() == f"x {value}"


def test_what_looks_like_a_commit_is_parted_and_a_plain_word_or_number_is_not() -> None:
    assert plain("fixed in 6bc8628.") == "fixed in <span>6</span>bc8628."
    assert plain("a facade, a deadbeef, 20190501 beds") == "a facade, a deadbeef, 20190501 beds"


def test_a_block_too_large_keeps_no_smaller_one_out() -> None:
    assert fitting(["ế" * 10, "b" * 40, "c"], 33) == ["ế" * 10, "c"]


def test_the_first_difference_of_two_long_values_is_shown() -> None:
    before, after = clipped_pair("a" * 5000 + "X" + "a" * 5000, "a" * 5000 + "Y" + "a" * 5000, 100)
    assert "X" in before
    assert "Y" in after
    assert len(before) < 130
    assert before.endswith("… (10,001 characters)")


def test_blanks_that_nobody_sees_are_written_out() -> None:
    assert visible(" a  b c ") == "␣a ␣b c␣"
    assert visible("\t\u00a0\u200b\r\n") == r"\t\xa0\u200b\r\n"


@pytest.mark.parametrize(
    "text",
    [
        *("javascript:alert(1)", "data:text/html,x", "ftp://a.example", "//a.example", "https://", "http://[a"),
        *("https://known.example@other.example/", r"https://a.example\@b", "https://a.example/ b"),
        *("https://a.example/\n", "", None),
    ],
)
def test_only_plain_web_addresses_become_links(text: str | None) -> None:
    assert web_address(text) is None


def test_a_web_address_keeps_its_meaning() -> None:
    assert web_address("HTTPS://a.example/%C3%A9?q=é&r=<>#f") == "HTTPS://a.example/%C3%A9?q=%C3%A9&r=%3C%3E#f"
