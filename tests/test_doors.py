"""One agreement through every door: by hand, in an issue and in a workbook that LibreOffice saved."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from intake import Ours, copy
from test_issue_form import BY_HAND, SUMMARY, TITLE, body
from workbooks import Filling, filled

from accords.cli import main

ROWS: Filling = {
    "agreements": [
        {
            "row": "A1",
            "agreement.title_en": TITLE,
            "agreement.agreement_type": "Memorandum of understanding",
            "agreement.signed_date": "2024-05-12",
            "agreement.signed_date_basis": "inferred",
            "events.1.title_en": f"Signing: {TITLE}",
            "events.1.start_date": "2024-05-12",
            "events.1.date_basis": "inferred",
            "events.1.place": "Hà Nội",
            "agreement.effective_date": "2024",
            "agreement.effective_date_basis": "stated",
            "agreement.status": "Signed",
            "agreement.areas.1": "Nursing",
            "agreement.areas.2": "Ear, nose and throat",
            "agreement.areas.3": "cell_gene_therapy",
            "agreement.modes.1": "Short course",
            "agreement.summary_en": SUMMARY,
            "agreement.parties.1.party": "moh-vnm",
            "agreement.parties.1.role": "Signatory",
        }
    ],
    "roles": [
        {
            "for": "A1",
            "roles.party": "Tokusa Test Hospital",
            "roles.role": "signatory",
            "roles.representative_name": "Aoki Tarō",
            "roles.representative_title": "Director",
        },
        {"for": "A1", "roles.party": "Bộ Y tế", "roles.role": "competent_authority"},
    ],
    "parties": [
        {"parties.party_id": "moh-vnm"},
        {"parties.name_en": "Tokusa Test Hospital", "parties.country": "Japan", "parties.party_type": "Hospital"},
    ],
    "commitments": [
        {
            "for": "A1",
            "commitments.description_en": "Short courses for nurses",
            "commitments.item": "Training places",
            "commitments.status": "Pledged",
            "commitments.provider": "Tokusa Test Hospital",
            "commitments.receiver": "moh-vnm",
            "commitments.quantity": "20",
            "commitments.unit": "Person",
        }
    ],
    "sources": [
        {
            "row": "S1",
            "for": "A1",
            "sources.url": "https://news.example/nurses",
            "sources.source_type": "news",
            "sources.extent_read": "full",
            "sources.publisher": "News Example",
            "sources.published_date": "2024-05-14",
            "sources.title": "Nurses to be trained",
            "sources.title_language": "English",
            "sources.supports.1.of": "all",
        },
        {
            "for": "A1",
            "sources.url": "https://tokusa.example/",
            "sources.source_type": "party_website",
            "sources.extent_read": "excerpt",
            "sources.supports.1.of": "all",
        },
    ],
    "evidence": [
        {
            "for": "A1",
            "source": "S1",
            "support": "infers",
            "evidence.of": of,
            "evidence.field": name,
            "evidence.value_in_source": "on Sunday",
            "evidence.note": "The page is of 14 May.",
        }
        for of, name in (("agreement", "signed_date"), ("event", "start_date"))
    ],
}


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_every_door_leads_to_the_same_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "made").mkdir()
    (tmp_path / "1.yaml").write_text(BY_HAND, encoding="utf-8")
    (tmp_path / "1.md").write_text(body(), encoding="utf-8")
    filled(ROWS).save(tmp_path / "made" / "1.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    program = ["soffice", "--headless", profile, "--convert-to", "xlsx", "--outdir", str(tmp_path)]
    subprocess.run([*program, str(tmp_path / "made" / "1.xlsx")], capture_output=True, check=True, timeout=120)
    packages = []
    for number, call in enumerate((["1.yaml"], ["--issue", "1.md"], ["1.xlsx"])):
        ours = Ours(copy(tmp_path / str(number) / "package"), capsys)
        files = [item if item.startswith("--") else str(tmp_path / item) for item in call]
        code = main(["add", *files, "--package", str(ours.root), "--as-of", "2026-11-22"])
        assert code == 0, capsys.readouterr().out
        packages.append(ours.snapshot())
    assert packages[0] == packages[1]
    assert packages[0] == packages[2]
