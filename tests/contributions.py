"""Contributions made at random, for tests and the benchmark: plausible, unlike each other, and right."""

from __future__ import annotations

import random
from typing import Any

AREAS = ("nursing", "emergency_medicine", "border_health", "surgery", "migrant_health", "pharmacy", "immunisation")
MODES = ("short_course", "expert_exchange", "health_education", "data_sharing", "technique_transfer")
COUNTRIES = ("KOR", "JPN", "FRA", "THA", "CUB", "AUS")


def word(draw: random.Random) -> str:
    """Return a name that nobody bears."""
    return "".join(draw.choice("bcdghklmnprstv") + draw.choice("aeiou") for _ in range(draw.randint(3, 4))).title()


def synthetic(number: int, seed: int = 7) -> list[dict[str, Any]]:
    """Return so many contributions of one agreement each, with about 20 rows each."""
    draw = random.Random(seed)
    bodies = [
        {"name_en": f"{word(draw)} {word(draw)} Hospital", "party_type": "hospital", "country": country}
        for country in ("VNM", *COUNTRIES)
        for _ in range(max(3, number // 12))
    ]
    home = [body for body in bodies if body["country"] == "VNM"]
    away = [body for body in bodies if body["country"] != "VNM"]
    return [_one(draw, spot, draw.choice(home), draw.choice(away)) for spot in range(number)]


def _one(draw: random.Random, number: int, host: dict[str, str], guest: dict[str, str]) -> dict[str, Any]:
    day = f"{draw.randint(1995, 2025)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
    topic = f"{word(draw)} {word(draw)}"
    sides, areas = [host["name_en"], guest["name_en"]], sorted(draw.sample(AREAS, 2))
    commitments = [
        {"item": "training_place", "provider": guest["name_en"], "receiver": host["name_en"],
         "description_en": f"Training of doctors in the {topic} programme", "quantity": str(draw.randint(2, 90)),
         "quantity_qualifier": "exact", "unit": "person", "period": "per_year", "status": "pledged", "date": day},
        {"item": "equipment", "provider": guest["name_en"], "receiver": host["name_en"],
         "description_en": f"Devices for the {topic} programme", "status": "pledged", "date": day},
    ]  # fmt: skip
    return {
        "agreement": {
            "title_en": f"Memorandum of understanding of {sides[0]} and {sides[1]} on the {topic} programme",
            "agreement_type": "memorandum_of_understanding",
            "signed_date": day,
            "signed_date_basis": "stated",
            "status": "signed",
            "summary_en": f"The two hospitals carry out the {topic} programme together.",
            "parties": [{"party": name, "role": "signatory"} for name in sides],
            "areas": areas,
            "modes": sorted(draw.sample(MODES, 2)),
        },
        "parties": [host, guest],
        "events": [
            {"title_en": f"Signing of the memorandum on the {topic} programme", "event_type": "signing",
             "status": "held", "start_date": day, "date_basis": "stated", "place": "Hà Nội",
             "agreements": [{"relation": "signs"}], "areas": areas[:1]}
        ],
        "commitments": commitments,
        "sources": [
            {"url": f"https://news.example/{number}-{topic.replace(' ', '-').lower()}.html", "source_type": "news",
             "title": f"{topic} programme starts", "title_language": "en", "publisher": "News Example",
             "published_date": day, "accessed_date": "2026-11-22", "extent_read": "full",
             "supports": ["all", {"of": "agreement", "field": "signed_date", "value_in_source": day}]}
        ],
    }  # fmt: skip
