"""Reads an issue that was made with the issue form: its body, or the event file of a workflow run, as a document.

Apart from `answers`, which asks what an answer says: here is only where each begins and ends. Nothing of a
body is taken for markup but the headings, a fence around a whole answer, and HTML comments: nobody sees those
on the page, so that they are no part of an answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from accords import documents
from accords.intake.answers import Answer, Answers
from accords.intake.document import Document, Unreadable, text_of
from accords.intake.issue_form import As, Field, IssueForm

NOTHING = "_no response_"
"""What GitHub writes where nothing was filled in."""

_LONGEST = 300  # characters of a line that may be a heading; a longer one is text
_BREAK = re.compile(r"\r\n|\r|\n")
_FENCE = re.compile(r"(`{3,}|~{3,})[^`]*")
_FREE = (As.TEXT, As.REMARKS)


@dataclass(slots=True)
class _Part:
    """The lines under a heading, which stands on `line`; 0: what is before all headings."""

    asked: Field | None
    line: int
    lines: list[str] = field(default_factory=list)


def read(path: Path, form: IssueForm) -> Document:
    """Return the contribution in a file: the event of a workflow run where its name ends in `.json`, else a body.

    Raises `Unreadable` with one sentence where there is no such file, or no issue of the form in it.
    """
    text = text_of(path)
    return read_event(text, str(path), form) if path.suffix.lower() == ".json" else read_body(text, str(path), form)


def read_event(text: str, path: str, form: IssueForm) -> Document:
    """Return the contribution in the event of a workflow run; its lines are those of the issue's body."""
    content, doubled = documents.read_json(text, path, Unreadable)
    if doubled:
        raise Unreadable(f"{path}: the key {doubled[0]!r} is written twice.")
    issue = content.get("issue") if isinstance(content, dict) else None
    if not isinstance(issue, dict):
        raise Unreadable(f"{path} is no event of an issue: it holds no issue.")
    number, body = issue.get("number"), issue.get("body")
    named = f"issue {number}" if isinstance(number, int) else path
    return read_body(body if isinstance(body, str) else "", named, form)


def read_body(text: str, path: str, form: IssueForm) -> Document:
    """Return the contribution in the body of an issue, which findings call `path`."""
    answers = Answers(form, path)
    parts = _parts(text, form, answers)
    if not any(part.asked for part in parts):
        raise Unreadable(f"{path} is no issue of the form {form.title('en')!r}: it has none of its headings.")
    for part in parts:
        lines = _bare(part.lines)
        if "".join(lines).strip().casefold() != NOTHING:
            numbered = ((part.line + spot, line.strip()) for spot, line in enumerate(lines, 1))
            answers.take(Answer(part.asked, part.line, tuple((at, line) for at, line in numbered if line)))
    return answers.document()


def _parts(text: str, form: IssueForm, answers: Answers) -> list[_Part]:
    """Return the answers as they stand, after what is before them; headings that cannot be are faults.

    A heading of the form begins an answer wherever it stands. Another one is text where an answer may have
    several paragraphs, and a fault elsewhere.
    """
    found = [_Part(None, 0)]
    current = found[0]
    seen: dict[str, int] = {}
    for number, line in enumerate(_BREAK.split(text), 1):
        heading = line[4:].strip().rstrip("#").strip() if line.startswith("### ") and len(line) < _LONGEST else ""
        known = form.field(heading) if heading else None
        if known and known.name in seen:
            answers.report("answer-repeated", number, known.trail, {"first": seen[known.name]})
            current = _Part(None, number)
        elif known:
            seen[known.name] = number
            answers.vietnamese |= form.vietnamese(heading)
            current = _Part(known, number)
            found.append(current)
        elif heading and current.line and (current.asked is None or current.asked.shape not in _FREE):
            answers.report("answer-unknown", number, value=heading)
            current = _Part(None, number)
        else:
            current.lines.append(line)
    return found


def _bare(lines: list[str]) -> list[str]:
    """Return lines without HTML comments, as many as there were, and without a fence around all of them."""
    text, kept, end = "\n".join(lines), [], 0
    while (start := text.find("<!--", end)) >= 0 and (close := text.find("-->", start)) >= 0:
        kept += [text[end:start], "\n" * text.count("\n", start, close)]
        end = close + 3
    bare = "".join([*kept, text[end:]]).split("\n")
    filled = [spot for spot, line in enumerate(bare) if line.strip()]
    if len(filled) > 1:
        first, last = bare[filled[0]].strip(), bare[filled[-1]].strip()
        fence = _FENCE.fullmatch(first)
        if fence and last.startswith(fence[1]) and not last.strip(first[0]):
            bare[filled[0]] = bare[filled[-1]] = ""
    return bare
