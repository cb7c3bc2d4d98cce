"""What several tests share: a small package written to a folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from intake import ROOT, Ours, copy

import accords
from accords import supervisor

settings.register_profile(
    "accords",
    derandomize=True,  # the same examples every time: nobody's change fails by luck; long runs draw new ones
    database=None,
    max_examples=50,
    deadline=None,  # how long an example takes says nothing on a shared machine
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("accords")

Maker = Callable[..., Path]
DEFAULTS = dict(accords.validate.__kwdefaults__ or {})

AGREEMENTS: list[dict[str, Any]] = [
    {"name": "agreement_id", "type": "string", "example": "a", "constraints": {"required": True}},
    {"name": "signed", "type": "string", "example": "2020", "accords:edtf": True},
    {"name": "ends", "type": "string", "example": "2021", "accords:edtf": True},
    {"name": "beds", "type": "integer", "example": "200"},
]
PARTIES: list[dict[str, Any]] = [
    {"name": "agreement_id", "type": "string", "example": "a", "constraints": {"required": True}},
    {"name": "party", "type": "string", "example": "p", "constraints": {"required": True}},
]


@pytest.fixture(autouse=True)
def in_this_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Check packages in the process of the tests: thousands of starts of an interpreter would take an hour.

    Tests of the worker are marked; what is called as a program has one in any case.
    """
    if request.node.get_closest_marker("worker"):
        return

    def here(_: object, __: object, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        return function(*arguments, **named)

    monkeypatch.setattr(supervisor, "watched", here)
    # Without limits, what is told of the progress needs no way between processes.
    monkeypatch.setattr(accords.validate, "__kwdefaults__", {**DEFAULTS, "timeout": None, "memory": None})


@pytest.fixture(params=["seeds", pytest.param("all", marks=pytest.mark.long)], scope="module")
def records(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return our package: with the records of `seeds.txt`, and in the long run with all."""
    return ROOT if request.param == "all" else copy(tmp_path_factory.mktemp("seeds") / "package")


@pytest.fixture
def make_package(tmp_path: Path) -> Maker:
    """Return a function that writes agreements and parties with rules and returns the folder."""

    def make(agreements: str, parties: str = "agreement_id,party\n", rules: str | None = None, **more: Any) -> Path:
        descriptor: dict[str, Any] = {
            "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
            "name": "small",
            "version": "1.0.0",
            "resources": [
                resource("agreements", AGREEMENTS, ["agreement_id"]),
                resource("parties", PARTIES, ["agreement_id", "party"]),
            ],
            **more,
        }
        (tmp_path / "agreements.csv").write_text(agreements, encoding="utf-8", newline="")
        (tmp_path / "parties.csv").write_text(parties, encoding="utf-8", newline="")
        if rules is not None:
            (tmp_path / "rules").mkdir(exist_ok=True)
            (tmp_path / "rules" / "all.yaml").write_text(rules, encoding="utf-8")
            descriptor["accords:rules"] = "rules"
        (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
        return tmp_path

    return make


def resource(name: str, fields: list[dict[str, Any]], key: list[str]) -> dict[str, Any]:
    """Return a resource with its schema inline."""
    return {"name": name, "path": f"{name}.csv", "schema": {"fields": fields, "primaryKey": key}}


@pytest.fixture
def ours(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ours:
    """Return a copy of our package."""
    return Ours(copy(tmp_path / "package"), capsys)
