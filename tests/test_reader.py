"""Laws of the strict reader: what is written is read, each record on its line."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accords.package import Dialect
from accords.reader import Ending, Record, Unreadable, records

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])
BREAKS = re.compile("\r\n|\r|\n")
ITEMS = st.one_of(
    st.lists(
        CELLS | st.sampled_from(["", " ", "#", ",", '"', "\\", "a,b", '""', "\n", "\r", "'"]), min_size=1, max_size=4
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00"), max_size=8),  # a comment
    st.none(),  # a blank row
)


def read(content: bytes, encoding: str = "utf-8", dialect: Dialect | None = None) -> list[Record]:
    return list(records(io.BytesIO(content), encoding, dialect or Dialect()))


def written(rows: list[list[str]], end: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(rows)
    return out.getvalue()


def lines_before(text: str) -> int:
    """Count physical lines as an editor does: each of CR LF, CR and LF ends one."""
    return len(BREAKS.findall(text))


@st.composite
def dialects(draw: st.DrawFn) -> Dialect:
    """Draw any dialect whose marks differ and in which every cell can be written."""
    quote = draw(st.sampled_from(['"', "'", ""]))
    escape = draw(st.sampled_from(["", "\\", "^"]))
    return Dialect(
        delimiter=draw(st.sampled_from([",", ";", "\t", "|"])),
        quote_char=quote,
        escape_char=escape,
        double_quote=draw(st.booleans()) or not escape,
        skip_initial_space=draw(st.booleans()),
        comment_char=draw(st.sampled_from(["", "#", "//"])),
    )


def writable(cells: list[str], dialect: Dialect) -> bool:
    """Tell whether a row can be written at all: without quotes some cells cannot."""
    if dialect.quote_char:
        return True
    text = "".join(cells)
    risky = "\r\n" + ("" if dialect.escape_char else dialect.delimiter)
    starts = dialect.comment_char and cells[0].startswith(dialect.comment_char)
    blanks = dialect.skip_initial_space and any(cell.startswith(" ") for cell in cells)
    return cells != [""] and not set(text) & set(risky) and not starts and not blanks


def row_text(cells: list[str], dialect: Dialect, plain: bool) -> str:
    """Write a row by hand, as the standard says, plain where that is wanted and safe."""
    quote, escape = dialect.quote_char, dialect.escape_char
    marks = {dialect.delimiter, quote, escape, "\r", "\n"} - {""}
    out = []
    for number, cell in enumerate(cells):
        starts = dialect.comment_char and number == 0 and cell.startswith(dialect.comment_char)
        safe = not set(cell) & marks and not starts and not cell.startswith(" ") and cells != [""]
        if quote and not (plain and safe):
            inner = cell.replace(escape, escape * 2) if escape else cell
            inner = inner.replace(quote, (quote if dialect.double_quote else escape) + quote)
            out.append(quote + inner + quote)
        elif escape:
            out.append("".join(escape + sign if sign in marks else sign for sign in cell))
        else:
            out.append(cell)
    return dialect.delimiter.join(out)


@given(st.lists(st.tuples(ITEMS, ENDS, st.booleans()), max_size=8), dialects(), st.booleans())
def test_what_is_written_is_read_and_stands_on_its_line(
    items: list[tuple[list[str] | str | None, str, bool]], dialect: Dialect, ended: bool
) -> None:
    text, expected, row = "", [], 0
    for item, end, plain in items:
        line = 1 + lines_before(text)
        if isinstance(item, str):
            if not dialect.comment_char:
                continue
            now = dialect.comment_char + item
        else:
            cells = item or []
            if item and not writable(item, dialect):
                continue
            now = row_text(item, dialect, plain) if item else ""
            expected.append(Record(row + 1, line, cells))
        row += 1
        text += now + ("\r" if not now and text.endswith("\r") else end)
    if text and not ended and expected and expected[-1].row == row and expected[-1].cells:
        text = re.sub(r"(\r\n|\r|\n)\Z", "", text)
    assert read(text.encode(), dialect=dialect) == expected
    for number, record in enumerate(expected):
        without = replace(dialect, comment_rows=(record.row,))
        assert read(text.encode(), dialect=without) == expected[:number] + expected[number + 1 :]


@given(
    st.lists(st.lists(st.text("aé,\"\n\r '", max_size=5), min_size=1, max_size=3), max_size=5),
    ENDS,
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "cp1258", "latin-1"]),
)
def test_declared_encodings_are_read(rows: list[list[str]], end: str, encoding: str) -> None:
    content = written(rows, end)
    assert read(content.encode(encoding), encoding) == read(content.encode())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8", "cp1252"])
@given(before=st.text("ab,é\n\r", max_size=30))
def test_the_line_of_a_bad_byte_is_that_of_an_editor(encoding: str, before: str) -> None:
    good = before.encode(encoding)
    with pytest.raises(Unreadable) as found:
        read(good + {"cp1252": b"\x81", "utf-8": b"\xff"}.get(encoding, b"\xd8\x00\x00\xd8\xd8"), encoding)
    assert found.value.line == 1 + lines_before(before)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=3), max_size=4), st.lists(CELLS, min_size=1, max_size=3))
def test_rows_count_on_over_files_and_lines_start_anew(rows: list[list[str]], more: list[str]) -> None:
    content = written([more, *rows], "\n").encode()
    later = list(records(io.BytesIO(content), "utf-8", Dialect(), before=7))
    assert [record.row - 7 for record in later] == [record.row for record in read(content)]
    assert [record.line for record in later] == [record.line for record in read(content)]


@given(st.lists(st.lists(CELLS, min_size=1, max_size=3), max_size=5))
def test_a_byte_order_mark_changes_nothing(rows: list[list[str]]) -> None:
    content = written(rows, "\n").encode()
    assert read(b"\xef\xbb\xbf" + content) == read(content)


@given(
    st.binary(max_size=30).filter(lambda part: not _decodes(part)),
    st.text("abcä,\n", max_size=40),
)
def test_a_bad_byte_is_found_where_it_stands(bad: bytes, before: str) -> None:
    content = before.encode() + bad
    with pytest.raises(UnicodeDecodeError) as expected:
        content.decode()
    with pytest.raises(Unreadable) as found:
        read(content)
    assert found.value.code == "encoding-error"
    assert dict(found.value.params)["offset"] == expected.value.start
    assert found.value.line == 1 + lines_before(content[: expected.value.start].decode())


def _decodes(part: bytes) -> bool:
    try:
        part.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_a_bad_byte_far_into_a_file_is_found() -> None:
    content = "é,b\n".encode() * 50_000 + b"x,\xff\n"
    with pytest.raises(Unreadable) as found:
        read(content)
    assert dict(found.value.params)["offset"] == 50_000 * len("é,b\n".encode()) + 2
    assert found.value.line == 50_001


def test_a_line_end_across_two_blocks_ends_one_line() -> None:
    for before in (65_535, 65_536, 65_537):
        with pytest.raises(Unreadable) as found:
            read(b"a" * before + b"\r\n\xff")
        assert found.value.line == 2
        assert dict(found.value.params)["offset"] == before + 2


@pytest.mark.parametrize(
    ("content", "variant", "row", "line"),
    [
        (b'a,b\n1,"x\ny,z\n', "unclosed", 2, 2),
        (b'a,b\n"1\n2",3\n4,"5\n', "unclosed", 3, 4),
        (b'a,b\n1,"x"y\n', "quote", 2, 2),
        (b'#\n#"\na,b\n#\n1,"x\n#y"z\n', "quote", 5, 5),
        (b"a,b\n1,x\\", "escape", 2, 2),
        (b"a,b\n#\x00\n1,x\x00y\n", "null", 3, 3),
        (b'a,b\n1,"x\\\\', "unclosed", 2, 2),
    ],
)
def test_a_record_that_is_no_csv_is_named_by_its_first_line(content: bytes, variant: str, row: int, line: int) -> None:
    with pytest.raises(Unreadable) as found:
        read(content, dialect=Dialect(escape_char="\\", comment_char="#"))
    assert (found.value.variant, found.value.row, found.value.line) == (variant, row, line)


@pytest.mark.parametrize("content", [b'a,b\n1,"x"y\n', b'a,b\n1,"x""y"\n', b'a,b\n1,"x" \n'])
def test_quotes_that_are_not_doubled_are_judged_as_strictly(content: bytes) -> None:
    with pytest.raises(Unreadable) as found:
        read(content, dialect=Dialect(double_quote=False, escape_char="\\"))
    assert (found.value.variant, found.value.row, found.value.line) == ("quote", 2, 2)


def test_how_a_file_ends_is_told() -> None:
    def ending(content: bytes) -> Ending:
        rows = records(io.BytesIO(content), "utf-8", Dialect(comment_char="#"))
        while True:
            try:
                next(rows)
            except StopIteration as stop:
                return cast("Ending", stop.value)

    assert ending(b"") == Ending(0, True)
    assert ending(b"a\n#b\n") == Ending(2, True)
    assert ending(b"a\r") == Ending(1, True)
    assert ending(b"a\nb") == Ending(2, False)
    assert ending(b"a\n#b") == Ending(2, False)


def test_a_line_without_an_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accords.reader.LONGEST", 1000)
    for content in (b"a" * 2000, b'"' + b"a\n" * 1000):
        with pytest.raises(Unreadable) as found:
            read(content)
        assert (found.value.variant, found.value.row, found.value.line) == ("long", 1, 1)
