"""Our own package: valid here and in frictionless, tidy, documented, and told the same everywhere."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from intake import seeded

import accords
from accords.cli import main

ROOT = Path(__file__).resolve().parents[1]


def descriptor() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((ROOT / "datapackage.json").read_text("utf-8"))
    return content


def rows(name: str) -> list[dict[str, str]]:
    with (ROOT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_package_is_valid_and_every_check_was_made() -> None:
    report = accords.validate(ROOT, examples=True)
    assert [problem.message for problem in report.problems] == []
    assert report.valid
    assert report.counts["unevaluated"] == 0
    assert all(facts.rows is not None for facts in report.resources)


def test_frictionless_says_valid_for_a_copy_of_the_data_alone(tmp_path: Path) -> None:
    shutil.copy(ROOT / "datapackage.json", tmp_path)
    for folder in ("schemas", "data"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    run = subprocess.run(
        [sys.executable, "-m", "frictionless", "validate", "datapackage.json", "--json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    told = json.loads(run.stdout)
    assert run.returncode == 0, told["errors"]
    assert told["valid"]
    assert [task["name"] for task in told["tasks"] if not task["valid"]] == []
    assert len(told["tasks"]) == len(descriptor()["resources"])


def test_the_files_are_tidy(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tidy", "--check", str(ROOT)]) == 0, capsys.readouterr().out


def test_the_data_dictionary_is_current(tmp_path: Path) -> None:
    made = tmp_path / "README.md"
    assert main(["dictionary", str(ROOT), "-o", str(made)]) == 0
    current = (ROOT / "data" / "README.md").read_text("utf-8")
    assert made.read_text("utf-8") == current, "run: accords dictionary -o data/README.md"


def test_the_reference_of_codes_is_current(tmp_path: Path) -> None:
    made = tmp_path / "CODES.md"
    assert main(["explain", "--format", "markdown", "--package", str(ROOT), "-o", str(made)]) == 0
    current = (ROOT / "validate" / "CODES.md").read_text("utf-8")
    assert made.read_text("utf-8") == current, "run: accords explain --format markdown -o validate/CODES.md"


def test_every_table_and_schema_is_in_the_descriptor() -> None:
    listed = {resource["path"] for resource in descriptor()["resources"]}
    files = ((ROOT / "data").glob("*.csv"), (ROOT / "data" / "vocabularies").glob("*.csv"))
    present = {path.relative_to(ROOT).as_posix() for found in files for path in found}
    assert listed == present  # what waits in data/contributions is no part of the package
    schemas = {resource["schema"] for resource in descriptor()["resources"]}
    own = {path.relative_to(ROOT).as_posix() for path in (ROOT / "schemas").glob("*.json")}
    assert own - schemas == {
        f"schemas/{name}.schema.json" for name in ("baseline", "changes", "contribution", "report", "rule")
    }


def test_every_field_says_what_it_holds() -> None:
    for path in sorted((ROOT / "schemas").glob("*.json")):
        for field in json.loads(path.read_text("utf-8")).get("fields", []):
            for key in ("title", "description", "example"):
                assert field.get(key), f"{path.name}: {field['name']} has no {key}"


def test_version_title_and_licence_are_told_once() -> None:
    cff = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    package = descriptor()
    assert cff["version"] == package["version"]
    assert str(cff["date-released"]) == package["created"][:10]
    assert cff["title"] == package["title"]
    assert cff["license"] == package["licenses"][0]["name"]
    assert [author["name"] for author in cff["authors"]] == [person["title"] for person in package["contributors"]]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert [author["name"] for author in project["authors"]] == [author["name"] for author in cff["authors"]]
    assert project["version"] == accords.__version__
    log = (ROOT / package["accords:changes"]).read_text("utf-8")
    first = next(line for line in log.splitlines() if line.startswith("## "))
    assert first == f"## {package['version']} ({package['created'][:10]})"
    day = f"{cff['date-released'].day} {cff['date-released']:%B %Y}"
    readme = (ROOT / "README.md").read_text("utf-8")
    for kind in ("xlsx", "sqlite", "zip"):
        assert f"`{package['name']}-{package['version']}.{kind}`" in readme
    assert f"> {cff['authors'][0]['name']}. {cff['title']}. Data package, version {cff['version']}, {day}." in readme


def test_writing_the_lists_of_the_change_log_again_keeps_the_sentences(tmp_path: Path) -> None:
    """The lists are of the day of a release; a contribution need not bring them up to date."""
    log = ROOT / descriptor()["accords:changes"]
    copy = tmp_path / "CHANGES.md"
    shutil.copy(log, copy)
    assert main(["diff", "-", str(seeded()), "--changelog", str(copy)]) == 0
    once = copy.read_text("utf-8")
    assert main(["diff", "-", str(seeded()), "--changelog", str(copy)]) == 0
    assert copy.read_text("utf-8") == once
    above, mark, _ = log.read_text("utf-8").partition("<!-- lists by accords diff -->")
    assert mark
    assert once.startswith(above + mark)


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("agreements", "agreement_id", "avck-wonkwang-university-hospital-2023"),
        ("agreement_parties", "party_id", "embassy-vnm-kor"),
        ("agreements", "agreement_id", "dong-a-st-kt-undated"),
        ("events", "start_date", "2023-07-21"),
        ("places", "place_id", "mandalay"),
        ("agreements", "end_date", "2030-10-27"),
        ("events", "end_date", "2019-05-28"),
        ("commitments", "quantity", "11000"),
        ("events", "start_date", "2021-01-14"),
    ],
)
def test_the_seven_groups_of_the_first_articles_are_there(table: str, column: str, value: str) -> None:
    assert any(row[column] == value for row in rows(table))
