"""Contributions become rows, all or none; twice is once; rows become contributions and back."""

from __future__ import annotations

import copy as copies
import io
import json
from pathlib import Path
from typing import Any

import pytest
from contributions import synthetic
from hypothesis import given
from hypothesis import strategies as st
from intake import MEMORANDUM, ROOT, Ours, copy

import accords
from accords.cli import main
from accords.descriptor import load
from accords.intake.document import read_text
from accords.intake.form import read_form
from accords.intake.merging import Merger
from accords.intake.reverse import Reverse
from accords.intake.tables import Tables
from accords.intake.text import to_yaml

TOGETHER = 25  # contributions that are merged in one go: to know all records costs the same for each call
WONKWANG = "avck-wonkwang-university-hospital-2023"


def changed(content: dict[str, Any], *path: str | int, to: Any) -> dict[str, Any]:
    """Return a contribution with one value changed; None takes the key away."""
    whole = copies.deepcopy(content)
    spot: Any = whole
    for step in path[:-1]:
        spot = spot[step]
    if to is None:
        del spot[path[-1]]
    else:
        spot[path[-1]] = to
    return whole


def test_a_contribution_becomes_rows_in_all_tables_that_it_touches(ours: Ours) -> None:
    code, told = ours.add(MEMORANDUM)
    assert code == 0, told
    assert "ADDED: 16 rows in 14 tables" in told
    agreement = ours.row("agreements", agreement_id="cedar-clinic-moh-vnm-2024")
    assert (agreement["agreement_type"], agreement["coding"]) == ("memorandum_of_understanding", "coded")
    assert ours.row("agreement_modes", agreement_id="cedar-clinic-moh-vnm-2024")["mode"] == "short_course"
    party = ours.row("parties", party_id="cedar-clinic")
    assert (party["country"], party["place_id"]) == ("KOR", "seoul")
    event = "signing-cedar-clinic-moh-vnm-2024-05-06"
    assert ours.row("events", event_id=event)["place_id"] == "hanoi"
    assert ours.row("event_agreements", event_id=event)["relation"] == "signs"
    source = ours.row("sources", source_id="example-2024-cedar-clinic-trains-nurses")
    assert source["url"] == "https://www.example.org/news/2024/cedar-clinic-123456.html"
    commitment = "cedar-clinic-moh-vnm-2024-training-place"
    assert ours.row("commitment_citations", commitment_id=commitment, field="quantity")["value_in_source"] == "over 20"
    assert ours.row("party_citations", party_id="cedar-clinic")["source_id"] == source["source_id"]
    assert accords.validate(ours.root).problems == ()
    assert ours.run("tidy", "--check", str(ours.root))[0] == 0


def test_twice_is_once(ours: Ours) -> None:
    assert ours.add(MEMORANDUM)[0] == 0
    before = ours.snapshot()
    code, told = ours.add(MEMORANDUM)
    assert (code, told) == (0, "NOTHING TO DO: all of it is in the package already\n")
    assert ours.snapshot() == before


def test_a_dry_run_says_what_it_would_do_and_does_nothing(ours: Ours) -> None:
    before = ours.snapshot()
    code, told = ours.add({**MEMORANDUM, "uncertain": "May be a \x1b[31mchain."}, options=("--dry-run",))
    assert code == 0
    assert "1.yaml: uncertain: May be a \\x1b[31mchain." in told
    assert "WOULD ADD: 16 rows in 14 tables" in told
    assert "cedar-clinic-moh-vnm-2024" in told
    assert ours.snapshot() == before


def test_yaml_and_json_make_the_same_rows(ours: Ours) -> None:
    text = json.dumps(MEMORANDUM, ensure_ascii=True, indent=1)
    rows = [
        merger.tables.changes()
        for merger in (ours.merged(ours.file(MEMORANDUM)), ours.merged(ours.file(text, "1.json")))
    ]
    assert len(rows[0]) == 16
    assert rows[0] == rows[1]


def test_every_record_of_ours_makes_the_round_trip(ours: Ours, records: Path, tmp_path: Path) -> None:
    """Rows to contributions to rows, over the whole package, is the identity, byte for byte."""
    empty = copy(tmp_path / "empty", rows=False)
    assert ours.run("contribution", "--all", str(tmp_path / "all"), "--package", str(records))[0] == 0
    files = sorted(str(path) for path in (tmp_path / "all").iterdir())
    assert len(files) > 50
    code, told = ours.run("add", *files, "--package", str(empty), "--as-of", "2026-11-22")
    assert code == 0, told
    assert {path.name: path.read_bytes() for path in (empty / "data").glob("*.csv")} == {
        path.name: path.read_bytes() for path in (records / "data").glob("*.csv")
    }
    assert ours.run("add", *files, "--package", str(records), "--dry-run")[1].startswith("NOTHING TO DO")


def test_every_contribution_of_ours_says_nothing_new_alone(records: Path) -> None:
    """Each one, added to the package that it was made of, changes nothing and is doubted nowhere."""
    package = load(records)
    form, tables = read_form(package.files), Tables(package)
    every = list(Reverse(tables, form).every())
    for start in range(0, len(every), TOGETHER):
        merger = Merger(tables, form)
        merger.merge([read_text(to_yaml(content), name) for name, content in every[start : start + TOGETHER]])
        assert merger.findings.found == []
        assert tables.changes() == []


@pytest.mark.parametrize("identifier", [WONKWANG, "handover-unfpa-hanoi-2021-01-14"])
def test_a_record_that_is_taken_out_comes_back_by_its_contribution(ours: Ours, tmp_path: Path, identifier: str) -> None:
    whole = ours.snapshot()
    out = tmp_path / "one.yaml"
    assert ours.run("contribution", identifier, "-o", str(out), "--package", str(ours.root))[0] == 0
    for path in (ours.root / "data").glob("*.csv"):
        lines = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(b"".join(line for line in lines if identifier.encode() not in line))
    assert ours.snapshot() != whole
    code, told = ours.run("add", str(out), "--package", str(ours.root), "--as-of", "2026-11-22")
    assert ours.snapshot() == whole
    assert code == 0, told


def test_many_at_once_make_one_valid_package(ours: Ours) -> None:
    """Sixty contributions with parties in common; `bench` does the same with thousands."""
    contents = synthetic(60)
    code, told = ours.add(*contents)
    assert code == 0, told[-3000:]
    assert accords.validate(ours.root).problems == ()
    assert ours.add(*contents)[1].startswith("NOTHING TO DO")
    agreements = {row["title_en"] for row in ours.rows("agreements")}
    assert {content["agreement"]["title_en"] for content in contents} <= agreements


def test_a_second_source_for_a_known_agreement(ours: Ours) -> None:
    more = {
        "agreement": {"agreement_id": WONKWANG, "term": "P3Y"},
        "sources": [changed(MEMORANDUM, "sources", 0, "supports", to=["agreement"])["sources"][0]],
    }
    code, told = ours.add(more)
    assert code == 0, told
    assert "ADDED: 3 rows in 3 tables" in told
    assert ours.row("agreements", agreement_id=WONKWANG)["term"] == "P3Y"
    cited = ours.row("agreement_citations", agreement_id=WONKWANG, source_id="example-2024-cedar-clinic-trains-nurses")
    assert (cited["field"], cited["support"]) == ("record", "supports")


def test_a_value_is_replaced_only_where_the_contribution_says_so(ours: Ours) -> None:
    other = {"agreement": {"agreement_id": WONKWANG, "end_date": "2026"}}
    (doubt,) = ours.doubts(other)
    assert doubt.startswith("1.yaml:3 [value-conflict] end_date: ")
    assert f'end_date of {WONKWANG} is "2025" in data/agreements.csv; this contribution says "2026"' in doubt
    (doubt,) = ours.doubts(changed(other, "agreement", "replaces", to={"end_date": "2024"}))
    assert 'replaces names "2024", and the data say "2025"' in doubt
    right = changed(other, "agreement", "replaces", to={"end_date": "2025"})
    assert ours.add(right)[0] == 0
    assert ours.row("agreements", agreement_id=WONKWANG)["end_date"] == "2026"
    assert ours.add(right)[1].startswith("NOTHING TO DO")


def test_a_value_is_emptied_where_the_contribution_names_it_alone(ours: Ours) -> None:
    gone = {"agreement": {"agreement_id": WONKWANG, "replaces": {"notes": "Other words"}}}
    there = ours.row("agreements", agreement_id=WONKWANG)["notes"]
    assert there
    assert "[replaced-value-wrong]" in ours.doubts(gone)[0]
    right = changed(gone, "agreement", "replaces", "notes", to=there)
    assert ours.add(right)[0] == 0
    assert ours.row("agreements", agreement_id=WONKWANG)["notes"] == ""
    assert ours.add(right)[1].startswith("NOTHING TO DO")


def test_a_gift_is_an_event_that_stands_alone(ours: Ours) -> None:
    """No agreement: the promise belongs to the only event, and a new place lies in a known one."""
    gift = {
        "events": [
            {"title_en": "WHO hands over test kits in Cao Lanh", "event_type": "Bàn giao", "status": "held",
             "start_date": "2021-03-04", "date_basis": "stated", "place": "Cao Lanh", "areas": "infectious_disease",
             "parties": [{"party": "WHO", "role": "donor"}, {"party": "Bộ Y tế", "role": "recipient"}]}
        ],
        "commitments": [
            {"item": "consumable", "description_en": "Test kits", "quantity": "500", "quantity_qualifier": "exact",
             "unit": "kit", "provider": "WHO", "receiver": "moh-vnm", "status": "delivered", "date": "2021-03-04"}
        ],
        "places": [{"name_en": "Cao Lanh", "name_vi": "Cao Lãnh", "place_type": "locality", "country": "VNM",
                    "parent": "Việt Nam"}],
        "sources": [{**MEMORANDUM["sources"][0], "published_date": "2021-03-05", "supports": "all"}],
    }  # fmt: skip
    code, told = ours.add(gift)
    assert code == 0, told
    event = "handover-moh-vnm-who-2021-03-04"
    assert ours.row("events", event_id=event)["place_id"] == "cao-lanh"
    assert ours.row("places", place_id="cao-lanh")["parent_place_id"] == "viet-nam"
    promise = ours.row("commitments", commitment_id=f"{event}-consumable")
    assert (promise["event_id"], promise["agreement_id"]) == (event, "")
    assert ours.add(gift)[1].startswith("NOTHING TO DO")


def test_two_contributions_that_contradict_each_other(ours: Ours) -> None:
    (doubt,) = ours.doubts(MEMORANDUM, changed(MEMORANDUM, "parties", 0, "place", to="Iksan"))
    assert doubt.startswith("2.yaml:")
    assert 'place of cedar-clinic is "seoul" by' in doubt
    assert "1.yaml, line" in doubt


def test_a_package_with_errors_of_its_own_is_not_added_to(ours: Ours) -> None:
    path = ours.root / "data" / "places.csv"
    path.write_text(path.read_text("utf-8").replace("hanoi,Hanoi,", "hanoi,=Hanoi,"), encoding="utf-8")
    before = ours.snapshot()
    code, told = ours.add(changed(MEMORANDUM, "events", 0, "place", to="hanoi"))
    assert code == 1
    assert "[package-invalid]" in told
    assert "formula-prefix" not in told
    assert ours.snapshot() == before


def test_what_cannot_be_read_ends_in_one_sentence(ours: Ours, tmp_path: Path) -> None:
    cases = {
        "torn.yaml": "agreement: [",
        "twice.yaml": "agreement:\n  title_en: a\n  title_en: b\n",
        "alias.yaml": "a: &x 1\nb: *x\n",
        "list.yaml": "- a\n",
        "torn.json": '{"agreement": ',
        "twice.json": '{"agreement": {}, "agreement": {}}',
        "empty.yaml": "",
    }
    for name, text in cases.items():
        code, told = ours.run("add", str(ours.file(text, name)), "--package", str(ours.root))
        assert code == 2, name
        assert told.startswith("accords: "), name
        assert told.count("\n") == 1, told
    (tmp_path / "latin.yaml").write_bytes("agreement:\n  title_en: café\n".encode("latin-1"))
    assert "line 2: not UTF-8" in ours.run("add", str(tmp_path / "latin.yaml"), "--package", str(ours.root))[1]
    assert ours.run("add", str(tmp_path / "none.yaml"), "--package", str(ours.root))[0] == 2
    assert ours.run("add", str(ours.file("agreement: {}")), "--package", str(tmp_path))[0] == 2
    assert main(["template", "--package", str(ROOT / "tests/packages/good")]) == 2


PRINTABLE = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=30)
PLAIN = st.recursive(
    PRINTABLE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PRINTABLE.filter(bool), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(PRINTABLE.filter(bool), PLAIN, min_size=1, max_size=4))
def test_whatever_is_written_is_read_back(content: dict[str, Any]) -> None:
    """YAML and JSON alike; every key and item has a line, and no text becomes a truth value or a number."""
    for text, is_json in ((to_yaml(content), False), (json.dumps(content, indent=2), True)):
        found = read_text(text, "c", is_json)
        assert found.content == content
        last = len(io.StringIO(text, newline="\n").readlines())
        assert all(1 <= line <= last for line in found.lines.values())


def test_scalars_stay_text() -> None:
    found = read_text("a: NO\nb: 2023-06-14\nc: 1e3\nd: [on, 0x1F, ~]\n", "c")
    assert found.content == {"a": "NO", "b": "2023-06-14", "c": "1e3", "d": ["on", "0x1F", "~"]}
    assert found.line(("d", 2)) == 4
    found = read_text('{"a": 1.50, "b": false,\n "c": null, "d": [1e400]}', "c", is_json=True)
    assert found.content == {"a": "1.50", "b": "false", "c": "", "d": ["1e400"]}
    assert found.line(("d", 0)) == 2
