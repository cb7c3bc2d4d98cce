"""The form says all that the tables can hold, in two languages; the blank and the examples follow it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from intake import MEMORANDUM, ROOT, Ours, seeded
from jsonschema import Draft202012Validator

from accords.cli import main
from accords.descriptor import load
from accords.intake.citing import TABLES
from accords.intake.document import read_text
from accords.intake.form import LANGUAGES, Kind, Property, Section, read_form, read_schema
from accords.intake.merging import Merger
from accords.intake.register import KINDS, id_column
from accords.intake.reverse import Reverse
from accords.intake.tables import Tables
from accords.intake.text import to_yaml

PACKAGE = load(seeded())
FORM, TABLES_OF_OURS = read_form(PACKAGE.files), Tables(PACKAGE)
SCHEMA = read_schema(PACKAGE.files)


def walk(section: Section, path: str = "") -> Iterator[tuple[str, Section, Property]]:
    for item in section.properties.values():
        yield f"{path}/{item.name}", section, item
        if item.section is not None:
            yield from walk(item.section, f"{path}/{item.name}")


def test_the_schema_is_one_and_holds_the_codes_of_now(tmp_path: Path) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    out = tmp_path / "schema.json"
    assert main(["template", "--schema", "--package", str(ROOT), "-o", str(out)]) == 0
    current = (ROOT / "schemas" / "contribution.schema.json").read_text("utf-8")
    assert out.read_text("utf-8") == current, "run accords template --schema -o schemas/contribution.schema.json"


def test_every_contribution_of_ours_follows_the_schema() -> None:
    validator = Draft202012Validator(SCHEMA)
    every = list(Reverse(TABLES_OF_OURS, FORM).every())
    for name, content in every:
        assert [error.message for error in validator.iter_errors(content)] == [], name
    assert len(every) > 50
    assert [error.message for error in validator.iter_errors(MEMORANDUM)] == []
    assert list(validator.iter_errors({"agreement": {"titel": "x"}}))


def test_every_column_of_every_table_has_a_place_in_the_form() -> None:
    """What the form fills are the columns of the tables: all of them, and no others."""
    filled: dict[str, set[str]] = {}
    for _, section, item in walk(FORM):
        if item.table and item.column and item.kind is Kind.TEXTS:
            filled.setdefault(item.table, set()).add(item.column)
        elif section.table and item.column and item.section is None:
            filled.setdefault(section.table, set()).add(item.column)
    for kind, name in TABLES.items():
        filled[name] = {id_column(kind), "field", "source_id", "support", "value_in_source", "note"}
    filled["readings"] |= {"resource", "record_id"}
    tables = [item for item in PACKAGE.resources if "/vocabularies/" not in item.path]
    assert {item.name for item in tables} == set(filled)
    for table in tables:
        assert table.schema is not None
        owner = {id_column(kind) for kind in KINDS if table.name.startswith(id_column(kind).removesuffix("id"))}
        assert filled[table.name] | owner == set(table.schema.names), table.name


def test_every_key_is_explained_in_both_languages_and_takes_what_its_column_does() -> None:
    for path, section, item in walk(FORM):
        for language in LANGUAGES:
            assert item.words[language].title, path
            assert item.words[language].description, path
        assert item.words["en"].description != item.words["vi"].description, path
        if section.table is None or item.column is None or item.section or item.kind is Kind.TEXTS:
            continue
        schema = TABLES_OF_OURS[section.table].schema
        parents = {key.fields[0]: key.parent for key in schema.foreign_keys}
        field = schema.field(item.column)
        assert (item.vocabulary or item.refers) == parents.get(item.column), path
        assert (item.kind is Kind.DATE) == (field.edtf or field.type == "date"), path
        assert (item.kind is Kind.NUMBER) == (field.type == "number"), path
        assert list(item.choices) == list(field.constraints.get("enum", [])) or item.kind is Kind.FLAG, path
        assert item.longest <= field.constraints.get("maxLength", 10_000), path


TEXTS = st.one_of(
    st.sampled_from(
        ["", "yes", "all", "agreement", "2023", "2023-02-30", "44986", "-1", "who", "WHO", "Bộ Y tế", "hanoi"]
    ),
    st.sampled_from(
        ["http://[", "https://a.b/?x=1#y", "nursing", "signing", "parties: who", "areas:", ":", "signed_date"]
    ),
    st.sampled_from(["avck-wonkwang-university-hospital-2023", "VNM", "Hàn Quốc", "signatory", "hospital", "\x1b[31m"]),
    st.text(max_size=12),
)


def contents(section: Section) -> st.SearchStrategy[Any]:
    """Return documents of the right keys, and mostly of the right shapes, that say anything at all."""
    shapes: dict[str, st.SearchStrategy[Any]] = {}
    for item in section.properties.values():
        value: st.SearchStrategy[Any] = TEXTS
        if item.kind is Kind.REPLACES:
            value = st.dictionaries(st.sampled_from(list(section.properties)), TEXTS, max_size=2)
        elif item.section is not None:
            inner = contents(item.section)
            value = inner if item.kind is Kind.RECORD else st.lists(inner | TEXTS, max_size=2)
        elif item.kind is Kind.TEXTS:
            value = st.lists(TEXTS, max_size=2) | TEXTS
        shapes[item.name] = value
    return st.fixed_dictionaries({}, optional=shapes) | st.dictionaries(TEXTS, TEXTS, max_size=1)


@settings(max_examples=25)
@given(st.lists(contents(FORM), min_size=1, max_size=4))
def test_whatever_a_contribution_says_it_ends_in_findings_and_never_in_a_fault(listed: list[Any]) -> None:
    tables = Tables(PACKAGE)
    merger = Merger(tables, FORM)
    merger.merge([read_text(to_yaml(content), f"{number}.yaml") for number, content in enumerate(listed)])
    for finding in merger.findings.found:
        assert finding.problem.line
        assert finding.problem.message.isprintable()
    for change in tables.changes():
        assert tables[change.table].key(change.after or {}) == change.key
    tables.files()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_blank_is_a_contribution_that_says_nothing_yet(ours: Ours, language: str) -> None:
    path = ours.root.parent / "blank.yaml"
    assert ours.run("template", "--lang", language, "-o", str(path), "--package", str(ours.root))[0] == 0
    text = path.read_text("utf-8")
    content = read_text(text, "blank").content
    assert set(content) == set(FORM.properties) - {"readings", "retired"}
    keys = set(re.findall(r"^[ #-]*([a-z_0-9]+):", text, re.MULTILINE))
    assert {item.name for _, section, item in walk(FORM) if section.name not in ("reading", "retired")} - {
        "readings",
        "retired",
    } <= keys
    assert max(map(len, text.splitlines())) <= 110
    errors = Draft202012Validator(SCHEMA).iter_errors(yaml.safe_load(text))  # as an editor reads it, with nulls
    assert [error.message for error in errors] == []
    first = text.partition("\n")[0]
    assert first == "# yaml-language-server: $schema=package/schemas/contribution.schema.json"
    code, told = ours.run("add", str(path), "--package", str(ours.root))
    assert (code, "[contribution-empty]" in told) == (1, True)
    assert ("Ngày ký" in text) == (language == "vi")


def test_the_blank_filled_in_by_hand_is_added(ours: Ours) -> None:
    """Lines of the blank, filled in where they stand; all others stay as they are."""
    ours.run("template", "-o", str(ours.root.parent / "blank.yaml"), "--package", str(ours.root))
    text = (ours.root.parent / "blank.yaml").read_text("utf-8")
    head, _, rest = text.partition("\nevents:")
    for key, value in (("party", "Bộ Y tế"), ("role", "signatory")):
        head = re.sub(rf"( {key}:)\n", rf"\1 {value}\n", head, count=1)
    for key, value in MEMORANDUM["agreement"].items():
        if isinstance(value, str):
            head = re.sub(rf"^  {key}:\n", f"  {key}: {value}\n", head, flags=re.MULTILINE)
    for key, value in MEMORANDUM["parties"][0].items():
        head = re.sub(rf"^(    |  - ){key}:\n", rf"\1{key}: {value}\n", head, flags=re.MULTILINE)
    rest = re.sub(r"\n  - url:", "\n  - url: https://www.example.org/1", rest)
    for key, value in (("source_type", "Báo chí, thông tấn xã"), ("extent_read", "Full"), ("publisher", "Example")):
        rest = re.sub(rf"\n    {key}:", f"\n    {key}: {value}", rest)
    rest = re.sub(r"\n      - of:", "\n      - of: all", rest, count=1)
    second = "\n    - party: Cedar Clinic\n      role: Bên ký kết"
    head = re.sub(r"(\n      representative_title:)\n", rf"\1{second}\n", head, count=1)
    path = ours.file(head + "\nevents:" + rest, "filled.yaml")
    code, told = ours.run("add", str(path), "--package", str(ours.root))
    assert code == 0, told
    assert ours.row("agreements", agreement_id="cedar-clinic-moh-vnm-2024")["signed_date"] == "2024-05-06"


@pytest.mark.parametrize(
    "call",
    [
        ("template", "-o", "{}"),
        ("template", "--xlsx", "{}"),
        ("contribution", "moh-vnm", "-o", "{}"),
        ("contribution", "--issue", "nowhere.md", "-o", "{}"),
    ],
)
def test_what_was_filled_in_is_never_written_over(ours: Ours, call: tuple[str, ...]) -> None:
    path = ours.file("agreement: {title_en: Hours of work}\n", "filled.yaml")
    code, told = ours.run(*(part.format(path) for part in call), "--package", str(ours.root))
    assert code == 2
    assert told == (f"accords: {path} is there already and is kept: name another file, or move that one away first.\n")
    assert path.read_text("utf-8") == "agreement: {title_en: Hours of work}\n"


def test_contributions_of_all_records_are_written_over_none(ours: Ours) -> None:
    folder = ours.root.parent / "all"
    folder.mkdir()
    (folder / "parties-moh-vnm.yaml").write_text("mine", encoding="utf-8")
    code, told = ours.run("contribution", "--all", str(folder), "--package", str(ours.root))
    assert (code, "moh-vnm.yaml is there already and is kept" in told) == (2, True)
    assert len(list(folder.iterdir())) == 1, "not one of them was written"


def test_what_is_made_from_the_package_is_made_anew(ours: Ours) -> None:
    for option in ("--schema", "--form"):
        path = ours.file("as it was", "made")
        assert ours.run("template", option, "-o", str(path), "--package", str(ours.root))[0] == 0
        assert path.stat().st_size > 1000


def test_a_contribution_for_an_identifier_that_is_none(ours: Ours) -> None:
    code, told = ours.run("contribution", "nobody", "--package", str(ours.root))
    assert code == 2
    assert told == "accords: 'nobody' is no identifier of this package.\n"
    commitment = "avck-wonkwang-university-hospital-2023-fee-cut"
    assert commitment in ours.run("contribution", commitment, "--package", str(ours.root))[1]


def test_explain_knows_the_codes_of_contributions(ours: Ours) -> None:
    for code in ("record-unclear", "likely-duplicate", "value-conflict", "entry-unknown", "contribution-empty"):
        assert "What to do:" in ours.run("explain", code, "--package", str(ours.root))[1]


def test_a_package_without_a_form_takes_no_contributions(ours: Ours) -> None:
    (ours.root / "schemas" / "contribution.schema.json").unlink()
    code, told = ours.add(MEMORANDUM)
    assert code == 2
    assert "takes no contributions" in told
    (ours.root / "schemas" / "contribution.schema.json").write_text(json.dumps({"properties": 1}), "utf-8")
    assert ours.add(MEMORANDUM)[0] == 2


def test_the_example_of_the_readme_is_added(ours: Ours) -> None:
    text = (ROOT / "validate" / "README.md").read_text("utf-8")
    example = text.partition("```yaml\n")[2].partition("```")[0]
    code, told = ours.add(example, options=("--dry-run",))
    assert code == 0, told
    assert "uncertain: The clinic may be one of a chain." in told
