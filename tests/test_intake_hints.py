"""What a contributor is told: one finding for one cause, and what to do next in words of the form."""

from __future__ import annotations

import re
from typing import Any

import pytest
from intake import MEMORANDUM, Ours
from test_intake import WONKWANG, changed

FORMER = "gov-lao-gov-vnm-2017"


def told_of(ours: Ours, content: Any) -> tuple[list[tuple[str, str]], str]:
    """Return code and field of every finding, and all that was printed."""
    code, told = ours.add(content, options=("--dry-run",))
    assert code == 1, told
    return re.findall(r"\[(\S+)\] (\w*)", told), told


def test_a_record_in_doubt_is_not_asked_for_its_missing_values(ours: Ours) -> None:
    """Nobody knows yet whether it is a new record; one that is named wrongly is told what a new one would need."""
    parties = [{"party": name, "role": "signatory"} for name in ("avck", "wonkwang-university-hospital")]
    title = "Memorandum of the association and Wonkwang University Hospital on medical support"
    found, _ = told_of(ours, {"agreement": {"title_en": title, "signed_date": "2023-06", "parties": parties}})
    assert found == [("likely-duplicate", "title_en")]
    found, told = told_of(ours, {"agreement": {"agreement_id": f"{WONKWANG}x", "end_date": "2020"}})
    assert found == [("reference-unclear", "agreement_id")]
    assert "fill in what a new record needs: title_en, agreement_type, status, summary_en." in told


def test_a_citation_of_a_list_says_of_which_item(ours: Ours) -> None:
    of = [{"of": "agreement", "field": name} for name in ("areas", "modes:", "parties", "areas:moonlight")]
    content = {"agreement": {"agreement_id": WONKWANG}, "sources": [{"source_id": FNNEWS, "supports": of}]}
    found, told = told_of(ours, content)
    assert found == [("citation-incomplete", "field")] * 3 + [("code-unknown", "field")]
    assert "such as areas:nursing" in told


FNNEWS = "fnnews-2023-avck-wonkwang"


def test_an_inferred_relation_is_named_and_the_way_to_explain_it(ours: Ours) -> None:
    relation = {"relation": "follows", "agreement": FORMER, "is_inferred": "yes"}
    found, told = told_of(ours, {"agreement": {"agreement_id": WONKWANG, "relations": [relation]}})
    assert ("inferred-without-citation", "relations") in found
    assert f"the relation (follows) to {FORMER} of {WONKWANG} is inferred" in told
    assert "Write `infers:` with `of`, `field` and `note`" in told


def test_a_field_alone_does_not_bear_out_a_record_and_a_parent_says_whose_it_is(ours: Ours) -> None:
    content = changed(MEMORANDUM, "sources", 0, "supports", to=["agreement", {"of": "event", "field": "place_id"}])
    content["parties"] = [
        {**MEMORANDUM["parties"][0], "parent": "Cedar Group"},
        {"name_en": "Cedar Group", "party_type": "private_company", "country": "KOR"},
    ]
    _, told = told_of(ours, content)
    assert re.search(r"no source supports signing-\S+ as a whole; a citation of one of its fields is not enough", told)
    assert "no source supports cedar-group as a whole; it is here as the parent of cedar-clinic" in told
    assert "Write `supports: all` at a source of the contribution" in told


def test_an_undated_agreement_beside_a_dated_signing_is_told(ours: Ours) -> None:
    content = changed(
        changed(MEMORANDUM, "agreement", "signed_date", to=None), "agreement", "signed_date_basis", to=None
    )
    code, told = ours.add(content)
    assert code == 0, told
    assert re.search(r"warning \[signing-undated\] signed_date\n.* was on 2024-05-06\n", told)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("agreement:\n  title_en: Memorandum: health\n", "a colon and a blank in it stands in quotation marks"),
        ("agreement:\n\ttitle_en: Memorandum\n", "indent with blanks"),
        ("agreement: &a\n  title_en: x\nparties: *a\n", "write it out in each place"),
    ],
)
def test_a_slip_in_the_signs_of_yaml_is_told_with_its_remedy(ours: Ours, text: str, said: str) -> None:
    code, told = ours.add(text)
    assert code == 2
    assert said in told


@pytest.mark.parametrize(("date", "code"), [("44986", "spreadsheet-mangled-date"), ("14/5/24", "date-form")])
def test_the_form_of_a_date_is_no_date_that_could_be_copied(ours: Ours, date: str, code: str) -> None:
    (told,) = [one for one in ours.doubts(changed(MEMORANDUM, "agreement", "signed_date", to=date)) if code in one]
    assert "YYYY-MM-DD" in told
    assert not re.search(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", told)


def test_other_notes_on_a_known_source_stop_nothing(ours: Ours) -> None:
    """What is there stays, and it is told; to change it is said as for any value."""
    there = ours.row("sources", source_id=FNNEWS)["notes"]
    noted = {"url": "https://busan.fnnews.com/news/202306150935208621", "notes": "Another remark."}
    assert there
    code, told = ours.add({"sources": [noted]})
    assert code == 0, told
    assert f'info [notes-kept] notes\n  the notes of {FNNEWS} are "{there}" in data/sources.csv and stay' in told
    assert "NOTHING TO DO" in told
    assert ours.add({"sources": [{**noted, "replaces": {"notes": there}}]})[0] == 0
    assert ours.row("sources", source_id=FNNEWS)["notes"] == "Another remark."
