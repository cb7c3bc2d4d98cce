"""Laws of the strict reader: what is written is read, each record on its line."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accords.package import Dialect
from accords.reader import Record, Unreadable, records

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)
ENDS = st.sampled_from(["\n", "\r\n"])


def read(content: bytes, encoding: str = "utf-8", dialect: Dialect | None = None) -> list[Record]:
    return list(records(io.BytesIO(content), encoding, dialect or Dialect()))


def written(rows: list[list[str]], end: str, delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(rows)
    return out.getvalue()


def lines_before(text: str) -> int:
    """Count physical lines as an editor does: each of CR LF, CR and LF ends one."""
    return text.replace("\r\n", "\n").replace("\r", "\n").count("\n")


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=8), ENDS, st.sampled_from([",", ";", "\t", "|"]))
def test_what_is_written_is_read_and_stands_on_its_line(rows: list[list[str]], end: str, delimiter: str) -> None:
    content = written(rows, end, delimiter)
    found = read(content.encode(), dialect=Dialect(delimiter=delimiter))
    assert [record.cells for record in found] == rows
    assert [record.row for record in found] == list(range(1, len(rows) + 1))
    for number, record in enumerate(found):
        assert record.line == 1 + lines_before(written(rows[:number], end, delimiter))


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
    assert found.value.line == 1 + content[: expected.value.start].count(b"\n")


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


@pytest.mark.parametrize(
    ("content", "variant", "row", "line"),
    [
        (b'a,b\n1,"x\ny,z\n', "unclosed", 2, 2),
        (b'a,b\n"1\n2",3\n4,"5\n', "unclosed", 3, 4),
        (b'a,b\n1,"x"y\n', "quote", 2, 2),
    ],
)
def test_a_record_that_is_no_csv_is_named_by_its_first_line(content: bytes, variant: str, row: int, line: int) -> None:
    with pytest.raises(Unreadable) as found:
        read(content)
    assert (found.value.variant, found.value.row, found.value.line) == (variant, row, line)


def test_declared_encodings_are_read() -> None:
    for encoding in ("cp1252", "cp1258", "utf-16", "utf-8"):
        assert read("a\né\n".encode(encoding), encoding)[1].cells == ["é"]
