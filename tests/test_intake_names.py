"""What people call things: countries, places and new bodies, as pages print them."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from intake import MEMORANDUM, ROOT, Ours
from test_intake import changed
from workbooks import MEMORANDUM as WORKBOOK
from workbooks import filled, form

from accords.intake import workbook
from accords.intake.document import Document
from accords.intake.scalars import Vocabulary
from accords.intake.tongues import foreign

with (ROOT / "data" / "vocabularies" / "countries.csv").open(encoding="utf-8", newline="") as stream:
    COUNTRIES = list(csv.DictReader(stream))

FORMER = "gov-lao-gov-vnm-2017"
EVENT = {"title_en": "Visit of the Cedar Clinic", "event_type": "official_visit", "status": "held"}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Vietnam", "VNM"),
        ("Viet Nam", "VNM"),
        ("Viet-Nam", "VNM"),
        ("VIETNAM", "VNM"),
        ("ViệtNam", "VNM"),
        ("UK", "GBR"),
        ("U.K.", "GBR"),
        ("Great Britain", "GBR"),
        ("USA", "USA"),
        ("U.S.A.", "USA"),
        ("United States of America", "USA"),
        ("Mỹ", "USA"),
        ("MY", "MYS"),
        ("South Korea", "KOR"),
        ("Republic of Korea", "KOR"),
        ("Laos", "LAO"),
        ("Lao PDR", "LAO"),
        ("Russia", "RUS"),
        ("Russian Federation", "RUS"),
        ("Taiwan", "TWN"),
        ("Đài Loan", "TWN"),
        ("Áo", "AUT"),
        ("Czech Republic", "CZE"),
        ("Burma", "MMR"),
    ],
)
def test_countries_are_known_by_their_everyday_names(said: str, code: str) -> None:
    assert Vocabulary(COUNTRIES).find(said) == [code]


def test_every_name_of_a_country_leads_to_it_and_only_two_mean_two() -> None:
    known = Vocabulary(COUNTRIES)
    shared = set()
    for row in COUNTRIES:
        for name in (row["label_en"], row["label_vi"], *filter(None, row["other_names"].split("; "))):
            found = known.find(name)
            assert row["code"] in found, name
            shared |= {name} if len(found) > 1 else set()
    assert shared == {"Korea", "Congo"}


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Huế City", ["hue"]),
        ("Hue City", ["hue"]),
        ("Thành phố Huế", ["hue"]),
        ("Hà Nội, Việt Nam", ["hanoi", "viet-nam"]),
        ("Lai Châu Province", ["lai-chau"]),
        ("Seoul, South Korea", ["seoul"]),
    ],
)
def test_a_place_with_more_words_than_its_name_is_offered_first(ours: Ours, said: str, found: list[str]) -> None:
    """Whether Huế City is the town or what it became, only the contributor knows."""
    (told,) = ours.doubts({"events": [{**EVENT, "place": said}]})
    assert f"spelt nearly so: {found[0]} (" in told
    assert all(f"{one} (" in told for one in found)
    assert told.endswith("describe the place under `places`; data/places.csv lists those that are known.")


@pytest.mark.parametrize("said", ["Vietnam", "viet-nam", "Viet Nam", "VIỆT NAM"])
def test_blanks_and_hyphens_tell_no_place_from_another(ours: Ours, said: str) -> None:
    assert ours.doubts({"events": [{**EVENT, "place": said}]}) == []


def test_what_is_described_elsewhere_is_said_to_be(ours: Ours) -> None:
    """An earlier agreement has a contribution of its own; a party stands under its key, or on its sheet."""
    content = changed(MEMORANDUM, "agreement", "relations", to=[{"relation": "renews", "agreement": "Atlantis pact"}])
    content = changed(content, "agreement", "parties", 0, "party", to="Atlantis Board")
    told = "\n".join(ours.doubts(content))
    assert "describe that agreement in a contribution of its own and add both in one call." in told
    assert "describe the party under `parties`." in told
    merger = ours.merged()
    merger.merge([Document("a.xlsx", content, cells={(): "Agreements!A3"})])
    assert any("on the sheet Parties." in (item.problem.hint or "") for item in merger.findings.found)


def agreement(*parties: tuple[str, str], **more: str) -> dict[str, Any]:
    """Return a contribution of one agreement with these parties and roles."""
    listed = [{"party": party, "role": role} for party, role in parties]
    told = {"title_en": "Programme on the care of burns", "agreement_type": "partnership", "status": "announced"}
    return {"agreement": {**told, "summary_en": "They care for burns.", "areas": ["burns"], "parties": listed, **more}}


@pytest.mark.parametrize(
    ("parties", "identifier"),
    [
        ([("who", "signatory"), ("moh-vnm", "signatory"), ("avck", "funder")], "moh-vnm-who-2031"),
        ([("who", "signatory"), ("avck", "witness"), ("moh-vnm", "beneficiary")], "moh-vnm-who-2031"),
        ([("who", "funder"), ("avck", "implementer")], "avck-who-2031"),
        ([("who", "signatory")], "who-2031-burns"),
    ],
)
def test_an_agreement_is_named_after_two_sides_or_what_it_is_about(
    ours: Ours, parties: list[tuple[str, str]], identifier: str
) -> None:
    (draft,) = ours.merged(ours.file(agreement(*parties, signed_date="2031"))).drafts
    assert draft.identifier == identifier


def test_a_long_event_keeps_its_date_also_where_there_are_two(ours: Ours) -> None:
    parties = [{"party": f"Hospital of the Province of {name}", "role": "host"} for name in ("Ardara", "Bendora")]
    bodies = [{"name_en": one["party"], "party_type": "hospital", "country": "KOR"} for one in parties]
    bodies = [{**one, "party_id": f"{'abcdefgh-' * 3}{number}", "new": "yes"} for number, one in enumerate(bodies)]
    day = {"event_type": "teleconsultation_session", "start_date": "2024-05-06"}
    events = [
        {**EVENT, **day, "title_en": f"Session on {what}", "parties": parties}
        for what in ("burns in childhood", "how to run a ward at night")
    ]
    drafts = ours.merged(ours.file({"parties": bodies, "events": [{**one, "new": "yes"} for one in events]})).drafts
    first, second = (draft.identifier for draft in drafts if draft.kind == "events")
    assert first.endswith("-2024-05-06")
    assert second.endswith("-2024-05-06-2")
    assert max(len(first), len(second)) <= 80


def test_an_identifier_that_cuts_a_name_is_told_and_can_be_chosen(ours: Ours) -> None:
    body = {"name_en": "Taipei Medical University Teaching Hospital", "party_type": "hospital", "country": "TWN"}
    (told,) = ours.doubts({"parties": [body]})
    assert '[identifier-shortened] name_en: the new identifier "taipei-medical-university' in told
    assert "write a short `party_id` of your own, with `new: yes`" in told
    assert ours.doubts({"parties": [{**body, "party_id": "tmu-teaching-hospital", "new": "yes"}]}) == []
    assert ours.doubts({"parties": [{**body, "name_en": "Cedar Hospital"}]}) == []


@pytest.mark.parametrize("turned", [False, True])
def test_the_order_of_files_does_not_matter_for_a_page_that_another_describes(ours: Ours, turned: bool) -> None:
    page = {"url": "https://news.example/17", "supports": "avck"}
    contents = [{"sources": [page]}, {"sources": [{**page, "source_type": "news", "extent_read": "full"}]}]
    assert ours.doubts(*(contents[::-1] if turned else contents)) == []


@pytest.mark.parametrize("turned", [False, True])
def test_the_order_of_files_does_not_matter_for_an_event_that_another_describes(ours: Ours, turned: bool) -> None:
    named = {"event_id": "visit-cedar-2024", "agreements": [{"relation": "announces", "agreement": FORMER}]}
    described = {"event_id": "visit-cedar-2024", **EVENT, "start_date": "2024", "date_basis": "stated"}
    contents = [{"events": [named]}, {"events": [described]}]
    assert ours.doubts(*(contents[::-1] if turned else contents)) == []


def test_a_commitment_is_cited_by_what_it_says(ours: Ours) -> None:
    content = changed(MEMORANDUM, "sources", 0, "supports", to=["agreement", "Courses for nurses", "event"])
    merger = ours.merged(ours.file(content))
    assert merger.findings.found == []
    assert any(row["source_id"].startswith("example") for row in merger.tables.rows("commitment_citations"))


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Hôpital Saint-Louis", "words"),
        ("Centre hospitalier de Bordeaux", "words"),
        ("Fondation Alain Carpentier", "words"),
        ("원광대학교병원", "script"),
        ("Bệnh viện Phổi Trung ương", "vietnamese"),
        ("Umeå University", ""),
        ("Government of Türkiye", ""),
        ("Wonkwang University Hospital", ""),
        ("BV Medical", ""),
    ],
)
def test_a_name_that_is_hardly_english_is_told(ours: Ours, name: str, why: str) -> None:
    """Of a body that is new; one that is known may be called by any of its names."""
    assert foreign(name) == why
    told = ours.doubts({"parties": [{"name_en": f"{name} Zz", "party_type": "hospital", "country": "FRA"}]})
    code = "name-in-other-script" if why == "script" else "name-not-english"
    assert [one.partition("]")[0] for one in told if "[name-" in one] == [f"1.yaml:2 [{code}"] * bool(why)


@pytest.mark.parametrize(
    ("name", "key"), [("Bệnh viện Phổi Trung ương Zz", "name_vi"), ("Hôpital Zz", "name_en"), ("Cedar Zz", "name_en")]
)
def test_a_name_on_the_first_sheet_is_the_one_of_its_language(tmp_path: Path, name: str, key: str) -> None:
    row = {**WORKBOOK["agreements"][0], "agreement.parties.2.party": name, "agreement.parties.2.role": "signatory"}
    filled({"agreements": [{**row, "parties.2.party_type": "hospital"}]}).save(tmp_path / "1.xlsx")
    (found,) = workbook.read(tmp_path / "1.xlsx", form()).documents
    assert found.content["parties"] == [{"party_type": "hospital", key: name}]
    assert found.cell(("parties", 0, "name_en")) == found.cell(("agreement", "parties", 1, "party"))


def test_what_the_first_sheet_has_no_column_for_is_asked_on_its_own_sheet(ours: Ours, tmp_path: Path) -> None:
    """A Vietnamese name alone needs the English one on the sheet of parties; a source lacks what stands beside it."""
    name = {"agreement.parties.2.party": "Viện Tim Zz", "agreement.parties.2.role": "signatory"}
    row = {
        **WORKBOOK["agreements"][0],
        **name,
        "parties.2.party_type": "hospital",
        "sources.1.url": "https://a.example",
    }
    filled({"agreements": [row]}).save(tmp_path / "1.xlsx")
    merger = ours.merged()
    merger.merge(workbook.read(tmp_path / "1.xlsx", form()).documents)
    hints = {item.problem.field: item.problem.hint or "" for item in merger.findings.found}
    assert "on the sheet Parties" in hints["name_en"]
    assert "on the sheet" not in hints["extent_read"]
