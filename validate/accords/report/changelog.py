"""Writes what a release changed into a change log: the lists are made, the sentences stay people's.

Apart from `changes`, whose writers make a whole text: here only the part between two marks is ours, in a file
that people write.
"""

from __future__ import annotations

import re
from collections import Counter

from accords.changes import Change, Difference, Kind
from accords.errors import UsageError

_BEGIN, _END = "<!-- lists by accords diff -->", "<!-- end of the lists -->"
_KINDS = (Kind.ADDED, Kind.CHANGED, Kind.RENAMED, Kind.RETIRED, Kind.REMOVED)
_HEAD = "# Changes\n"
_IN_WORDS = 2  # changes of one kind that are told in their own words
_NAMED = 20  # and that are told by their places; more are told by their tables


def to_changelog(text: str, found: Difference) -> str:
    """Return the text of a change log with the section of the new version written, or its lists made anew.

    Raises `UsageError` where the new side has no version, or the section's marks are not a pair.
    """
    version = found.new.version
    if not version:
        raise UsageError("The new side has no version, so that no section of a change log can be named after it.")
    lists = "\n".join([_BEGIN, "", *_lists(found), _END, ""])
    start = re.search(rf"^## {re.escape(version)}(?: .*)?$", text, re.MULTILINE)
    if start is None:
        day = f" ({found.new.created[:10]})" if found.new.created else ""
        section = f"## {version}{day}\n\n{lists}"
        first = re.search("^## ", text, re.MULTILINE)
        head, rest = (text[: first.start()], text[first.start() :]) if first else (text or _HEAD, "")
        return f"{head.rstrip()}\n\n{section}" + (f"\n{rest}" if rest else "")
    after = re.search("^## ", text[start.end() :], re.MULTILINE)
    end = start.end() + after.start() if after else len(text)
    section = text[start.start() : end]
    if section.count(_BEGIN) != section.count(_END) or section.count(_BEGIN) > 1:
        raise UsageError(f"The section of {version} in the change log has one of its marks too many or too few.")
    if _BEGIN in section:
        before, _, rest = section.partition(_BEGIN)
        made = before + lists.rstrip("\n") + rest.partition(_END)[2]
    else:
        made = f"{section.rstrip()}\n\n{lists}" + ("\n" if after else "")
    return text[: start.start()] + made + text[end:]


def _lists(found: Difference) -> list[str]:
    """Return what changed: the step and why, and how many rows of each table."""
    lines = [] if found.is_first else _reasons(found)
    kinds = [kind for kind in _KINDS if any(kind.value in table for table in found.totals.values())]
    if kinds:
        lines += [f"| Table | Records | {' | '.join(kind.value.capitalize() for kind in kinds)} |"]
        lines += ["| --- |" + " --- |" * (len(kinds) + 1)]
        for table, counted in found.totals.items():
            numbers = [found.new.rows.get(table, 0), *(counted.get(kind.value, 0) for kind in kinds)]
            lines.append(f"| {_plain(table)} | " + " | ".join(f"{number:,}" for number in numbers) + " |")
        lines.append("")
    lines += [f"- not compared: {_plain(item.resource)}, {_plain(item.reason)}" for item in found.unread]
    return [*lines, ""] if found.unread else lines


def _reasons(found: Difference) -> list[str]:
    by_lint: dict[str, list[Change]] = {}
    for item in found.changes:
        by_lint.setdefault(item.lint, []).append(item)
    after = f", after {found.old.version}" if found.old.version else ""
    lines = [f"Step: **{found.step.label}**{after}.", ""]
    lines += [f"- {items[0].step.label} `{lint}`: {_several(items)}" for lint, items in by_lint.items()]
    return [*lines, ""] if by_lint else lines


def _several(items: list[Change]) -> str:
    """Return one change in its own words, several of a kind by where they are and how often.

    What is in no table is always told in its own words.
    """
    if len(items) <= _IN_WORDS:
        return "; ".join(_plain(item.message) for item in items)
    placed = [item for item in items if item.resource]
    told = [_plain(item.message) for item in items if not item.resource]
    return "; ".join([*told, _placed(placed)] if placed else told)


def _placed(items: list[Change]) -> str:
    """Return where changes are, and how often."""
    if len(items) > _NAMED:
        tables = Counter[str]()
        for item in items:
            tables[item.resource or ""] += item.count
        told = [f"{_plain(table)} ({number:,})" for table, number in tables.most_common(_NAMED)]
        return ", ".join(told) + (f", and {len(tables) - _NAMED:,} tables more" if len(tables) > _NAMED else "")
    places = [".".join(part for part in (item.resource, item.field) if part) for item in items]
    counts = [f" ({item.count:,})" if item.count > 1 else "" for item in items]
    return ", ".join(_plain(place) + count for place, count in zip(places, counts, strict=True))


def _plain(text: str) -> str:
    """Return a text that Markdown prints as it is."""
    return re.sub(r"([\\`*<>\[\]|@#])", r"\\\1", " ".join(text.split()))
