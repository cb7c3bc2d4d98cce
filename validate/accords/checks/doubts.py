"""Which texts have to be looked at: whatever is not plainly fine, each distinct value of a field once.

Apart from `text`, which judges them: most cells of most tables end here. Of a table that is held in memory the
cells are looked at there, of any other by the engine; both pass over the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from accords.checks.probes import Run
from accords.checks.proofs import cells_of
from accords.fieldtypes import column
from accords.package import Field, Resource, Schema
from accords.store import literal

Doubt = tuple[str, int, str, bool]  # table, position of the field, text, whether it is CJK

# What no judgement objects to: words of ASCII with single blanks between them, no long number, no
# placeholder (the ASCII ones among them; the others are not plain to begin with).
_PLAIN = r"[A-Za-z0-9(][A-Za-z0-9,.;:()/'%_-]*(?: [A-Za-z0-9,.;:()/'%_-]+)*"
DIGITS = r"[0-9](?:[ .()-]{0,4}[0-9]){7}"
_ERRORS = "#ref! #value! #name? #div/0! #null! #num! #spill! #calc!".split()
_WORDS = (
    "n/a", "na", "n.a.", "nan", "<na>", "#n/a", "null", "nil", "none", "unknown", "not stated", "not specified",
    "unspecified", "tbd", "tba", "todo", "xxx", "?", "??", "???", "-", "--", "---", "–", "—", ".", "...", "…",
    "không rõ", "chưa rõ", "không có", "chưa biết", "-nan", "#na", "1.#ind", "1.#qnan", "-1.#ind", "-1.#qnan",
)  # fmt: skip
PLACEHOLDERS = dict.fromkeys(_WORDS, "word") | dict.fromkeys(_ERRORS, "error")
"""Words that stand for nothing, in small letters, and which way `placeholder-text` fires for them."""
_TOGETHER = 50  # tables in one query: each costs a plan
_PLAIN_BUT = "(?i)^(?:{})$|{}".format("|".join(re.escape(word) for word in _WORDS if word[0].isalnum()), DIGITS)
_FINE, _BUT = re.compile(_PLAIN, re.ASCII), re.compile(DIGITS)
_CJK = "[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]{2}"
_EASTERN = re.compile(_CJK)
_LANGUAGES = ("zh", "ja", "ko")


def doubtful(run: Run, tables: list[tuple[Resource, Schema]]) -> Iterator[Doubt]:
    """Yield the distinct texts that are not plainly fine."""
    left = []
    for resource, schema in tables:
        held = _held(run, resource, schema)
        if held is None:
            left.append((resource, schema))
        else:
            yield from held
    for start in range(0, len(left), _TOGETHER):
        run.store.gather(_of_engine(run, left[start : start + _TOGETHER]))
    for table, position, value, language in run.store.rows("SELECT tbl, position, value, language FROM own.doubtful"):
        yield table, position, value, language == "true"


def _held(run: Run, resource: Resource, schema: Schema) -> list[Doubt] | None:
    """Return the doubtful texts of a table that is held in memory; None where it is not."""
    columns = cells_of(run, resource.name, schema.names)
    if columns is None:
        return None
    table, found = run.store.tables[resource.name], list[Doubt]()
    for item, cells in zip(schema.fields, columns, strict=True):
        if not item.text:
            continue
        if item.language in schema.names:
            spoken = columns[schema.names.index(item.language)]
            pairs = {
                (cell, _in_cjk(language)) for cell, language in zip(cells, spoken, strict=True) if cell is not None
            }
        else:
            pairs = {(cell, bool(_EASTERN.search(cell))) for cell in set(cells) if cell is not None and _suspect(cell)}
        found += [(table, item.position, cell, cjk) for cell, cjk in pairs if _suspect(cell)]
    return found


def _suspect(text: str) -> bool:
    """Tell what the engine's condition tells of a text."""
    return not _FINE.fullmatch(text) or text.lower() in PLACEHOLDERS or _BUT.search(text) is not None


def _in_cjk(language: str | None) -> bool:
    return language is not None and language.lower().split("-")[0] in _LANGUAGES


def _of_engine(run: Run, tables: list[tuple[Resource, Schema]]) -> str:
    """Return a query for the distinct values of tables that are not plainly fine, and whether they are CJK."""
    cells = " UNION ALL ".join(_cells(run.store.tables[resource.name], schema) for resource, schema in tables)
    return (
        f"SELECT DISTINCT tbl, position, value, language FROM ({cells}) "
        f"WHERE NOT regexp_full_match(value, {literal(_PLAIN)}) OR regexp_matches(value, {literal(_PLAIN_BUT)})"
    )


def _cells(table: str, schema: Schema) -> str:
    cells = [(str(item.position), column(item), is_cjk(item, schema)) for item in schema.fields if item.text]
    position, value, language = (f"unnest([{', '.join(part)}])" for part in zip(*cells, strict=True))
    return f"SELECT '{table}' AS tbl, {position} AS position, {value} AS value, {language} AS language FROM {table}"


def is_cjk(item: Field, schema: Schema) -> str:
    """Return SQL that tells whether a text is CJK; where no column names the language, two such signs tell."""
    if not item.language or item.language not in schema.names:
        return f"coalesce(regexp_matches({column(item)}, '{_CJK}'), false)"
    language = column(schema.field(item.language))
    return f"coalesce(split_part(lower({language}), '-', 1) IN ('zh', 'ja', 'ko'), false)"
