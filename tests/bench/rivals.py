"""What the benchmark measures against: the engine alone, and a plain loop over `csv` that checks the same.

Run with `python tests/bench/rivals.py scan|count|loop FOLDER`, in a process of its own each. `scan` reads every
cell by its type and counts them; `count` counts the rows, for which the engine reads hardly any cell; `loop` is
what somebody would write for just this package: it says how many cells are wrong, and nothing else.
"""

from __future__ import annotations

import csv
import datetime
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ENGINE_TYPES = {"date": "DATE", "integer": "BIGINT", "number": "DOUBLE", "year": "BIGINT", "boolean": "BOOLEAN"}
FORMS = {
    "date": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "integer": "[+-]?[0-9]+",
    "number": r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?",
    "year": "-?[0-9]{4,}",
    "boolean": "true|True|TRUE|1|false|False|FALSE|0",
}
READERS: dict[str, Callable[[str], Any]] = {"date": datetime.date.fromisoformat, "integer": int, "number": float}


def scan(folder: Path, resources: list[dict[str, Any]], wanted: str) -> list[Any]:
    """Read all files with the engine's reader and declared types."""
    import duckdb

    found = []
    with duckdb.connect() as engine:
        for item in resources:
            types = {field["name"]: ENGINE_TYPES.get(field["type"], "VARCHAR") for field in item["schema"]["fields"]}
            columns = ", ".join(f"'{name}': '{kind}'" for name, kind in types.items())
            read = f"read_csv('{folder / item['path']}', header = true, auto_detect = false, columns = {{{columns}}})"
            found += engine.execute(f"SELECT {wanted} FROM {read}").fetchall()
    return found


def test_of(field: dict[str, Any]) -> Callable[[str], bool]:
    """Return what tells whether a text is a value of a field."""
    bounds, kind = field["constraints"], field["type"]
    form = re.compile(FORMS[kind]).fullmatch if kind in FORMS else None
    pattern = re.compile(bounds["pattern"]).fullmatch if "pattern" in bounds else None
    members, read, most_length = bounds.get("enum"), READERS.get(kind), bounds.get("maxLength")
    least, most = (read(str(bounds[name])) if read and name in bounds else None for name in ("minimum", "maximum"))

    def test(text: str) -> bool:
        if not text:
            return not bounds.get("required")
        if form and not form(text):
            return False
        if read:
            try:
                value = read(text)
            except ValueError:
                return False
            if (least is not None and value < least) or (most is not None and value > most):
                return False
        if (pattern and not pattern(text)) or (members and text not in members):
            return False
        return most_length is None or len(text) <= most_length

    return test


def loop(folder: Path, resources: list[dict[str, Any]]) -> int:
    """Check all files in plain Python; return the number of faults."""
    faults = 0
    known: dict[str, set[str]] = {}
    for item in resources:
        fields, keys = item["schema"]["fields"], item["schema"]["primaryKey"]
        tests, width = [test_of(field) for field in fields], len(fields)
        seen: set[Any] = set()
        refers = [
            (spot, known[key["reference"]["resource"]])
            for key in item["schema"]["foreignKeys"]
            for spot, field in enumerate(fields)
            if field["name"] == key["fields"][0]
        ]
        with (folder / item["path"]).open(encoding="utf-8", newline="") as stream:
            rows = csv.reader(stream, strict=True)
            next(rows)
            for row in rows:
                if len(row) != width:
                    faults += 1
                    continue
                faults += sum(not test(cell) for test, cell in zip(tests, row, strict=True))
                key = row[0] if len(keys) == 1 else tuple(row[: len(keys)])
                faults += key in seen
                seen.add(key)
                for spot, parents in refers:
                    faults += bool(row[spot]) and row[spot] not in parents
        known[item["name"]] = seen
    return faults


def main() -> None:
    """Do one of them and print what it found."""
    how, folder = sys.argv[1], Path(sys.argv[2])
    resources = json.loads((folder / "datapackage.json").read_text("utf-8"))["resources"]
    if how == "loop":
        print(loop(folder, resources))
    else:
        print(scan(folder, resources, "count(COLUMNS(*))" if how == "scan" else "count(*)"))


if __name__ == "__main__":
    main()
