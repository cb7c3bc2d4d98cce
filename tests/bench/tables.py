"""Makes a package of any size: four tables with keys, references, lists of codes, patterns and dates.

The same bytes for the same size and kind, about 80 of them a row: what is measured is never a matter of luck. The
engine writes them, as Python would take longer to write ten million rows than anybody takes to check them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

KINDS = ("good", "bad", "ragged", "broken")
TYPES = ("memorandum", "treaty", "contract", "action_plan", "letter_of_intent")
STATUSES = ("announced", "signed", "in_force", "completed", "terminated")
PARTY_TYPES = ("ministry", "hospital", "university", "company", "ngo")
ROLES = ("signatory", "beneficiary", "funder", "facilitator")
EVENT_TYPES = ("signing", "visit", "conference", "launch")
SHARES = {"agreements": 0.3, "parties": 0.1, "links": 0.45, "events": 0.15}  # of all rows
_RAGGED = 10  # every so many rows, one has a cell too many or too few
_BROKEN = 1000  # every so many rows, a title has a line break, which is allowed
_WRONG = dict(zip(SHARES, "?!*~", strict=True))  # another sign for each table, so that no reference leads anywhere


def _field(name: str, kind: str = "string", **constraints: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, "constraints": constraints}


def _key(letter: str, name: str, **more: Any) -> dict[str, Any]:
    return _field(name, required=True, pattern=f"^(?:{letter}-[0-9]{{8}})$", **more)


def _refers(name: str, parent: str) -> dict[str, Any]:
    return {"fields": [name], "reference": {"resource": parent, "fields": [name]}}


FIELDS: dict[str, list[dict[str, Any]]] = {
    "agreements": [
        _key("a", "agreement_id"),
        _field("title", required=True, maxLength=60),
        _field("agreement_type", required=True, enum=list(TYPES)),
        _field("signed_date", "date", minimum="1950-01-01"),
        _field("end_date", "date"),
        _field("status", required=True, enum=list(STATUSES)),
        _field("beds", "integer", minimum=0, maximum=5000),
        _field("amount", "number", minimum=0),
    ],
    "parties": [
        _key("p", "party_id"),
        _field("name", required=True, maxLength=50),
        _field("party_type", required=True, enum=list(PARTY_TYPES)),
        _field("country", pattern="^(?:[A-Z]{3})$"),
        _field("founded", "year"),
        _field("is_public", "boolean"),
    ],
    "links": [
        _key("a", "agreement_id"),
        _key("p", "party_id"),
        _field("role", required=True, enum=list(ROLES)),
        _field("since", "date"),
    ],
    "events": [
        _key("e", "event_id"),
        _key("a", "agreement_id"),
        _field("event_type", required=True, enum=list(EVENT_TYPES)),
        _field("start_date", "date", required=True),
        _field("place", maxLength=24),
        _field("title", required=True, maxLength=64),
    ],
}
_KEYS = {"agreements": 1, "parties": 1, "links": 3, "events": 1}  # how many of the first fields
_REFERENCES = {
    "links": [_refers("agreement_id", "agreements"), _refers("party_id", "parties")],
    "events": [_refers("agreement_id", "agreements")],
}


def counts(rows: int) -> dict[str, int]:
    """Return the number of rows of each table."""
    return {name: max(1, int(rows * share)) for name, share in SHARES.items()}


def descriptor() -> dict[str, Any]:
    """Return the descriptor of the package, which is the same for every size."""
    dialect = {"delimiter": ",", "header": True, "headerRows": [1]}
    listed = [
        {
            "name": name, "path": f"{name}.csv", "type": "table", "format": "csv", "mediatype": "text/csv",
            "encoding": "utf-8", "dialect": dialect,
            "schema": {
                "fields": fields,
                "primaryKey": [item["name"] for item in fields[: _KEYS[name]]],
                "foreignKeys": _REFERENCES.get(name, []),
            },
        }
        for name, fields in FIELDS.items()
    ]  # fmt: skip
    profile = "https://datapackage.org/profiles/2.0/datapackage.json"
    return {"$schema": profile, "name": "made-up", "version": "1.0.0", "resources": listed}


def _one_of(words: tuple[str, ...], step: int) -> str:
    return f"list_extract({list(words)}, 1 + (i * {step} // 7) % {len(words)})"


def _id(letter: str, number: str) -> str:
    return f"printf('{letter}-%08d', {number})"


def _day(step: int) -> str:
    return f"strftime(DATE '1960-01-01' + CAST(i * {step} % 23000 AS INTEGER), '%Y-%m-%d')"


def _cells(number: dict[str, int]) -> dict[str, list[str]]:
    """Return SQL for the cells of row `i` of each table."""
    agreements, parties = number["agreements"], number["parties"]
    # One title in twenty has a comma and quotes, so that its cell is quoted; one in nine has letters beyond ASCII.
    title = (
        "CASE WHEN i % 20 = 3 THEN 'Memorandum on \"nursing\", of hospital ' || i % 5000 "
        "WHEN i % 9 = 1 THEN 'Biên bản ghi nhớ về đào tạo điều dưỡng số ' || i % 5000 "
        "ELSE 'Memorandum on the training of nurses of hospital ' || i % 5000 END"
    )
    return {
        "agreements": [
            _id("a", "i"), title, _one_of(TYPES, 11), _day(37), f"CASE WHEN i % 3 = 0 THEN {_day(41)} END",
            _one_of(STATUSES, 13), "(i * 17 % 5000)::VARCHAR", "(i * 31 % 1000000 / 4)::DECIMAL(12, 2)::VARCHAR",
        ],
        "parties": [
            _id("p", "i"), "'Hospital of the province of Somewhere ' || i % 90000", _one_of(PARTY_TYPES, 11),
            "list_extract(['VNM', 'KOR', 'CHE', 'FRA', 'JPN'], 1 + i % 5)", "(1900 + i % 120)::VARCHAR",
            "CASE WHEN i % 2 = 0 THEN 'true' ELSE 'false' END",
        ],
        "links": [
            _id("a", f"i % {agreements}"), _id("p", f"(i * 7 + i // {agreements}) % {parties}"),
            _one_of(ROLES, 7), _day(43),
        ],
        "events": [
            _id("e", "i"), _id("a", f"i * 3 % {agreements}"), _one_of(EVENT_TYPES, 5), _day(47),
            "'Ward ' || i % 700 || ' of Ha Noi'",
            "'Signing of the memorandum at the seat of party number ' || i % 9000",
        ],
    }  # fmt: skip


def _spoilt(table: str, item: dict[str, Any], cell: str) -> str:
    """Return SQL for a cell of about the same length that is not what its field asks for."""
    if most := item["constraints"].get("maxLength"):
        return f"rpad({cell}, {most + 1}, 'x')"
    return f"'{_WRONG[table]}' || substr({cell}, 2)"  # of a number, a date, a code or an identifier the first sign


def _made(table: str, item: dict[str, Any], cell: str, kind: str) -> str:
    """Return SQL for a cell of a package of a kind."""
    if kind == "bad":
        return _spoilt(table, item, cell)
    if kind == "broken" and item["name"] == "title":
        return f"CASE WHEN i % {_BROKEN} = 7 THEN regexp_replace({cell}, ' ', chr(10)) ELSE {cell} END"
    return cell


def write(folder: Path, rows: int, kind: str = "good") -> Path:
    """Write a package of that many rows and return its folder; `kind`: one of `KINDS`."""
    folder.mkdir(parents=True)
    (folder / "datapackage.json").write_text(json.dumps(descriptor(), indent=1), encoding="utf-8")
    number = counts(rows)
    with duckdb.connect() as engine:
        for name, cells in _cells(number).items():
            path = folder / f"{name}.csv"
            made = zip(FIELDS[name], cells, strict=True)
            listed = ", ".join(f"{_made(name, item, cell, kind)} AS {item['name']}" for item, cell in made)
            engine.execute(f"COPY (SELECT {listed} FROM range({number[name]}) t(i)) TO '{path}' (FORMAT csv, HEADER)")
            if kind == "ragged":
                _tear(path)
    return folder


def _tear(path: Path) -> None:
    """Take the last cell of some rows away and give others one more."""
    torn = path.with_suffix(".torn")
    with path.open("rb") as whole, torn.open("wb") as out:
        for number, line in enumerate(whole):
            if number % (2 * _RAGGED) == _RAGGED:
                line = line[: line.rindex(b",")] + b"\n"
            elif number and number % _RAGGED == 0:
                line = line[:-1] + b",more\n"
            out.write(line)
    torn.replace(path)
