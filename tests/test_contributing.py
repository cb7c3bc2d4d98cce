"""The guide for contributors says what the tool does, and says the same in both languages."""

from __future__ import annotations

import csv
import itertools
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import yaml
from intake import ROOT, Ours
from markdown_it import MarkdownIt
from markdown_it.token import Token
from workbooks import MEMORANDUM, filled

from accords.intake.text import to_yaml

ENGLISH, VIETNAMESE = ROOT / ".github" / "CONTRIBUTING.md", ROOT / ".github" / "CONTRIBUTING.vi.md"
GUIDES = {"en": ENGLISH, "vi": VIETNAMESE}
WONKWANG = "avck-wonkwang-university-hospital-2023"
EXAMPLE = (WONKWANG, "signing-avck-wonkwang-university-hospital-2023-06-14", "wonkwang-university-hospital")
FILE = "contribution.yaml"
ISSUE = {
    "Title in English": "Memorandum on the training of nurses of Tokusa Test Hospital and the Ministry of Health",
    "Type of agreement": "Memorandum of understanding",
    "Parties": "moh-vnm; VNM; Signatory\nTokusa Test Hospital; Japan; Signatory; Hospital",
    "Date of signing": "2024-05",
    "Basis of the date of signing": "Stated",
    "Status": "Signed",
    "Fields of health": "Nursing",
    "Ways of cooperation": "Short course",
    "Summary in English": "The ministry and the hospital train nurses together.",
    "Sources": "https://news.example/nurses; News agency or newspaper; full; News Example; 2024-05-14",
}


@dataclass(frozen=True)
class Example:
    """A contribution in the guide, and what it says that the tool answers: "" where it does not."""

    text: str
    answer: str


def tokens(path: Path) -> list[Token]:
    return MarkdownIt().enable("table").parse(path.read_text("utf-8"))


def fences(path: Path, *kinds: str) -> list[Token]:
    return [token for token in tokens(path) if token.type == "fence" and (not kinds or token.info in kinds)]


def examples(path: Path) -> list[Example]:
    """Return the contributions of a guide, each with the block of text that comes next."""
    blocks = fences(path)
    following = [*blocks[1:], None]
    return [
        Example(block.content, after.content if after and after.info == "text" else "")
        for block, after in zip(blocks, following, strict=True)
        if block.info == "yaml" and not is_rule(block.content)
    ]


def is_rule(text: str) -> bool:
    return any("severity" in entry for entry in yaml.safe_load(text).values() if isinstance(entry, dict))


def says(told: str, answer: str) -> None:
    """Check that lines were printed, in this order; "…" stands for lines left out, or for the end of a line."""
    lines = iter(told.splitlines())
    for wanted in answer.splitlines():
        if wanted != "…":
            start = wanted.removesuffix("…").rstrip()
            whole = start == wanted
            assert any(line == start or (not whole and line.startswith(start)) for line in lines), wanted


def without_example(root: Path) -> dict[str, list[dict[str, str]]]:
    """Take the record of the worked example out of a package, and return the rows that are gone, by table."""
    gone: dict[str, list[dict[str, str]]] = {}
    for path in (root / "data").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            head, *rows = csv.reader(stream)
        kept = [row for row in rows if not any(is_of_example(cell) for cell in row)]
        gone[path.stem] = [dict(zip(head, row, strict=True)) for row in rows if row not in kept]
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows([head, *kept])
    return gone


def is_of_example(cell: str) -> bool:
    return cell in EXAMPLE or cell.startswith(f"{WONKWANG}-") or cell.partition(":")[2] in EXAMPLE


@pytest.fixture
def here(ours: Ours, monkeypatch: pytest.MonkeyPatch) -> Ours:
    """Return a copy of our package that is the current folder, as the guide has it."""
    monkeypatch.chdir(ours.root)
    return ours


def dry(here: Ours, text: str) -> tuple[int, str]:
    (here.root / FILE).write_text(text, encoding="utf-8")
    return here.run("add", FILE, "--dry-run", "--as-of", "2026-11-22")


def test_the_worked_example_makes_the_rows_of_the_record(here: Ours) -> None:
    example = examples(ENGLISH)[0]
    assert dry(here, example.text) == (0, "NOTHING TO DO: all of it is in the package already\n")
    gone = without_example(here.root)
    code, told = dry(here, example.text)
    assert code == 0, told
    says(told, example.answer)
    before = {table: here.rows(table) for table in gone}
    assert here.run("add", FILE, "--as-of", "2026-11-22")[0] == 0
    added = {table: [row for row in here.rows(table) if row not in before[table]] for table in gone}
    assert sum(map(len, added.values())) == 22
    for table, rows in added.items():
        for row in rows:
            cells = {name: cell for name, cell in row.items() if cell and name != "coding"}
            assert any(cells.items() <= known.items() for known in gone[table]), (table, row)


def test_every_other_example_is_answered_as_the_guide_says(here: Ours) -> None:
    others = examples(ENGLISH)[1:]
    assert len(others) == 8
    for example in others:
        code, told = dry(here, example.text)
        says(told, example.answer)
        blocked = "NOTHING WRITTEN" in example.answer
        assert code == int(blocked), told
        assert blocked == ("NOTHING WRITTEN" in told)


def commands(path: Path) -> Iterator[tuple[str, ...]]:
    """Yield the calls of the tool in a guide, without its name, in order."""
    for token in tokens(path):
        lines = token.content.splitlines() if token.type == "fence" and token.info == "sh" else []
        yield from (tuple(shlex.split(line)[1:]) for line in lines if line.startswith(".venv/bin/accords "))
        for child in token.children or ():
            call = child.content.split() if child.type == "code_inline" else []
            if call[:1] == ["accords"] and len(call) > 2 and not any(part.isupper() for part in call):
                yield tuple(call[1:])


def test_every_command_of_the_guide_runs(here: Ours) -> None:
    """In the folder of the package, with the files filled in, and the guide's own rule as the only one."""
    (rule,) = [block.content for block in fences(ENGLISH, "yaml") if is_rule(block.content)]
    for path in (here.root / "schemas" / "rules").iterdir():
        path.unlink()
    (here.root / "schemas" / "rules" / "guide.yaml").write_text(rule, encoding="utf-8")
    issue = "\n\n".join(f"### {label}\n\n{answer}" for label, answer in ISSUE.items())
    (here.root / "issue.md").write_text(issue, encoding="utf-8")
    calls = list(dict.fromkeys(commands(ENGLISH)))
    assert {call[0] for call in calls} == {"template", "add", "contribution", "validate", "tidy"}
    for call in (*calls, ("explain", next(iter(yaml.safe_load(rule))))):
        if call[0] in ("template", "contribution"):
            (here.root / FILE).unlink(missing_ok=True)  # each part of the guide begins without one
        code, told = here.run(*call)
        assert code == 0, (call, told)
        if call[0] in ("template", "contribution"):
            (here.root / FILE).write_text(examples(ENGLISH)[0].text, encoding="utf-8")
        if "--xlsx" in call:
            book = filled(MEMORANDUM)
            book.save(here.root / call[call.index("--xlsx") + 1])
    assert (here.root / "agreements-errors.xlsx").stat().st_size > 1000


def test_labels_and_codes_of_the_guide_are_those_of_the_data() -> None:
    """The values that the tables name as right are taken by the form, and the forms are called as they are."""
    forms = [yaml.safe_load(path.read_text("utf-8")) for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*-*.yml")]
    names = {part.strip() for form in forms for part in form["name"].split(" / ")}
    for path in GUIDES.values():
        bold = set(re.findall(r"(?:form|mẫu) \*\*(.+?)\*\*", path.read_text("utf-8")))
        assert len(bold) >= 5
        assert bold <= names
    with (ROOT / "data" / "vocabularies" / "agreement_statuses.csv").open(encoding="utf-8", newline="") as stream:
        statuses = {row["code"] for row in csv.DictReader(stream)}
    for path in GUIDES.values():
        assert statuses <= set(re.findall(r"^\| `(\w+)` \|", path.read_text("utf-8"), re.MULTILINE))


def shape(path: Path) -> list[Any]:
    """Return the parts of a guide in order: levels of headings, code, rows and columns of tables, lists."""
    parts: list[Any] = []
    for token in tokens(path):
        if token.type == "fence":
            parts.append((token.info, token.content))
        elif token.type == "heading_open":
            parts.append(token.tag)
        elif token.type in ("tr_open", "th_open", "td_open", "list_item_open"):
            parts.append(token.type)
    return parts


def test_both_languages_have_the_same_parts() -> None:
    english, vietnamese = shape(ENGLISH), shape(VIETNAMESE)
    assert len(english) > 300
    for one, other in zip(english, vietnamese, strict=True):
        assert one == other


def links(path: Path) -> list[str]:
    return [
        str(child.attrs["href"])
        for token in tokens(path)
        for child in token.children or ()
        if child.type == "link_open"
    ]


def anchors(path: Path) -> set[str]:
    """Return the names that GitHub gives to the headings of a page."""
    parsed = tokens(path)
    heads = [after.content for token, after in itertools.pairwise(parsed) if token.type == "heading_open"]
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("language", GUIDES)
def test_links_lead_somewhere(language: str) -> None:
    path = GUIDES[language]
    for link in links(path):
        file, _, anchor = unquote(link).partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.is_file(), link
        assert not anchor or anchor in anchors(target), link


def test_the_guides_name_each_other_at_the_top_and_lead_to_the_same_pages() -> None:
    english, vietnamese = links(ENGLISH), links(VIETNAMESE)
    assert (english[0], vietnamese[0]) == (VIETNAMESE.name, ENGLISH.name)
    pages = [[link for link in found[1:] if not link.startswith("#")] for found in (english, vietnamese)]
    assert pages[0] == pages[1]


def test_a_changed_example_would_be_noticed(here: Ours) -> None:
    """The checks above can fail: another value in the example is a question, another answer is missed."""
    content = yaml.load(examples(ENGLISH)[0].text, Loader=yaml.BaseLoader)
    content["agreement"]["end_date"] = "2026"
    code, told = dry(here, to_yaml(content))
    assert code == 1
    assert "[value-conflict] end_date" in told
    with pytest.raises(AssertionError, match="WOULD ADD"):
        says(told, examples(ENGLISH)[0].answer.splitlines()[-1])
