"""A baseline: findings that are known and accepted, in a file that lies beside the data.

Apart from `checks.accepted`, which leaves them out of a run: here the file is read and written. An entry says
what a finding is and not where, so that rows may move: code, table, fields, key and value, and how often.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accords.documents import read_json
from accords.errors import UsageError
from accords.problems import Problem

SCHEMA_VERSION = 1
_MEMBERS = frozenset("code resource fields key value path way filling message count".split())


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is accepted and how often, by mark; `path` is how the call named the file."""

    path: str
    entries: Mapping[str, int]


def mark(problem: Problem) -> str:
    """Return a problem's identity as one text."""
    return _text(problem.identity)


def read(path: Path) -> Baseline:
    """Return the baseline in a file; `UsageError` with one sentence where it holds none."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise UsageError(f"the baseline {path} cannot be read: {fault}.") from None
    content, doubled = read_json(text, str(path), UsageError)
    entries = content.get("accepted") if isinstance(content, dict) else None
    if doubled or not isinstance(entries, list) or content.get("schema_version") != SCHEMA_VERSION:
        raise UsageError(f"{path} is no baseline; `accords validate --write-baseline FILE` makes one.")
    counts: Counter[str] = Counter()
    for number, entry in enumerate(entries, 1):
        if not _is_entry(entry):
            raise UsageError(f"{path}: entry {number} of the baseline says no code, or something that no entry has.")
        counts[_text({name: item for name, item in entry.items() if name != "count"})] += entry.get("count", 1)
    return Baseline(str(path), counts)


def _is_entry(entry: Any) -> bool:
    if not isinstance(entry, dict) or not isinstance(entry.get("code"), str) or set(entry) - _MEMBERS:
        return False
    count = entry.get("count", 1)
    return type(count) is int and count > 0


def written(problems: Iterable[Problem]) -> str:
    """Return the text of a baseline that accepts problems: sorted, one entry a line, so that a diff can be read."""
    counts = Counter(mark(item) for item in problems)
    entries = [_line({**json.loads(text), "count": number}) for text, number in sorted(counts.items())]
    listed = ",\n".join(f"    {entry}" for entry in entries)
    accepted = f"[\n{listed}\n  ]" if entries else "[]"
    return f'{{\n  "schema_version": {SCHEMA_VERSION},\n  "accepted": {accepted}\n}}\n'


def told(text: str) -> str:
    """Return in short what a mark stands for: its code, and where and what it is, as far as that is known."""
    entry = json.loads(text)
    parts = [entry["code"], entry.get("resource") or entry.get("path"), ", ".join(map(str, entry.get("fields") or []))]
    key = entry.get("key")
    parts.append(" | ".join(str(part) for part in key.values()) if isinstance(key, dict) else None)
    return " · ".join(part for part in parts if part)


def about(text: str) -> tuple[str, str | None]:
    """Return the code and the resource that a mark stands for."""
    entry = json.loads(text)
    return entry["code"], entry.get("resource")


def _text(identity: Mapping[str, Any]) -> str:
    return json.dumps(identity, ensure_ascii=False, sort_keys=True)


def _line(entry: Mapping[str, Any]) -> str:
    return json.dumps(entry, ensure_ascii=False)
