"""Issues made with the issue form: the form is the schema's, and what people fill in is read rightly or told."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from intake import seeded

from accords.cli import main
from accords.descriptor import load
from accords.intake import document, issue
from accords.intake.adding import add
from accords.intake.answers import MOST
from accords.intake.document import Document, Unreadable
from accords.intake.form import read_form
from accords.intake.issue_form import IssueForm
from accords.intake.merging import Merger
from accords.intake.tables import Tables

ROOT = Path(__file__).resolve().parents[1]
FORMS = {
    "en": ROOT / ".github" / "ISSUE_TEMPLATE" / "new-agreement.yml",
    "vi": ROOT / ".github" / "ISSUE_TEMPLATE" / "new-agreement-vi.yml",
}
SUMMARY = "The ministry and the hospital train nurses together."
TITLE = "Memorandum on the training of nurses of Tokusa Test Hospital and the Ministry of Health of Viet Nam"
ANSWERS = {
    "en": {
        "title_en": TITLE,
        "agreement_type": "Memorandum of understanding",
        "parties": "moh-vnm; VNM; Signatory\n"
        "- Tokusa Test Hospital; Japan; Signatory; Hospital; Aoki Tarō; Director\n"
        "Bộ Y tế; VNM; Approving authority",
        "signed_date": "2024-05-12",
        "signed_date_basis": "Inferred",
        "events": "Hà Nội",
        "effective_date": "2024",
        "effective_date_basis": "Stated",
        "inferred": "on Sunday; The page is of 14 May.",
        "status": "Signed",
        "areas": "Nursing, Ear, nose and throat, Cell, gene and regenerative medicine",
        "modes": "Short course",
        "summary_en": SUMMARY,
        "commitments": "Short courses for nurses; Training places; Pledged; Tokusa Test Hospital; moh-vnm; 20; Person",
        "sources": "<https://news.example/nurses>; News agency or newspaper; full; News Example; 2024-05-14; "
        "Nurses to be trained; English\n"
        "https://tokusa.example/; party_website; excerpt",
        "uncertain": "Whether the ministry itself signed.",
    },
    "vi": {
        "title_en": TITLE,
        "agreement_type": "Bản ghi nhớ",
        "parties": "moh-vnm; Việt Nam; Bên ký kết\n"
        "Tokusa Test Hospital; Nhật Bản; Bên ký kết; Bệnh viện; Aoki Tarō; Director\n"
        "Bộ Y tế; Việt Nam; Cơ quan cho phép, phê duyệt",
        "signed_date": "2024-05-12",
        "signed_date_basis": "Suy ra",
        "events": "ha-noi",
        "effective_date": "2024",
        "effective_date_basis": "Được nêu rõ",
        "inferred": "on Sunday; The page is of 14 May.",
        "status": "Đã ký",
        "areas": "Điều dưỡng, Tai mũi họng, cell_gene_therapy",
        "modes": "Khóa đào tạo ngắn hạn",
        "summary_en": SUMMARY,
        "commitments": "Short courses for nurses; training_place; Đã cam kết sơ bộ; Tokusa Test Hospital; moh-vnm; 20; "
        "Người",
        "sources": "https://news.example/nurses; news; full; News Example; 2024-05-14; Nurses to be trained; en\n"
        "1. https://tokusa.example/; party_website; excerpt",
        "uncertain": "Whether the ministry itself signed.",
    },
}
BY_HAND = f"""
agreement:
  title_en: {TITLE}
  agreement_type: memorandum_of_understanding
  signed_date: 2024-05-12
  signed_date_basis: inferred
  effective_date: 2024
  effective_date_basis: stated
  status: signed
  areas: [nursing, ent, cell_gene_therapy]
  modes: short_course
  summary_en: {SUMMARY}
  parties:
    - {{party: moh-vnm, role: signatory}}
    - party: Tokusa Test Hospital
      role: signatory
      representative_name: Aoki Tarō
      representative_title: Director
    - {{party: Bộ Y tế, role: competent_authority}}
parties:
  - {{party_id: moh-vnm}}
  - {{name_en: Tokusa Test Hospital, country: JPN, party_type: hospital}}
  - {{name_vi: Bộ Y tế, country: VNM}}
events:
  - title_en: "Signing: {TITLE}"
    event_type: signing
    status: held
    start_date: 2024-05-12
    date_basis: inferred
    place: ha-noi
    agreements: [{{relation: signs}}]
commitments:
  - description_en: Short courses for nurses
    item: training_place
    status: pledged
    provider: Tokusa Test Hospital
    receiver: moh-vnm
    quantity: 20
    unit: person
sources:
  - url: https://news.example/nurses
    source_type: news
    extent_read: full
    publisher: News Example
    published_date: 2024-05-14
    title: Nurses to be trained
    title_language: en
    supports: all
    infers:
      - {{of: agreement, field: signed_date, value_in_source: on Sunday, note: The page is of 14 May.}}
      - {{of: event, field: start_date, value_in_source: on Sunday, note: The page is of 14 May.}}
  - {{url: "https://tokusa.example/", source_type: party_website, extent_read: excerpt, supports: all}}
uncertain: Whether the ministry itself signed.
"""


@pytest.fixture(scope="module")
def form() -> IssueForm:
    package = load(seeded())
    return IssueForm(read_form(package.files), Tables(package))


@pytest.fixture
def read(form: IssueForm) -> Callable[[str], Document]:
    return lambda text: issue.read_body(text, "issue 7", form)


def fields(language: str) -> list[dict[str, Any]]:
    """Return the fields of a form as it is committed, as GitHub would read it."""
    body = yaml.safe_load(FORMS[language].read_text("utf-8"))["body"]
    return [item for item in body if item["type"] != "markdown"]


def body(language: str = "en", ticked: str = "X", **other: str) -> str:
    """Return the body that GitHub makes of the answers; `other` are answers in place of those above."""
    answers = ANSWERS[language] | other
    parts = []
    for item in fields(language):
        answer = answers.get(item["id"], "_No response_")
        if item["type"] == "checkboxes":
            answer = "\n".join(f"- [{ticked}] {option['label']}" for option in item["attributes"]["options"])
        parts.append(f"### {item['attributes']['label']}\n\n{answer}")
    return "\n\n".join(parts)


def label(name: str) -> str:
    return next(str(item["attributes"]["label"]) for item in fields("en") if item["id"] == name)


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def faults(found: Document) -> list[tuple[str, int | None]]:
    return [(fault.code, found.line(fault.trail)) for fault in found.faults]


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_committed_form_is_current(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["template", "--form", "--lang", language, "--package", str(ROOT)]) == 0
    command = f"accords template --form --lang {language} -o {FORMS[language].relative_to(ROOT)}"
    assert capsys.readouterr().out == FORMS[language].read_text("utf-8"), f"run: {command}"


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_form_keeps_the_laws_of_github(language: str) -> None:
    """Labels are told apart, identifiers too, and options are texts: a YAML reader must not make No of them."""
    items = fields(language)
    assert len({item["attributes"]["label"] for item in items}) == len(items) <= 25
    assert len({item["id"] for item in items}) == len(items)
    for item in items:
        options = item["attributes"].get("options", [])
        texts = [option["label"] if isinstance(option, dict) else option for option in options]
        assert all(isinstance(text, str) and text.strip() == text != "None" for text in texts), item["id"]
        assert len(set(texts)) == len(texts), item["id"]


def test_both_forms_ask_for_the_same(form: IssueForm) -> None:
    english, vietnamese = ([(item["id"], item["type"]) for item in fields(one)] for one in ("en", "vi"))
    assert english == vietnamese
    assert {field.name for field in form.fields if field.required} >= {"parties", "agreement_type", "status", "sources"}


def rows(found: Document) -> list[Any]:
    """Return the rows that a contribution makes, without validating the whole package."""
    package = load(seeded())
    tables = Tables(package)
    merger = Merger(tables, read_form(package.files))
    merger.merge([found])
    assert not merger.findings.found
    return sorted((change.table, *(change.after or {}).items()) for change in tables.changes())


def test_a_form_in_either_language_says_what_yaml_says(read: Callable[[str], Document]) -> None:
    by_hand = rows(document.read_text(BY_HAND, "hand.yaml"))
    assert len(by_hand) > 20
    assert rows(read(body("en"))) == by_hand
    assert rows(read(body("vi"))) == by_hand


def test_what_the_form_makes_is_valid(read: Callable[[str], Document]) -> None:
    outcome = add(seeded(), [read(body("vi"))], as_of=date(2026, 11, 22), write=False)
    assert not outcome.findings
    assert [text for _, text in outcome.remarks] == ["Whether the ministry itself signed."]


def test_order_line_ends_and_missing_sections_change_nothing(read: Callable[[str], Document]) -> None:
    text = body()
    content = read(text).content
    turned = "\n\n".join("### " + part for part in reversed(text.removeprefix("### ").split("\n\n### ")))
    without = text.replace(f"### {label('summary_vi')}\n\n_No response_\n\n", "")
    for other in (text.replace("\n", "\r\n"), text.replace("\n", "\r"), turned, without, "\ufeff" + turned + "\n\n"):
        assert read(other.removeprefix("\ufeff")).content == content
    assert without != text


def test_lines_are_those_of_the_body(read: Callable[[str], Document]) -> None:
    text = body()
    found = read(text)
    assert found.line(("agreement", "title_en")) == line_of(text, TITLE)
    assert found.line(("parties", 1, "country")) == line_of(text, "- Tokusa")
    assert found.line(("agreement", "parties", 2, "role")) == line_of(text, "Bộ Y tế")
    assert found.line(("sources", 1, "url")) == line_of(text, "https://tokusa")
    assert found.line(("sources", 0, "infers", 0, "note")) == line_of(text, "on Sunday; The page")


@pytest.mark.parametrize(
    ("name", "answer", "expected"),
    [
        ("title_en", "A <!-- hidden --> title", "A  title"),
        ("title_en", "A title <!-- never closed", "A title <!-- never closed"),
        ("title_en", "@everyone `$(touch x)` ::error::no", "@everyone `$(touch x)` ::error::no"),
        ("title_en", "=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
        ("agreement_type", "None", None),
        ("agreement_type", "_No response_", None),
        ("agreement_type", "memorandum OF understanding", "memorandum_of_understanding"),
        ("agreement_type", "Pact", "Pact"),
        ("title_language", "Tiếng Việt", "vi"),
        ("summary_en", "One.\n\n### A heading of its own\n\nTwo.", "One.\n### A heading of its own\nTwo."),
        ("summary_en", "```text\nInside a fence.\n```", "Inside a fence."),
        ("summary_en", "A ``` sign\nand more ```", "A ``` sign\nand more ```"),
        ("areas", "- [x] Cancer\n- [ ] Burns\n- [X] Ear, nose and throat", ["oncology", "ent"]),
        ("areas", "Cancer,Burns, , cancer of the moon, Nurs", ["oncology", "burns", "cancer of the moon", "Nurs"]),
        ("areas", "Ung bướu", ["oncology"]),
    ],
)  # fmt: skip
def test_odd_answers_are_read_rightly(
    read: Callable[[str], Document], name: str, answer: str, expected: str | list[str] | None
) -> None:
    found = read(body(**{name: answer}))
    assert found.content["agreement"].get(name) == expected
    assert not found.faults


def test_what_a_comment_hides_is_no_answer_and_moves_no_line(read: Callable[[str], Document]) -> None:
    text = body(parties="<!--\nSecret Body; VNM; Signatory\n-->\nmoh-vnm; VNM; Signatory")
    found = read(text)
    assert [item["party"] for item in found.content["agreement"]["parties"]] == ["moh-vnm"]
    assert found.line(("parties", 0)) == line_of(text, "moh-vnm; VNM")


def test_an_answer_given_twice_is_told_with_both_lines(read: Callable[[str], Document]) -> None:
    text = body(summary_en=f"{SUMMARY}\n\n### {label('title_en')}\n\nAnother title\n\n### Strange\n\nx")
    found = read(text)
    assert faults(found) == [
        ("answer-repeated", line_of(text, f"\n### {label('title_en')}") + 1),
        ("answer-unknown", line_of(text, "### Strange")),
    ]
    assert found.faults[0].params == {"first": 1}
    assert found.content["agreement"]["title_en"] == TITLE


def test_a_heading_that_the_form_does_not_have_is_told(read: Callable[[str], Document]) -> None:
    text = body(signed_date="2024-05-12\n\n### Place of the ceremony\n\nHanoi")
    assert faults(read(text)) == [("answer-unknown", line_of(text, "### Place"))]


def test_text_before_the_form_goes_to_the_reviewer(read: Callable[[str], Document]) -> None:
    found = read("Dear all,\nplease add this.\n\n" + body(uncertain="_No response_"))
    assert found.content["uncertain"] == ["Dear all,", "please add this."]


@pytest.mark.parametrize("language", ["en", "vi"])
def test_what_is_not_confirmed_is_told_in_the_language_of_the_form(
    read: Callable[[str], Document], language: str
) -> None:
    asked = [option["label"] for option in fields(language)[-1]["attributes"]["options"]]
    text = body(language, ticked=" ")
    for said in (text, text[: text.index("### " + fields(language)[-1]["attributes"]["label"])]):
        assert read(said).content["uncertain"][1:] == [f"Not confirmed: {one}" for one in asked]


def test_a_note_on_a_date_that_is_not_inferred_is_not_lost(read: Callable[[str], Document]) -> None:
    found = read(body(signed_date_basis="Stated"))
    assert found.content["uncertain"][0] == "on Sunday; The page is of 14 May."
    assert "infers" not in found.content["sources"][0]


def test_words_of_a_source_stand_for_one_date_only(read: Callable[[str], Document]) -> None:
    """Where several dates are inferred, nobody has said of which the words are; without words all of it is the note."""
    found = read(body(effective_date_basis="Inferred"))
    assert found.content["uncertain"][0] == "on Sunday"
    inferred = found.content["sources"][0]["infers"]
    assert [item["field"] for item in inferred] == ["signed_date", "effective_date", "start_date"]
    assert all(item["note"] == "The page is of 14 May." and "value_in_source" not in item for item in inferred)
    plain = read(body(inferred="From the address of the page.")).content["sources"][0]["infers"]
    assert {tuple(item) for item in plain} == {("of", "field", "note")}


def test_a_signing_takes_date_and_title_of_its_agreement_unless_it_has_its_own(
    read: Callable[[str], Document],
) -> None:
    own = read(body(events="Seoul; 2024-05; Stated; Signing in Seoul")).content["events"]
    assert own == [
        {
            "place": "Seoul", "start_date": "2024-05", "date_basis": "stated", "title_en": "Signing in Seoul",
            "event_type": "signing", "status": "held", "agreements": [{"relation": "signs"}],
        }
    ]  # fmt: skip
    bare = read(body(events="Seoul", title_en="_No response_", signed_date="_No response_")).content["events"][0]
    assert not {"title_en", "start_date"} & set(bare)


def test_an_earlier_agreement_is_named_on_the_form(read: Callable[[str], Document]) -> None:
    found = rows(read(body(relations="Renews; avck-wonkwang-university-hospital-2023")))
    (relation,) = [row for row in found if row[0] == "agreement_relations"]
    assert ("other_agreement_id", "avck-wonkwang-university-hospital-2023") in relation


def test_a_line_with_too_many_parts_and_a_list_without_end_are_told(read: Callable[[str], Document]) -> None:
    text = body(parties="moh-vnm; VNM; Signatory; Ministry; A; B; C; D")
    assert faults(read(text)) == [("entry-misshapen", line_of(text, "moh-vnm; VNM"))]
    found = read(body(parties="\n".join(f"Body {number}; VNM; Signatory" for number in range(MOST + 1))))
    assert [code for code, _ in faults(found)] == ["entry-misshapen"]
    assert len(found.content["parties"]) == MOST


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("summary_en", "word " * 200_000),
        ("summary_en", "<!--" * 250_000),
        ("summary_en", "`" * 1_000_000),
        ("summary_en", "### x\n" * 160_000),
        ("signed_date", "### x\n" * 160_000),
        ("signed_date", "### " + "#" * 1_000_000),
        ("signed_date", "### " + " " * 1_000_000),
        ("areas", "," * 1_000_000),
        ("areas", "a," * 500_000),
        ("areas", "Cancer " * 150_000),
        ("parties", "a\n" * 500_000),
        ("parties", ";" * 1_000_000),
        ("commitments", "- " * 500_000),
        ("confirm", "- [ " * 250_000),
    ],
)  # fmt: skip
def test_a_megabyte_is_read_in_no_time(read: Callable[[str], Document], name: str, answer: str) -> None:
    text = body().replace(f"### {label(name)}\n\n", f"### {label(name)}\n\n{answer}\n", 1)
    start = time.process_time()
    found = read(text)
    assert time.process_time() - start < 3
    assert found.content["agreement"]["title_en"] == TITLE
    assert len(found.faults) <= 60


def shape_is_plain(value: object) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and shape_is_plain(item) for key, item in value.items())
    return all(map(shape_is_plain, value)) if isinstance(value, list) else isinstance(value, str)


LINES = st.one_of(
    st.sampled_from([f"### {item['attributes']['label']}" for item in fields("en") + fields("vi")]),
    st.sampled_from(
        ["", "_No response_", "- [x] a", "```", "<!--", "-->", "a; b; c", "Cancer, Burns", "### #", "###  "]
    ),
    st.text(max_size=20),
)


@given(st.lists(LINES, max_size=30).map("\n".join))
def test_any_text_is_a_document_or_told_to_be_none(form: IssueForm, text: str) -> None:
    try:
        found = issue.read_body(text, "issue 7", form)
    except Unreadable:
        return
    assert shape_is_plain(found.content)
    assert all(1 <= line <= text.count("\n") + text.count("\r") + 1 for line in found.lines.values())
    assert all(found.line(fault.trail) for fault in found.faults)


def test_an_event_file_is_read_like_the_body_in_it(form: IssueForm, tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"action": "opened", "issue": {"number": 12, "body": body().replace("\n", "\r\n")}}))
    found = issue.read(event, form)
    assert found.path == "issue 12"
    (tmp_path / "body.md").write_text(body(), encoding="utf-8")
    assert found.content == issue.read(tmp_path / "body.md", form).content


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("event.json", '{"issue": {"number": 12, "body": null}}', "issue 12 is no issue of the form"),
        ("event.json", '{"issue": {"number": "../x", "body": "### Notes"}}', "event.json is no issue of the form"),
        ("event.json", '{"pull_request": {}}', "is no event of an issue"),
        ("event.json", '{"issue": [1]}', "is no event of an issue"),
        ("event.json", '{"issue": {"body": "a", "body": "b"}}', "the key 'body' is written twice"),
        ("event.json", '{"issue": {"body": "\\ud800"}}', "half of a character"),
        ("event.json", "[" * 100_000, "nested too deeply"),
        ("event.json", "### Title in English", "is not JSON"),
        ("body.md", "", "is no issue of the form"),
        ("body.md", "### Command / Lệnh đã chạy\n\naccords\n\n### Version / Phiên bản\n\n1", "is no issue of the form"),
    ],
)  # fmt: skip
def test_what_is_no_issue_of_the_form_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, said: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert main(["add", "--issue", str(tmp_path / name), "--dry-run", "--package", str(seeded())]) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert told.err.count("\n") == 1
    assert not told.out


def test_findings_name_field_line_and_next_step(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = body(
        agreement_type="Memorandum of understandings",
        signed_date="14/06/2024",
        parties="moh-vnm; VNM; Signatary\nTokusa Test Hospital; Japan; Signatory; Hospital",
        uncertain="\x1b[31mred",
    )
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"issue": {"number": 12, "body": text}}))
    assert main(["add", "--issue", str(event), "--dry-run", "--package", str(seeded()), "--as-of", "2026-11-22"]) == 1
    told = capsys.readouterr().out
    wrong = {"Memorandum of understandings": "agreement_type", "14/06/2024": "signed_date", "Signatary": "role"}
    for part, field in wrong.items():
        assert f"issue 12:{line_of(text, part)} error [" in told
        assert f"] {field}\n" in told
    assert "Did you mean memorandum_of_understanding (Memorandum of understanding)" in told
    assert "\x1b" not in told


def test_a_call_without_any_contribution_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["add", "--package", str(seeded())]) == 2
    assert "no contribution is named" in capsys.readouterr().err


def test_an_issue_can_be_completed_by_hand(form: IssueForm, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "body.md").write_text(body("vi", status="Chưa rõ"), encoding="utf-8")
    assert main(["contribution", "--issue", str(tmp_path / "body.md"), "--package", str(seeded())]) == 0
    text = capsys.readouterr().out
    assert "status: Chưa rõ" in text
    assert document.read_text(text, "x").content == issue.read(tmp_path / "body.md", form).content


def test_who_fills_in_the_vietnamese_form_is_answered_in_vietnamese(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Card, codes and findings; any language can be asked for, and each cause is one finding."""

    def told(text: str, *options: str) -> str:
        (tmp_path / "body.md").write_text(text, encoding="utf-8")
        main(["add", "--issue", str(tmp_path / "body.md"), "--dry-run", "--package", str(seeded()), *options])
        return capsys.readouterr().out

    card = told(body("vi"))
    for line in (
        "thêm     Thỏa thuận: Memorandum",
        "    Loại thỏa thuận          Bản ghi nhớ (memorandum_of_understanding)",
        "  thêm Dẫn nguồn của thỏa thuận",
        "    Nước           Nhật Bản (JPN)",
        "SẼ THÊM: 26 dòng trong 13 bảng, 1 bản đóng góp",
        "điều chưa chắc: Whether the ministry itself signed.",
    ):
        assert line in card
    assert not [
        word for word in ("added", "changed", "supports)", "sources\n") if word in card.replace("(supports)", "")
    ]
    assert told(body("vi"), "--lang", "en").endswith("WOULD ADD: 26 rows in 13 tables, 1 contribution\n")
    wrong = told(body("vi", signed_date="14/5/24"))
    assert 'lỗi [date-form] signed_date\n  "14/5/24" chỉ có hai chữ số của năm' in wrong
    assert wrong.endswith("CHƯA GHI GÌ: còn 1 điều cần giải quyết trong 1 bản đóng góp\n")
