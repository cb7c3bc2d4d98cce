"""What is wrong with contributions: each finding with the document and the place in it.

Apart from `problems`, because a finding belongs to somebody's file, line or cell, and the same problem of the
package's own tables does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from accords.catalogue import problem, shown
from accords.intake.document import Document, Trail
from accords.problems import Problem, Severity
from accords.words import Words

_UNREADABLE = frozenset(
    {"code-unknown", "reference-unclear", "citation-incomplete", "date-form", "number-unclear", "type-error"}
)
_LONG = 60  # characters of a key in a message


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem of a contribution: its path and line are those of the document; `trail` says where in it.

    `document` None: the finding is about the package, and no contribution could be named.
    """

    problem: Problem
    document: Document | None = None
    trail: Trail = ()

    @property
    def blocks(self) -> bool:
        """Tell whether nothing may be written because of it."""
        return self.problem.severity is Severity.ERROR


@dataclass(slots=True)
class Findings:
    """Gathers findings; each cause is said once for each place."""

    found: list[Finding] = field(default_factory=list)
    _said: set[tuple[str, str, str | None, Trail]] = field(default_factory=set)
    _unread: set[tuple[str, str]] = field(default_factory=set)
    _lacking: set[tuple[int, Trail]] = field(default_factory=set)
    _unsettled: set[tuple[int, Trail]] = field(default_factory=set)

    def begin(self, unread: Iterable[Finding]) -> None:
        """Keep what was found while workbooks were read; nothing more is said of their cells that were not."""
        for finding in unread:
            self.add(finding)
            if finding.document and (cell := finding.document.cell(finding.trail)):
                self._unread.add((finding.document.path, cell))

    def report(
        self,
        code: str,
        document: Document,
        trail: Trail,
        variant: str = "",
        params: Mapping[str, Any] | None = None,
        hint: Words | None = None,
        value: str | None = None,
    ) -> None:
        """Keep a finding of a code of the catalogue; its field is the last name on the trail."""
        if code == "entry-missing":
            self._lacking.add((id(document), trail))
        made = problem(
            code,
            None,
            document.path,
            variant=variant,
            params=params,
            hint=hint,
            line=document.line(trail),
            fields=names(trail),
            value=value,
        )
        self.add(Finding(made, document, trail))

    def leave_open(self, document: Document, trail: Trail) -> None:
        """Remember that nobody knows yet which record an entry is about, or whether it is one."""
        self._unsettled.add((id(document), trail))

    def lacks(self, document: Document, trail: Trail) -> bool:
        """Tell whether a value has been said to be missing, or may not be, since the record itself is in doubt."""
        return (id(document), trail) in self._lacking or (id(document), trail[:-1]) in self._unsettled

    def unread(self, document: Document, trail: Trail) -> bool:
        """Tell whether a value has been said to be none that can be read."""
        return any(
            item.document is document and item.trail == trail and item.problem.code in _UNREADABLE
            for item in self.found
        )

    def adopt(self, made: Problem, document: Document, trail: Trail) -> None:
        """Keep a problem of the package's tables as one of the contribution that caused it."""
        fields = made.fields or names(trail)
        moved = replace(made, path=document.path, line=document.line(trail), row=None, column=None, fields=fields)
        self.add(Finding(moved, document, trail))

    def add(self, finding: Finding) -> None:
        """Keep a finding, unless the same has been said of the same place; what a terminal would obey is escaped."""
        made = finding.problem
        message, hint = harmless(made.message), harmless(made.hint or "")
        finding = replace(finding, problem=replace(made, message=message, hint=hint or None))
        path = finding.document.path if finding.document else finding.problem.path or ""
        cell = finding.document.cell(finding.trail) if finding.document else None
        if cell and (path, cell) in self._unread:
            return
        code, value = finding.problem.code, finding.problem.value
        mark = (code if finding.document and value else finding.problem.message, path, cell, finding.trail)
        if mark not in self._said:
            self._said.add(mark)
            self.found.append(finding)

    @property
    def block(self) -> bool:
        """Tell whether nothing may be written."""
        return any(item.blocks for item in self.found)


def names(trail: Trail) -> tuple[str, ...]:
    """Return the last name on a trail, as the field of a problem; an author's own is cut and made harmless."""
    named = [part for part in trail if isinstance(part, str)][-1:]
    return tuple(part if part.isidentifier() and len(part) < _LONG else shown(part[:_LONG]) for part in named)


def harmless(text: str) -> str:
    """Return a text in which what a terminal would obey is written out."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def listed(items: Iterable[str]) -> str:
    """Return names as a message lists them."""
    return ", ".join(items)
