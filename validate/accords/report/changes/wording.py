"""What the writers for people say in the same words, each in its own markup: verdict, sides, reasons, totals.

Nothing here is escaped; that is the writers' part, because each has its own signs that mean something.
"""

from __future__ import annotations

from accords.changes import Change, Difference, Kind, Line, Part, Side
from accords.report.values import clipped, clipped_pair, counted

NAME = 100  # characters of a name, a version, a label
NOTHING = "(nothing)"
GONE = frozenset({Kind.REMOVED, Kind.RETIRED})


def is_empty(difference: Difference) -> bool:
    """Tell whether nothing changed and nothing was left out of the comparison."""
    return not (
        difference.changes or difference.rows or difference.cards or difference.unread or changed_rows(difference)
    )


def verdict(difference: Difference) -> str:
    """Return which step the versions have to make: `0.1.0 → 0.2.0 calls for a minor step`."""
    step = difference.step.label
    called = "no step" if not difference.step else f"a {step} step"
    return f"{version(difference.old)} → {version(difference.new)} calls for {called}"


def no_change(difference: Difference) -> str:
    """Return the sentence for an empty difference."""
    return f"no change from {named(difference.old)} to {named(difference.new)}"


def version(side: Side) -> str:
    """Return the version of a release, or where it lies if it states none."""
    return clipped(side.version or side.where, NAME)


def release(side: Side) -> str:
    """Return what a release calls itself."""
    return " ".join(clipped(part, NAME) for part in (side.name or "unnamed package", side.version) if part)


def named(side: Side) -> str:
    """Return how the call named a release and what it calls itself."""
    return f"{clipped(side.where, 2 * NAME)} ({release(side)})"


def size(side: Side) -> str:
    """Return how much a release holds."""
    return f"{counted(len(side.rows), 'table')} with {counted(sum(side.rows.values()), 'record')}"


def reasons(difference: Difference) -> list[Change]:
    """Return the changes, those that call for the largest step first."""
    return sorted(
        difference.changes, key=lambda item: (-item.step, item.lint, item.resource or "", item.field or "", item.count)
    )


def place(change: Change) -> str:
    """Return what a change is about: a table, a field of it, or the whole package."""
    spots = [clipped(spot, NAME) for spot in (change.resource, change.field) if spot]
    return ".".join(spots) or "the package"


def changed_rows(difference: Difference) -> int:
    """Return how many rows changed in any way."""
    return sum(sum(kinds.values()) for kinds in difference.totals.values())


def happened(kinds: dict[str, int]) -> str:
    """Return what happened to the rows of a table: `3 added, 1 retired`."""
    known = [kind.value for kind in Kind]
    ordered = [*known, *(kind for kind in kinds if kind not in known)]
    return ", ".join(f"{kinds[kind]:,} {kind}" for kind in ordered if kinds.get(kind))


def where_rows_are(difference: Difference) -> str:
    """Return how many rows changed and which formats list them."""
    listed = "every one" if not difference.left_out else f"{len(difference.rows):,} of them"
    return f"{counted(changed_rows(difference), 'row')} changed; the formats json and csv list {listed}"


def values(part: Part, line: Line, room: int) -> tuple[str | None, str | None]:
    """Return what a line stood at before and stands at now, each clipped to `room` characters.

    None is the side on which the row did not exist. A change from or to an empty cell has `NOTHING` there.
    """
    before = None if part.kind is Kind.ADDED and not line.before else line.before or NOTHING
    after = None if part.kind in GONE and not line.after else line.after or NOTHING
    if before is not None and after is not None:
        return clipped_pair(before, after, room)
    return (None if before is None else clipped(before, room)), (None if after is None else clipped(after, room))


def moved(change: Change, room: int) -> str | None:
    """Return what a change says of before and after in one line, None where it says nothing."""
    if change.before is None and change.after is None:
        return None
    return " → ".join(clipped_pair(change.before or NOTHING, change.after or NOTHING, room))
