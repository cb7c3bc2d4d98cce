"""The table of lints: what a change is called, which step it calls for, and what it says.

Apart from `diff`, which finds changes: which step a change calls for is policy, and stands as data in
`lints.yaml`, where people can read and discuss it.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from accords.catalogue import shown
from accords.changes import Change, Step
from accords.documents import read_yaml
from accords.errors import CannotCheck


@dataclass(frozen=True, slots=True)
class Lint:
    """One kind of change: the step that it calls for and its sentences."""

    lint: str
    step: Step
    title: str
    message: str
    why: str
    fix: str


@functools.cache
def lints() -> Mapping[str, Lint]:
    """Return every lint by its id, in the order of the table."""
    text = resources.files("accords").joinpath("lints.yaml").read_text("utf-8")
    entries = read_yaml(text, "lints.yaml", CannotCheck)
    return {
        name: Lint(name, Step[entry["step"].upper()], entry["title"], entry["message"], entry["why"], entry["fix"])
        for name, entry in entries.items()
    }


def change(
    lint: str,
    resource: str | None = None,
    field: str | None = None,
    *,
    before: str | None = None,
    after: str | None = None,
    count: int = 1,
    **words: str,
) -> Change:
    """Return a change with its sentence filled in; `words` fill it as they are, values stand in quotes."""
    entry = lints()[lint]
    said = {
        "resource": resource,
        "field": field,
        "before": "nothing" if before is None else shown(before),
        "after": "nothing" if after is None else shown(after),
        **words,
    }
    return Change(lint, entry.step, entry.message.format_map(said), resource, field, count, before, after)
