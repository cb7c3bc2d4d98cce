"""What the register says of itself: counts that add up, statistics with their laws, and an account of every page."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accords.cli import main
from accords.register.readings import jaccard, kappa
from accords.register.records import level_of, precision_of

ROOT = Path(__file__).resolve().parents[1]
REASONS = "page,kind,label,outcome,record,reason\n"


def rows(name: str) -> list[dict[str, str]]:
    with (ROOT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    out = tmp_path_factory.mktemp("quality") / "QUALITY.md"
    assert main(["quality", str(ROOT), "-o", str(out)]) == 0
    return out.read_text("utf-8")


def section(report: str, title: str) -> dict[str, list[str]]:
    """Return the rows of the table under a heading, without its head."""
    text = report.partition(f"# {title}")[2]
    lines = [line for line in text.partition("\n#")[0].splitlines() if line.startswith("| ")][2:]
    return {
        cells[0]: cells[1:] for cells in ([cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines)
    }


def test_every_agreement_is_counted_once_in_each_table(report: str) -> None:
    number = len(rows("agreements"))
    years = section(report, "By year of signing")
    assert {year: int(count) for year, (count,) in years.items()} == Counter(
        row["signed_date"][:4] or "not dated" for row in rows("agreements")
    )
    for title in ("By level", "By type", "By status, as last reported", "By readings"):
        assert sum(int(count) for (count,) in section(report, title).values()) == number, title
    dates = section(report, "Dates by precision")
    assert [sum(int(cells[column]) for cells in dates.values()) for column in range(3)] == [number] * 3
    stages = Counter(row["coding"] for row in rows("agreements"))
    assert int(section(report, "By readings")["twice"][0]) == stages["rechecked"]


def test_the_readings_are_counted_by_reader_field_and_outcome(report: str) -> None:
    readings = [row for row in rows("readings") if row["resource"] == "agreements"]
    for reader in {row["reader"] for row in readings}:
        table = section(report, reader)
        own = [row for row in readings if row["reader"] == reader]
        outcomes = Counter((row["field"], row["outcome"]) for row in own)
        assert table.keys() == {f"<code>{row['field']}</code>" for row in own}
        for field in {row["field"] for row in own}:
            number, agreed, *_, kept, completed, changed = table[f"<code>{field}</code>"]
            found = (outcomes[field, f"differs_{word}"] for word in ("kept", "completed", "changed"))
            assert (int(kept), int(completed), int(changed)) == tuple(found)
            assert int(agreed) == outcomes[field, "agrees"], field
            assert int(number) == int(agreed) + int(kept) + int(completed) + int(changed)


def test_the_brief_table_counts_as_the_long_report_does(report: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quality", str(ROOT), "--brief"]) == 0
    brief = capsys.readouterr().out
    assert brief in (ROOT / "README.md").read_text("utf-8"), "put what accords quality --brief prints into README.md"
    cells = section(f"# brief\n{brief}", "brief")
    for name, (number,) in section(report, "Quality of").items():
        assert cells[name.capitalize()] == [f"{int(number):,}"]
    assert cells["Read twice"] == section(report, "By readings")["twice"]
    assert cells["Agreements signed on a day that is known"] == section(report, "Dates by precision")["day"][:1]
    levels = (label[:1].upper() + label[1:] for label in section(report, "By level"))
    assert sum(int(cells[label][0]) for label in levels) == len(rows("agreements"))


codes = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=30)
sets = st.sets(st.sampled_from(["cardiology", "nursing", "oncology", "surgery"])).map(
    lambda found: "; ".join(sorted(found))
)


@given(pairs=codes)
def test_kappa_is_one_for_equal_readings_and_the_same_from_either_side(pairs: list[tuple[str, str]]) -> None:
    turned = kappa([(second, first) for first, second in pairs])
    found = kappa(pairs)
    assert (found is None) == (turned is None)
    if found is not None and turned is not None:
        assert abs(found - turned) < 1e-9
        assert found <= 1
        assert (found == 1) == all(first == second for first, second in pairs)


def test_kappa_of_a_worked_example() -> None:
    """Of 50 applications two readers both accept 20 and both refuse 15: 0.7 observed, 0.5 by chance."""
    pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    assert kappa(pairs) == pytest.approx(0.4)
    assert kappa([("yes", "yes")] * 3) is None
    assert kappa([]) is None


@given(one=sets, other=sets)
def test_jaccard_lies_between_nothing_and_all(one: str, other: str) -> None:
    assert jaccard(one, other) == jaccard(other, one)
    assert 0 <= jaccard(one, other) <= 1
    assert (jaccard(one, other) == 1) == (one == other)


@pytest.mark.parametrize(
    ("sides", "level"),
    [
        ([("VNM", "health_provider"), ("VNM", "private_company")], "domestic"),
        ([("VNM", "government_body"), ("", "intergovernmental_organisation")], "multilateral"),
        ([("VNM", "government_body"), ("LAO", "government_body"), ("", "global_health_partnership")], "multilateral"),
        ([("VNM", "government_body"), ("LAO", "government_body")], "government"),
        ([("VNM", "health_provider"), ("LAO", "government_body")], "institutional"),
        ([("VNM", "health_provider"), ("KOR", "private_company")], "company"),
        ([("VNM", "academic"), ("JPN", "academic")], "institutional"),
    ],
)
def test_the_level_follows_from_the_sides(sides: list[tuple[str, str]], level: str) -> None:
    assert level_of(sides) == level
    assert level_of(reversed(sides)) == level


@pytest.mark.parametrize(
    ("date", "precision"),
    [
        ("", "none"),
        ("2023", "year"),
        ("2023?", "year"),
        ("2023-06", "month"),
        ("2023-12~", "month"),
        ("2023-35", "season"),
        ("2023-40", "season"),
        ("201X", "decade"),
        ("2023-06-14%", "day"),
    ],
)
def test_the_precision_of_a_date_is_what_stands_there(date: str, precision: str) -> None:
    assert precision_of(date) == precision


def sheet(folder: Path, **content: Any) -> Path:
    folder.mkdir(exist_ok=True)
    with (folder / "pages.jsonl").open("a", encoding="utf-8") as stream:
        stream.write(json.dumps({"url": "", "agreements": [], "events": [], **content}) + "\n")
    return folder


def told(folder: Path, reasons: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[list[str]], str]:
    code = main(["accounts", str(folder), "--reasons", str(reasons), "--package", str(ROOT)])
    out, err = capsys.readouterr()
    return code, list(csv.reader(out.splitlines()))[1:], err


def test_every_mention_has_its_account(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    citation = next(row for row in rows("event_citations") if row["field"] == "record")
    page = next(row["url"] for row in rows("sources") if row["source_id"] == citation["source_id"])
    event = next(row for row in rows("events") if row["event_id"] == citation["event_id"])
    agreement = rows("agreements")[0]["agreement_id"]
    talk = {"label": "A talk", "start": "1990-01-01", "agreement_label": "Paper"}
    folder = sheet(
        tmp_path / "sheets",
        url=page,
        agreements=[{"label": "Paper"}, {"label": "Plan"}],
        events=[{"label": "It happened", "start": event["start_date"], "agreement_label": None}, talk],
    )
    sheet(folder, url="https://example.org/empty")
    reasons = tmp_path / "reasons.csv"
    reasons.write_text(
        f"{REASONS},agreement,Paper,recorded,{agreement},\n{page},agreement,Plan,left_out,,A plan of one side.\n"
        "https://example.org/empty,page,,left_out,,Nothing about health.\n",
        encoding="utf-8",
    )
    code, found, err = told(folder, reasons, capsys)
    by_label = {row[2]: row for row in found}
    assert by_label["Paper"][3:5] == ["recorded", agreement]
    assert by_label["Plan"][3:] == ["left_out", "", "", "A plan of one side."]
    assert by_label["A talk"][3:5] == ["merged", agreement]
    assert by_label[""][3:] == ["left_out", "", "", "Nothing about health."]
    if event["start_date"]:
        assert by_label["It happened"][3] == "recorded"
        assert by_label["It happened"][5] == "yes"
    assert code == (0 if event["start_date"] else 1), err


def test_a_mention_without_an_account_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = sheet(tmp_path / "sheets", url="https://example.org/1", agreements=[{"label": "Paper"}])
    reasons = tmp_path / "reasons.csv"
    reasons.write_text(f"{REASONS},agreement,Other,recorded,no-such-record,\n", encoding="utf-8")
    code, found, err = told(folder, reasons, capsys)
    assert code == 1
    assert found == [["https://example.org/1", "agreement", "Paper", "", "", "", ""]]
    assert "no account: https://example.org/1: agreement Paper" in err
    assert "not in the package: no-such-record" in err


@pytest.mark.parametrize(
    ("sheets", "reasons", "said"),
    [
        (None, REASONS, "holds no fact sheets"),
        ("{", REASONS, "line 1: no fact sheet."),
        ('{"url": "x"}', REASONS, "line 1: no fact sheet."),
        ('{"url": "x", "agreements": [], "events": []}', "label\nx\n", "row 2: the columns are"),
        (
            '{"url": "x", "agreements": [], "events": []}',
            f"{REASONS},agreement,x,perhaps,,\n",
            "row 2: the columns are",
        ),
        ('{"url": "x", "agreements": [], "events": []}', None, "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], sheets: str | None, reasons: str | None, said: str
) -> None:
    (tmp_path / "sheets").mkdir()
    if sheets is not None:
        (tmp_path / "sheets" / "a.jsonl").write_text(sheets + "\n", encoding="utf-8")
    if reasons is not None:
        (tmp_path / "reasons.csv").write_text(reasons, encoding="utf-8")
    code, _, err = told(tmp_path / "sheets", tmp_path / "reasons.csv", capsys)
    assert code == 2
    assert said in err
    assert err.count("\n") == 1
