"""What a contribution takes out: links, citations and whole records, named item by item, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from intake import Ours
from test_intake import TOGETHER, WONKWANG

from accords.descriptor import load
from accords.intake.document import Document
from accords.intake.form import read_form
from accords.intake.merging import Merger
from accords.intake.recognition import KEYS
from accords.intake.register import id_column
from accords.intake.reverse import Reverse
from accords.intake.tables import Tables


def test_a_link_and_a_citation_go_and_the_rest_stays(ours: Ours) -> None:
    before = {table: ours.rows(table) for table in ("agreement_areas", "agreement_parties", "agreement_citations")}
    cited = {"of": "agreement", "field": "parties:embassy-vnm-kor"}
    speaking = [row for row in before["agreement_citations"] if cited["field"] == row["field"]]
    speaking = [row for row in speaking if row["agreement_id"] == WONKWANG]
    assert len(speaking) > 1
    content = {
        "agreement": {
            "agreement_id": WONKWANG,
            "removes": {"areas": ["Migrant health"], "parties": [{"party": "embassy-vnm-kor", "role": "Facilitator"}]},
        },
        "sources": [{"source_id": row["source_id"], "removes": {row["support"]: [cited]}} for row in speaking],
    }
    code, told = ours.add(content)
    assert code == 0, told
    assert "  removed Areas of agreements\n" in told
    assert told.endswith(f"\nTAKEN OUT: {2 + len(speaking)} rows\n")
    assert "ADDED" not in told
    for table, rows in before.items():
        assert len(ours.rows(table)) == len(rows) - (len(speaking) if table == "agreement_citations" else 1)
        assert all(row in rows for row in ours.rows(table))
    code, told = ours.add(content)
    assert code == 0
    assert told.count("info [removed-already]") == 2 + len(speaking)
    assert "NOTHING TO DO" in told


def test_what_still_names_a_link_keeps_it(ours: Ours) -> None:
    """The newspaper that makes the embassy a signatory speaks of a party that would be gone."""
    party = {"party": "embassy-vnm-kor", "role": "facilitator"}
    before = ours.snapshot()
    code, told = ours.add({"agreement": {"agreement_id": WONKWANG, "removes": {"parties": [party]}}})
    assert code == 1
    assert told.count("1.yaml:5 error [citation-field-unknown]") == told.count("[citation-field-unknown]") > 0
    assert ours.snapshot() == before


@pytest.mark.parametrize(
    ("removes", "said"),
    [
        ({"areas": ["nursin"]}, "[code-unknown] areas"),
        ({"parties": [{"party": "Atlantis", "role": "signatory"}]}, "[reference-unclear] party"),
        ({"parties": [{"party": "avck"}]}, "[entry-missing] role"),
        ({"title_en": "x"}, "[entry-unknown] title_en"),
        (["areas"], "[entry-misshapen] removes"),
    ],
)
def test_what_is_to_go_has_to_be_clear(ours: Ours, removes: Any, said: str) -> None:
    (told,) = ours.doubts({"agreement": {"agreement_id": WONKWANG, "removes": removes}})
    assert said in told


def test_a_retired_record_goes_with_what_belongs_to_it(ours: Ours) -> None:
    """Other records that name it are told, at the line that retires it; with them gone, its identifier is kept."""
    gone = {"resource": "commitments", "retired_id": f"{WONKWANG}-fee-cut", "reason": "not_real", "version": "0.2.0"}
    code, told = ours.add({"retired": [gone]})
    assert code == 0, told
    assert not [row for row in ours.rows("commitments") if row["commitment_id"] == gone["retired_id"]]
    assert not [row for row in ours.rows("commitment_citations") if row["commitment_id"] == gone["retired_id"]]
    assert ours.row("retired_ids", retired_id=gone["retired_id"])["reason"] == "not_real"
    assert ours.add({"retired": [gone]})[1].startswith("NOTHING TO DO")
    code, told = ours.add({"retired": [{**gone, "resource": "parties", "retired_id": "avck"}]})
    assert code == 1
    assert "1.yaml:2 error [foreign-key]" in told
    assert "avck" in told


@pytest.mark.parametrize("kind", ["agreements", "events", "parties", "sources"])
def test_whatever_is_taken_out_and_added_again_is_as_it_was(records: Path, kind: str) -> None:
    """Over every record of ours: all its lists go, and come back; no other row moves."""
    package = load(records)
    form, tables = read_form(package.files), Tables(package)
    reverse, key = Reverse(tables, form), KEYS.get(kind, kind)
    removed = form.properties[key].section
    assert removed
    names = removed.properties["removes"].section
    assert names
    taken, pairs = 0, []
    for (identifier,) in sorted(tables[kind].rows):
        content = reverse.contribution(kind, identifier)
        entries = [content[key]] if kind == "agreements" else content[key]
        (own,) = (entry for entry in entries if entry[id_column(kind)] == identifier)
        lists = {name: own[name] for name in names.properties if name in own}
        entry = {id_column(kind): identifier, "removes": lists}
        alone = {"agreement": {"agreement_id": identifier}} if kind == "agreements" else {}
        if kind == "events" and any("agreement" not in link for link in lists.get("agreements", ())):
            continue
        less = {**alone, key: entry if kind == "agreements" else [entry]}
        pairs.append((Document(f"less {identifier}", less), Document(f"more {identifier}", content)))
    for start in range(0, len(pairs), TOGETHER):
        merger = Merger(tables, form)
        merger.merge([less for less, _ in pairs[start : start + TOGETHER]])
        assert merger.findings.found == []
        taken += len(tables.changes())
        merger = Merger(tables, form)
        merger.merge([more for _, more in pairs[start : start + TOGETHER]])
        assert merger.findings.found == []
        assert tables.changes() == []
    assert taken > 20
