"""Laws of the canonical form: tidy twice is tidy once, and nothing is lost."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accords.cli import main
from accords.package import Field, Hygiene, Resource, Schema
from accords.tidy import canonical

PLAIN = Schema(None, (Field("id", 1), Field("note", 2), Field("n", 3, type="integer")), ("id",))
CLEANED = Schema(None, tuple(Field(name, number, text=Hygiene.WHOLE) for number, name in enumerate("ab", 1)), ("a",))
CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=6)


def resource(schema: Schema) -> Resource:
    return Resource("t", "t.csv", schema)


def rows_of(content: bytes) -> list[list[str]]:
    return [row for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")) if any(row)]


def written(header: list[str], rows: list[list[str]], end: str, quoting: int) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]  # one of two constants
    writer.writerows([header, *rows])
    return out.getvalue().encode()


@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=6),
    st.permutations([0, 1, 2]),
    st.sampled_from([("\n", csv.QUOTE_ALL), ("\r\n", csv.QUOTE_ALL), ("\r\n", csv.QUOTE_MINIMAL)]),
)
def test_tidy_twice_is_tidy_once_and_nothing_is_lost(
    rows: list[list[str]], order: list[int], form: tuple[str, int]
) -> None:
    names = list(PLAIN.names)
    shuffled = [[row[spot] for spot in order] for row in rows]
    before = written([names[spot] for spot in order], shuffled, *form)
    after = canonical(before, resource(PLAIN), PLAIN)
    assert canonical(after, resource(PLAIN), PLAIN) == after
    assert sorted(rows_of(after)[1:]) == sorted(row for row in rows if any(row))
    assert not after.startswith(b"\xef\xbb\xbf")


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=6))
def test_text_is_mended_to_one_form_and_keeps_its_words(rows: list[list[str]]) -> None:
    before = written(["a", "b"], rows, "\r\n", csv.QUOTE_ALL)
    after = canonical(before, resource(CLEANED), CLEANED)
    assert canonical(after, resource(CLEANED), CLEANED) == after

    def words(cells: list[str]) -> list[list[str]]:
        normal = (unicodedata.normalize("NFC", cell) for cell in cells)
        return [re.sub("[\u200b\ufeff]", " ", cell).split() for cell in normal]

    kept = sorted(words(row) for row in rows if any(row))
    found = sorted(words(row) for row in rows_of(after)[1:])
    assert [row for row in found if any(row)] == [row for row in kept if any(row)]
    for row in rows_of(after)[1:]:
        for cell in row:
            assert unicodedata.is_normalized("NFC", cell)
            assert cell == cell.strip()


@pytest.mark.parametrize(
    "content",
    [
        b"id,note\n1,2\n",
        b"id,note,n\n1,2\n",
        b'id,note,n\n1,"2,3\n',
        b"id,note,n\n\xff,,\n",
        b"",
        b"id,id,note,n\n1,2,3,4\n",
    ],
)
def test_what_cannot_be_read_safely_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="run accords validate"):
        canonical(content, resource(PLAIN), PLAIN)


def package(folder: Path, content: bytes) -> Path:
    fields = [{"name": "id", "type": "integer"}, {"name": "name", "type": "string"}]
    (folder / "t.csv").write_bytes(content)
    descriptor = {
        "name": "p",
        "resources": [{"name": "t", "path": "t.csv", "accords:text": True,
                       "schema": {"fields": fields, "primaryKey": ["id"]}}],
    }  # fmt: skip
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return folder


def test_check_changes_nothing_and_tidy_does(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    messy = b'\xef\xbb\xbfname,id\r\n Bach  Mai ,10\r\n\r\n"Hue",9\r\n'
    folder = package(tmp_path, messy)
    assert main(["tidy", "--check", str(folder)]) == 1
    assert (folder / "t.csv").read_bytes() == messy
    assert main(["tidy", str(folder)]) == 0
    assert (folder / "t.csv").read_bytes() == b"id,name\n9,Hue\n10,Bach Mai\n"
    assert main(["tidy", "--check", str(folder)]) == 0
    assert sorted(path.name for path in folder.iterdir()) == ["datapackage.json", "t.csv"]
    assert "t.csv: tidied" in capsys.readouterr().out


def test_a_file_that_cannot_be_read_is_left_alone_and_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    torn = b'id,name\n1,"Hue\n'
    folder = package(tmp_path, torn)
    assert main(["tidy", str(folder)]) == 1
    assert (folder / "t.csv").read_bytes() == torn
    assert "t.csv: left alone" in capsys.readouterr().err
