"""Comparing two packages: laws on made-up pairs, cards, and the shortcut against the strict reader."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from intake import seeded

from accords.changes import Difference, Kind, Step
from accords.descriptor import load
from accords.diff import NOTHING, compare, rows

ROOT = seeded()  # of our own package enough records
VALUES = ("", "x", "y", "ế", "a,b", 'q"q', "l\nm", " ", "0", "00")
KEYS: tuple[list[str], ...] = ([], ["id"], ["id", "t"])


def written(table: Sequence[Sequence[str]], end: str = "\n", quoting: Literal[0, 1] = csv.QUOTE_MINIMAL) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator=end, quoting=quoting).writerows(table)
    return out.getvalue().encode()


def package(folder: Path, names: Sequence[str], key: Sequence[str], content: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    schema = {"fields": [{"name": name, "type": "string"} for name in names], "primaryKey": list(key)}
    resource = {"name": "t", "path": "t.csv", "encoding": "utf-8", "schema": schema}
    (folder / "datapackage.json").write_text(json.dumps({"name": "p", "version": "1.0.0", "resources": [resource]}))
    (folder / "t.csv").write_bytes(content)
    return folder


@st.composite
def tables(draw: Any, names: Sequence[str]) -> list[list[str]]:
    """Return rows, some of them equal and some of them with equal keys."""
    ids = st.sampled_from(["a", "b", "c", "d", ""])
    count = draw(st.integers(0, 5))
    found = [[draw(ids if name == "id" else st.sampled_from(VALUES)) for name in names] for _ in range(count)]
    return [row for row in found if any(row)]


@st.composite
def pairs(draw: Any) -> tuple[list[str], list[list[str]], list[str], list[list[str]], list[str], bytes, bytes]:
    """Return two states of a table: columns and rows then and now, the key, and both files."""
    before = ["id", "t", "n", "m"]
    changed = draw(st.integers(0, 3)) == 0
    after = draw(
        st.sampled_from([["id", "t", "n"], ["id", "t", "n", "m", "o"], ["t", "id", "n", "m"], ["id", "t", "o", "m"]])
    )
    after = after if changed else before
    old = draw(tables(before))
    kept = [[dict(zip(before, row, strict=True)).get(name, "") for name in after] for row in old if draw(st.booleans())]
    new = draw(st.permutations([*kept, *draw(tables(after))]))
    new = [row for row in new if any(row)]
    key = [name for name in draw(st.sampled_from(KEYS)) if name in after]
    files = [
        written(
            [names, *table],
            draw(st.sampled_from(["\n", "\r\n"])),
            draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
        )
        for names, table in ((before, old), (after, new))
    ]
    return before, old, after, list(new), key, files[0], files[1]


def applied(
    found: dict[str, Any], before: list[str], old: list[list[str]], after: list[str]
) -> Counter[tuple[str, ...]]:
    """Return the rows of the new table: what the JSON form says, done to the old rows."""
    renamed = {item["before"]: item["after"] for item in found["changes"] if item["lint"] == "field-renamed"}
    was = [renamed.get(name, name) for name in before]
    table = [{name: dict(zip(was, row, strict=True)).get(name, "") for name in after} for row in old]
    for change in found["rows"]:
        cells = change["fields"]
        if change["change"] != "added":
            told = {item["field"]: item["before"] or "" for item in cells}
            told = told if change["change"] == "renamed" else {**change["key"], **told}
            row = next(row for row in table if all(row[name] == value for name, value in told.items()))
            table.remove(row)
        if change["change"] in ("added", "changed", "renamed"):
            start = dict.fromkeys(after, "") if change["change"] == "added" else row
            table.append({**start, **{item["field"]: item["after"] for item in cells if item["after"] is not None}})
    return Counter(tuple(row[name] for name in after) for row in table)


@settings(max_examples=150)
@given(pair=pairs())
def test_applying_a_comparison_to_the_old_table_gives_the_new_one(
    tmp_path_factory: pytest.TempPathFactory, pair: tuple[Any, ...]
) -> None:
    before, old, after, new, key, old_file, new_file = pair
    for names, table in ((before, old), (after, new)):
        ids = [tuple(dict(zip(names, row, strict=True)).get(name) for name in key) for row in table]
        if len(set(ids)) < len(ids):
            key = []  # a key that names two rows names none: they are matched as a whole
    folder = tmp_path_factory.getbasetemp() / "law"
    folder.mkdir(exist_ok=True)
    one, two = package(folder / "a", before, key, old_file), package(folder / "b", after, key, new_file)
    found = compare(load(one), load(two)).to_dict()
    assert applied(found, before, old, after) == Counter(tuple(row) for row in new)
    same = compare(load(two), load(two))
    assert (same.step, same.changes, same.rows, same.cards, same.unread) == (Step.NONE, (), (), (), ())


@settings(max_examples=150)
@given(
    pair=pairs(),
    torn=st.sampled_from([b"", b"", b'"', b"x,", b"\r", b"\0", b"\xff", b"\n\n", b"\xef\xbb\xbf"]),
    place=st.floats(0, 1),
)
def test_the_shortcut_by_lines_says_what_the_strict_reader_says(
    tmp_path_factory: pytest.TempPathFactory, pair: tuple[Any, ...], torn: bytes, place: float
) -> None:
    before, _, after, _, key, old_file, new_file = pair
    spot = int(len(new_file) * place)
    folder = tmp_path_factory.getbasetemp() / "shortcut"
    folder.mkdir(exist_ok=True)
    one = package(folder / "a", before, key, old_file)
    two = package(folder / "b", after, key, new_file[:spot] + torn + new_file[spot:])

    def told() -> Any:
        found = compare(load(one), load(two))
        return found.changes, Counter(map(repr, found.rows)), found.unread, found.new.rows, found.old.rows

    short = told()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "differing", lambda *_: None)
        assert short == told()


def test_our_own_package_is_the_same_as_itself() -> None:
    found = compare(load(ROOT), load(ROOT))
    assert (found.step, found.changes, found.rows, found.cards) == (Step.NONE, (), (), ())


@pytest.fixture(scope="module")
def first() -> Difference:
    """Return our own package compared with none: everything in it is new."""
    return compare(NOTHING, load(ROOT))


def test_the_first_release_is_new_as_a_whole(first: Difference) -> None:
    assert first.step is Step.MINOR
    assert {item.lint for item in first.changes} == {
        "resource-added", "record-added", "row-added", "code-added"
    }  # fmt: skip
    assert sum(first.new.rows.values()) == len(first.rows) == sum(kinds["added"] for kinds in first.totals.values())


def test_a_card_holds_all_that_belongs_to_a_record(first: Difference) -> None:
    id_ = "avck-wonkwang-university-hospital-2023"
    [card] = [item for item in first.cards if (item.resource, item.id) == ("agreements", id_)]
    tables = Counter(part.table for part in card.parts)
    for table, title in (("agreement_parties", "Parties of agreements"), ("agreement_areas", "Areas of agreements")):
        with (ROOT / "data" / f"{table}.csv").open(encoding="utf-8") as stream:
            assert tables[title] == sum(row["agreement_id"] == id_ for row in csv.DictReader(stream))
    with (ROOT / "data" / "commitments.csv").open(encoding="utf-8") as stream:
        under = {row["commitment_id"] for row in csv.DictReader(stream) if row["agreement_id"] == id_}
    with (ROOT / "data" / "commitment_citations.csv").open(encoding="utf-8") as stream:
        cited = [row for row in csv.DictReader(stream) if row["commitment_id"] in under]
    assert under
    assert tables["Citations of commitments"] == len(cited)
    assert card.parts[0].table == "Agreements"
    assert card.title.startswith("Memorandum of understanding of AVCK")
    assert "Signatory (signatory)" in {line.after for part in card.parts for line in part.lines}
    assert any(source.url and source.url.startswith("https://") and source.is_new for source in card.sources)


def test_look_alikes_are_named_with_their_score(first: Difference) -> None:
    [card] = [item for item in first.cards if item.id == "avck-wonkwang-university-hospital-2023"]
    [near] = [item for item in card.alike if item.id == "avck-wonkwang-medical-foundation-2023"]
    assert 0.35 <= near.score < 1


def test_a_row_that_is_gone_is_on_the_card_of_what_it_belonged_to(tmp_path: Path) -> None:
    names, content = ["id", "t", "n", "m"], written([["id", "t", "n", "m"], ["a", "x", "1", "2"], ["b", "y", "3", "4"]])
    one = package(tmp_path / "a", names, ["id"], content)
    two = package(tmp_path / "b", names, ["id"], written([names, ["a", "x", "1", "9"]]))
    found = compare(load(one), load(two))
    assert [(item.id, item.kind) for item in found.cards] == [("a", Kind.CHANGED), ("b", Kind.REMOVED)]
    [line] = found.cards[0].parts[0].lines
    assert (line.label, line.before, line.after) == ("m", "2", "9")


def test_rows_are_capped_and_totals_are_not(first: Difference) -> None:
    found = compare(NOTHING, load(ROOT), limit=2)
    assert found.totals == first.totals
    assert found.changes == first.changes
    assert max(Counter(item.resource for item in found.rows).values()) == 2
    assert found.left_out == len(first.rows) - len(found.rows) > 0


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"id,t\na\n", "t.csv, line 2: "),
        (b'id,t\n"a,b\n', "t.csv, line 2: a quote that opens in this record is never closed"),
        (b"id\na\n", "t.csv, line 1: "),
        (b"id,t\n\xff,b\n", "t.csv, line 2: byte 5 of t.csv cannot be read as utf-8"),
    ],
)
def test_a_table_that_cannot_be_read_is_named_and_not_passed_over(content: bytes, reason: str, tmp_path: Path) -> None:
    one = package(tmp_path / "a", ["id", "t"], ["id"], b"id,t\na,b\n")
    two = package(tmp_path / "b", ["id", "t"], ["id"], content)
    for old, new in ((one, two), (two, one)):
        [unread] = compare(load(old), load(new)).unread
        assert unread.resource == "t"
        assert unread.reason.startswith(reason)
