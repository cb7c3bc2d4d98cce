"""The files of a release: from the one package, whole, equal each time, and all of them or none."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import json
import sqlite3
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import duckdb
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from intake import copy, seeded

import accords
from accords.build import TARGETS, Release, build, folder
from accords.cli import main
from accords.descriptor import load
from accords.intake.tables import Tables
from accords.register.flat import term_state
from accords.register.links import Links

ROOT = seeded()  # a release of few records; `test_readers` opens one of all
SOURCE = Path(__file__).resolve().parents[1]
DAY = datetime.date(2026, 11, 22)
ATOM = "{http://www.w3.org/2005/Atom}"


def rows(name: str) -> list[dict[str, str]]:
    with (ROOT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def built() -> dict[str, bytes]:
    return build(Release(load(ROOT), DAY), ())


def name(built: dict[str, bytes], ending: str) -> str:
    return next(path for path in built if path.endswith(ending) and "/" not in path)


def test_two_builds_are_equal_to_the_byte(built: dict[str, bytes], tmp_path: Path) -> None:
    """On another day, in another time zone, with hashes that fall differently."""
    out = tmp_path / "dist"
    run = subprocess.run(
        [sys.executable, "-m", "accords", "build", "--package", str(ROOT), "-o", str(out), "--as-of", str(DAY)],
        env={"TZ": "Asia/Ho_Chi_Minh", "PYTHONHASHSEED": "7", "PYTHONPATH": str(SOURCE / "validate"), "PATH": ""},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    again = {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    told = sums_in(again.pop("SHA256SUMS"))
    assert sorted(again) == sorted(built)
    assert [path for path in built if built[path] != again[path]] == []
    assert told == {path: hashlib.sha256(content).hexdigest() for path, content in built.items()}


def sums_in(content: bytes) -> dict[str, str]:
    found = {}
    for line in content.decode().splitlines():
        digest, path = line.split("  ", 1)
        found[path] = digest
    return found


def test_the_flat_tables_have_one_row_a_record(built: dict[str, bytes]) -> None:
    for table, key in (("agreements", "agreement_id"), ("events", "event_id")):
        content = built[f"{table}-flat.csv"]
        assert built[f"{table}-flat-excel.csv"] == b"\xef\xbb\xbf" + content
        flat = list(csv.DictReader(io.StringIO(content.decode("utf-8"))))
        assert [row[key] for row in flat] == sorted(row[key] for row in rows(table))
    dates = {row["agreement_id"]: row["signed_date"] for row in rows("agreements")}
    names = {row["party_id"]: row["name_en"] for row in rows("parties")}
    parties: dict[str, set[str]] = {}
    for row in rows("agreement_parties"):
        parties.setdefault(row["agreement_id"], set()).add(row["party_id"])
    for row in csv.DictReader(io.StringIO(built["agreements-flat.csv"].decode("utf-8"))):
        assert row["signed_date"] == dates[row["agreement_id"]]
        assert row["signed_earliest"] <= row["signed_latest"]
        assert bool(row["signed_earliest"]) == bool(row["signed_date"])
        assert set(row["party_ids"].split("; ")) == parties[row["agreement_id"]]
        assert all(names[party] in row["parties"] for party in parties[row["agreement_id"]])


@pytest.mark.parametrize(
    ("signed", "effective", "end", "basis", "state"),
    [
        ("", "", "", "", ""),
        ("2023", "", "", "", ""),
        ("2027", "", "2030", "stated", "not_started"),
        ("2020", "2021", "2025-12-31", "stated", "ended"),
        ("2020", "", "2027", "stated", "running"),
        ("2020", "", "2026", "stated", "unclear"),
        ("2020", "", "", "open_ended", "open_ended"),
        ("2020", "", "2026-11-22", "stated", "running"),
        ("2020", "", "2026-11-21", "stated", "ended"),
    ],
)
def test_the_state_of_a_term_follows_from_the_dates(
    tmp_path: Path, signed: str, effective: str, end: str, basis: str, state: str
) -> None:
    tables = Tables(load(copy(tmp_path / "package")))
    row = next(iter(tables.rows("agreements")))
    row |= {"signed_date": signed, "effective_date": effective, "end_date": end, "end_date_basis": basis}
    assert term_state(Links(tables), row, DAY) == state


def test_both_validators_pass_on_the_zip(built: dict[str, bytes], tmp_path: Path) -> None:
    place = tmp_path / "release.zip"
    place.write_bytes(built[name(built, ".zip")])
    report = accords.validate(place, as_of=DAY)
    assert [problem.message for problem in report.problems] == []
    run = subprocess.run(
        [sys.executable, "-m", "frictionless", "validate", str(place), "--json"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert json.loads(run.stdout)["valid"], run.stdout[:2000]
    with zipfile.ZipFile(place) as archive:
        held = {item.filename: archive.read(item) for item in archive.infolist()}
    content = json.loads(held["datapackage.json"])
    assert len(content["resources"]) == len(json.loads((ROOT / "datapackage.json").read_text("utf-8"))["resources"])
    for item in content["resources"]:
        assert item["bytes"] == len(held[item["path"]])
        assert item["hash"] == f"sha256:{hashlib.sha256(held[item['path']]).hexdigest()}"
        assert item["rows"] == sum(1 for _ in csv.reader(io.StringIO(held[item["path"]].decode("utf-8")))) - 1
    digests = {path: hashlib.sha256(data).hexdigest() for path, data in held.items()}
    digests.pop("SHA256SUMS")
    assert sums_in(held["SHA256SUMS"]) == digests
    assert {"README.md", "LICENSE", "CITATION.cff", "codebook.md", "data/LICENSE"} <= set(held)


def test_the_database_holds_every_cell_and_keeps_its_references(built: dict[str, bytes], tmp_path: Path) -> None:
    place = tmp_path / "release.sqlite"
    place.write_bytes(built[name(built, ".sqlite")])
    base = sqlite3.connect(place)
    base.execute("PRAGMA foreign_keys = ON")
    assert base.execute("PRAGMA foreign_key_check").fetchall() == []
    assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    for table in ("agreements", "agreement_parties", "sources", "commitments", "health_areas"):
        path = next(item.path for item in load(ROOT).resources if item.name == table)
        with (ROOT / path).open(encoding="utf-8", newline="") as stream:
            head, *expected = list(csv.reader(stream))
        names = ", ".join(f'"{column}"' for column in head)
        found = base.execute(f"SELECT {names} FROM {table}").fetchall()
        texts = [["" if cell is None else cell for cell in row] for row in found]
        assert [[plain(cell) for cell in row] for row in texts] == [[plain(cell) for cell in row] for row in expected]
    with pytest.raises(sqlite3.IntegrityError):
        base.execute("INSERT INTO agreement_areas VALUES ('nobody', 'oncology')")
    assert base.execute("SELECT count(*) FROM agreements_flat").fetchone() == (len(rows("agreements")),)
    assert base.execute("SELECT sum(agreements) > 0 FROM partners_by_year").fetchone() == (1,)
    assert base.execute("SELECT value FROM about WHERE property = 'valid'").fetchone() == ("yes",)


def plain(cell: object) -> object:
    """Numbers are compared as numbers, truth values as 0 and 1."""
    text = {"true": "1", "false": "0"}.get(str(cell), str(cell))
    try:
        return float(text)
    except ValueError:
        return text


def test_the_search_finds_a_letter_with_a_bar_either_way(built: dict[str, bytes], tmp_path: Path) -> None:
    place = tmp_path / "release.sqlite"
    place.write_bytes(built[name(built, ".sqlite")])
    base = sqlite3.connect(place)
    sql = "SELECT record, tbl FROM search WHERE search MATCH ?"
    found = [set(base.execute(sql, (asked,))) for asked in ("Đại", "đại", "dai", "DAI")]
    assert found[0]
    assert found[0] == found[1] <= found[2] == found[3]


@pytest.mark.parametrize("asked", ["bach mai", "Bạch Mai", "BACH MAI"])
def test_the_search_finds_vietnamese_without_marks(built: dict[str, bytes], tmp_path: Path, asked: str) -> None:
    place = tmp_path / "release.sqlite"
    place.write_bytes(built[name(built, ".sqlite")])
    base = sqlite3.connect(place)
    found = {row[0] for row in base.execute("SELECT record FROM search WHERE search MATCH ?", (f'"{asked}"',))}
    names = {row["party_id"] for row in rows("parties") if "Bach Mai" in row["name_en"]}
    assert names <= found


def test_parquet_is_typed_and_has_the_bounds_of_dates(built: dict[str, bytes], tmp_path: Path) -> None:
    place = tmp_path / "agreements.parquet"
    place.write_bytes(built["parquet/agreements.parquet"])
    with duckdb.connect() as engine:
        engine.execute(f"CREATE VIEW made AS SELECT * FROM '{place}'")
        types = {row[0]: row[1] for row in engine.execute("DESCRIBE made").fetchall()}
        assert types["signed_date"] == "VARCHAR"
        assert types["signed_date_earliest"] == types["signed_date_latest"] == "DATE"
        asked = "SELECT signed_date_earliest, signed_date_latest FROM made WHERE signed_date SIMILAR TO '[0-9]{4}'"
        years = engine.execute(asked).fetchall()
        assert all((first.month, first.day, last.month, last.day) == (1, 1, 12, 31) for first, last in years)
        found = [row[0] for row in engine.execute("SELECT agreement_id FROM made").fetchall()]
    assert found == [row["agreement_id"] for row in rows("agreements")]


def test_the_feeds_tell_what_is_new_and_what_ends(built: dict[str, bytes]) -> None:
    feed = ET.fromstring(built["agreements.atom"])
    dated = sorted((row["signed_date"] for row in rows("agreements") if row["signed_date"]), reverse=True)
    first = feed.find(f"{ATOM}entry/{ATOM}summary")
    assert first is not None
    assert first.text is not None
    assert first.text.startswith(f"Signed {dated[0][:4]}")
    assert len({item.text for item in feed.iter(f"{ATOM}id")}) == len(list(feed.iter(f"{ATOM}id")))
    lines = built["ending-soon.ics"].decode("utf-8").split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert all(len(line.encode("utf-8")) <= 75 for line in lines)
    starts = [line.partition(":")[2] for line in lines if line.startswith("DTSTART")]
    assert starts == sorted(starts)
    assert all("20261122" <= day <= "20271123" for day in starts)


def test_only_what_was_asked_for_is_built_and_the_rest_stays(tmp_path: Path) -> None:
    out, release = tmp_path / "dist", Release(load(ROOT), DAY)
    folder.place(build(release, ["flat"]), out)
    flat = {path.name for path in out.iterdir()}
    assert flat == {f"{table}-flat{end}.csv" for table in ("agreements", "events") for end in ("", "-excel")} | {
        "SHA256SUMS"
    }
    folder.place(build(release, ["feeds"]), out)
    assert {path.name for path in out.iterdir()} == flat | {"agreements.atom", "ending-soon.ics"}
    assert set(sums_in((out / "SHA256SUMS").read_bytes())) | {"SHA256SUMS"} == {path.name for path in out.iterdir()}


def broken(tmp_path: Path) -> Path:
    package = copy(tmp_path / "package")
    areas = package / "data" / "agreement_areas.csv"
    areas.write_text(areas.read_text("utf-8").replace("\n", "\nnobody-2020,oncology\n", 1), encoding="utf-8")
    return package


def test_an_invalid_package_is_built_by_force_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    package = broken(tmp_path)
    assert main(["build", "zip", "--package", str(package)]) == 1
    assert "nobody-2020" in capsys.readouterr().err
    assert not (package / "dist").exists()
    assert main(["build", "zip", "--package", str(package), "--force"]) == 0
    assert "NOT VALID" in (package / "dist" / "NOT-VALID.txt").read_text("utf-8")
    with zipfile.ZipFile(next((package / "dist").glob("*.zip"))) as archive:
        assert "NOT VALID" in archive.read("NOT-VALID.txt").decode()


def test_a_build_that_fails_leaves_the_former_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "dist"
    folder.place({"a.csv": b"1", "SHA256SUMS": b""}, out)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
        with pytest.raises(accords.errors.UsageError, match="cannot be written"):
            folder.place({"a.csv": b"2", "SHA256SUMS": b""}, out)
    assert (out / "a.csv").read_bytes() == b"1"
    assert [path.name for path in tmp_path.iterdir()] == ["dist"]


@pytest.mark.parametrize("kind", ["others", "file", "link"])
def test_nothing_of_others_is_written_over(tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "dist"
    if kind == "others":
        out.mkdir()
        (out / "thesis.docx").write_text("mine")
    elif kind == "file":
        out.write_text("mine")
    else:
        (tmp_path / "elsewhere").mkdir()
        out.symlink_to(tmp_path / "elsewhere")
    assert main(["build", "feeds", "--package", str(ROOT), "-o", str(out)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "elsewhere" / "SHA256SUMS").exists()
    if kind == "others":
        assert [path.name for path in out.iterdir()] == ["thesis.docx"]


def test_a_target_that_does_not_exist_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "flatt", "--package", str(ROOT), "-o", str(tmp_path / "dist")]) == 2
    assert "there is no target 'flatt'" in capsys.readouterr().err


def test_any_package_can_be_built(tmp_path: Path) -> None:
    """What only a register has is left out; the rest works on two plain tables."""
    (tmp_path / "wards.csv").write_text("ward,beds\na,12\nb,\n", encoding="utf-8")
    schema = {
        "fields": [{"name": "ward", "type": "string"}, {"name": "beds", "type": "integer"}],
        "primaryKey": ["ward"],
    }
    content = {"name": "small", "resources": [{"name": "wards", "path": "wards.csv", "schema": schema}]}
    (tmp_path / "datapackage.json").write_text(json.dumps(content), encoding="utf-8")
    files = build(Release(load(tmp_path), DAY), ())
    assert {"small.zip", "small.sqlite", "small.xlsx", "parquet/wards.parquet", "codebook.md"} <= set(files)
    assert not [path for path in files if "flat" in path or path.endswith((".atom", ".ics"))]
    base = tmp_path / "base.sqlite"
    base.write_bytes(files["small.sqlite"])
    assert sqlite3.connect(base).execute("SELECT ward, beds FROM wards").fetchall() == [("a", 12), ("b", None)]


@given(words=st.lists(st.text(alphabet="aä;,\\日 ", min_size=0, max_size=90), min_size=1, max_size=4))
def test_folded_lines_of_a_calendar_unfold_to_the_same(words: list[str]) -> None:
    from accords.build.to_feeds import folded

    line = "SUMMARY:" + " ".join(words)
    pieces = folded(line)
    assert all(len(piece.encode("utf-8")) <= 75 for piece in pieces)
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == line


@pytest.mark.parametrize("kind", ["text", "bibtex", "csl-json"])
def test_the_package_and_every_kind_of_record_can_be_cited(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    version = json.loads((ROOT / "datapackage.json").read_text("utf-8"))["version"]
    firsts = {"agreements": "agreement_id", "events": "event_id", "commitments": "commitment_id", "parties": "party_id"}
    for key in ("", *(rows(table)[0][column] for table, column in firsts.items())):
        assert main(["cite", *([key] if key else []), "--format", kind, "--package", str(ROOT)]) == 0
        out = capsys.readouterr().out
        assert version in out
        assert key in out
        if kind == "csl-json":
            items = json.loads(out)
            assert items[0]["type"] == "dataset"
            assert len(items) > 1 or not key


def test_a_record_is_shown_with_all_that_is_linked_to_it(capsys: pytest.CaptureFixture[str]) -> None:
    agreement = rows("agreements")[0]["agreement_id"]
    assert main(["show", agreement, "--package", str(ROOT)]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert all(row["party_id"] in out for row in rows("agreement_parties") if row["agreement_id"] == agreement)
    urls = {row["source_id"]: row["url"] for row in rows("sources")}
    assert all(urls[row["source_id"]] in out for row in rows("agreement_citations") if row["agreement_id"] == agreement)


@pytest.mark.parametrize("command", ["cite", "show"])
def test_an_id_that_does_not_exist_is_2_with_the_nearest(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    right = rows("agreements")[0]["agreement_id"]
    assert main([command, f"{right}x", "--package", str(ROOT)]) == 2
    err = capsys.readouterr().err
    assert right in err
    assert err.count("\n") == 1


def test_every_column_of_the_workbook_is_called_in_both_languages(built: dict[str, bytes]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(built[name(built, ".xlsx")]), read_only=True)
    assert book.sheetnames[:2] == ["agreements-flat", "events-flat"]
    assert book.sheetnames[-3:] == ["codebook", "what's new", "how to cite"]
    head, *told = ([cell or "" for cell in row] for row in book["codebook"].iter_rows(values_only=True))
    listed = {(row[0], row[1]) for row in told}
    for sheet in book.sheetnames[:-3]:
        columns = next(book[sheet].iter_rows(values_only=True))
        assert {(sheet, column) for column in columns} <= listed
    assert all(row[head.index("title")] and row[head.index("tiêu đề")] for row in told)


def test_the_help_names_every_target() -> None:
    from accords.cli.build import CHOICES

    assert tuple(TARGETS) == CHOICES
