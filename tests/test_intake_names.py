"""What people call things: countries, places and new bodies, as pages print them."""

from __future__ import annotations

import csv

import pytest
from intake import MEMORANDUM, ROOT, Ours
from test_intake import changed

from accords.intake.document import Document
from accords.intake.scalars import Vocabulary

with (ROOT / "data" / "vocabularies" / "countries.csv").open(encoding="utf-8", newline="") as stream:
    COUNTRIES = list(csv.DictReader(stream))

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
