"""What the cells of small tables prove by themselves, while Python still holds them: that nothing is wrong.

Apart from the stages, which ask the engine: to plan a question takes longer than to look at a few hundred cells.
A proof only ever says that the engine would find nothing. Where it does not hold, or where Python and the engine
might not agree, the engine is asked as it always was, and it alone says what is wrong.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import Any

from accords.checks.probes import Run
from accords.fieldtypes import column, engine_pattern, field_type, keyed, keyed_alike, truths
from accords.package import Field, ForeignKey, Resource, Schema
from accords.store import Store, literal

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!#-;=?-\[\]_a-z~]*", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_PARTIAL = re.compile(r"([0-9]{4})(?:-(?:0[1-9]|1[0-2])(-[0-9]{2})?)?[?~%]?", re.ASCII)
# No more digits than a binary fraction keeps, so that it is compared as the decimal number is.
_SHORT = re.compile(r"-?(?:[0-9]{1,15}|[0-9]{1,10}\.[0-9]{1,4})", re.ASCII)
_WHOLE = re.compile(r"-?[0-9]{1,14}", re.ASCII)
_OUTSIDE = {
    "minimum": lambda value, bound: value < bound,
    "maximum": lambda value, bound: value > bound,
    "exclusiveMinimum": lambda value, bound: value <= bound,
    "exclusiveMaximum": lambda value, bound: value >= bound,
}


def sound_tables(run: Run) -> Iterator[str]:
    """Yield the held tables in which every cell is proven to be what its field says."""
    asked: dict[str, set[str]] = defaultdict(set)
    owners: dict[str, set[str]] = defaultdict(set)
    proven = []
    for resource, schema in run.tables():
        columns = run.held.get(resource.name)
        if columns is None or resource.name in run.store.marked:
            continue
        held = [(item, set(cells)) for item, cells in zip(schema.fields, columns, strict=True)]
        if all(_fine(run, resource, item, cells) for item, cells in held):
            proven.append(resource.name)
            for item, cells in held:
                if pattern := item.constraints.get("pattern"):
                    asked[engine_pattern(pattern)].update(text for text in cells if text is not None)
                    owners[engine_pattern(pattern)].add(resource.name)
    broken = {owner for pattern, texts in asked.items() if not _all_match(run.store, pattern, texts)
              for owner in owners[pattern]}  # fmt: skip
    yield from (name for name in proven if name not in broken)


def _all_match(store: Store, pattern: str, texts: Collection[str]) -> bool:
    """Tell whether all of some texts match a regular expression; one that the engine cannot read none does."""
    if not store.can_match(pattern):
        return False
    sql = f"SELECT 1 FROM (SELECT unnest($1) AS text) WHERE NOT regexp_full_match(text, {literal(pattern)}) LIMIT 1"
    return not texts or not store.rows(sql, [list(texts)])


def _fine(run: Run, resource: Resource, item: Field, cells: set[Any]) -> bool:
    """Tell whether the cells of a field are plainly what it says, but for a pattern, which the engine judges."""
    in_key = resource.schema is not None and item.name in resource.schema.primary_key
    if None in cells and (in_key or item.constraints.get("required")):
        return False
    texts = cells - {None}
    if not texts:
        return True
    kind = field_type(item)
    if kind and kind.judged:  # each text has been read already
        read = run.judged.get((resource.name, item.position), {})
        return texts <= read.keys() and item.constraints.keys() <= {"required", "unique"}
    if kind is None or kind.prepare != "{0}" or not _typed(item, texts):
        return False
    if item.edtf and not all(map(_partial, texts)):
        return False
    return all(_kept(item, name, bound, texts) for name, bound in item.constraints.items())


def _typed(item: Field, texts: Collection[str]) -> bool:
    if (item.type, item.format) == ("string", "default"):
        return True
    if (item.type, item.format) == ("string", "uri"):
        return all(map(_URI.fullmatch, texts))
    if (item.type, item.format) == ("date", "default"):
        return all(_DAY.fullmatch(text) and _exists(text) for text in texts)
    if item.type == "boolean":
        return {word for words in truths(item.options) for word in words}.issuperset(texts)
    form = {"integer": _WHOLE, "number": _SHORT}.get(item.type)
    return form is not None and all(map(form.fullmatch, texts))


def _partial(text: str) -> bool:
    """Tell whether a text is a partial date of the commonest forms, and exists."""
    found = _PARTIAL.fullmatch(text)
    return found is not None and (_exists(text[:10]) if found[2] else True)


def _exists(day: str) -> bool:
    try:
        return bool(datetime.date.fromisoformat(day))
    except ValueError:  # or a year 0, which is for the engine to judge
        return False


def _kept(item: Field, name: str, bound: Any, texts: Collection[str]) -> bool:
    """Tell whether the texts of a field surely keep a constraint."""
    if name in ("required", "unique", "pattern"):
        return True
    if name in _OUTSIDE and item.type in ("integer", "number"):
        whole = isinstance(bound, int) and abs(bound) <= 1 << 53
        return (whole or bool(_SHORT.fullmatch(str(bound)))) and not any(
            _OUTSIDE[name](Decimal(text), Decimal(str(bound))) for text in texts
        )
    if item.type != "string":
        return False
    if name in ("enum", "categories"):
        return {word for word in bound if isinstance(word, str)}.issuperset(texts)
    if name in ("minLength", "maxLength"):
        return all(len(text) >= bound if name == "minLength" else len(text) <= bound for text in texts)
    return False


def distinct(run: Run, resource: Resource, fields: Sequence[Field]) -> bool:
    """Tell whether a key of texts surely occurs but once, where all of its parts are filled.

    What the engine passes over or has emptied meanwhile makes fewer keys, and no two of them alike.
    """
    columns = run.held.get(resource.name)
    if columns is None or any(keyed(item) != column(item) for item in fields):
        return False
    found = _keys(columns, fields)
    return len(set(found)) == len(found)


def leads_home(run: Run, resource: Resource, key: ForeignKey, schema: Schema, above: Schema) -> bool:
    """Tell whether every reference of texts surely has its parent; that of a table with faults may have gone."""
    columns, parents = run.held.get(resource.name), run.held.get(key.parent)
    if columns is None or parents is None or key.parent in run.store.marked:
        return False
    down, up = [schema.field(item) for item in key.fields], [above.field(item) for item in key.parent_fields]
    pairs = zip(down, up, strict=True)
    if any(keyed_alike(a, b) != column(a) or keyed_alike(b, a) != column(b) for a, b in pairs):
        return False
    return set(_keys(columns, down)) <= set(_keys(parents, up))


def _keys(columns: Sequence[Sequence[str | None]], fields: Sequence[Field]) -> list[Any]:
    """Return the keys that are whole."""
    parts = [columns[item.position - 1] for item in fields]
    if len(parts) == 1:
        return [cell for cell in parts[0] if cell is not None]
    return [cells for cells in zip(*parts, strict=True) if None not in cells]


def cells_of(run: Run, table: str, names: Sequence[str]) -> list[list[str | None]] | None:
    """Return the cells of some fields of a held table without faults; None where only the engine has them."""
    columns, resource = run.held.get(table), run.package.resource(table)
    if columns is None or table in run.store.marked or not resource or not resource.schema:
        return None
    return [columns[resource.schema.field(item).position - 1] for item in names]
