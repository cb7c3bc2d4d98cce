"""Writes a report as one HTML file that needs nothing else: verdict, totals, then the findings of each code.

Without the script all of it is there, too; only the filter is not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from accords.languages import Voice
from accords.problems import Outcome, Problem, Report, RuleText
from accords.report.explanations import explanations
from accords.report.findings_page import SCRIPT, STYLE
from accords.report.page import escaped, page
from accords.report.values import clipped
from accords.report.wording import ordered_codes, place, summary, title, verdict, voice, worst

OPEN = 200  # with more findings than this, the codes start folded
_ROOM = 2000  # characters of a value


def to_html(report: Report) -> str:
    """Return the report as a page."""
    say = voice(report)
    kind = "valid" if report.valid else "error"
    heading = f'<h1><bdi>{escaped(title(report))}</bdi> <span class="tag {kind}">{escaped(verdict(report))}</span></h1>'
    lines = "".join(f"<li>{escaped(line)}</li>\n" for line in summary(report))
    parts = [
        f'{heading}\n<ul class="quiet">\n{lines}</ul>\n',
        _totals(report, say),
        _unevaluated(report, say),
        _findings(report, say),
    ]
    name = f"{escaped(title(report))}: {escaped(verdict(report))}"
    return page(name, "".join(parts), SCRIPT, STYLE, report.language)


def _totals(report: Report, say: Voice) -> str:
    texts = explanations(report)
    severities = {item.code: item.severity for item in report.checks if item.count}
    listed = {item.code for item in report.problems}
    rows = []
    for code, number in ordered_codes(report):
        shown = f'<a href="#code-{code}"><code>{code}</code></a>' if code in listed else f"<code>{code}</code>"
        meaning = f'<td class="wide">{escaped(texts[code].title) if code in texts else ""}</td>'
        rows.append(
            f'<td>{_tag(severities[code].label, say)}</td><th scope="row">{shown}</th>{meaning}'
            f'<td class="number">{say.number(number)}</td>'
        )
    head = (say("Severity"), say("Code"), say("Meaning"), say("Findings"))
    return _section("totals", say("Findings by code"), head, rows)


def _unevaluated(report: Report, say: Voice) -> str:
    reasons: dict[tuple[str, str], list[str]] = defaultdict(list)
    for check in report.checks:
        if check.outcome is Outcome.UNEVALUATED:
            reasons[check.resource or say("the package"), check.reason or ""].append(check.code)
    rows = [
        f'<th scope="row"><code>{escaped(table)}</code></th><td class="wide">{escaped(reason)}</td>'
        f'<td class="wide">{", ".join(codes)}</td>'
        for (table, reason), codes in reasons.items()
    ]
    return _section("unevaluated", say("Not evaluated"), (say("Table"), say("Reason"), say("Codes")), rows)


def _section(name: str, heading: str, head: Sequence[str], rows: Sequence[str]) -> str:
    if not rows:
        return ""
    return f'<h2 id="{name}">{escaped(heading)}</h2>\n{_table(f"aria-labelledby={chr(34)}{name}{chr(34)}", head, rows)}'


def _table(named: str, head: Iterable[str], rows: Iterable[str]) -> str:
    heads = "".join(f'<th scope="col">{escaped(item)}</th>' for item in head)
    body = "".join(row if row.startswith("<tr") else f"<tr>{row}</tr>\n" for row in rows)
    return (
        f'<div class="scroll" role="region" {named} tabindex="0"><table {named}>\n'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}</tbody>\n</table></div>\n"
    )


def _findings(report: Report, say: Voice) -> str:
    groups: dict[str, list[Problem]] = defaultdict(list)
    for item in worst(report):
        groups[item.code].append(item)
    if not groups:
        return ""
    words = escaped(say("{shown} of {all} shown", shown="{shown}", all="{all}"))
    tables = sorted({item.resource for item in report.problems if item.resource})
    severities = {item.severity.label: say(item.severity.label) for item in worst(report)}
    tools = (
        '<div class="tools" role="search" hidden>\n'
        + _choice("severity", say("Severity"), severities, say)
        + _choice("code", say("Code"), {code: code for code in groups}, say)
        + _choice("table", say("Table"), {name: name for name in tables}, say)
        + f'<label>{escaped(say("Text"))} <input id="text" type="search" autocomplete="off"></label>\n'
        f'<button id="open" type="button">{escaped(say("Open all"))}</button>'
        f'<button id="close" type="button">{escaped(say("Close all"))}</button>\n</div>\n'
    )
    number = say.count(len(report.problems), "{number} finding", "{number} findings")
    state = f'<p id="state" role="status" class="quiet" data-words="{words}">{number}</p>\n'
    texts, totals, is_open = explanations(report), report.by_code(), len(report.problems) <= OPEN
    cards = (_card(items, totals[code], texts.get(code), is_open, say) for code, items in groups.items())
    return f"<h2>{escaped(say('Findings'))}</h2>\n{tools}{state}{''.join(cards)}"


def _choice(name: str, label: str, values: dict[str, str], say: Voice) -> str:
    listed = "".join(f'<option value="{escaped(value)}">{escaped(said)}</option>' for value, said in values.items())
    every = f'<option value="">{escaped(say("all"))}</option>'
    return f'<label>{escaped(label)} <select id="{name}">{every}{listed}</select></label>\n'


def _card(items: list[Problem], total: int, text: RuleText | None, is_open: bool, say: Voice) -> str:
    code = items[0].code
    number = say.count(max(total, len(items)), "{number} finding", "{number} findings")
    if total > len(items):
        number += ", " + say("{shown} of them listed", shown=say.number(len(items)))
    words = escaped(say("{shown} of {all} shown", shown="{shown}", all="{all}"))
    about = ""
    if text:
        fix = f"<strong>{escaped(say('What to do:'))}</strong> {escaped(text.fix)}"
        about = f'<p class="wide">{escaped(text.why)}</p>\n<p class="wide">{fix}</p>\n'
    head = (say("Place"), say("Field"), say("Record"), say("Finding"))
    table = _table(f'aria-label="{code}"', head, (_row(item, text, say) for item in items))
    return (
        f'<details class="card" id="code-{code}" data-code="{code}"{" open" if is_open else ""}>\n'
        f"<summary>{_tag(items[0].severity.label, say)} <h3><code>{code}</code> "
        f"{escaped(text.title) if text else ''}</h3> "
        f'<span class="quiet count" data-words="{words}">{escaped(number)}</span></summary>\n'
        f'<div class="inside">\n{about}{table}</div>\n</details>\n'
    )


def _row(item: Problem, text: RuleText | None, say: Voice) -> str:
    parts = [escaped(item.message)]
    if item.value and (len(item.value) > len(item.message) or item.value not in item.message):
        parts.append(f'<span class="quiet">{escaped(say("value:"))}</span> {escaped(clipped(item.value, _ROOM))}')
    if item.hint and not (text and item.hint in text.fix):
        parts.append(f'<span class="quiet">→</span> {escaped(item.hint)}')
    where = f"{place(item, say)}"
    return (
        f'<tr data-severity="{item.severity.label}" data-table="{escaped(item.resource or "")}">'
        f'<td class="place"><code>{escaped(where)}</code></td><td><code>{escaped(", ".join(item.fields))}</code></td>'
        f'<td dir="auto">{escaped(clipped(item.record, _ROOM))}</td>'
        f'<td class="wide" dir="auto">{"<br>".join(parts)}</td></tr>\n'
    )


def _tag(severity: str, say: Voice) -> str:
    return f'<span class="tag {severity}">{escaped(say(severity))}</span>'
