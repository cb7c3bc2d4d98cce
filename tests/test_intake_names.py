"""What people call things: countries, places and new bodies, as pages print them."""

from __future__ import annotations

import csv

import pytest
from intake import ROOT

from accords.intake.scalars import Vocabulary

with (ROOT / "data" / "vocabularies" / "countries.csv").open(encoding="utf-8", newline="") as stream:
    COUNTRIES = list(csv.DictReader(stream))


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
