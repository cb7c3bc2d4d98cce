"""From files to tables: dialects, several files, packed files, data in the descriptor, odd places.

Longer than most modules because it is a list: one short test for each way in which a table can be stored.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import threading
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import accords
from accords import streams
from accords.cli import main
from accords.errors import CannotCheck
from accords.problems import Report

FIELDS = [{"name": "a", "type": "integer"}, {"name": "b", "type": "string"}]
FILES = {"t.csv": b"a,b\n1,x\nq,y\n"}


def package(folder: Path, files: dict[str, bytes], fields: list[dict[str, Any]] | None = None, **resource: Any) -> Path:
    """Write a package of one table, whose path is its first file unless something else is given."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    if "data" not in resource:
        resource.setdefault("path", next(iter(files), "t.csv"))
    described = {"name": "t", "schema": {"fields": fields or FIELDS}, **resource}
    (folder / "datapackage.json").write_text(json.dumps({"name": "p", "resources": [described]}), encoding="utf-8")
    return folder


def places(report: Report) -> list[tuple[str, str | None, int | None, int | None]]:
    return [(item.code, item.path, item.row, item.line) for item in report.problems]


def reasons(report: Report) -> set[str | None]:
    return {check.reason for check in report.checks if check.outcome == "unevaluated"}


# What frictionless 5.21 says of the same files: see test_rows_have_the_numbers_that_frictionless_gives.
NUMBERED: list[tuple[bytes, dict[str, Any], int, int]] = [
    (b"a,b\n1,x\nq,y\n", {}, 3, 3),
    (b"a,b\r\n1,x\r\n#\r\nq,y\r\n", {"commentChar": "#"}, 4, 4),
    (b"a,b\n#c\n1,x\n#d,e\nq,y\n", {"commentChar": "#"}, 5, 5),
    (b"a,b\n//c\n1,x\nq,y\n", {"commentChar": "//"}, 4, 4),
    (b"#c\na,b\n#c\n1,x\n#d\nq,y\n", {"commentChar": "#", "headerRows": [2]}, 6, 6),
    (b"junk\na,b\n1,x\nq,y\n", {"commentRows": [1], "headerRows": [2]}, 4, 4),
    (b"a,b\n1,x\njunk\nq,y\n", {"commentRows": [3]}, 4, 4),
    (b"x,y\na,b\n1,x\nq,y\n", {"headerRows": [2]}, 4, 4),
    (b"1,x\nq,y\n", {"header": False}, 2, 2),
    (b"#c\n1,x\nq,y\n", {"header": False, "commentChar": "#"}, 3, 3),
    (b"1,x\nq,y\n", {"headerRows": []}, 2, 2),
    (b'a,b\n1,"x\ny"\nq,y\n', {}, 3, 4),
    (b'a,b\n#"c\n1,"x\n#y"\nq,y\n', {"commentChar": "#"}, 4, 5),
    (b"a,b\r1,x\rq,y\r", {"lineTerminator": "\r"}, 3, 3),
    (b"a,b\r\n1,x\r2,z\nq,y\r", {}, 4, 4),
    (b'a, b\n1, "x, z"\n q, y\n', {"skipInitialSpace": True}, 3, 3),
    (b"a;b\n1;'x;''z'\nq;y\n", {"delimiter": ";", "quoteChar": "'"}, 3, 3),
]


@pytest.mark.parametrize(("content", "dialect", "row", "line"), NUMBERED)
def test_a_bad_cell_is_in_its_row_and_line(
    tmp_path: Path, content: bytes, dialect: dict[str, Any], row: int, line: int
) -> None:
    report = accords.validate(package(tmp_path, {"t.csv": content}, dialect=dialect))
    assert places(report) == [("type-error", "t.csv", row, line)]
    assert report.problems[0].column == 1
    assert report.problems[0].value == "q"


@pytest.mark.parametrize(("content", "dialect", "row", "line"), NUMBERED)
def test_rows_have_the_numbers_that_frictionless_gives(
    tmp_path: Path, content: bytes, dialect: dict[str, Any], row: int, line: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the header is declared, both count every row, comments and blank ones among them."""
    frictionless = pytest.importorskip("frictionless")
    if '"c\n' in content.decode():
        pytest.skip("frictionless splits a comment into cells, so that a quote in it opens one")
    told = {"delimiter": ",", "header": True, **dialect}
    told.setdefault("headerRows", [1])
    package(tmp_path, {"t.csv": content}, dialect=told, encoding="utf-8", format="csv", type="table")
    monkeypatch.chdir(tmp_path)
    report = frictionless.Package("datapackage.json").validate()
    found = [(error.type, error.row_number) for task in report.tasks for error in task.errors]
    assert found == [("type-error", row)]


def test_a_dialect_may_lie_in_a_file(tmp_path: Path) -> None:
    files = {"t.csv": b"a;b\n1;x\n", "dialects/d.json": b'{"delimiter": ";"}'}
    assert accords.validate(package(tmp_path, files, dialect="dialects/d.json")).valid
    for path, told in (
        ("../d.json", "a path must stay inside the package"),
        ("none.json", "it cannot be read"),
        ("t.csv", "is not JSON"),
    ):
        report = accords.validate(package(tmp_path, files, dialect=path))
        assert [item.code for item in report.problems] == ["dialect-error"]
        assert told in report.problems[0].message
        assert reasons(report) == {"its dialect cannot be read"}


@pytest.mark.parametrize(
    "dialect",
    [
        {"delimiter": '"'},
        {"escapeChar": ","},
        {"delimiter": "\n"},
        {"quoteChar": "''"},
        {"commentChar": '"#'},
        {"commentChar": 7},
        {"headerRows": [2, 1]},
        {"headerRows": [0]},
        {"headerRows": [True]},
        {"headerRows": 1},
        {"headerRows": [1, 2], "commentRows": [2]},
        {"headerJoin": None},
        {"skipInitialSpace": True, "delimiter": " "},
        {"lineTerminator": ""},
    ],
)
def test_a_dialect_that_cannot_be_followed_is_reported_once(tmp_path: Path, dialect: dict[str, Any]) -> None:
    report = accords.validate(package(tmp_path, FILES, dialect=dialect))
    assert [item.code for item in report.problems] == ["dialect-error"]
    assert reasons(report) == {"its dialect cannot be read"}


def test_what_is_right_and_not_read_is_no_fault_and_not_valid(tmp_path: Path) -> None:
    for resource, reason in (
        ({"dialect": {"lineTerminator": ";"}}, "lines that end in ';' are not read"),
        ({"format": "xlsx"}, "the format 'xlsx' is not read, only delimited text is"),
        ({"path": "t.parquet"}, "a file that ends in .parquet is not read, only delimited text is"),
    ):
        report = accords.validate(package(tmp_path, FILES, **resource))
        assert not report.problems
        assert not report.valid
        assert reasons(report) == {reason}


def test_several_header_rows_are_joined(tmp_path: Path) -> None:
    fields = [{"name": "fruit-a", "type": "integer"}, {"name": "fruit-b"}, {"name": "c"}, {"name": "same"}]
    content = b"fruit,fruit,,same\na,b,c,same\n1,x,y,z\n"
    dialect = {"headerRows": [1, 2], "headerJoin": "-"}
    assert accords.validate(package(tmp_path, {"t.csv": content}, fields, dialect=dialect)).valid
    short = package(tmp_path, {"t.csv": b"fruit\na,b\n1,x\n"}, fields[:2], dialect=dialect)
    assert accords.validate(short).valid
    wrong = package(tmp_path, {"t.csv": b"fruit\na,c\n1,x\n"}, fields[:2], dialect=dialect)
    assert places(accords.validate(wrong)) == [("incorrect-label", "t.csv", 2, 2)]


def test_the_null_sequence_stands_for_no_value(tmp_path: Path) -> None:
    files = {"t.csv": b"a,b\n\\N,x\n"}
    assert accords.validate(package(tmp_path, files, dialect={"nullSequence": "\\N"})).valid
    assert not accords.validate(package(tmp_path, files)).valid


def test_fields_may_match_by_name(tmp_path: Path) -> None:
    def told(content: bytes, match: str) -> list[tuple[str, int | None, str | None]]:
        package(tmp_path, {"t.csv": content})
        described = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
        described["resources"][0]["schema"]["fieldsMatch"] = match
        (tmp_path / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
        return [(item.code, item.column, item.value) for item in accords.validate(tmp_path).problems]

    swapped, more, fewer, none = b"b,a\nx,q\n", b"c,b,a\n1,x,q\n", b"a\nq\n", b"c\n1\n"
    wrong = ("type-error", 2, "q")
    assert [code for code, _, _ in told(swapped, "exact")] == ["incorrect-label", "incorrect-label"]
    assert told(swapped, "equal") == told(swapped, "subset") == told(swapped, "superset") == [wrong]
    assert told(more, "equal") == told(more, "superset") == [("extra-label", 1, "c")]
    assert told(more, "subset") == told(more, "partial") == [("type-error", 3, "q")]
    assert told(fewer, "equal") == told(fewer, "subset") == [("missing-label", 2, None)]
    assert told(fewer, "superset") == told(fewer, "partial") == [("type-error", 1, "q")]
    assert told(none, "partial") == [("missing-label", None, None)]


PARTS = {"1.csv": b"a,b\n1,x\n", "2.csv": b'2,"y\nz"\nq,y\n', "3.csv": b"3,y,z\nq,y\n"}


def test_the_problems_of_a_table_in_several_files_are_in_their_files(tmp_path: Path) -> None:
    report = accords.validate(package(tmp_path, PARTS, path=list(PARTS)))
    assert sorted(places(report)) == [
        ("extra-cell", "3.csv", 5, 1),
        ("type-error", "2.csv", 4, 3),
        ("type-error", "3.csv", 6, 2),
    ]
    assert [(item.path, item.rows) for item in report.resources] == [("1.csv", 1), ("2.csv", 2), ("3.csv", 2)]
    assert all(item.sha256 for item in report.resources)


def test_a_key_that_stands_twice_is_in_the_second_file(tmp_path: Path) -> None:
    files = {"1.csv": b"a,b\n1,x\n", "2.csv": b"1,y\n"}
    package(tmp_path, files, path=list(files))
    described = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    described["resources"][0]["schema"]["primaryKey"] = ["a"]
    (tmp_path / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    assert places(accords.validate(tmp_path)) == [("primary-key", "2.csv", 3, 1)]


def test_a_later_file_has_no_header(tmp_path: Path) -> None:
    files = {"1.csv": b"#c\na,b\n1,x\n", "2.csv": b"#c\na,b\nq,x\n", "3.csv": b"a,b", "4.csv": b"", "5.csv": b"q,x\n"}
    report = accords.validate(package(tmp_path, files, path=list(files), dialect={"commentChar": "#"}))
    assert sorted(places(report)) == [
        ("repeated-header", "2.csv", 5, 2),
        ("repeated-header", "3.csv", 7, 1),
        ("source-error", "3.csv", 7, None),
        ("type-error", "2.csv", 6, 3),
        ("type-error", "5.csv", 8, 1),
    ]
    headless = package(tmp_path, PARTS | {"3.csv": b"3,y\n"}, path=["2.csv", "3.csv"], dialect={"header": False})
    assert places(accords.validate(headless)) == [("type-error", "2.csv", 2, 3)]


def test_each_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    report = accords.validate(package(tmp_path, PARTS, path=["1.csv", "4.csv", "5.csv"]))
    assert places(report) == [("file-error", "4.csv", None, None), ("file-error", "5.csv", None, None)]
    torn = accords.validate(package(tmp_path, PARTS | {"2.csv": b'2,"y\n'}, path=["1.csv", "2.csv"]))
    assert places(torn) == [("source-error", "2.csv", 3, 1)]
    bad = accords.validate(package(tmp_path, PARTS | {"2.csv": b"2,y\n3,\xff\n"}, path=["1.csv", "2.csv"]))
    assert places(bad) == [("encoding-error", "2.csv", None, 2)]
    assert "byte 6 of 2.csv" in bad.problems[0].message


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "more"),
    [
        ("t.csv.gz", gzip.compress(FILES["t.csv"], mtime=0), {}),
        ("t.data", gzip.compress(FILES["t.csv"], mtime=0), {"compression": "gz"}),
        ("t.csv.zip", zipped({"inside/": b"", "inside/t.csv": FILES["t.csv"]}), {}),
        ("t.data", zipped(FILES), {"compression": "zip"}),
    ],
)
@pytest.mark.parametrize("in_zip", [False, True])
def test_packed_files_are_read(tmp_path: Path, name: str, content: bytes, more: dict[str, Any], in_zip: bool) -> None:
    place = package(tmp_path, {name: content}, **more)
    if in_zip:
        place = tmp_path / "p.zip"
        place.write_bytes(zipped({f"x/{item}": (tmp_path / item).read_bytes() for item in (name, "datapackage.json")}))
    report = accords.validate(place)
    assert places(report) == [("type-error", name, 3, 3)]
    assert report.resources[0].bytes == len(content)
    bad = package(tmp_path, {name: content.replace(content, pack(b"a,b\n1,\xff\n", name, more))}, **more)
    assert places(accords.validate(bad)) == [("encoding-error", name, None, 2)]


def pack(content: bytes, name: str, more: dict[str, Any]) -> bytes:
    is_zip = name.endswith(".zip") or more.get("compression") == "zip"
    return zipped({"t.csv": content}) if is_zip else gzip.compress(content, mtime=0)


def encrypted(content: bytes) -> bytes:
    """Mark every member as encrypted, in its own header and in the list."""
    out = bytearray(content)
    for mark, spot in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = out.find(mark)
        while at >= 0:
            out[at + spot] |= 1
            at = out.find(mark, at + 4)
    return bytes(out)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("t.csv.gz", b"a,b\n1,x\n", "Not a gzipped file"),
        ("t.csv.gz", gzip.compress(FILES["t.csv"] * 99, mtime=0)[:-20], "end-of-stream"),
        ("t.csv.gz", gzip.compress(bytes(100 << 20), mtime=0), "unpacks to more than"),
        ("t.zip", b"a,b\n", "not a zip file"),
        ("t.zip", zipped({"1.csv": b"", "2.csv": b""}), "holds 2 files"),
        ("t.zip", zipped({}), "holds 0 files"),
        ("t.zip", zipped({"t.csv": bytes(100 << 20)}), "unpacks to more than"),
        ("t.zip", encrypted(zipped(FILES)), "it is encrypted"),
        ("t.zip", zipped(FILES).replace(b"a,b", b"a,c"), ""),
    ],
)
def test_what_cannot_be_unpacked_is_a_finding(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    report = accords.validate(package(tmp_path, {name: content}))
    assert report.problems
    if told:
        assert places(report) == [("file-error", name, None, None)]
        assert told in report.problems[0].message
        assert report.resources[0].rows is None


@given(st.sampled_from(["t.csv.gz", "t.zip", "p.zip"]), st.integers(0, 400), st.binary(min_size=1, max_size=4))
def test_torn_bytes_never_break_the_run(tmp_path: Path, name: str, spot: int, noise: bytes) -> None:
    content = gzip.compress(FILES["t.csv"] * 9, mtime=0) if name == "t.csv.gz" else zipped(FILES)
    place = package(tmp_path, {"t.csv": b"a,b\n"} if name == "p.zip" else {name: content})
    if name == "p.zip":
        place = tmp_path / name
        content = zipped({item: (tmp_path / item).read_bytes() for item in ("t.csv", "datapackage.json")})
    spot %= len(content)
    (tmp_path / name).write_bytes(content[:spot] + noise + content[spot + len(noise) :])
    with suppress(CannotCheck):
        accords.validate(place).to_dict()


def test_the_ratio_counts_only_where_it_hurts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "FREE", 1 << 10)
    monkeypatch.setattr(streams, "MOST", 1 << 14)
    noise, dull = os.urandom(12 << 10), bytes(12 << 10)
    with streams.unpacked(io.BytesIO(gzip.compress(noise, mtime=0)), "gz", 12 << 10) as stream:
        assert stream.read() == noise
        stream.seek(0)
        assert stream.read() == noise
    for content, packed in ((dull, 20), (os.urandom(20 << 10), 20 << 10)):
        bomb = streams.unpacked(io.BytesIO(gzip.compress(content, mtime=0)), "gz", packed)
        with bomb, pytest.raises(streams.Refused):
            bomb.read()


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ([["a", "b"], [1, "x"], ["q", "y"]], [("type-error", 3)]),
        ([{"a": 1, "b": "x"}, {"b": "y", "a": "q"}, {"a": 2}, {"b": "z"}], [("type-error", 3)]),
        ([["a", "b"], [2], [3, "y", "z"], [None]], [("blank-row", 4), ("extra-cell", 3), ("missing-cell", 2)]),
        ([{"a": 1, "c": 2}], [("extra-label", 1), ("missing-label", 1)]),
        ([["a", "b"], {"a": 1}], [("source-error", 2)]),
        ([{"a": 1}, ["a"]], [("source-error", 3)]),
        ([7], [("source-error", 1)]),
        ([], []),
        ([["a", "b"], [1.5, True], [10**40, [1, {"k": "ế"}]]], [("type-error", 2)]),
    ],
)  # fmt: skip
def test_data_in_the_descriptor_are_checked_without_lines(
    tmp_path: Path, data: Any, found: list[tuple[str, int]]
) -> None:
    report = accords.validate(package(tmp_path, {}, data=data))
    expected = [(code, "datapackage.json", row, None) for code, row in found]
    assert sorted(places(report)) == expected
    assert [item.path for item in report.resources] == ["datapackage.json"]


def test_data_in_the_descriptor_may_be_a_text_of_a_declared_format(tmp_path: Path) -> None:
    text = "a\tb\n1\tx\nq\ty\n"
    report = accords.validate(package(tmp_path, {}, data=text, format="tsv"))
    assert places(report) == [("type-error", "datapackage.json", 3, None)]
    for resource in ({"data": text}, {"data": {"a": 1}}, {"data": [["a", "b"]], "path": "t.csv"}):
        report = accords.validate(package(tmp_path, FILES, **resource))
        assert [item.code for item in report.problems] == ["resource-error"]
    headless = accords.validate(package(tmp_path, {}, data=[["q", "x"]], dialect={"header": False}))
    assert places(headless) == [("type-error", "datapackage.json", 1, None)]
    torn = accords.validate(package(tmp_path, {}, data='a,b\n1,"x', format="csv"))
    assert places(torn) == [("source-error", "datapackage.json", 2, None)]


@pytest.mark.parametrize(
    "path",
    [
        "con", "data/NUL.csv", "aux .csv", "COM1", "lpt9.x.csv", "data./t.csv", "t.csv ", "a\tb.csv", "a\x00.csv",
        "a?.csv", "*.csv", "a//t.csv", "./t.csv", "../t.csv", "data/../t.csv", "C:t.csv", "\\\\host\\t.csv", "",
        "file:///t.csv", "a\u202et.csv", "~/t.csv",
    ],
)  # fmt: skip
def test_a_path_that_means_something_else_somewhere_is_refused(tmp_path: Path, path: str) -> None:
    report = accords.validate(package(tmp_path, FILES, path=path))
    assert [item.code for item in report.problems] == ["resource-error"]
    several = accords.validate(package(tmp_path, FILES, path=["t.csv", path]))
    assert [item.code for item in several.problems] == ["resource-error"]


def test_odd_places_are_findings_and_never_hang(tmp_path: Path) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    (tmp_path / "out.csv").write_bytes(b"a,b\n")
    os.mkfifo(inside / "pipe.csv")
    (inside / "folder.csv").mkdir()
    (inside / "link.csv").symlink_to(tmp_path / "out.csv")
    (inside / "loop.csv").symlink_to(inside / "loop.csv")
    for name in ("pipe.csv", "folder.csv", "link.csv", "loop.csv", "x" * 300, "none.csv"):
        done: list[Report] = []
        place = package(inside, {}, path=name)
        thread = threading.Thread(
            target=lambda place=place, done=done: done.append(accords.validate(place)), daemon=True
        )
        thread.start()
        thread.join(20)
        assert done, name
        assert [item.code for item in done[0].problems] == ["file-error"], name


def test_a_file_that_may_not_be_read_is_a_finding(tmp_path: Path) -> None:
    place = package(tmp_path, FILES)
    (tmp_path / "t.csv").chmod(0)
    if os.access(tmp_path / "t.csv", os.R_OK):
        pytest.skip("this user may read everything")
    report = accords.validate(place)
    assert [item.message for item in report.problems] == ["t.csv cannot be read: Permission denied"]


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["datapackage.json", "../t.csv"], "would leave it"),
        (["datapackage.json", "/t.csv"], "would leave it"),
        (["p\\datapackage.json"], "would leave it"),
        (["a/datapackage.json", "b/datapackage.json"], "more than one"),
        (["a/t.csv"], "holds no"),
    ],
)
def test_a_zip_that_is_drawn_oddly_is_refused(tmp_path: Path, names: list[str], told: str) -> None:
    (tmp_path / "p.zip").write_bytes(zipped(dict.fromkeys(names, b"{}")))
    with pytest.raises(CannotCheck, match=told):
        accords.validate(tmp_path / "p.zip")


def test_a_zip_with_two_files_of_one_name_is_refused(tmp_path: Path) -> None:
    content = zipped({"datapackage.json": b"{}", "datapackage.jsoN": b"[]"})
    (tmp_path / "p.zip").write_bytes(content.replace(b"jsoN", b"json"))
    with pytest.raises(CannotCheck, match="twice"):
        accords.validate(tmp_path / "p.zip")


def test_members_that_cannot_be_read_are_findings(tmp_path: Path) -> None:
    package(tmp_path, FILES)
    described = (tmp_path / "datapackage.json").read_bytes()
    place = tmp_path / "p.zip"
    place.write_bytes(zipped({"p/q/datapackage.json": described, "datapackage.csv": b""}))
    assert places(accords.validate(place)) == [("file-error", "t.csv", None, None)]
    place.write_bytes(zipped({"datapackage.json": described, "t.csv": bytes(50 << 20)}))
    assert [item.code for item in accords.validate(place).problems] == ["file-error"]
    place.write_bytes(encrypted(zipped({"datapackage.json": described, "t.csv": b""})))
    with pytest.raises(CannotCheck, match="it is encrypted"):
        accords.validate(place)
    link = zipfile.ZipInfo("t.csv")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr("datapackage.json", described)
        archive.writestr(link, "/etc/passwd")
    report = accords.validate(place)
    assert [item.message for item in report.problems] == ["t.csv cannot be read: it is a link"]


@pytest.mark.parametrize(
    "text",
    ['{"name": "\\ud800", "resources": []}', '{"n": 1' + "0" * 5000 + "}", "[" * 100_000, " " * (80 << 20)],
    ids=["surrogate", "number", "depth", "size"],
)
def test_a_descriptor_that_holds_what_no_text_can_be_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "datapackage.json").write_text(text, encoding="utf-8")
    with pytest.raises(CannotCheck):
        accords.validate(tmp_path)


@pytest.mark.parametrize(
    ("resource", "told"),
    [
        ({"path": ["1.csv", "2.csv"]}, "its rows are in several files"),
        ({"path": "t.csv.gz"}, "it is compressed"),
        ({"data": [["a", "b"]]}, "its data stand in the descriptor"),
        ({"path": "1.csv", "dialect": {"commentChar": "#"}}, "its dialect has comments"),
        ({"path": "1.csv", "dialect": {"header": False}}, "its header is not just the first row"),
        ({"path": "1.csv", "dialect": {"skipInitialSpace": True}}, "blanks after its delimiters mean nothing"),
    ],
)
def test_tidy_leaves_alone_what_has_no_canonical_form(
    tmp_path: Path, resource: dict[str, Any], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {**PARTS, "t.csv.gz": gzip.compress(b"a,b\n", mtime=0)}
    place = package(tmp_path, files, **resource)
    assert main(["tidy", str(place)]) == 1
    assert f"left alone: {told}" in capsys.readouterr().err
    assert {name: (tmp_path / name).read_bytes() for name in files} == files


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=4)
    | st.sampled_from(["t.csv", "a", "b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "c"]), inner, max_size=3),
    max_leaves=6,
)
PIECES = st.sampled_from(
    [b"a,b\n", b"1,x\n", b'"', b"\n", b"\\", b"#", b"\xff", b"\x00", b"\r", b"a\tb", b"\xef\xbb\xbf"]
)
OPTIONS = (
    "delimiter quoteChar escapeChar doubleQuote skipInitialSpace header headerRows headerJoin commentRows commentChar "
    "nullSequence lineTerminator"
).split()
LIKELY = {
    "delimiter": st.sampled_from(",;\t| ab\x00"),
    "quoteChar": st.sampled_from(["", '"', "'", "a"]),
    "escapeChar": st.sampled_from(["", "\\", "b"]),
    "headerRows": st.lists(st.integers(1, 4), max_size=3, unique=True).map(sorted),
    "commentRows": st.lists(st.integers(1, 4), max_size=3, unique=True).map(sorted),
    "encoding": st.sampled_from(
        "utf-8 utf-16 utf-7 cp1258 gb18030 iso2022_jp shift_jis hz utf-32 base64 rot13".split()
    ),
    "format": st.sampled_from(["csv", "tsv", "json", "x"]),
    "compression": st.sampled_from(["gz", "zip", "bz2"]),
    "path": st.lists(st.sampled_from(["t.csv", "u.csv", "datapackage.json", "v.csv"]), max_size=3),
}


@given(
    st.dictionaries(st.sampled_from(OPTIONS), ANYTHING, max_size=2),
    st.fixed_dictionaries({}, optional={key: LIKELY[key] for key in OPTIONS if key in LIKELY}),
    st.fixed_dictionaries({}, optional={key: LIKELY[key] for key in LIKELY if key not in OPTIONS}),
    st.dictionaries(st.sampled_from("path data dialect compression format encoding".split()), ANYTHING, max_size=1),
    st.lists(PIECES).map(b"".join) | st.binary(max_size=60),
)
def test_whatever_is_declared_and_lies_there_the_run_ends_well(
    tmp_path: Path,
    odd: dict[str, Any],
    options: dict[str, Any],
    likely: dict[str, Any],
    resource: dict[str, Any],
    content: bytes,
) -> None:
    described = {"path": "t.csv", "dialect": {**options, **odd}, **likely, **resource}
    place = package(tmp_path, {"t.csv": content, "u.csv": FILES["t.csv"]}, **described)
    with suppress(CannotCheck):
        report = accords.validate(place)
        report.to_dict()
        main(["tidy", "--check", str(place)])
