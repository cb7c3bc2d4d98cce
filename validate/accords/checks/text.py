"""Text hygiene on the text fields of resources with `"accords:text": true`.

What SQL can say is an SQL condition; what it cannot (text in a lost encoding) is a predicate over the
distinct values that hold a suspicious character at all. A field can opt out with `"accords:text": false`,
as the ones that keep a value just as a source prints it.
"""

from __future__ import annotations

from collections.abc import Iterator

from accords.checks.probes import Probe, Result, Run, column, scan
from accords.legacy import DOUBTFUL, misread, old_font
from accords.package import Field, Resource, Schema
from accords.store import literal

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
_EMAIL = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z]{2,}"
_PHONE = r"(?:\+84|\b0)[ .-]?(?:[0-9][ .-]?){8}[0-9]\b|\+[0-9]{1,3}[ .-](?:[0-9][ .-]?){6,11}[0-9]"
_CJK_LANGUAGES = ("zh", "ja", "ko")


def text(run: Run) -> Iterator[Result]:
    """Check the text fields of every resource."""
    for resource, schema in run.tables():
        fields = [item for item in schema.fields if item.text]
        probes = [probe for item in fields for probe in _probes(item, schema)]
        probes += [probe for item in fields for probe in _lost(run, resource, item)]
        yield from scan(run, resource, probes, sound=False)


def _probes(item: Field, schema: Schema) -> Iterator[Probe]:
    cell = column(item)
    yield Probe("not-nfc", f"nfc_normalize({cell}) <> {cell}", (item,))
    yield _matched("invisible-character", item, _INVISIBLE, "'U+' || upper(to_hex(ord(trim({0}, ' '))))", {})
    mixed = f"regexp_matches({cell}, {literal(_MIXED_ALWAYS)})"
    if language := _language(item, schema):
        tag = f"split_part(coalesce({column(language)}, ''), '-', 1)"
        listed = ", ".join(literal(tag_) for tag_ in _CJK_LANGUAGES)
        mixed += f" OR ({tag} NOT IN ({listed}) AND regexp_matches({cell}, {literal(_MIXED_OUTSIDE_CJK)}))"
    else:
        mixed += f" OR regexp_matches({cell}, {literal(_MIXED_OUTSIDE_CJK)})"
    token = f"regexp_extract({cell}, {literal(_MIXED_TOKEN)})"
    yield Probe("mixed-script-token", mixed, (item,), params={"what": f"'\"' || {token} || '\"'"})
    yield _matched("html-residue", item, _HTML, "'\"' || {0} || '\"'", {})
    yield Probe("whitespace", f"regexp_matches({cell}, {literal(_BLANKS)})", (item,))
    yield _matched("formula-prefix", item, _FORMULA, "'\"' || {0} || '\"'", {})
    words = ", ".join(literal(word) for word in _PLACEHOLDERS)
    yield Probe("placeholder-text", f"lower({cell}) IN ({words})", (item,))
    if item.format != "uri":
        yield Probe("person-data", f"regexp_matches({cell}, {literal(_EMAIL)})", (item,), constants={"what": "an e-mail address"})
        yield Probe("person-data", f"regexp_matches({cell}, {literal(_PHONE)})", (item,), constants={"what": "a telephone number"})


def _matched(code: str, item: Field, pattern: str, what: str, constants: dict[str, str]) -> Probe:
    cell = column(item)
    extracted = f"regexp_extract({cell}, {literal(pattern)})"
    return Probe(code, f"regexp_matches({cell}, {literal(pattern)})", (item,), "", {"what": what.format(extracted)}, constants)


def _language(item: Field, schema: Schema) -> Field | None:
    return schema.field(item.language) if item.language and item.language in schema.names else None


def _lost(run: Run, resource: Resource, item: Field) -> Iterator[Probe]:
    """Judge the distinct values that hold a doubtful character."""
    cell, table = column(item), run.store.tables[resource.name]
    yield Probe("legacy-encoding", f"contains({cell}, chr(65533))", (item,), "replacement")
    doubtful = f"SELECT DISTINCT {cell} FROM {table} WHERE regexp_matches({cell}, {literal(DOUBTFUL)})"
    fonts = []
    for (value,) in run.store.rows(doubtful):
        if repaired := misread(value):
            yield Probe(
                "legacy-encoding", f"{cell} = {literal(value)}", (item,), "mojibake", constants={"what": repaired}
            )
        elif old_font(value):
            fonts.append(literal(value))
    if fonts:
        yield Probe("legacy-encoding", f"{cell} IN ({', '.join(fonts)})", (item,), "font")
