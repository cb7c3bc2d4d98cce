"""What the tests of contributions share: a copy of our package, and the command line on it."""

from __future__ import annotations

import atexit
import csv
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from accords.cli import main
from accords.descriptor import load
from accords.intake.document import read
from accords.intake.form import read_form
from accords.intake.merging import Merger
from accords.intake.tables import Tables
from accords.intake.text import to_yaml

ROOT = Path(__file__).resolve().parents[1]
EXCEPTIONS = re.compile(r"^  exceptions:\n(?: {4,}.*\n)+", re.MULTILINE)


@dataclass(frozen=True)
class Ours:
    """A copy of our package in a folder of its own, with a place for contributions."""

    root: Path
    capsys: pytest.CaptureFixture[str]

    def add(self, *contributions: Any, options: tuple[str, ...] = ()) -> tuple[int, str]:
        """Write contributions to files, add them, and return the exit code and what was printed."""
        paths = [str(self.file(content, f"{number}.yaml")) for number, content in enumerate(contributions, 1)]
        return self.run("add", *paths, "--package", str(self.root), "--as-of", "2026-11-22", *options)

    def merged(self, *files: Path) -> Merger:
        """Merge contributions in memory, without validating the package, which takes longer by far."""
        package = load(self.root)
        merger = Merger(Tables(package), read_form(package.files))
        merger.merge([read(path) for path in files])
        return merger

    def doubts(self, *contributions: Any) -> list[str]:
        """Return what is doubted in contributions before the package is validated."""
        files = [self.file(content, f"{number}.yaml") for number, content in enumerate(contributions, 1)]
        found = [finding.problem for finding in self.merged(*files).findings.found]
        return [
            f"{Path(item.path or '').name}:{item.line} [{item.code}] {item.field}: {item.message} → {item.hint}"
            for item in found
        ]

    def file(self, content: Any, name: str = "1.yaml") -> Path:
        """Write a contribution: text as it is, anything else as YAML."""
        path = self.root.parent / name
        text = content if isinstance(content, str) else to_yaml(content)
        path.write_text(text, encoding="utf-8")
        return path

    def run(self, *arguments: str) -> tuple[int, str]:
        """Run a command and return its exit code and all that it printed."""
        self.capsys.readouterr()
        code = main(list(arguments))
        out, err = self.capsys.readouterr()
        return code, out + err

    def rows(self, table: str) -> list[dict[str, str]]:
        """Return the rows of a table."""
        with (self.root / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    def row(self, table: str, **key: str) -> dict[str, str]:
        """Return the one row that has these values."""
        found = [row for row in self.rows(table) if all(row[name] == text for name, text in key.items())]
        assert len(found) == 1, found
        return found[0]

    def snapshot(self) -> Mapping[str, bytes]:
        """Return every file of the package."""
        return snapshot(self.root)


def snapshot(root: Path) -> Mapping[str, bytes]:
    """Return every file below a folder, by its path."""
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def copy(to: Path, rows: bool = True) -> Path:
    """Copy our package with the records of `seeds.txt` alone; with `rows` off its tables have headers only.

    The whole register takes seconds to validate, and what is tried here does not depend on how many records it has.
    """
    to.mkdir(parents=True)
    shutil.copy(ROOT / "datapackage.json", to)
    shutil.copytree(ROOT / "schemas", to / "schemas")
    shutil.copytree(ROOT / "data" / "vocabularies", to / "data" / "vocabularies")
    for name in ("LICENSE", "README.md", "data/LICENSE", "data/README.md", "data/CHANGES.md", "data/QUALITY.md"):
        shutil.copy(ROOT / name, to / name)
    for path in (to / "schemas" / "rules").glob("*.yaml"):
        path.write_text(EXCEPTIONS.sub("", path.read_text("utf-8")), encoding="utf-8")  # they are of other records
    for name, (head, kept) in seeds().items():
        with (to / "data" / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, head, lineterminator="\n")
            writer.writeheader()
            writer.writerows(kept if rows else [])
    return to


@cache
def seeded() -> Path:
    """Return a copy of our package that all tests of a process share, and none changes."""
    folder = tempfile.TemporaryDirectory(prefix="accords-tests-")
    atexit.register(folder.cleanup)
    return copy(Path(folder.name) / "package")


@cache
def seeds() -> dict[str, tuple[list[str], list[dict[str, str]]]]:
    """Return the header and the rows of each table that belong to the records of `seeds.txt`."""
    chosen = {line for line in (ROOT / "tests" / "seeds.txt").read_text("utf-8").splitlines() if line[:1] != "#"}
    heads, tables = {}, {}
    for path in sorted((ROOT / "data").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            tables[path.stem], heads[path.stem] = list(reader), list(reader.fieldnames or ())
    keep = {"agreement_id": chosen, "other_agreement_id": chosen, "event_id": chosen, "parent_event_id": chosen}
    for name in (
        "agreements",
        "events",
        "commitments",
        *(name for name in tables if name.startswith(("agree", "event"))),
    ):
        tables[name] = [row for row in tables[name] if all(row[key] in {*keep[key], ""} for key in keep if key in row)]
    commitments = {row["commitment_id"] for row in tables["commitments"]}
    tables["commitment_citations"] = [
        row for row in tables["commitment_citations"] if row["commitment_id"] in commitments
    ]
    _reach(
        tables,
        "parties",
        "party_id",
        ("on_behalf_of_party_id", "provider_party_id", "receiver_party_id", "parent_party_id"),
    )
    for name in ("party_names", "party_identifiers", "party_citations"):
        parties = {row["party_id"] for row in tables["parties"]}
        tables[name] = [row for row in tables[name] if row["party_id"] in parties]
    _reach(tables, "places", "place_id", ("parent_place_id",))
    _reach(tables, "sources", "source_id", ("derived_from_source_id",))
    known = chosen | commitments | {row["party_id"] for row in tables["parties"]}
    tables["readings"] = [row for row in tables["readings"] if row["record_id"] in known]
    return {name: (heads[name], rows) for name, rows in tables.items()}


def _reach(tables: dict[str, list[dict[str, str]]], table: str, key: str, others: tuple[str, ...]) -> None:
    """Keep the rows of a table that other tables, or rows that are kept, refer to."""
    columns = (key, *others)
    skipped = {table, "party_names", "party_identifiers", "party_citations"} if table == "parties" else {table}
    found = {
        row.get(name, "") for other, rows in tables.items() if other not in skipped for row in rows for name in columns
    }
    rows = {row[key]: row for row in tables[table]}
    wanted = [name for name in found if name in rows]
    reached: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name not in reached:
            reached.add(name)
            wanted += [rows[name][other] for other in others if rows[name].get(other)]
    tables[table] = [row for row in tables[table] if row[key] in reached]


MEMORANDUM: dict[str, Any] = {
    "agreement": {
        "title_en": "Memorandum of understanding of the Cedar Clinic and the Health Ministry on nursing",
        "agreement_type": "Memorandum of understanding",
        "signed_date": "2024-05-06",
        "signed_date_basis": "stated",
        "status": "signed",
        "summary_en": "The two sides train nurses together.",
        "areas": ["Nursing"],
        "modes": "Khóa đào tạo ngắn hạn",
        "parties": [
            {"party": "Bộ Y tế", "role": "Bên ký kết"},
            {"party": "Cedar Clinic", "role": "signatory", "representative_name": "Kim Oak"},
        ],
    },
    "parties": [{"name_en": "Cedar Clinic", "party_type": "clinic", "country": "Hàn Quốc", "place": "Seoul"}],
    "events": [
        {
            "title_en": "Signing of the memorandum of the Cedar Clinic and the Ministry of Health",
            "event_type": "signing",
            "status": "held",
            "start_date": "2024-05-06",
            "date_basis": "stated",
            "place": "Hà Nội",
            "areas": "nursing",
            "agreements": [{"relation": "signs"}],
        }
    ],
    "commitments": [
        {
            "item": "training_place",
            "description_en": "Courses for nurses",
            "provider": "Cedar Clinic",
            "quantity": "20",
            "quantity_qualifier": "at_least",
            "unit": "person",
            "status": "pledged",
            "date": "2024-05-06",
        }
    ],
    "sources": [
        {
            "url": "https://www.example.org/news/2024/cedar-clinic-123456.html?utm_source=mail",
            "source_type": "news",
            "title": "Cedar Clinic trains nurses from Viet Nam",
            "title_language": "en",
            "publisher": "Example News",
            "published_date": "2024-05-07",
            "extent_read": "full",
            "supports": ["all", {"of": "Courses for nurses", "field": "quantity", "value_in_source": "over 20"}],
        }
    ],
}
"""A contribution of the usual kind: an agreement of a known and a new party, its signing, a promise, one page."""
