"""What small tables prove from memory: the report is the same as where the engine is asked everything."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import accords
from accords import handing
from accords.checks import loading
from accords.store import Store

FIELDS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "id": ({"constraints": {"required": True}}, ("a", "b", "c", "d", "e", "é", "e\u0301", "")),
    "up": ({}, ("a", "b", "z", "", "A")),
    "kind": ({"constraints": {"enum": ["x", "y"]}}, ("x", "y", "", "X", "x ")),
    "code": ({"constraints": {"pattern": "[a-z]+(?:_[0-9]+)*"}}, ("a", "ab_1", "", "a_", "ab_1\n", "ä")),
    "short": ({"constraints": {"minLength": 2, "maxLength": 3}}, ("ab", "abc", "a", "", "ề́c", "abcd")),
    "number": (
        {"type": "number", "constraints": {"minimum": 0, "maximum": 10}},
        ("1", "0", "-0", "10", "10.0", "10.0001", "1e1", "INF", "NaN", "10.00000000000000001", "x", ""),
    ),
    "exact": ({"type": "number", "constraints": {"exclusiveMaximum": 0.3}}, ("0.2999", "0.3", "0.30000", "")),
    "whole": (
        {"type": "integer", "constraints": {"exclusiveMinimum": 1, "unique": True}},
        ("1", "2", "02", "+2", "1.0", "99999999999999999999999999999999999999999", "٣", ""),
    ),
    "day": ({"type": "date"}, ("2024-02-29", "2023-02-29", "0000-01-01", "2024-2-1", "")),
    "sure": ({"type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]}, ("yes", "no", "true", "")),
    "span": ({"type": "duration"}, ("P1Y", "PT1S", "P", "")),
    "page": ({"format": "uri"}, ("http://a.b/c", "a:b", "http://a.b/ c", "http://a.b/ü", "no", "")),
    "when": (
        {"accords:edtf": True},
        ("2024", "2024-05", "2024-02-29?", "2023-02-29", "2024-21", "0000", "0000-01-01", "../2020", "17/11/2023", ""),
    ),
    "text": (
        {"accords:language": "language", "accords:text": True},
        ("plain", "n/a", "Hà Nội", "Hà Nội", "two  blanks", "0912 345 678", "LG화학", "=1", "Hр", ""),
    ),
    "language": ({}, ("en", "zh", "ZH-Hant", "\u212ao", "")),
}  # fmt: skip
ROWS = st.lists(st.tuples(*(st.sampled_from(values) for _, values in FIELDS.values())), max_size=6)
# Rows in which hardly anything is wrong, so that what is proven of a whole table is proven often.
CALM = st.lists(st.tuples(*(st.sampled_from(values[:2]) for _, values in FIELDS.values())), max_size=6)


def package(folder: Path) -> Path:
    fields = [{"name": name, "type": "string", **more} for name, (more, _) in FIELDS.items()]
    schema = {
        "fields": fields,
        "primaryKey": "id",
        "uniqueKeys": [["up", "kind"]],
        "foreignKeys": [
            {"fields": "up", "reference": {"fields": "id"}},
            {"fields": ["id", "whole"], "reference": {"resource": "other", "fields": ["id", "whole"]}},
        ],
    }
    resources = [
        {"name": name, "path": f"{name}.csv", "type": "table", "schema": schema, "accords:text": True}
        for name in ("table", "other")
    ]
    (folder / "datapackage.json").write_text(json.dumps({"name": "proofs", "resources": resources}), "utf-8")
    return folder


def fill(folder: Path, name: str, rows: list[tuple[str, ...]]) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([tuple(FIELDS), *rows])


def told(folder: Path) -> accords.Report:
    return accords.validate(folder, as_of=date(2026, 1, 1), timeout=None, memory=None)


@given(ROWS | CALM, ROWS | CALM)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_proofs_change_nothing(tmp_path: Path, rows: list[tuple[str, ...]], others: list[tuple[str, ...]]) -> None:
    folder = package(tmp_path)
    fill(folder, "table", rows)
    fill(folder, "other", others)
    proven = told(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "may_hold", lambda *_: False)
        asked = told(folder)
    assert proven == asked


def test_a_table_in_order_needs_no_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, asked = package(tmp_path), list[str]()
    first = {name: values[0] for name, (_, values) in FIELDS.items()} | {"whole": "2"}
    second = first | {"id": "b", "up": "b", "whole": "3"}
    for name in ("table", "other"):
        fill(folder, name, [tuple(first.values()), tuple(second.values())])
    rows = Store.rows

    def noted(self: Store, sql: str, *more: Any) -> Any:
        asked.append(sql)
        return rows(self, sql, *more)

    monkeypatch.setattr(Store, "rows", noted)
    assert told(folder).valid
    assert not [sql for sql in asked if "FILTER" in sql]
    assert (
        sum(sql.count("ANTI JOIN") for sql in asked) == 2
    )  # in each table the key with a number, which has many forms


def test_a_large_file_that_is_not_as_plain_as_it_seemed_is_not_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its cells would take many times the memory of the file, and the time to make them."""
    held: list[int] = []
    monkeypatch.setattr(handing, "columns_of", lambda _, records: held.append(len(records)))
    rows = "".join(f"a{number},{'x' * 40}\n" for number in range(10_000))
    (tmp_path / "t.csv").write_text(f"id,text\n{rows}torn\n", encoding="utf-8")
    fields = [{"name": "id", "type": "string"}, {"name": "text", "type": "string"}]
    content = {"name": "large", "resources": [{"name": "t", "path": "t.csv", "schema": {"fields": fields}}]}
    (tmp_path / "datapackage.json").write_text(json.dumps(content), encoding="utf-8")
    report = accords.validate(tmp_path)
    assert [item.code for item in report.problems] == ["missing-cell"]
    assert [count for count in held if count >= 10_000] == []
