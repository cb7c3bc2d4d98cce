"""Who is meant: recognised where it is certain, asked where it is not; and what is wrong is said by line and field."""

from __future__ import annotations

import re
from typing import Any

import pytest
from contributions import synthetic
from hypothesis import given
from hypothesis import strategies as st
from intake import MEMORANDUM, Ours
from test_intake import WONKWANG, changed

from accords.intake.document import Document
from accords.intake.findings import Findings
from accords.intake.folding import address, folded, slug, spelt_alike, untracked
from accords.intake.form import Kind, Property
from accords.intake.likeness import bounds
from accords.intake.scalars import Scalars, spelt

PARTY: dict[str, Any] = {"name_en": "Cedar Clinic", "party_type": "clinic", "country": "KOR"}


def party(**values: Any) -> dict[str, Any]:
    return {"parties": [{**PARTY, **values}], "sources": [{**MEMORANDUM["sources"][0], "supports": "all"}]}


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"name_en": "WORLD HEALTH ORGANIZATION"}, "who"),
        ({"name_en": "The World-Health Organization"}, "who"),
        ({"name_vi": "Benh vien Dai hoc Wonkwang"}, "wonkwang-university-hospital"),
        ({"name_en": "원광대병원"}, "wonkwang-university-hospital"),
        ({"name_en": "Some name", "identifiers": [{"scheme": "ROR", "value": "01f80g185"}]}, "who"),
        ({"party_id": "avck"}, "avck"),
    ],
)
def test_known_parties_are_recognised(ours: Ours, said: dict[str, Any], found: str) -> None:
    """By name in any case, with or without marks, in any language, by number and by identifier."""
    doubts = ours.doubts({"parties": [{**said, "party_type": "clinic"}]})
    assert f'[value-conflict] party_type: party_type of {found} is "' in doubts[-1]
    assert len(doubts) == (2 if said.get("name_en") == "Some name" else 1), "another name contradicts as well"


def test_a_close_spelling_is_asked_and_not_guessed(ours: Ours) -> None:
    before, named = ours.snapshot(), party(name_en="Wonkwang Univesity Hospital", party_type="hospital")
    code, told = ours.add(named)
    assert code == 1
    assert "1.yaml:2 error [record-unclear] name_en" in told
    assert "wonkwang-university-hospital (Wonkwang University Hospital), score" in told
    assert "Write `party_id: wonkwang-university-hospital` if that is the one, or `new: yes` if it is another." in told
    assert ours.snapshot() == before
    assert ours.add(changed(named, "parties", 0, "new", to="có"))[0] == 0
    assert ours.add(changed(named, "parties", 0, "new", to="yes"))[1].startswith("NOTHING TO DO")


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Lao Cai General Hospital", "Lai Chau General Hospital", False),
        ("Lao Cai General Hospital No 1", "Lao Cai General Hospital No 2", False),
        ("Ministry of Health of Laos", "Ministry of Health", False),
        ("Hanoi Medical University", "Hanoi Medical University Hospital", False),
        ("Bạch Mai Hospital", "Hospital Bach Mai", True),
        ("Department for Health of Hue", "Health Department, Hue", True),
        ("Wonkwang Universty Hospital", "Wonkwang University Hospital", True),
    ],
)
def test_what_counts_as_a_close_spelling(one: str, other: str, alike: bool) -> None:
    assert spelt_alike(folded(one), folded(other)) is alike


def test_an_equal_name_in_another_country_is_another_body(ours: Ours) -> None:
    path = ours.file(party(name_en="Ministry of Health", party_type="ministry", country="KHM"))
    merger = ours.merged(path)
    assert merger.findings.found == []
    assert merger.drafts[0].identifier == "moh-khm"
    assert merger.drafts[0].new


def test_a_name_that_is_known_nowhere_comes_with_what_is_near(ours: Ours) -> None:
    content = changed(MEMORANDUM, "agreement", "parties", 0, "party", to="Ministry of Helth")
    first, second = ours.doubts(changed(content, "events", 0, "place", to="Atlantis"))
    assert first.startswith("1.yaml:12 [reference-unclear] party: ")
    assert "moh-vnm (Ministry of Health of Viet Nam)" in first
    assert "[reference-unclear] place" in second


def test_a_name_of_several_is_asked(ours: Ours) -> None:
    both = "Biên bản ghi nhớ hợp tác về việc hỗ trợ y tế cho người Việt Nam tại Hàn Quốc giai đoạn 2023-2025"
    relation = [{"relation": "references", "agreement": both}]
    (doubt,) = ours.doubts(changed(MEMORANDUM, "agreement", "relations", to=relation))
    assert "can mean more than one of the agreements" in doubt
    assert WONKWANG in doubt
    assert "avck-wonkwang-medical-foundation-2023" in doubt


def test_event_means_the_only_event_of_a_contribution(ours: Ours) -> None:
    promise = {**MEMORANDUM["commitments"][0], "event": "event"}
    says = [*MEMORANDUM["sources"][0]["supports"], {"of": "event", "field": "start_date", "value_in_source": "May 6"}]
    source = {**MEMORANDUM["sources"][0], "supports": says, "infers": {"of": "event", "field": "place", "note": "x"}}
    other = {**MEMORANDUM["sources"][0], "url": "https://other.example/1", "title": "Nurses learn", "supports": []}
    other["contradicts"] = [{"of": "event", "field": "start_date", "value_in_source": "7 May", "note": "A day more."}]
    reading = {"of": "event", "field": "start_date", "value": "2024-05-06", "outcome": "agrees",
               "reader": "A. Reader", "reading_date": "2026-11-22"}  # fmt: skip
    whole = {**MEMORANDUM, "commitments": [promise], "sources": [source, other], "readings": [reading]}
    code, told = ours.add(whole)
    assert code == 0, told
    event = "signing-cedar-clinic-moh-vnm-2024-05-06"
    cited = {(row["field"], row["support"]) for row in ours.rows("event_citations") if row["event_id"] == event}
    expected = {
        ("record", "supports"),
        ("start_date", "supports"),
        ("start_date", "contradicts"),
        ("place_id", "infers"),
    }
    assert cited == expected
    assert ours.row("commitments", event_id=event)["item"] == "training_place"
    assert ours.row("readings", record_id=event)["resource"] == "events"
    assert ours.add(whole)[1].startswith("NOTHING TO DO")


def test_event_is_asked_where_there_are_several_or_none(ours: Ours) -> None:
    later = changed(MEMORANDUM, "events", 0, "title_en", to="Visit to the Cedar Clinic")["events"][0]
    later |= {
        "event_type": "delegation_visit",
        "start_date": "2025",
        "parties": [{"party": "Cedar Clinic", "role": "host"}],
    }
    promise = {**MEMORANDUM["commitments"][0], "event": "event"}
    source = {**MEMORANDUM["sources"][0], "supports": ["all", "event"]}
    several = {**MEMORANDUM, "events": [MEMORANDUM["events"][0], later], "commitments": [promise], "sources": [source]}
    code, told = ours.add(several)
    assert code == 1, told
    assert re.findall(r"\[(\S+)\] (\w+)", told) == [("reference-unclear", "event"), ("reference-unclear", "of")], told
    assert told.count('"event" means the only event of a contribution, and this one has several: signing-cedar') == 2
    assert "→ Name the one that is meant, by its title or identifier." in told
    none = {**MEMORANDUM, "events": [], "sources": [source]}
    (doubt,) = [one for one in ours.doubts(none) if "] of:" in one]
    assert '"event" is not known among the records' in doubt


def test_no_event_is_part_of_itself(ours: Ours) -> None:
    (doubt,) = ours.doubts(changed(MEMORANDUM, "events", 0, "parent", to="event"))
    assert '[reference-unclear] parent: "event" is not known among the events' in doubt


def test_a_page_is_recognised_by_its_address(ours: Ours) -> None:
    url = ours.row("sources", source_id="ajunews-2023-avck-wonkwang")["url"]
    source = changed(MEMORANDUM, "sources", 0, "url", to=url.replace("https://", "http://www.") + "/?fbclid=x#top")
    for name in ("title", "title_language", "publisher", "published_date", "extent_read"):
        source = changed(source, "sources", 0, name, to=None)
    for path in (("agreement", "signed_date"), ("events", 0, "start_date"), ("commitments", 0, "date")):
        source = changed(source, *path, to="2023-06")
    code, told = ours.add(source)
    assert code == 0, told
    assert len([row for row in ours.rows("sources") if row["url"] == url]) == 1
    assert ours.row(
        "event_citations", source_id="ajunews-2023-avck-wonkwang", event_id="signing-cedar-clinic-moh-vnm-2023-06"
    )


def test_what_was_added_is_doubted_where_it_comes_again_in_other_words(ours: Ours) -> None:
    assert ours.add(MEMORANDUM)[0] == 0
    (doubt,) = ours.doubts(
        {"sources": [{**MEMORANDUM["sources"][0], "url": "https://mirror.example/1", "supports": []}]}
    )
    assert "[record-unclear] title" in doubt
    assert "source_id: example-2024-cedar-clinic-trains-nurses" in doubt
    other = changed(MEMORANDUM, "agreement", "title_en", to="Agreement of the Ministry and Cedar on training nurses")
    other["agreement"]["signed_date"] = "2024-05"
    (doubt,) = ours.doubts({"agreement": other["agreement"]})
    assert doubt.startswith("1.yaml:2 [likely-duplicate] title_en: ")
    assert "cedar-clinic-moh-vnm-2024 (Memorandum" in doubt
    assert "score 0.8" in doubt
    assert "Write `agreement_id: cedar-clinic-moh-vnm-2024` to add to that record, or `new: yes`" in doubt
    (doubt,) = ours.doubts({"events": [{**MEMORANDUM["events"][0], "title_en": "Signing", "agreements": [
        {"relation": "signs", "agreement": "cedar-clinic-moh-vnm-2024"}]}]})  # fmt: skip
    assert "[likely-duplicate] title_en" in doubt
    promise = {**MEMORANDUM["commitments"][0], "description_en": "Nurses come to courses"}
    (doubt,) = ours.doubts({"agreement": {"agreement_id": "cedar-clinic-moh-vnm-2024"}, "commitments": [promise]})
    assert "[record-unclear] description_en" in doubt


def test_two_reports_of_one_agreement_in_one_call(ours: Ours) -> None:
    other = changed(MEMORANDUM, "agreement", "title_en", to="Nursing agreement of Cedar Clinic and the Ministry")
    doubts = ours.doubts(MEMORANDUM, other)
    assert doubts[0].startswith("2.yaml:2 [likely-duplicate] title_en: ")


def test_another_paper_of_the_same_parties_gets_a_topic_word(ours: Ours) -> None:
    later = {
        "agreement": {
            **MEMORANDUM["agreement"],
            "title_en": "Memorandum of the Cedar Clinic and the Ministry of Health on burns",
            "signed_date": "2024-11-20",
            "areas": "burns",
        },
        "sources": [
            {**MEMORANDUM["sources"][0], "url": "https://example.org/2", "title": "Burns", "supports": "agreement"}
        ],
    }
    code, told = ours.add(MEMORANDUM, later)
    assert code == 0, told
    assert ours.row("agreements", agreement_id="cedar-clinic-moh-vnm-2024-burns")
    assert ours.row("sources", source_id="example-2024-burns")


def test_an_identifier_that_nobody_has_is_no_slip(ours: Ours) -> None:
    wrong = "avck-wonkwang-university-hospital-2032"
    (doubt,) = ours.doubts({"agreement": {"agreement_id": wrong, "term": "P2Y"}})
    assert f'[reference-unclear] agreement_id: "{wrong}" is not known' in doubt
    assert WONKWANG in doubt
    path = ours.root / "data" / "retired_ids.csv"
    path.write_text(path.read_text("utf-8") + "parties,cedar,,duplicate,0.1.0\n", encoding="utf-8")
    (doubt,) = ours.doubts(party(party_id="cedar"))
    assert '"cedar" was retired and is never used again' in doubt


Wrong = tuple[tuple[str | int, ...], Any, str]
VALUES: list[Wrong] = [
    (("agreement", "signed_date"), "1-Mar-2023", "Write the year first: 2023-03-01."),
    (("agreement", "signed_date"), "44986", "[spreadsheet-mangled-date] signed_date"),
    (("agreement", "signed_date"), "14/06/2023", "Write the year first: 2023-06-14."),
    (("agreement", "signed_date"), "2023-02-30", "[edtf-invalid] signed_date"),
    (("agreement", "signed_date"), "last spring", "[edtf-invalid] signed_date"),
    (("sources", 0, "accessed_date"), "2026-11", "[type-error] accessed_date"),
    (("commitments", 0, "quantity"), "2.500,5", "[type-error] quantity"),
    (("commitments", 0, "quantity"), "1.800", "write 1800 or 1.8, in a workbook as text."),
    (("commitments", 0, "quantity"), "twenty", "[type-error] quantity"),
    (("agreement", "agreement_type"), "memorandum_of_understandin", "Did you mean memorandum_of_understanding"),
    (("agreement", "areas"), ["nursing", "nursin"], "Did you mean nursing (Nursing)?"),
    (("events", 0, "event_type"), "encounter", "only groups others: encounter (Visit or meeting)"),
    (("parties", 0, "country"), "Korea", "[code-unknown] country"),
    (("sources", 0, "extent_read"), "all of it", "is none of full, excerpt, title"),
    (("agreement", "titel_en"), "x", "Did you mean title_en?"),
    (("parties",), {"name_en": "x"}, "parties holds keys with values where a list is expected"),
    (("agreement", "title_en"), ["x"], "title_en holds a list where a single text is expected"),
    (("agreement",), "x", "agreement holds a text where keys with values is expected"),
    (("agreement", "summary_en"), "x" * 1_000_000, "1000000 characters are more than the 600"),
    (("agreement", "notes"), "word " * 200_000, "999999 characters are more than the 2000"),
    (("agreement", "title_en"), "=cmd|' /C calc'!A0", "[formula-prefix] title_en"),
    (("agreement", "summary_en"), "The <b>two</b> sides &amp; more", "[html-residue] summary_en"),
    (("agreement", "summary_en"), "Write to someone@example.org", "[person-data] summary_en"),
    (("agreement", "summary_en"), "n/a", "[placeholder-text] summary_en"),
    (("agreement", "status"), None, "status is missing (Status)"),
    (("agreement", "status"), "_No response_", "status is missing (Status)"),
    (("agreement", "parties", 1, "role"), None, "role is missing (Role)"),
    (("agreement", "agreement_id"), "Not a slug", "does not match the pattern"),
    (("sources", 0, "supports"), ["everything"], "[reference-unclear] of"),
]
RULES: list[Wrong] = [
    (("agreement", "signed_date_basis"), None, "signed_date"),
    (("agreement", "title_original"), "Bản ghi nhớ", "[title-language-missing]"),
    (("agreement", "end_date"), "1990", "[end-before-start] end_date"),
    (("sources", 0, "infers"), ["agreement"], "note"),
    (("commitments", 0, "receiver"), "same", "[provider-is-receiver]"),
]


@pytest.mark.parametrize("wrong", [VALUES, RULES], ids=["values", "rules"])
def test_what_is_wrong_is_said_by_line_and_field(ours: Ours, wrong: list[Wrong]) -> None:
    """One mistake in each of many contributions: each is said of its file, and nothing at all is written."""
    before, contents = ours.snapshot(), synthetic(len(wrong))
    for number, (path, to, _) in enumerate(wrong):
        if to == "same":
            to = contents[number]["commitments"][0]["provider"]
        contents[number] = changed(contents[number], *path, to=to)
    code, told = ours.add(*contents)
    assert code == 1
    told_of: dict[str, str] = {}
    for block in re.split(r"^(?=\S)", told, flags=re.MULTILINE):
        if place := re.match(r"\S*?(\d+)\.yaml:\d+ error ", block):
            told_of[place[1]] = told_of.get(place[1], "") + block
    for number, (path, to, expected) in enumerate(wrong, 1):
        assert expected in told_of.get(str(number), ""), (path, str(to)[:60], told_of.get(str(number), "")[:500])
        assert len(told_of[str(number)]) < 3000
    assert ours.snapshot() == before


def test_everything_wrong_is_said_at_once(ours: Ours) -> None:
    content = changed(MEMORANDUM, "agreement", "signed_date", to="44986")
    content = changed(content, "agreement", "summary_en", to="<p>Both sides</p>")
    content = changed(content, "events", 0, "place", to="Atlantis")
    content = changed(content, "parties", 0, "party_type", to="klinic")
    code, told = ours.add(content)
    assert code == 1
    for word in ("spreadsheet-mangled-date", "html-residue", "reference-unclear", "code-unknown"):
        assert told.count(f"[{word}]") == 1, told
    assert "4 to settle in 1 contribution" in told


def test_what_is_missing_is_said_once(ours: Ours) -> None:
    """Each of many contributions lacks one value: it is asked for, and what follows from that is not told."""
    lacking = [
        ("agreement", "title_en"),
        ("agreement", "agreement_type"),
        ("agreement", "status"),
        ("agreement", "summary_en"),
        ("agreement", "parties", 0, "party"),
        ("agreement", "parties", 0, "role"),
        ("parties", 0, "name_en"),
        ("events", 0, "title_en"),
        ("events", 0, "event_type"),
        ("commitments", 0, "item"),
        ("commitments", 0, "description_en"),
        ("sources", 0, "source_type"),
        ("sources", 0, "extent_read"),
    ]
    contents = synthetic(len(lacking))
    code, told = ours.add(*(changed(one, *path, to=None) for one, path in zip(contents, lacking, strict=True)))
    assert code == 1
    for number, (*_, name) in enumerate(lacking, 1):
        said = re.findall(rf"/{number}\.yaml:\d+ error \[(\S+)\] (\w+)", told)
        assert [code for code, of in said if of in (name, "commitment_id")] == ["entry-missing"], (name, told)


def test_what_follows_from_a_word_that_is_no_code_is_not_told(ours: Ours) -> None:
    content = changed(MEMORANDUM, "events", 0, "event_type", to="Big & small meeting")
    code, told = ours.add(changed(content, "commitments", 0, "item", to="Two courses!"))
    assert code == 1
    assert re.findall(r"\[(\S+)\] (\w+)", told) == [("code-unknown", "event_type"), ("code-unknown", "item")], told


def test_what_the_rules_find_is_led_to_its_line(ours: Ours) -> None:
    content = changed(MEMORANDUM, "agreement", "end_date", to="2020")
    content["agreement"] |= {"effective_date": "2024", "effective_date_basis": "stated", "end_date_basis": "stated"}
    code, told = ours.add(content)
    assert code == 1
    place = re.search(r"1\.yaml:(\d+) error \[end-before-start\] end_date", told)
    assert place, told
    assert ours.file(content).read_text("utf-8").splitlines()[int(place[1]) - 1].strip() == "end_date: 2020"


def test_what_a_new_record_does_to_an_older_one_is_led_to_the_new_one(ours: Ours) -> None:
    """The rule names the later of the two identifiers, which here is the one that was there before."""
    old = ours.row("agreements", agreement_id="moh-lao-moh-vnm-2013")
    names = ("title_en", "agreement_type", "signed_date", "signed_date_basis", "status", "status_as_of", "summary_en")
    again = {name: old[name] for name in names if old[name]}
    parties = [{"party": name, "role": "signatory"} for name in ("moh-lao", "moh-vnm")]
    source = {**MEMORANDUM["sources"][0], "supports": "agreement"}
    code, told = ours.add({"agreement": {"agreement_id": "again", **again, "parties": parties}, "sources": [source]})
    assert code == 1
    assert re.search(r"1\.yaml:1 error \[duplicate-agreement\]", told), told


@pytest.mark.parametrize(
    ("said", "readings"),
    [
        ("1.800", "1800 or 1.8"),
        ("1.000", "1000 or 1"),
        ("12.345", "12345 or 12.3450"),
        ("-250.500", "-250500 or -250.5"),
        *((said, "") for said in ("0.125", "1.8005", "1.8", "1.80", "1800", "1.2340", "1234.567", "0.000")),
    ],
)
def test_a_point_before_three_digits_is_asked(ours: Ours, said: str, readings: str) -> None:
    for name in ("quantity", "quantity_max", "amount"):
        doubts = ours.doubts(changed(MEMORANDUM, "commitments", 0, name, to=said))
        expected = f'[number-unclear] {name}: "{said}" can be {readings}: many pages divide thousands with a point'
        assert len(doubts) == bool(readings)
        assert all(expected in doubt for doubt in doubts)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("14.5.2024", "does not begin with the year → Write the year first: 2024-05-14."),
        ("14/05/2024", "does not begin with the year → Write the year first: 2024-05-14."),
        ("05/14/2024", "does not begin with the year → Write the year first: 2024-05-14."),
        ("5-5-2024", "does not begin with the year → Write the year first: 2024-05-05."),
        ("14 May 2024", "does not begin with the year → Write the year first: 2024-05-14."),
        ("5/2024", "does not begin with the year → Write the year first: 2024-05."),
        ("2024/5/14", "is not written with hyphens and two digits each for month and day → Write 2024-05-14."),
        ("September 2024", "does not begin with the year → Write the year first: 2024-09."),
        (
            "3/6/2024",
            "does not begin with the year, and can be 2024-06-03 or 2024-03-06 → "
            "Write the year first: 2024-06-03, or 2024-03-06 if the month stands before the day.",
        ),
        (
            "14.5.24",
            "has only two digits of the year → Write the year in full and first: YYYY-MM-DD, YYYY-MM or YYYY.",
        ),
    ],
)
def test_a_date_that_is_written_another_way_is_told_in_ours(ours: Ours, said: str, told: str) -> None:
    doubts = ours.doubts(changed(MEMORANDUM, "agreement", "signed_date", to=said))
    assert doubts == [f'1.yaml:4 [date-form] signed_date: "{said}" {told}']


@pytest.mark.parametrize(
    ("said", "code"),
    [("31.02.2024", "edtf-invalid"), ("45423", "spreadsheet-mangled-date"), ("May-24", "spreadsheet-mangled-date"),
     ("13/2024", "edtf-invalid"), ("14.5", "edtf-invalid"), ("0.0.0000", "edtf-invalid")],
)  # fmt: skip
def test_what_is_no_date_either_way_is_told_as_such(ours: Ours, said: str, code: str) -> None:
    (doubt,) = ours.doubts(changed(MEMORANDUM, "agreement", "signed_date", to=said))
    assert f"[{code}] signed_date" in doubt


def test_a_day_that_has_to_be_whole(ours: Ours) -> None:
    for said, code in (("22/11/2026", "date-form"), ("11/2026", "type-error"), ("2026", "type-error")):
        (doubt,) = ours.doubts(changed(MEMORANDUM, "sources", 0, "accessed_date", to=said))
        assert f"[{code}] accessed_date" in doubt


def test_degrees_have_no_thousands(ours: Ours) -> None:
    assert ours.doubts({"places": [{"place_id": "viet-nam", "latitude": "21.028", "longitude": "105.854"}]}) == []


@given(st.from_regex(r"-?[0-9]{1,4}\.[0-9]{1,6}", fullmatch=True), st.sampled_from(["amount", "latitude"]))
def test_a_number_of_the_data_is_said_so_that_it_is_read_again(number: str, column: str) -> None:
    item, findings = Property(column, Kind.NUMBER, {}, column), Findings()
    read = Scalars({}, findings).read(Document("1.yaml", {}), item, spelt(item, number), ())
    assert (read, findings.found) == (number, [])


@given(st.text(max_size=20))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert slug(slug(text)) == slug(text)
    assert slug(text, 10) == "" or len(slug(text, 10)) <= 10


@given(st.text(max_size=40))
def test_an_address_never_fails_and_is_stable(text: str) -> None:
    assert address(text) == address(untracked(text)) or "?" in text
    assert untracked(untracked(text)) == untracked(text)


def test_addresses_that_are_one() -> None:
    one = address("https://www.example.org/a/b?id=1&utm_source=x#part")
    assert one == address("http://example.org/a/b/?id=1") == address("HTTPS://EXAMPLE.ORG/a/b?fbclid=2&id=1")
    assert one != address("https://example.org/a/b?id=2")
    assert one != address("https://example.org/A/b?id=1")
    assert untracked("https://e.org/?utm_source=a&b=%20c&gclid=1#:~:text=x") == "https://e.org/?b=%20c"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023", "2023-01-01", "2023-12-31"),
        ("2023-02~", "2023-02-01", "2023-02-28"),
        ("2023-06-14?", "2023-06-14", "2023-06-14"),
        ("201X", "2010-01-01", "2019-12-31"),
        ("2023-35", "2023-07-01", "2023-09-30"),
        ("2024-40", "2024-01-01", "2024-06-30"),
        ("2024-41", "2024-07-01", "2024-12-31"),
    ],
)
def test_bounds_of_partial_dates(text: str, first: str, last: str) -> None:
    found = bounds(text)
    assert found is not None
    assert (found[0].isoformat(), found[1].isoformat()) == (first, last)
    assert bounds("2023-02-30") is None


def test_promises_of_one_contribution_are_not_held_for_one_another(ours: Ours) -> None:
    two = [
        {**MEMORANDUM["commitments"][0], "description_en": text} for text in ("Courses for nurses", "Courses for aides")
    ]
    assert ours.doubts({**MEMORANDUM, "commitments": two}) == []


def test_a_source_without_title_is_told_by_its_address(ours: Ours) -> None:
    untitled = {key: value for key, value in MEMORANDUM["sources"][0].items() if key not in ("title", "title_language")}
    assert ours.add({**MEMORANDUM, "sources": [{**untitled, "supports": "all"}]})[0] == 0
    again = {**untitled, "source_id": "example-other", "supports": "all"}
    [told] = [
        line for line in ours.doubts({**MEMORANDUM, "sources": [again]}) if "example-other" in line or "source" in line
    ]
    assert '"https://www.example.org/' in told
