"""Text hygiene on the text fields of resources with `"accords:text": true`.

Most cells are plainly fine. The distinct values of all tables that are not are gathered once and judged
together, in SQL where SQL can say it, by a predicate where it cannot (text in a lost encoding); only a
value that is at fault is looked up in its table again. A field opts out with `"accords:text": false`, and
with `"accords:text": "printed"` from what only speaks of damage, as fields must that keep a value just as
a source prints it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from accords.checks.probes import Probe, Result, Run, column, passed, scan
from accords.legacy import misread, old_font
from accords.package import Field, Hygiene, Schema
from accords.store import literal

# What no check below objects to: words of ASCII with single blanks between them, no long number, no
# placeholder (the ASCII ones among them; the others are not plain to begin with).
_PLAIN = r"[A-Za-z0-9(][A-Za-z0-9,.;:()/'%_-]*(?: [A-Za-z0-9,.;:()/'%_-]+)*"

# A zero-width space is spelling in scripts that write words without blanks between them.
_INVISIBLE = (
    r"[\x{00}-\x{08}\x{0B}\x{0C}\x{0E}-\x{1F}\x{7F}-\x{9F}\x{A0}\x{AD}\x{200C}-\x{200F}\x{2028}-\x{202E}"
    r"\x{2060}-\x{2069}\x{202F}\x{3000}\x{FEFF}]|(?:^|[^\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}])\x{200B}"
)
_CJK = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]"
_MIXED_ALWAYS = (
    r"[\p{Latin}][\p{Cyrillic}\p{Greek}]|[\p{Cyrillic}\p{Greek}][\p{Latin}]"
    r"|[0-9][一二三四五六七八九〇零]|[一二三四五六七八九〇零][0-9]"
    r"|[一二三四五六七八九〇零] ?[一二三四五六七八九〇零]? ?[0-9]"
    r"|[\x{FF10}-\x{FF19}]"
)
# An acronym beside its own script's syllables (LG화학) is a name; a word cut in two by them is damage.
_MIXED_OUTSIDE_CJK = rf"\p{{Latin}}{_CJK}|{_CJK}\p{{Latin}}|- ?[一二三四五六七八九〇零]"
_MIXED_TOKEN = rf"\S*(?:{_MIXED_ALWAYS}|{_MIXED_OUTSIDE_CJK})\S*"
_HTML = r"</?[A-Za-z][^<>]*>|<!--|&(?:[A-Za-z]{2,8}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});|\]\(https?:"
_BLANKS = r"^\s|\s$|\s\s|[\t\r\n\v\f]"
_FORMULA = r"^[=+@\t\r-]"
_PLACEHOLDERS = (
    "n/a", "na", "n.a.", "nan", "<na>", "#n/a", "null", "nil", "none", "unknown", "not stated", "not specified",
    "unspecified", "tbd", "tba", "todo", "xxx", "?", "??", "???", "-", "--", "---", "–", "—", ".", "...", "…",
    "không rõ", "chưa rõ", "không có", "chưa biết", "-nan", "#na", "1.#ind", "1.#qnan", "-1.#ind", "-1.#qnan",
)  # fmt: skip
_PLAIN_BUT = "(?i)^(?:{})$|[0-9](?:[ .-]?[0-9]){{7}}".format(
    "|".join(re.escape(word) for word in _PLACEHOLDERS if word.isascii())
)
_EMAIL = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z]{2,}"
_PHONE = r"(?:\+84|\b0)[ .-]?(?:[0-9][ .-]?){8}[0-9]\b|\+[0-9]{1,3}[ .-](?:[0-9][ .-]?){6,11}[0-9]"
_CJK_LANGUAGES = ("zh", "ja", "ko")


_CODES = (
    "not-nfc", "invisible-character", "mixed-script-token", "legacy-encoding", "html-residue", "whitespace",
    "formula-prefix", "placeholder-text", "person-data",
)  # fmt: skip

_DAMAGE = frozenset({"mixed-script-token", "legacy-encoding", "html-residue", "placeholder-text"})


def text(run: Run) -> Iterator[Result]:
    """Check the text fields of every resource."""
    gathered = [(resource, schema) for resource, schema in run.tables() if any(item.text for item in schema.fields)]
    for resource, schema in gathered:
        run.store.gather(_doubtful(run.store.tables[resource.name], schema))
    faults = _judged(run)
    for resource, schema in gathered:
        yield from (passed(code, resource.name) for code in _CODES)
        table = run.store.tables[resource.name]
        probes = [
            _probe(schema.fields[position - 1], code, variant, what, values)
            for (name, position, code, variant, what), values in faults.items()
            if name == table and not (code in _DAMAGE and schema.fields[position - 1].text is Hygiene.PRINTED)
        ]
        yield from scan(run, resource, probes, sound=False)


def _doubtful(table: str, schema: Schema) -> str:
    """Return a query for the distinct values of a table that are not plainly fine, with their language."""
    fields = [item for item in schema.fields if item.text]
    languages = [_language(item, schema) for item in fields]
    return (
        f"SELECT DISTINCT '{table}', position, value, language FROM (SELECT "
        f"unnest([{', '.join(str(item.position) for item in fields)}]) AS position, "
        f"unnest([{', '.join(column(item) for item in fields)}]) AS value, "
        f"unnest([{', '.join(column(item) if item else 'NULL' for item in languages)}]) AS language FROM {table}) "
        f"WHERE NOT regexp_full_match(value, {literal(_PLAIN)}) OR regexp_matches(value, {literal(_PLAIN_BUT)})"
    )


def _language(item: Field, schema: Schema) -> Field | None:
    return schema.field(item.language) if item.language and item.language in schema.names else None


def _conditions() -> Iterator[tuple[str, str, str]]:
    """Yield code, condition and the SQL for what is shown, over `value` and `language`."""
    quoted = "'\"' || {0} || '\"'"
    cjk = ", ".join(literal(tag) for tag in _CJK_LANGUAGES)
    mixed = (
        f"regexp_matches(value, {literal(_MIXED_ALWAYS)}) OR (split_part(coalesce(language, ''), '-', 1) "
        f"NOT IN ({cjk}) AND regexp_matches(value, {literal(_MIXED_OUTSIDE_CJK)}))"
    )
    words = ", ".join(literal(word) for word in _PLACEHOLDERS)
    invisible = "'U+' || lpad(upper(to_hex(ord(right({0}, 1)))), 4, '0')"
    yield "not-nfc", "nfc_normalize(value) <> value", "''"
    yield "invisible-character", _matches(_INVISIBLE), invisible.format(_extract(_INVISIBLE))
    yield "mixed-script-token", mixed, quoted.format(_extract(_MIXED_TOKEN))
    yield "html-residue", _matches(_HTML), quoted.format(_extract(_HTML))
    yield "whitespace", _matches(_BLANKS), "''"
    yield "formula-prefix", _matches(_FORMULA), quoted.format("left(value, 1)")
    yield "placeholder-text", f"lower(value) IN ({words})", "''"
    yield "person-data", f"NOT contains(value, '://') AND {_matches(_EMAIL)}", "'an e-mail address'"
    yield "person-data", f"NOT contains(value, '://') AND {_matches(_PHONE)}", "'a telephone number'"


def _matches(pattern: str) -> str:
    return f"regexp_matches(value, {literal(pattern)})"


def _extract(pattern: str) -> str:
    return f"regexp_extract(value, {literal(pattern)})"


_Fault = tuple[str, int, str, str, str]


def _judged(run: Run) -> dict[_Fault, list[str]]:
    """Return the values at fault by table, field position, code, variant and what is shown."""
    faults: dict[_Fault, list[str]] = defaultdict(list)
    judged = list(_conditions())
    tests = ", ".join(f"({condition})" for _, condition, _ in judged)
    gathered = run.store.rows(f"SELECT tbl, position, value, {tests} FROM own.doubtful")
    for table, position, value, *flags in gathered:
        if any(flags):
            shown = _shown(run, value, [what for (_, _, what), flag in zip(judged, flags, strict=True) if flag])
            codes = [code for (code, _, _), flag in zip(judged, flags, strict=True) if flag]
            for code, what in zip(codes, shown, strict=True):
                faults[table, position, code, "", what].append(value)
        if lost := _lost(value):
            faults[table, position, "legacy-encoding", *lost].append(value)
    return faults


def _shown(run: Run, value: str, expressions: list[str]) -> list[str]:
    found = run.store.rows(f"SELECT {', '.join(expressions)} FROM (SELECT $1 AS value)", [value])[0]
    return [str(item) for item in found]


def _lost(value: str) -> tuple[str, str] | None:
    """Return the variant of `legacy-encoding` and what the text may have been; None for sound text."""
    if value.isascii():
        return None
    if "\ufffd" in value:
        return "replacement", ""
    if repaired := misread(value):
        return "mojibake", repaired
    return ("font", "") if old_font(value) else None


def _probe(item: Field, code: str, variant: str, what: str, values: list[str]) -> Probe:
    listed = ", ".join(literal(value) for value in values)
    return Probe(code, f"{column(item)} IN ({listed})", (item,), variant, constants={"what": what})
