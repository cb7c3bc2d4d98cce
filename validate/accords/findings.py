"""What checks give: problems, and how each check ended.

Apart from `problems`, the report that gathers them: here is one thing wrong, where it is and what to do about it.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from typing import Any

from accords.saved import Unfit, record
from accords.words import Fillings, Words, fillings, plain

_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Severity(enum.IntEnum):
    """How bad a problem is; the order is the one that `--fail-on` compares."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def label(self) -> str:
        """Return the word that reports print: `info`, `warning`, `error`."""
        return self.name.lower()


class Outcome(enum.StrEnum):
    """How a check ended; `unevaluated` is never the same as `pass`."""

    PASS = "pass"  # noqa: S105 -- an outcome, not a password
    FAIL = "fail"
    UNEVALUATED = "unevaluated"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: where it is, which check says so, what was found, what to do next.

    `row` counts records as frictionless does (the header is 1); `line` is the physical line on which
    the record starts, as an editor shows it; `column` is 1-based. Each is None where there is none.
    `way` and `filling` are what a message of the catalogue was made of, so that it can be made in another
    language; `way` is None where the sentences are somebody else's, as those of a package's rules are.
    """

    code: str
    severity: Severity
    resource: str | None
    path: str | None
    message: str
    row: int | None = None
    line: int | None = None
    fields: tuple[str, ...] = ()
    column: int | None = None
    key: tuple[tuple[str, str | None], ...] = ()
    value: str | None = None
    hint: str | None = None
    way: str | None = None
    filling: Fillings = ()

    @property
    def field(self) -> str | None:
        """Return the field where there is just one."""
        return self.fields[0] if len(self.fields) == 1 else None

    @property
    def record(self) -> str:
        """Return the record's key as one text, "" where there is none."""
        return " | ".join(value or "" for _, value in self.key)

    @property
    def identity(self) -> dict[str, Any]:
        """Return what tells a problem from others, whatever rows stand above it and whatever language it is in.

        Rows that have no key may share one. Of a problem without a row, what it says is part of it.
        """
        told = {"filling": plain(self.filling)} if self.way is not None else {"message": self.message}
        place = {} if self.row is not None else {"path": self.path, "way": self.way, **told}
        about = {"code": self.code, "resource": self.resource, "fields": list(self.fields), "key": dict(self.key)}
        return {**about, "value": self.value, **place}

    def to_dict(self) -> dict[str, Any]:
        """Return the problem as the JSON report shows it."""
        return {
            "code": self.code,
            "severity": self.severity.label,
            "resource": self.resource,
            "path": self.path,
            "row": self.row,
            "line": self.line,
            "field": self.field,
            "fields": list(self.fields),
            "column": self.column,
            "key": dict(self.key),
            "value": self.value,
            "message": self.message,
            "hint": self.hint,
            "way": self.way,
            "filling": plain(self.filling),
        }

    def to_row(self) -> dict[str, str | int | None]:
        """Return the problem as one flat row: several fields and the parts of a key are joined."""
        return {
            "severity": self.severity.label,
            "code": self.code,
            "resource": self.resource,
            "path": self.path,
            "row": self.row,
            "line": self.line,
            "column": self.column,
            "fields": ", ".join(self.fields),
            "record": self.record,
            "value": self.value,
            "message": self.message,
            "hint": self.hint,
        }

    @classmethod
    def from_dict(cls, content: Any) -> Problem:
        """Return the problem that `to_dict` gave; `Unfit` for anything else."""
        return record(cls, content, {"code": code_of, "filling": fillings})


@dataclass(frozen=True, slots=True)
class Check:
    """One check on one resource (None: on the whole package): how it ended and how often it fired.

    `reason` says why it could not be made, `why` the same in words for any language.
    """

    code: str
    severity: Severity
    resource: str | None
    outcome: Outcome
    count: int = 0
    shown: int = 0
    reason: str | None = None
    why: tuple[Words, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the check as the JSON report shows it."""
        return {
            "code": self.code,
            "severity": self.severity.label,
            "resource": self.resource,
            "outcome": self.outcome.value,
            "count": self.count,
            "shown": self.shown,
            "reason": self.reason,
            "why": [words.to_dict() for words in self.why],
        }

    @classmethod
    def from_dict(cls, content: Any) -> Check:
        """Return the check that `to_dict` gave; `Unfit` for anything else."""
        return record(cls, content, {"code": code_of})


def code_of(item: Any) -> str:
    """Return a code that a report holds; `Unfit` for anything else."""
    if not isinstance(item, str) or not _CODE.fullmatch(item):
        raise Unfit(f"{item!r:.60} is no code")
    return item
