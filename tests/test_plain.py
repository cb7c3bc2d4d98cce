"""The shortcut and the strict reader: the same cells, the same findings, whichever of them reads a file.

Every package that lies under `tests` is checked in both ways, every small one that another test describes, and
files that hypothesis makes up. What is held against each other are all cells with row and line, and whole reports.
"""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_frictionless import SHOWN, write

import accords
from accords import handing, plain
from accords.checks.probes import Run
from accords.checks.structure import read_files
from accords.descriptor import load
from accords.errors import CannotCheck
from accords.files import Files
from accords.labels import order
from accords.package import Resource
from accords.reader import Record
from accords.store import Store
from accords.tables import TableReader

HERE = Path(__file__).parent
AS_OF = date(2026, 1, 1)
HEADER = b"k,a,b\n"
FIELDS: list[dict[str, Any]] = [
    {"name": "k", "constraints": {"pattern": "[a-z0-9 ]+", "maxLength": 4}},
    {"name": "a", "type": "integer", "constraints": {"minimum": -5, "maximum": 1000}},
    {"name": "b", "type": "date", "constraints": {"unique": True}},
]


@contextmanager
def smallest(size: float) -> Iterator[list[str]]:
    """Have the engine read files of at least so many bytes; give the paths of those that it was let read."""
    taken: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain, "SMALLEST", size)
        own = Store.load_plain

        def noted(store: Store, resource: Any, *rest: Any) -> tuple[int, int, int]:
            taken.append(resource.path)
            return own(store, resource, *rest)

        patch.setattr(Store, "load_plain", noted)
        yield taken


def findings(folder: Path) -> Any:
    """Return the report, or the sentence that says why there is none."""
    try:
        return accords.validate(folder, as_of=AS_OF, timeout=None, memory=None).to_dict()
    except CannotCheck as fault:
        return str(fault)


def cells(folder: Path) -> Any:
    """Return what the store holds after the files were read: row, line and every cell of all tables."""
    try:
        package = load(folder)
    except CannotCheck as fault:
        return str(fault)
    store = Store(package, AS_OF, reads=True)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("accords.checks.loading.needed", lambda run, resource, schema: list(schema.fields))
            list(read_files(Run(package, store, (), AS_OF, 10)))
        wanted = {
            item.name: ", ".join(("row", "line", *(f"c{field.position}" for field in item.schema.fields)))
            for item in package.resources
            if item.schema
        }
        return {
            name: store.rows(f"SELECT {columns} FROM {store.tables[name]} ORDER BY row")
            for name, columns in wanted.items()
        }
    finally:
        store.close()


def compare(folder: Path) -> list[str]:
    """Check a package in both ways; return the paths that the engine read at some time."""
    with smallest(float("inf")) as none:
        strict = cells(folder), findings(folder)
    assert not none
    with smallest(0) as taken:
        quick = cells(folder), findings(folder)
    assert quick == strict
    return taken


def package(folder: Path, content: bytes, **schema: Any) -> Path:
    """Write a package of one file, `t.csv`, with the columns k, a and b."""
    folder.mkdir(exist_ok=True)
    described = {"fields": FIELDS, "primaryKey": ["k"], **schema}
    listed = [{"name": "t", "path": "t.csv", "encoding": "utf-8", "schema": described}]
    (folder / "datapackage.json").write_text(json.dumps({"name": "small", "resources": listed}), encoding="utf-8")
    (folder / "t.csv").write_bytes(content)
    return folder


def read_by_itself(files: Files, resource: Resource, engine: duckdb.DuckDBPyConnection) -> bool:
    """Hold the engine's rows against those of the strict reader; tell whether the file is one for the engine.

    Quicker than `compare`, as no database is made for it: for many files.
    """
    schema, file = resource.schema, plain.candidate(files, resource)
    absent = {handing.absent(item, schema) for item in schema.fields} if schema else set()
    if not file or not schema or len(absent) != 1 or "" not in (words := absent.pop()):
        return False
    width, quick = len(schema.fields), list[tuple[Any, ...]]()
    with contextlib.suppress(duckdb.Error):
        quick = engine.execute(plain.query(file, schema, schema.fields, words, "false")).fetchall()
    if any(row[-1] for row in quick) or not plain.census(file).agrees(file, len(quick), width):
        return False
    table, strict, fits = TableReader(files, resource, schema, 10), list[Record](), False
    with table.reporting(), closing(table.records()) as rows:
        labels = table.labels(rows)
        if fits := labels is not None and order(labels, schema) is None:  # the header is always read the strict way
            strict += table.fitting(rows, width, None)
    if fits:
        assert not table.shown
        first = 1 + file.header
        assert [item[:2] for item in strict] == [(number, number) for number, _ in enumerate(quick, first)]
        cells = [tuple(None if cell in words else cell for cell in item.cells) for item in strict]
        assert [row[:width] for row in quick] == cells
    return fits


def every_file(folder: Path, engine: duckdb.DuckDBPyConnection) -> int:
    """Compare all files of a package; return how many the engine may read."""
    try:
        package = load(folder)
    except CannotCheck:
        return 0
    with smallest(0):
        return sum(read_by_itself(package.files, item, engine) for item in package.resources if not item.blocked)


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def test_every_package_of_the_tests_reads_the_same(engine: duckdb.DuckDBPyConnection) -> None:
    taken = [every_file(path.parent, engine) for path in HERE.rglob("datapackage.json")]
    assert sum(map(bool, taken)) > len(taken) / 2


def test_every_small_package_of_the_differences_reads_the_same(
    engine: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    for name, difference in SHOWN.items():
        (tmp_path / name).mkdir()
        every_file(write(tmp_path / name, *difference.made), engine)


PLAIN = {
    "rows": b"a,1,2020-01-01\nb,2,\n",
    "no last line break": b"a,1,2020-01-01\nb,2,",
    "carriage returns": b"a,1,2020-01-01\r\nb,2,\r\n",
    "quotes": b'"a","1",2020-01-01\n"b,",2,\n"c""",,""\n"""",1,\n',
    "letters": "ế,1,2020-01-01\n日本,2,\n\U0001f600,3,\n\ufffe,4,\n".encode(),
    "controls": b"\x1a,1,\n\x0b,2,\n\x1c,3,\n\x85\xc2,4,\n".replace(b"\x85\xc2", b"\xc2\x85"),
    "blanks": b" a , 1,2020-01-01 \n\ta,1\t,\n",
    "no value of any kind": b"a,1,2020-02-30\na,x,1\nB,99999999999999999999999999999999999999999,2020-01-01\n",
    "nothing": b"",
    "what looks like a comment": b"#a,1,\n//,2,\n",
}
ODD = {
    "blank line": b"a,1,\n\nb,2,\n",
    "blank last line": b"a,1,\n\n",
    "empty cells": b"a,1,\n,,\n",
    "quoted empty cells": b'a,1,\n"","",""\n',
    "too few": b"a,1\nb,2,\n",
    "too many": b"a,1,,\nb,2,\n",
    "one too few, one too many": b"a,1\nb,2,,\n",
    "line break in a cell": b'"a\nb",1,\nc,2,\n',
    "blank before a quote": b'a, "1",\n',
    "blank after a quote": b'a,"1" ,\n',
    "quote within": b'a"b,1,\nc"d,2,\n',
    "quote unclosed": b'a,"1,\nb,2,\n',
    "quote doubled outside": b'a"",1,\n',
    "quotes that pair over cells": b'a",1,"b\n',
    "NUL": b"a\0,1,\n",
    "no UTF-8": b"a\xff,1,\n",
    "no UTF-8 in a cell that nobody needs": b"a,1,\xe9\n",
    "UTF-8 cut off": "ế".encode()[:2] + b",1,\n",
    "UTF-8 of a surrogate": b"\xed\xa0\x80,1,\n",
    "UTF-8 longer than need be": b"\xc0\xaf,1,\n",
    "lone carriage return": b"a,1,\rb,2,\n",
    "line ends of two kinds": b"a,1,\r\nb,2,\n",
    "carriage return in quotes": b'"a\r",1,\r\nb,2,\r\n',
    "carriage return at the end": b"a,1,\r\nb,2,\r",
    "very long line": b"a" * 3_000_000 + b",1,\n",
    "long line": b"a" * 1_500_000 + b",1,\nb,2,\n",
}  # fmt: skip


@pytest.mark.parametrize("rows", PLAIN)
def test_what_is_plain_reads_the_same(rows: str, tmp_path: Path) -> None:
    assert compare(package(tmp_path, HEADER + PLAIN[rows]))


@pytest.mark.parametrize("missing", [[""], ["", "-", "a'b"], ["-"], [], ["", "\0"]], ids=repr)
def test_what_stands_for_no_value_reads_the_same(missing: list[str], tmp_path: Path) -> None:
    content = HEADER + b'-,1,\n"-",2,\na\'b,3,\n,,""\n'
    assert bool(compare(package(tmp_path, content, missingValues=missing))) == (
        missing[:1] == [""] and "\0" not in missing
    )


@pytest.mark.parametrize("rows", ODD)
def test_what_is_odd_reads_the_same(rows: str, tmp_path: Path) -> None:
    compare(package(tmp_path, HEADER + ODD[rows]))


CELLS = st.text('a,"\n\r é\t;', max_size=3) | st.sampled_from(["a", "1", "2020-01-01", "", "-", "1e3", "00", " ", '"'])
LINES = st.tuples(st.lists(CELLS, min_size=3, max_size=3), st.sampled_from(["minimal", "all", "none"]))


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """Draw a file: mostly well written, now and then with a few bytes of another kind in it."""
    end = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    lines = ["k,a,b"]
    for row, how in draw(st.lists(LINES, max_size=6)):
        marked = [how == "all" or (how == "minimal" and any(sign in cell for sign in ',"\n\r')) for cell in row]
        doubled = [cell.replace('"', '""') for cell in row]
        lines.append(",".join(f'"{cell}"' if mark else cell for cell, mark in zip(doubled, marked, strict=True)))
    content = (end.join(lines) + end * draw(st.integers(0, 2))).encode()
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
        spot = draw(st.integers(0, len(content)))
        content = content[:spot] + draw(st.sampled_from(MIXED)) + content[spot + draw(st.integers(0, 1)) :]
    return content


MIXED = [b'"', b",", b"\n", b"\r", b"\r\n", b" ", b"\0", b"\xff", b"\xc3", b"\xef\xbb\xbf", b"#", b"\\", b"\x1a", b"'"]


MISSING = st.sampled_from([[""], ["", "-"]])


@settings(max_examples=200)
@given(files(), MISSING)
@example(b'k,a,b\na,"1","2020-01-01"\n', [""])
def test_made_up_files_read_the_same(
    engine: duckdb.DuckDBPyConnection, tmp_path: Path, content: bytes, missing: list[str]
) -> None:
    every_file(package(tmp_path, content, missingValues=missing), engine)


@settings(max_examples=15)
@given(files(), MISSING)
def test_made_up_files_give_the_same_findings(tmp_path: Path, content: bytes, missing: list[str]) -> None:
    compare(package(tmp_path, content, missingValues=missing))


@pytest.mark.long
@settings(max_examples=20_000, derandomize=False)
@given(files(), MISSING)
def test_very_many_made_up_files_read_the_same(
    engine: duckdb.DuckDBPyConnection, tmp_path: Path, content: bytes, missing: list[str]
) -> None:
    every_file(package(tmp_path, content, missingValues=missing), engine)


@pytest.mark.long
@settings(max_examples=1_000, derandomize=False)
@given(files(), MISSING)
def test_very_many_made_up_files_give_the_same_findings(tmp_path: Path, content: bytes, missing: list[str]) -> None:
    compare(package(tmp_path, content, missingValues=missing))


@pytest.mark.parametrize("name", ["a[b].csv", "year=2020/t.csv", "{a,b}.csv"])
def test_a_path_that_the_engine_would_take_for_a_pattern_is_read_as_it_is(name: str, tmp_path: Path) -> None:
    folder = package(tmp_path, HEADER)
    tree = json.loads((folder / "datapackage.json").read_text("utf-8"))
    tree["resources"][0]["path"] = name
    (folder / "datapackage.json").write_text(json.dumps(tree), encoding="utf-8")
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(HEADER + b"a,1,\n")
    (folder / "a.csv").write_bytes(HEADER + b"b,2,\n")  # which a[b].csv is not, though as a pattern ab.csv would be
    assert bool(compare(folder)) == ("=" in name)


def test_the_readme_says_from_which_size_on() -> None:
    told = (HERE.parent / "validate" / "README.md").read_text("utf-8")
    assert f"A file of {plain.SMALLEST >> 10} KiB or more" in told


def test_a_folder_whose_name_is_a_pattern_is_read_as_it_is(tmp_path: Path) -> None:
    assert not compare(package(tmp_path / "a*b", HEADER + b"a,1,\n"))


@pytest.mark.parametrize(
    "dialect",
    [{"delimiter": ";"}, {"delimiter": "\t"}, {"delimiter": "x"}, {"header": False}, {"quoteChar": "'"},
     {"skipInitialSpace": True}, {"commentChar": "#"}, {"commentRows": [2]}, {"headerRows": [1, 2]},
     {"headerRows": [2]}, {"doubleQuote": False}, {"escapeChar": "\\", "doubleQuote": False}, {"nullSequence": "-"}],
    ids=str,
)  # fmt: skip
def test_dialects_read_the_same(dialect: dict[str, Any], tmp_path: Path) -> None:
    folder = package(
        tmp_path, b'k,a,b\n#,1,"x""y"\n-, 2,""\nc,3,\'d\'\n'.replace(b",", dialect.get("delimiter", ",").encode())
    )
    tree = json.loads((folder / "datapackage.json").read_text("utf-8"))
    tree["resources"][0]["dialect"] = dialect
    (folder / "datapackage.json").write_text(json.dumps(tree), encoding="utf-8")
    assert bool(compare(folder)) == (
        dialect in ({"delimiter": ";"}, {"delimiter": "\t"}, {"header": False}, {"nullSequence": "-"})
    )


@pytest.mark.parametrize("kind", ["good", "bad"])
def test_large_files_read_the_same_in_all_blocks(kind: str, tmp_path: Path) -> None:
    """Of a size at which the engine cuts the file into parts, and the count is made in blocks."""
    end = "é" if kind == "good" else ""
    rows = "".join(f'a{number},{number % 1000},"{end}{number},""x"""\n' for number in range(300_000))
    folder = package(tmp_path, HEADER + rows.encode(), fields=[{"name": name} for name in "kab"])
    with smallest(0) as taken:
        quick = cells(folder)["t"]
    assert taken
    assert quick == [
        (number + 2, number + 2, f"a{number}", f"{number % 1000}", f'{end}{number},"x"') for number in range(300_000)
    ]


def test_a_file_of_which_only_one_block_is_odd_is_read_the_strict_way(tmp_path: Path) -> None:
    rows = b"".join(b"a%d,1,\n" % number for number in range(400_000))
    with smallest(0) as taken:
        report = accords.validate(package(tmp_path, HEADER + rows + b'"z\nz",1,\ny,x,\n'), timeout=None, memory=None)
    assert taken
    [problem] = [item for item in report if item.code == "type-error"]
    assert (problem.row, problem.line) == (400_003, 400_004)


def test_only_the_columns_of_keys_are_kept_where_nothing_is_wrong(tmp_path: Path) -> None:
    folder = package(tmp_path, HEADER + b"a,1,2020-01-01\nb,2,\n")
    with smallest(0):
        assert accords.validate(folder, timeout=None, memory=None).valid
        loaded = load(folder)
        store = Store(loaded, AS_OF, reads=True)
        list(read_files(run := Run(loaded, store, (), AS_OF, 10)))
        assert run.clean == {"t"}
        with pytest.raises(Exception, match="c2"):
            store.rows("SELECT c2 FROM own.t1")
        store.close()


@pytest.mark.parametrize("value", ["0.30000000000000000001", "0.29999999999999999999", "0.3", "3e-1", "NaN", "INF"])
def test_a_number_that_is_nearly_its_bound_is_doubted(value: str, tmp_path: Path) -> None:
    fields = [{"name": "k"}, {"name": "a", "type": "number", "constraints": {"maximum": 0.3}}, {"name": "b"}]
    folder = package(tmp_path, HEADER + f"a,{value},\n".encode(), fields=fields)
    assert compare(folder)


def test_the_strict_reader_reads_what_changes_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = package(tmp_path, HEADER + b"a,1,\nb,2,\n")
    own = plain.census

    def late(file: plain.PlainFile) -> plain.Census:
        shutil.copy(Path(file.path), tmp_path / "before.csv")
        (folder / "t.csv").write_bytes(HEADER + b"a,1,\nb,2,\nc,3,\n")
        return own(file)

    monkeypatch.setattr(plain, "census", late)
    with smallest(0) as taken:
        read = cells(folder)["t"]
    assert taken
    assert len(read) in (2, 3)
