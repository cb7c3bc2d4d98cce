"""Real readers read what is built: pandas, polars, Datasette, LibreOffice, R, and those of the metadata and feeds.

Long, because each of them takes seconds to start; `.ci/run` runs them. LibreOffice and R come from the system, and
their tests are passed over where they are absent.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from accords.build import Release, build
from accords.descriptor import load

pytestmark = [
    pytest.mark.long,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # what libraries say of each other
]
ROOT = Path(__file__).resolve().parents[1]
DAY = datetime.date(2026, 11, 22)


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every file of a release, and the zip unpacked under `open`."""
    place = tmp_path_factory.mktemp("dist")
    for path, content in build(Release(load(ROOT), DAY), ()).items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(content)
    with zipfile.ZipFile(next(place.glob("*.zip"))) as archive:
        archive.extractall(place / "open")
    return place


def table(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


def only(place: Path, ending: str) -> Path:
    return next(place.glob(f"*{ending}"))


def test_pandas_reads_every_table_as_it_is(dist: Path) -> None:
    import pandas as pd

    for path in [*sorted((dist / "open" / "data").rglob("*.csv")), dist / "agreements-flat.csv"]:
        head, *expected = table(path)
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        assert list(frame.columns) == head
        assert frame.to_numpy().tolist() == expected
    typed = pd.read_parquet(dist / "parquet" / "agreements.parquet", engine="pyarrow")
    assert list(typed["agreement_id"]) == [row[0] for row in table(dist / "open" / "data" / "agreements.csv")[1:]]
    sheets = pd.read_excel(only(dist, ".xlsx"), sheet_name=None, dtype=str, keep_default_na=False, engine="openpyxl")
    assert next(iter(sheets)) == "agreements-flat"
    head, *expected = table(dist / "agreements-flat.csv")
    assert sheets["agreements-flat"].to_numpy().tolist() == expected


def test_pandas_as_it_comes_mistakes_no_text_for_missing(dist: Path) -> None:
    """Without any option: no cell of ours is read as missing but the empty ones."""
    import pandas as pd

    for path in sorted((dist / "open" / "data").rglob("*.csv")):
        expected = table(path)[1:]
        frame = pd.read_csv(path, dtype=str)
        empty = [[cell == "" for cell in row] for row in expected]
        assert frame.isna().to_numpy().tolist() == empty, path.name


def test_polars_reads_csv_and_parquet(dist: Path) -> None:
    import polars as pl

    head, *expected = table(dist / "open" / "data" / "agreements.csv")
    frame = pl.read_csv(dist / "open" / "data" / "agreements.csv", infer_schema=False)
    assert frame.columns == head
    assert [[cell or "" for cell in row] for row in frame.rows()] == expected
    typed = pl.read_parquet(dist / "parquet" / "agreements.parquet")
    assert typed.schema["signed_date_earliest"] == pl.Date
    assert typed["agreement_id"].to_list() == [row[0] for row in expected]


def test_datasette_serves_the_database(dist: Path) -> None:
    """Asked by its own command, which answers as its server would."""
    base = only(dist, ".sqlite")
    asked = f"/{base.stem.replace('.', '~2E')}.json?sql=select+count(*)+as+n+from+agreements_flat&_shape=array"
    run = subprocess.run(
        [sys.executable, "-m", "datasette", "serve", str(base), "--get", asked], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == [{"n": len(table(dist / "agreements-flat.csv")) - 1}]


def test_croissant_is_valid_and_its_records_are_the_rows(dist: Path) -> None:
    import mlcroissant as mlc

    place = dist / "open" / "croissant.json"
    shutil.copy(dist / "metadata" / "croissant.json", place)
    dataset = mlc.Dataset(str(place))
    assert dataset.metadata.ctx.issues.errors == set()
    records = list(dataset.records("agreements"))
    expected = [row[0] for row in table(dist / "open" / "data" / "agreements.csv")[1:]]
    assert [row["agreements/agreement_id"].decode("utf-8") for row in records] == expected


def test_datacite_takes_the_description(dist: Path) -> None:
    """By the schema of the newest version that its library knows; with a DOI, which a release gets later."""
    from datacite import schema45

    content = json.loads((dist / "metadata" / "datacite.json").read_text("utf-8"))
    schema45.validator.validate(content | {"doi": "10.5072/accords"})
    record = schema45.tostring(content | {"doi": "10.5072/accords"})
    assert '<title xml:lang="en">' + content["titles"][0]["title"] in record
    assert f"<publicationYear>{content['publicationYear']}</publicationYear>" in record


def test_an_rdf_library_reads_the_dataset(dist: Path) -> None:
    """The context is given here, as nothing is fetched."""
    import rdflib

    content = json.loads((dist / "metadata" / "schema-org.jsonld").read_text("utf-8"))
    assert content.pop("@context") == "https://schema.org/"
    content["@context"] = {"@vocab": "https://schema.org/"}
    graph = rdflib.Graph().parse(data=json.dumps(content), format="json-ld")
    schema = rdflib.Namespace("https://schema.org/")
    (dataset,) = graph.subjects(rdflib.RDF.type, schema.Dataset)
    told = json.loads((ROOT / "datapackage.json").read_text("utf-8"))
    assert str(graph.value(dataset, schema.version)) == told["version"]
    assert len(list(graph.objects(dataset, schema.distribution))) == len(told["resources"])


def test_readers_of_feeds_and_calendars_read_ours(dist: Path) -> None:
    import feedparser
    import icalendar

    feed = feedparser.parse((dist / "agreements.atom").read_bytes())
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    assert feed.entries
    assert all(entry.id.startswith("urn:uuid:") for entry in feed.entries)
    calendar = icalendar.Calendar.from_ical((dist / "ending-soon.ics").read_bytes())
    head, *flat = table(dist / "agreements-flat.csv")
    ends = [row[head.index("end_latest")] for row in flat]
    expected = sorted(day for day in ends if "2026-11-22" <= day <= "2027-11-23")
    found = [item.decoded("DTSTART").isoformat() for item in calendar.walk("VEVENT")]
    assert found == expected


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_workbook_without_loss(dist: Path, tmp_path: Path) -> None:
    """Each sheet, as LibreOffice writes it back to CSV, is the table cell by cell."""
    out, profile = tmp_path / "csv", tmp_path / "profile"
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"  # UTF-8, every sheet
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    run = subprocess.run(
        [*command, "--convert-to", form, "--outdir", str(out), str(only(dist, ".xlsx"))],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr
    for sheet, path in (
        ("agreements-flat", dist / "agreements-flat.csv"),
        ("events-flat", dist / "events-flat.csv"),
        *((path.stem, path) for path in sorted((dist / "open" / "data").rglob("*.csv"))),
    ):
        (made,) = out.glob(f"*-{sheet[:31]}.csv")
        assert padded(table(made)) == padded(table(path)), sheet


def padded(rows: list[list[str]]) -> list[list[str]]:
    """LibreOffice leaves empty cells at the end of a row out."""
    return [row + [""] * (len(rows[0]) - len(row)) for row in rows]


READ_R = """
args <- commandArgs(TRUE)
base <- read.csv(args[1], colClasses = "character", na.strings = "", encoding = "UTF-8", check.names = FALSE)
base[is.na(base)] <- ""
write.csv(base, args[2], row.names = FALSE, fileEncoding = "UTF-8")
"""
READ_READR = """
args <- commandArgs(TRUE)
suppressPackageStartupMessages(library(readr))
tidy <- read_csv(args[1], col_types = cols(.default = "c"), na = "", show_col_types = FALSE)
tidy[is.na(tidy)] <- ""
write_csv(tidy, args[2])
"""


def has_readr() -> bool:
    if shutil.which("Rscript") is None:
        return False
    return subprocess.run(["Rscript", "-e", "library(readr)"], capture_output=True).returncode == 0


@pytest.mark.parametrize("reader", ["base", "readr"])
def test_r_reads_text_as_text(dist: Path, tmp_path: Path, reader: str) -> None:
    if shutil.which("Rscript") is None or (reader == "readr" and not has_readr()):
        pytest.skip("R or its readr is not installed")
    script = tmp_path / "read.R"
    script.write_text(READ_R if reader == "base" else READ_READR, encoding="utf-8")
    for path in (dist / "agreements-flat.csv", dist / "open" / "data" / "vocabularies" / "countries.csv"):
        made = tmp_path / f"{path.stem}.csv"
        subprocess.run(
            ["Rscript", "--vanilla", str(script), str(path), str(made)],
            check=True,
            env=os.environ | {"LC_ALL": "C.UTF-8"},
        )
        assert table(made) == table(path)


def test_what_is_read_is_not_empty(dist: Path) -> None:
    """Readers that agree on nothing would agree, too."""
    assert len(table(dist / "agreements-flat.csv")) > 10
    assert all(len(table(path)) >= 1 for path in (dist / "open" / "data").glob("*.csv"))
    assert io.StringIO((dist / "codebook.html").read_text("utf-8")).readline() == "<!doctype html>\n"


SNIPPETS = re.findall(r"```(python|r|sql)\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("number", range(len(SNIPPETS)))
def test_every_snippet_of_the_readme_runs(dist: Path, tmp_path: Path, number: int) -> None:
    language, text = SNIPPETS[number]
    folder = ROOT if "data/{name}.csv" in text else dist
    script = tmp_path / f"snippet.{language}"
    script.write_text(text, encoding="utf-8")
    if language == "sql":
        base = sqlite3.connect(only(dist, ".sqlite"))
        assert base.execute(text).fetchall()
        return
    if language == "r" and (shutil.which("Rscript") is None or ("readr" in text and not has_readr())):
        pytest.skip("R or its readr is not installed")
    command = [sys.executable] if language == "python" else ["Rscript", "--vanilla"]
    run = subprocess.run([*command, str(script)], cwd=folder, capture_output=True, text=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    assert "agreement_id" in run.stdout or "agreements" in run.stdout


def test_there_is_a_snippet_for_every_reader() -> None:
    text = "\n".join(text for _, text in SNIPPETS)
    for reader in ("pandas", "polars", "read.csv", "readr", "duckdb", "FROM agreements"):
        assert reader in text
