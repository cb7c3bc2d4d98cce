"""The HTML report in a real browser: opened from disk, used with a keyboard, judged by an accessibility checker."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from chromium import Chromium, program
from test_changes import EVIL, SAMPLE

from accords.languages import translated
from accords.problems import Check, Outcome, Problem, Report, RuleText, Severity
from accords.report import FORMATS
from accords.report.changes import FORMATS as OF_CHANGES

AXE = Path(__file__).parent / "standards" / "axe.min.js"
CODES = {"type-error": Severity.ERROR, "not-nfc": Severity.ERROR, "own-rule": Severity.WARNING}

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(program() is None, reason="there is no Chromium here"),
]


def evil_report() -> Report:
    """Return a report in which every text that a stranger may have written means harm."""

    def problem(code: str, severity: Severity, number: int) -> Problem:
        return Problem(
            code,
            severity,
            f"t{number % 2}{EVIL}",
            f"{EVIL}.csv",
            f"{code} nr{number} {EVIL}",
            row=number + 2,
            line=number + 2,
            fields=(EVIL,),
            column=1,
            key=(("k", f"{EVIL}{number}"),),
            value=EVIL,
            hint=EVIL,
        )

    problems = [problem(code, severity, number) for code, severity in CODES.items() for number in range(5)]
    checks = [Check(code, severity, None, Outcome.FAIL, 7, 5) for code, severity in CODES.items()]
    checks.append(Check("foreign-key", Severity.ERROR, EVIL, Outcome.UNEVALUATED, reason=EVIL))
    counts = {"error": 14, "warning": 7, "info": 0, "unevaluated": 1, "excepted": 0, "accepted": 2}
    return Report("0", date(2026, 1, 1), EVIL, EVIL, ".", (), tuple(checks), tuple(problems), counts,
                  rules=(RuleText("own-rule", EVIL, EVIL, EVIL),))  # fmt: skip


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with Chromium(tmp_path_factory.mktemp("profile")) as chromium:
        yield chromium


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    made = {"en": FORMATS["html"](evil_report()), "vi": FORMATS["html"](translated(evil_report(), "vi"))}
    made["changes"] = OF_CHANGES["html"](SAMPLE)
    for name, text in made.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in made}


def complaints(browser: Chromium) -> list[Any]:
    """Return the errors of the console, and everything that the browser's own checks found."""
    kinds = {"Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded", "Audits.issueAdded"}
    return [event["params"] for event in browser.events if event["method"] in kinds]


def requests(browser: Chromium) -> list[str]:
    sent = [event["params"] for event in browser.events if event["method"] == "Network.requestWillBeSent"]
    return [item["request"]["url"] for item in sent]


@pytest.mark.parametrize("name", ["en", "vi", "changes"])
def test_it_opens_from_disk_without_a_complaint_and_asks_for_nothing(
    browser: Chromium, pages: dict[str, Path], name: str
) -> None:
    browser.open(pages[name])
    browser.until("document.querySelector('.tools').hidden", lambda hidden: hidden is False)
    assert complaints(browser) == []
    assert requests(browser) == [pages[name].as_uri()]


def test_injected_markup_is_text(browser: Chromium, pages: dict[str, Path]) -> None:
    browser.open(pages["en"])
    assert (
        browser.value("document.querySelectorAll('img, iframe, object, h2 script, td script, a[href^=http]').length")
        == 0
    )
    assert browser.value("document.scripts.length") == 1
    assert "<img src=x onerror=alert(1)>" in browser.value("document.body.textContent")
    assert "</details><script>x</script>" in browser.value("document.querySelector('details tbody tr').textContent")
    assert browser.value("document.querySelectorAll('details.card').length") == len(CODES)
    # What the policy would stop if something did get through, it stops.
    script = "const e = document.createElement('script'); e.textContent = 'window.ran = 1'; document.body.append(e);"
    assert browser.value(f"(() => {{ {script} return window.ran; }})()") is None


def test_the_filter_works_by_keyboard_alone(browser: Chromium, pages: dict[str, Path]) -> None:
    browser.open(pages["en"])
    rows = "[...document.querySelectorAll('details.card tbody tr')].filter((row) => row.checkVisibility()).length"
    focused = "document.activeElement.id"
    browser.until("document.getElementById('state').textContent", lambda text: text == "15 of 15 shown")
    for _ in range(30):
        browser.press("Tab")
        if browser.value(focused) == "severity":
            break
    assert browser.value(focused) == "severity"
    browser.write("w")  # the one that starts with it
    browser.until("document.getElementById('state').textContent", lambda text: text == "5 of 15 shown")
    assert browser.value(rows) == 5
    browser.press("ArrowUp")
    browser.press("ArrowUp")
    browser.until("document.getElementById('state').textContent", lambda text: text == "15 of 15 shown")
    for _ in range(3):
        browser.press("Tab")
    assert browser.value(focused) == "text"
    browser.write("not-nfc NR3")
    browser.until("document.getElementById('state').textContent", lambda text: text == "1 of 15 shown")
    assert browser.value(rows) == 1
    assert browser.value("document.querySelectorAll('details.card:not([hidden])').length") == 1
    browser.press("Tab")
    browser.press("Tab")
    assert browser.value(focused) == "close"
    browser.press("Enter")
    assert browser.value("document.querySelector('details.card:not([hidden])').open") is False
    browser.press("Tab")
    assert browser.value("document.activeElement.tagName") == "SUMMARY"
    browser.press("Enter")
    assert browser.value("document.querySelector('details.card:not([hidden])').open") is True


def test_a_word_is_found_with_and_without_its_marks(browser: Chromium, pages: dict[str, Path]) -> None:
    browser.open(pages["changes"])
    for words, left in (("huế, first", 1), ("", 3), ("HUE, FIRST", 1), ("hué", 3)):
        script = f"const t = document.getElementById('text'); t.value = '{words}'; t.dispatchEvent(new Event('input'));"
        browser.value(f"(() => {{ {script} }})()")
        told = f"{left} of 3 shown"
        browser.until(f"document.getElementById('state').textContent === '{told}'", bool)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["en", "vi", "changes"])
def test_the_checker_finds_nothing(browser: Chromium, pages: dict[str, Path], name: str, dark: bool) -> None:
    browser.open(pages[name], dark)
    assert violations(browser) == []


def test_a_page_that_is_wrong_is_found_wrong(browser: Chromium, tmp_path: Path) -> None:
    """Show that what finds nothing in our pages can find something."""
    page = tmp_path / "wrong.html"
    page.write_text("<p style='color:#ccc'>pale<img src='gone.png'><script>console.error(1); x()</script>", "utf-8")
    browser.open(page)
    assert len(complaints(browser)) >= 2
    assert any(url.endswith("gone.png") for url in requests(browser))
    assert {"image-alt", "html-has-lang", "color-contrast"} <= {name for name, _ in violations(browser)}


def violations(browser: Chromium) -> list[Any]:
    browser.call("Runtime.evaluate", expression=AXE.read_text("utf-8"))
    found: list[Any] = browser.value(
        "axe.run(document).then(({ violations }) => violations.map("
        "({ id, nodes }) => [id, nodes.map(({ html, failureSummary }) => [html.slice(0, 200), failureSummary])]))"
    )
    return found
