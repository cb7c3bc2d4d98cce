"""A baseline: known findings are accepted, new ones are not, and what is accepted for nothing is a finding."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Maker
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from test_reports import problem

import accords
from accords import baseline
from accords.cli import main
from accords.errors import UsageError

ROOT = Path(__file__).resolve().parents[1]
HEAD = "agreement_id,signed,ends,beds\n"
ROWS = ["a,2020,,many", "b,17/11/2023,,few", "c,,,3", ",,,", "d,,,4,5"]
PARTIES = "agreement_id,party\na,p\na,p\n"


def write(folder: Path, *rows: str) -> None:
    (folder / "agreements.csv").write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")


@pytest.fixture
def known(make_package: Maker, tmp_path: Path) -> tuple[Path, Path]:
    """Return a package with findings and the baseline that accepts them."""
    folder = make_package(HEAD + "".join(f"{row}\n" for row in ROWS), PARTIES)
    file = tmp_path / "known.json"
    assert main(["validate", str(folder), "--write-baseline", str(file)]) == 0
    return folder, file


def codes(folder: Path, file: Path, **more: object) -> list[str]:
    report = accords.validate(folder, baseline=file, **more)  # type: ignore[arg-type]  # options by name
    return sorted(item.code for item in report)


def test_what_is_known_is_accepted_and_counted(known: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    folder, file = known
    report = accords.validate(folder, baseline=file)
    assert (report.valid, report.problems, report.counts["accepted"]) == (True, (), 6)
    assert main(["validate", str(folder), "--baseline", str(file)]) == 0
    assert "  6 findings accepted by the baseline\n" in capsys.readouterr().out


def test_rows_may_move(known: tuple[Path, Path]) -> None:
    folder, file = known
    write(folder, "x,2001,,1", "y,2002,,2", *reversed(ROWS))
    assert codes(folder, file) == []


def test_what_is_new_is_found(known: tuple[Path, Path]) -> None:
    folder, file = known
    write(folder, *ROWS, "e,2020,,none", ",,,")
    assert codes(folder, file) == ["blank-row", "type-error"]
    write(folder, *ROWS[1:], "a,2020,,lots")
    assert codes(folder, file) == ["baseline-stale", "type-error"]


def test_what_is_gone_fails(known: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    folder, file = known
    write(folder, *ROWS[1:], "a,2020,,7")
    assert main(["validate", str(folder), "--baseline", str(file)]) == 1
    told = capsys.readouterr().out
    assert f"{file} accepts type-error · agreements · beds · a, which is found no more" in told
    assert "--write-baseline" in told
    assert main(["validate", str(folder), "--baseline", str(file), "--ignore", "type-error"]) == 0
    assert main(["validate", str(folder), "--baseline", str(file), "--select", "type-error"]) == 1
    assert main(["validate", str(folder), "--baseline", str(file), "--select", "blank-row"]) == 0
    assert main(["validate", str(folder), "--baseline", str(file), "--ignore", "baseline-stale"]) == 0


def test_two_of_three_alike_are_told_by_number(
    make_package: Maker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, file = make_package(HEAD + ",,,\n,,,\n,,,\n"), tmp_path / "known.json"
    main(["validate", str(folder), "--write-baseline", str(file)])
    assert capsys.readouterr().out == f"{file} accepts 3 findings\n"
    write(folder, ",,,")
    (stale,) = accords.validate(folder, baseline=file)
    assert stale.message.endswith("accepts blank-row · agreements 3 times, and it is found 1 times")
    (stale,) = accords.validate(folder, baseline=file, lang="vi")
    assert stale.message.endswith("chấp nhận blank-row · agreements 3 lần, nay chỉ thấy 1 lần")


def test_what_could_not_be_checked_is_not_stale(known: tuple[Path, Path]) -> None:
    folder, file = known
    (folder / "agreements.csv").unlink()
    assert codes(folder, file) == ["file-error"]


def test_every_finding_is_accepted_whatever_the_limit(make_package: Maker, tmp_path: Path) -> None:
    folder, file = make_package(HEAD + "".join(f"a{n},,,many\n" for n in range(1500))), tmp_path / "known.json"
    assert main(["validate", str(folder), "--limit", "5", "--write-baseline", str(file)]) == 0
    report = accords.validate(folder, limit=5, baseline=file)
    assert (report.counts["accepted"], report.counts["error"]) == (1500, 0)
    write(folder, *(f"a{n},,,many" for n in range(1520)))
    report = accords.validate(folder, limit=5, baseline=file)
    assert (len(report.problems), report.counts["error"]) == (5, 20)


def test_faults_of_the_descriptor_are_told_apart_by_what_they_say(make_package: Maker, tmp_path: Path) -> None:
    folder, file = make_package(HEAD, license="x", sourcs=[]), tmp_path / "known.json"
    assert main(["validate", str(folder), "--write-baseline", str(file)]) == 0
    content = json.loads((folder / "datapackage.json").read_text("utf-8"))
    content["titel"] = content.pop("sourcs")
    (folder / "datapackage.json").write_text(json.dumps(content), encoding="utf-8")
    assert codes(folder, file) == ["baseline-stale", "unknown-property"]
    assert codes(folder, file, lang="vi") == ["baseline-stale", "unknown-property"]


def test_a_baseline_goes_with_changed_since(known: tuple[Path, Path], tmp_path: Path) -> None:
    folder, file = known
    former = tmp_path / "former"
    former.mkdir()
    for name in ("datapackage.json", "agreements.csv", "parties.csv"):
        (former / name).write_bytes((folder / name).read_bytes())
    write(folder, *ROWS, "e,2020,,none")
    assert codes(folder, file, changed_since=former) == ["type-error"]


def test_unevaluated_checks_are_not_accepted(make_package: Maker, tmp_path: Path) -> None:
    folder = make_package(HEAD, encoding="x")
    content = json.loads((folder / "datapackage.json").read_text("utf-8"))
    del content["resources"][1]["schema"]
    (folder / "datapackage.json").write_text(json.dumps(content), encoding="utf-8")
    file = tmp_path / "known.json"
    assert main(["validate", str(folder), "--write-baseline", str(file)]) == 1
    assert main(["validate", str(folder), "--write-baseline", str(file), "--allow-unevaluated"]) == 0
    assert main(["validate", str(folder), "--baseline", str(file)]) == 1


def test_the_file_follows_its_schema_and_has_a_line_for_each(known: tuple[Path, Path]) -> None:
    schema = json.loads((ROOT / "schemas" / "baseline.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    text = known[1].read_text("utf-8")
    assert [fault.message for fault in Draft202012Validator(schema).iter_errors(json.loads(text))] == []
    assert len(text.splitlines()) == 6 + 5
    assert baseline.written(()) == '{\n  "schema_version": 1,\n  "accepted": []\n}\n'


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "{}", '{"schema_version": 1}', '{"schema_version": 2, "accepted": []}',
        '{"schema_version": 1, "accepted": {}}', '{"schema_version": 1, "accepted": [1]}',
        '{"schema_version": 1, "accepted": [{"code": 1}]}', '{"schema_version": 1, "accepted": [{"resource": "t"}]}',
        '{"schema_version": 1, "accepted": [{"code": "x", "count": 0}]}',
        '{"schema_version": 1, "accepted": [{"code": "x", "row": 3}]}',
        '{"schema_version": 1, "accepted": [], "accepted": []}', "\udc80",
    ],
    ids=repr,
)  # fmt: skip
def test_what_is_no_baseline_cannot_be_used(tmp_path: Path, text: str) -> None:
    file = tmp_path / "known.json"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(UsageError):
        baseline.read(file)


def test_one_that_is_not_there_ends_with_2(make_package: Maker, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", str(make_package(HEAD)), "--baseline", "nowhere.json"]) == 2
    assert capsys.readouterr().err.startswith("accords: the baseline nowhere.json cannot be read: ")


@given(st.lists(st.tuples(st.text(), st.text(), st.integers(1, 3))), st.randoms())
def test_what_is_written_accepts_just_what_it_was_made_of(
    tmp_path: Path, values: list[tuple[str, str, int]], random: object
) -> None:
    items = [problem(number, value=value, key=(("id", key),)) for key, value, number in values]
    file = tmp_path / "known.json"
    file.write_text(baseline.written(items), encoding="utf-8", errors="surrogatepass")
    entries = baseline.read(file).entries
    assert sum(entries.values()) == len(items)
    assert set(entries) == {baseline.mark(item) for item in items}
