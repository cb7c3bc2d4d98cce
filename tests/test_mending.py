"""Torn rows: the engine reads a mended copy of the file, and everybody is told what the strict reader would tell."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_plain import CELLS, HEADER, cells, compare, package, smallest

import accords
from accords import mending, plain
from accords.checks import loading
from accords.package import Resource
from accords.store import Store

TORN = {
    "too few": b"a,1\nb,2,\n",
    "too many": b"a,1,,\nb,2,\n",
    "one too few, one too many": b"a,1\nb,2,,\n",
    "many too many": b"a,1,,x,y,z\nb,2,\n",
    "one cell": b"a\nb,2,\n",
    "no last line break": b"b,2,\na,1",
    "carriage returns": b"a,1\r\nb,2,,x\r\nc,3,\r\n",
    "quotes, too few": b'"a,""",1\nb,2,\n',
    "quotes, too many": b'"a,","1","2020-01-01",",",x\nb,2,\n',
    "a quoted empty cell": b'"",1\nb,2,\n',
    "letters": "ế\nb,2,,日本\n".encode(),
    "what is no value": b"a,-\n-,1,-,-\n",
    "bad values beside": b"a,x,,\nA,5000\nb,2,2020-02-30\n",
    "a key that occurs again": b"a,1,,\na,1\n",
}
LEFT = {  # to the strict reader
    "blank line": b"a,1\n\nb,2,\n",
    "blanks": b"a,1\n \xc2\xa0\nb,2,\n",
    "empty cells, too few": b"a,1\n,\nb,2,\n",
    "empty cells, too many": b"a,1\n,,,\nb,2,\n",
    "quoted empty cells": b'a,1\n"",""\n',
    "empty when cut": b"a,1,\n,,,x\n",
    "line break in a cell": b'"a\nb",1\nc,2,\n',
    "what is no value in each cell": b"a,1\n-,-\n",
}


def together(folder: Path, contents: dict[str, bytes]) -> list[str]:
    """Write all files into one package, with what else they take; return their paths."""
    tree = json.loads((package(folder, HEADER, missingValues=["", "-"]) / "datapackage.json").read_text("utf-8"))
    [only] = tree["resources"]
    tree["resources"] = [{**only, "name": f"t{n}", "path": f"{n}.csv"} for n in range(len(contents))]
    (folder / "datapackage.json").write_text(json.dumps(tree), encoding="utf-8")
    for number, content in enumerate(contents.values()):
        header = HEADER.replace(b"\n", b"\r\n") if b"\r\n" in content else HEADER
        (folder / f"{number}.csv").write_bytes(header + content)
    return [item["path"] for item in tree["resources"]]


def strictly_read(folder: Path) -> set[str]:
    """Check a package; return the paths of the files that the strict reader has read."""
    found, own = set[str](), Store.load

    def noted(store: Store, resource: Resource, *rest: Any) -> int:
        found.add(resource.path)
        return own(store, resource, *rest)

    with pytest.MonkeyPatch.context() as patch, smallest(0):
        patch.setattr(Store, "load", noted)
        assert not accords.validate(folder, timeout=None, memory=None).valid
    return found


def test_what_is_torn_is_read_by_the_engine_and_reads_the_same(tmp_path: Path) -> None:
    together(tmp_path, TORN)
    compare(tmp_path)
    assert strictly_read(tmp_path) == set()


def test_what_no_copy_can_say_is_read_the_strict_way(tmp_path: Path) -> None:
    paths = together(tmp_path, LEFT)
    compare(tmp_path)
    assert strictly_read(tmp_path) == set(paths)


def test_a_copy_is_read_once_and_is_gone_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    counted: list[str] = []
    own = plain.census

    def noted(file: plain.PlainFile) -> plain.Census:
        counted.append(file.path)
        return own(file)

    monkeypatch.setattr(plain, "census", noted)
    with smallest(0):
        report = accords.validate(package(tmp_path / "p", HEADER + b"a,1\nb,2,\n"), timeout=None, memory=None)
    assert [Path(path).name for path in counted] == ["t.csv", "mended.csv"]
    assert report.by_code() == {"missing-cell": 1}
    assert not list((tmp_path / "temporary").iterdir())


@pytest.mark.parametrize("folder", ["no such folder", "a[b]"])
def test_where_no_copy_can_be_written_the_strict_reader_reads(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "[" in folder:  # which the engine would take for a pattern
        (tmp_path / folder).mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / folder))
    else:
        monkeypatch.setattr(loading, "mend", lambda *_: (tmp_path / folder / "x").open("wb"))
    compare(package(tmp_path / "p", HEADER + b"a,1\nb,2,\n"))


def test_a_long_quoted_cell_of_a_torn_row_is_read(tmp_path: Path) -> None:
    """In a process of its own, where nobody has told `csv` yet how long a cell may be; there is no header to read."""
    folder = package(tmp_path, b'b,1,\na,"' + b"x," * 150_000 + b'",y,z\n', fields=[{"name": name} for name in "kab"])
    tree = json.loads((folder / "datapackage.json").read_text("utf-8"))
    tree["resources"][0]["dialect"] = {"header": False}
    (folder / "datapackage.json").write_text(json.dumps(tree), encoding="utf-8")
    program = (
        "import accords, sys; from accords import plain; plain.SMALLEST = 0\n"
        "print(accords.validate(sys.argv[1], timeout=None, memory=None).counts['error'])"
    )
    done = subprocess.run([sys.executable, "-c", program, str(folder)], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "1", done.stderr


def test_a_copy_stays_about_as_long_as_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row of one cell in a table of thousands of fields would grow by a thousand times."""
    names = [f"f{number}" for number in range(1000)]
    longest: list[int] = []
    own = mending.mend

    def noted(file: plain.PlainFile, width: int, copy: Path) -> object:
        torn = own(file, width, copy)
        longest.append(copy.stat().st_size)
        return torn

    monkeypatch.setattr(loading, "mend", noted)
    content = ",".join(names).encode() + b"\n" + b"a\n" * 2_000
    folder = package(tmp_path, content, fields=[{"name": name} for name in names], primaryKey=[])
    assert strictly_read(folder) == {"t.csv"}
    assert len(longest) == 1
    assert longest[0] <= 3 * len(content)


@pytest.mark.parametrize("header", [True, False])
def test_a_large_torn_file_reads_the_same_in_all_blocks(header: bool, tmp_path: Path) -> None:
    """The blocks in which a copy is made end anywhere in a line."""
    rows = b"".join(b'a%d,"%d,""",%s\n' % (number, number, b"x,y" * (number % 9 == 1)) for number in range(150_000))
    folder = package(tmp_path, HEADER * header + rows, fields=[{"name": name} for name in "kab"])
    tree = json.loads((folder / "datapackage.json").read_text("utf-8"))
    tree["resources"][0]["dialect"] = {"header": header}
    (folder / "datapackage.json").write_text(json.dumps(tree), encoding="utf-8")
    with smallest(0) as taken:
        quick = cells(folder)["t"]
    assert taken
    first = 1 + header
    assert quick == [
        (number + first, number + first, f"a{number}", f'{number},"', "x" if number % 9 == 1 else None)
        for number in range(150_000)
    ]


@st.composite
def torn(draw: st.DrawFn) -> bytes:
    """Draw a file whose rows have a cell too few or too many here and there."""
    end = draw(st.sampled_from(["\n", "\r\n"]))
    rows = draw(st.lists(st.lists(CELLS.filter(lambda cell: not set(cell) & {"\n", "\r"}), min_size=1, max_size=5)))
    lines = ["k,a,b"]
    for row in rows:
        doubled = [cell.replace('"', '""') for cell in row]
        marked = [draw(st.booleans()) or bool(set(cell) & set(',"')) for cell in row]
        lines.append(",".join(f'"{cell}"' if mark else cell for cell, mark in zip(doubled, marked, strict=True)))
    return (end.join(lines) + end * draw(st.integers(0, 1))).encode()


@settings(max_examples=8)
@given(torn())
def test_made_up_torn_files_give_the_same_cells_and_findings(tmp_path: Path, content: bytes) -> None:
    compare(package(tmp_path, content))


@pytest.mark.long
@settings(max_examples=300, derandomize=False)
@given(torn())
def test_very_many_made_up_torn_files_give_the_same(tmp_path: Path, content: bytes) -> None:
    compare(package(tmp_path, content))
