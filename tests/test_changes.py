"""One comparison with every kind of record, rendered in every format, and values that mean harm.

Longer than most modules because the comparison is made here by hand.
"""

from __future__ import annotations

import csv
import html
import io
import json
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pages import MARKDOWN, Page

from accords.changes import (
    Alike,
    Card,
    Cell,
    Change,
    Difference,
    Kind,
    Line,
    Part,
    RowChange,
    Side,
    Source,
    Step,
    Unread,
)
from accords.report.changelog import to_changelog
from accords.report.changes import FORMATS
from accords.report.changes.to_text import LINES, PARTS, SOURCES
from accords.report.markdown import LIMIT
from accords.report.values import visible

ROOT = Path(__file__).resolve().parents[1]
REPORTS = Path(__file__).parent / "reports"
EVIL = (
    "a|b `c` <img src=x onerror=alert(1)> &lt; ![i](https://e.example/i.png) [l](javascript:x) @mention #12 GH-3 "
    "www.e.example https://e.example :tada: $x$ _e_ **f** ~~g~~ \n# h\n| --- |\n</details><script>x</script>"
    '\x1b[31m\x07 \u202etxet\u200f "quoted" \' --> ]]> </style> '
)

OLD = Side("v0.2.0", "twinning", "0.2.0", {"agreements": 3, "agreement_parties": 4, "modes": 9})
NEW = Side(".", "twinning", "0.3.0", {"agreements": 4, "agreement_parties": 4, "modes": 10})
CHANGES = (
    Change("row-added", Step.MINOR, "2 records are new", "agreements", count=2),
    Change("value-changed", Step.PATCH, "values of 1 record changed", "agreements"),
    Change("type-narrowed", Step.MAJOR, "the type accepts less than before", "agreements", "beds", 1, "any", "integer"),
    Change("field-title", Step.NONE, "the title of the field is another one", "agreements", "ends", 1, "", "End date"),
    Change("licence-changed", Step.MAJOR, "the package has another licence", None, None, 1, "CC-BY-4.0", "CC0-1.0"),
)
ROWS = (
    RowChange(
        "agreements",
        Kind.ADDED,
        (("agreement_id", "hue-lyon-2024"),),
        (
            Cell("agreement_id", None, "hue-lyon-2024"),
            Cell("title", None, "Huế – Lyon, nursing"),
            Cell("beds", None, "-3"),
        ),
        5,
        ("row-added",),
    ),
    RowChange(
        "agreements",
        Kind.CHANGED,
        (("agreement_id", "hue-lyon-2019"),),
        (Cell("signed", "2019", "2019-06-03"), Cell("notes", "see page 2", "")),
        2,
        ("value-changed", "date-refined"),
    ),
    RowChange(
        "agreements", Kind.RETIRED, (("agreement_id", "hue-2001"),), (Cell("agreement_id", "hue-2001", None),), 4
    ),
    RowChange(
        "modes", Kind.RENAMED, (("code", "on_site"),), (Cell("code", "onsite", "on_site"),), 7, ("code-removed",)
    ),
    RowChange(
        "agreement_parties",
        Kind.REMOVED,
        (("agreement_id", "hue-lyon-2019"), ("party", "lyon")),
        (Cell("agreement_id", "hue-lyon-2019", None), Cell("party", "lyon", None)),
        3,
    ),
)
CARDS = (
    Card(
        "agreements",
        "Agreements",
        "hue-lyon-2024",
        "Huế – Lyon, nursing",
        Kind.ADDED,
        (
            Part("Agreements", Kind.ADDED, (Line("Title", None, "Huế – Lyon, nursing"), Line("Beds", None, "-3"))),
            Part("Parties of agreements", Kind.ADDED, (Line("Party", None, "Huế Central Hospital"),)),
        ),
        (
            Source("lyon-2024", "Twinning & nursing", "https://lyon.example/a_(b)?x=1&y=2|3", True),
            Source("archive", "A folder in the archive", "ftp://archive.example/hue", False),
            Source("talk", "What was said", None, False),
        ),
        (Alike("hue-lyon-2019", "Huế – Lyon", 0.8345),),
    ),
    Card(
        "agreements",
        "Agreements",
        "hue-lyon-2019",
        "Huế – Lyon",
        Kind.CHANGED,
        (
            Part("Agreements", Kind.CHANGED, (Line("Signed", "2019", "2019-06-03"), Line("Notes", "see page 2", ""))),
            Part("Parties of agreements", Kind.REMOVED, (Line("Party", "Lyon University Hospital", None),)),
        ),
    ),
    Card("agreements", "Agreements", "hue-2001", "Huế, first", Kind.RETIRED, ()),
)
TOTALS = {
    "agreements": {"added": 2, "changed": 1, "retired": 1},
    "modes": {"renamed": 1},
    "agreement_parties": {"removed": 1},
}
SAMPLE = Difference(
    OLD, NEW, "0.1.0", CHANGES, ROWS, CARDS, (Unread("events", "the old release has no such file"),), TOTALS
)


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_comparison_is_rendered_as_it_was(name: str) -> None:
    golden = REPORTS / f"changes.{name}"
    made = FORMATS[name](SAMPLE)
    if os.environ.get("ACCORDS_WRITE_EXPECTED"):
        golden.write_text(made, encoding="utf-8", newline="")
    assert made == golden.read_text("utf-8")


@pytest.mark.parametrize("name", ["text", "markdown", "html"])
def test_no_change_is_one_sentence_with_both_names(name: str) -> None:
    made = FORMATS[name](Difference(OLD, replace(NEW, name=None, version=None), "0.1.0"))
    assert "no change from v0.2.0 (twinning 0.2.0) to . (unnamed package)" in html.unescape(made)
    if name != "html":
        assert len(made.splitlines()) == 1


def test_what_could_not_be_compared_is_never_no_change() -> None:
    made = FORMATS["text"](Difference(OLD, NEW, "0.1.0", unread=SAMPLE.unread))
    assert made.startswith("0.2.0 → 0.3.0 calls for no step\n")
    assert "not compared: events: the old release has no such file\n" in made


def evil(text: str = EVIL) -> Difference:
    """Return a comparison that has the text wherever a package can put one."""
    change = Change("lint", Step.MAJOR, text, text, text, 2, text, text + "x")
    row = RowChange(text, Kind.CHANGED, ((text, text),), (Cell(text, text, None), Cell(text, None, text)), 2, ("lint",))
    lines = (Line(text, text, text + "y"), Line(text, None, text))
    source = Source(text, text, f"javascript:{text}", True)
    parts, alike = (Part(text, Kind.CHANGED, lines),), (Alike(text, text, 1),)
    card = Card(text, text, text, text, Kind.CHANGED, parts, (source,), alike)
    side = Side(text, text, text, {text: 1})
    return Difference(side, side, "0", (change,), (row,), (card,), (Unread(text, text),), {text: {"changed": 2}})


def test_json_follows_its_schema() -> None:
    schema = json.loads((ROOT / "schemas" / "changes.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for one in (SAMPLE, evil(), Difference(OLD, NEW, "0.1.0")):
        told = json.loads(FORMATS["json"](one))
        assert [error.message for error in validator.iter_errors(told)] == []
        assert told == one.to_dict()
    assert told["step"] == "none"
    assert list(validator.iter_errors({**told, "step": "huge"}))
    assert list(validator.iter_errors({**told, "extra": 1}))


@pytest.mark.parametrize("name", ["text", "markdown", "html"])
def test_nothing_invisible_reaches_a_reader(name: str) -> None:
    made = FORMATS[name](evil())
    assert all(sign.isprintable() or sign == "\n" for sign in made)
    assert r"\x1b[31m\x07" in html.unescape(made)
    assert r"\u202etxet\u200f" in html.unescape(made)


def test_a_page_holds_values_as_text_and_asks_for_nothing() -> None:
    good, bad = Page(FORMATS["html"](SAMPLE)), Page(FORMATS["html"](evil()))
    assert good.open == bad.open == []
    assert good.tags - {"a"} == bad.tags
    assert good.addresses == ["https://lyon.example/a_(b)?x=1&y=2%7C3"]
    assert bad.addresses == []
    assert {name for name, _ in bad.attributes} <= {name for name, _ in good.attributes}
    assert "".join(bad.text).count(visible(EVIL)) >= 15
    policy = next(value for name, value in good.attributes if name == "content" and value)
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert ("lang", "en") in good.attributes


def test_a_page_has_a_name_for_all_that_takes_part_in_it() -> None:
    made = FORMATS["html"](SAMPLE)
    assert [re.sub("<.*?>", "", item).strip().split(" ")[0] for item in re.findall("<label>(.*?)<", made)] == [
        "Table",
        "What",
        "Text",
    ]
    names = re.findall(r' id="([^"]+)"', made)
    assert len(names) == len(set(names))
    assert set(re.findall(r'aria-labelledby="([^"]+)"', made)) <= set(names)
    assert re.findall(r"<h(\d)", made)[0] == "1"
    assert len(re.findall("<details ", made)) == len(CARDS)


def test_no_value_breaks_out_of_markdown() -> None:
    good, bad = (Page(MARKDOWN.render(FORMATS["markdown"](one))) for one in (SAMPLE, evil()))
    assert bad.open == []
    assert bad.tags <= good.tags | {"span"}
    assert good.addresses == ["https://lyon.example/a_(b)?x=1&y=2%7C3"]
    assert bad.addresses == []
    for text in bad.text:  # what is looked for after rendering is looked for in one text at a time
        assert not re.search(r"(?<!\w)@\w|#\w|\$\S|\bGH-\d|://|\bwww\.|:\w+:", text), text


def test_five_thousand_big_cards_stay_below_what_a_summary_takes() -> None:
    lines = tuple(Line(f"Field {number}", "@b|" * 30, "ế" * 100) for number in range(20))
    part = Part("Agreements", Kind.CHANGED, lines)
    cards = tuple(
        Card("agreements", "Agreements", f"a{n}", f"Agreement {n}", Kind.CHANGED, (part,)) for n in range(5000)
    )
    changes = tuple(Change(f"lint-{number}", Step.MINOR, "@" * 5000, "t", "f") for number in range(5000))
    made = FORMATS["markdown"](replace(SAMPLE, cards=cards, changes=changes))
    assert len(made.encode("utf-8")) <= LIMIT < 2**20
    whole = made.count("</details>")
    assert whole == made.count("<details>") == made.count("</summary>") > 20
    assert f"{5000 - whole:,} more records, left out" in made
    assert re.search(r"4,\d\d\d more reasons, left out", made)
    told = FORMATS["text"](replace(SAMPLE, cards=cards, changes=changes))
    assert "4,975 more records, not shown" in told
    assert "4,950 more reasons, not shown" in told
    assert FORMATS["html"](replace(SAMPLE, cards=cards[:200])).count("<details ") == 200


def test_a_terminal_sees_how_much_of_a_long_card_is_cut() -> None:
    part = Part("Parties", Kind.ADDED, tuple(Line(f"Field {number}", None, "x") for number in range(LINES + 1)))
    sources = tuple(Source(f"s{number}", "t", None, False) for number in range(SOURCES + 2))
    card = Card("agreements", "Agreements", "a", "A", Kind.CHANGED, (part,) * (PARTS + 3), sources)
    told = FORMATS["text"](replace(SAMPLE, cards=(card,)))
    assert told.count("    1 more field, not shown\n") == PARTS
    assert "  3 more rows, not shown\n" in told
    assert "    2 more sources, not shown\n" in told


@given(st.text())
def test_csv_starts_no_formula_and_keeps_the_value(value: str) -> None:
    row = RowChange("t", Kind.CHANGED, (("id", value),), (Cell("f", value, "x"),), 2)
    (cells,) = csv.DictReader(io.StringIO(FORMATS["csv"](replace(SAMPLE, rows=(row,))), newline=""))
    assert cells["before"].removeprefix("'") == value
    assert json.loads(cells["key"]) == {"id": value}


def test_csv_marks_formulas_and_leaves_numbers() -> None:
    signs = ["=cmd()", "+1 (24)", "-a", "@x", "\t=1", " =1", "'s", "＝1", "-12.5", "+3e7", "a=1"]
    row = RowChange("t", Kind.CHANGED, (), tuple(Cell(sign, sign, None) for sign in signs), 2)
    empty = RowChange("t", Kind.CHANGED, (), (), 3)
    made = list(csv.DictReader(io.StringIO(FORMATS["csv"](replace(SAMPLE, rows=(row, empty))), newline="")))
    assert [cells["before"] for cells in made] == [*(f"'{sign}" for sign in signs[:8]), *signs[8:], ""]
    assert all(cells["field"] == cells["before"] for cells in made)


def test_very_many_changes_of_a_kind_are_told_by_their_tables() -> None:
    """A title given to every column of a package is one sentence in the log, and not a page of names."""
    many = [
        replace(CHANGES[0], lint="metadata-changed", resource=f"t{n % 25}", field=f"f{n}", count=1) for n in range(60)
    ]
    log = f"# Changes\n\n## {NEW.version} (2026-01-01)\n\nWhy.\n"
    for more in ([], [replace(many[0], resource=None, message="the title of the package changed")]):
        told = to_changelog(log, replace(SAMPLE, changes=(*many, *more)))
        (line,) = (line for line in told.splitlines() if "metadata-changed" in line)
        assert ("the title of the package changed; " in line) == bool(more)
        assert line.count("(3)") == 10
        assert line.endswith("and 5 tables more")
