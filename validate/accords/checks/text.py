"""Text hygiene on the text fields of resources with `"accords:text": true`.

Most cells are plainly fine, and `doubts` passes over them. The distinct values of all tables that are not
are judged here; only those at fault are looked up in their table again. One cause
gives one finding: what an earlier judgement explains, a later one passes over. A field opts out with
`"accords:text": false`, and with `"accords:text": "printed"` from what only speaks of damage, as fields
must that keep a value just as a source prints it.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator

from accords.catalogue import catalogue, shown
from accords.checks.doubts import DIGITS, PLACEHOLDERS, doubtful, is_cjk
from accords.checks.probes import Probe, Result, Run, count, key_fields, located, passed
from accords.fieldtypes import column
from accords.legacy import lost
from accords.package import Hygiene, Resource, Schema

_CODES = (
    "not-nfc", "invisible-character", "mixed-script-token", "legacy-encoding", "html-residue", "whitespace",
    "formula-prefix", "placeholder-text", "person-data",
)  # fmt: skip
_DAMAGE = frozenset({"mixed-script-token", "legacy-encoding", "html-residue", "placeholder-text"})
Fault = tuple[str, str, str]  # code, variant and what is shown
_Group = tuple[int, str, str, bool]  # position of the field, code, variant, whether the text is CJK

_LONGEST_PLACEHOLDER = 40  # with blanks around it

_BLANKS = re.compile(r"\A[ \t\n\r\v\f]|[ \t\n\r\v\f]\Z|  |[\t\n\r\v\f]")

# A zero-width space is spelling in scripts that write words without blanks between them, a joiner or
# non-joiner in Arabic and Indic scripts, there also after the sign that takes a letter's vowel away.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff\ua9e0-\ua9ff\uaa60-\uaa7f"
_JOINED = "\u0600-\u06ff\u0750-\u077f\u08a0-\u0dff\ufb50-\ufdff\ufe70-\ufefc"
_SILENCED = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca"
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\xa0\xad\u061c\u115f\u1160\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f"
    "\u3000\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
    f"(?:(?<![\u200b-\u200d])|(?<=\u200b)(?:\\Z|(?<![{_UNSPACED}]\u200b))"
    f"|(?<=[\u200c\u200d])(?<![{_SILENCED}].)(?:(?<![{_JOINED}].)|(?![{_JOINED}])))"
)

_FOREIGN = re.compile("[^\x00-\u036f\u1e00-\u1eff\u2000-\u2e7f]")
_EASTERN = ("CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA", "HANGUL")
_SCRIPTS = {"LATIN": "L", "CYRILLIC": "C", "GREEK": "G"} | dict.fromkeys(_EASTERN, "K")
# Greek letters that terms put beside Latin ones (NFκB, μg) and that no Latin letter looks like; such a letter
# between two small ones, or a third in a row, is no term.
_TERM = "ΓΔΘΛΞΠΣΦΨΩαβγδεζηθκλμξπρστφχψω"


class _Kinds(dict[int, str]):
    """What kind of sign each code point is, one letter for each: see `_MIXED`; anything else is a point."""

    def __missing__(self, code: int) -> str:
        sign, kind = chr(code), "."
        words = unicodedata.name(sign, ".").removeprefix("FULLWIDTH ").removeprefix("HALFWIDTH ").split()
        if unicodedata.category(sign)[0] == "L":
            kind = _SCRIPTS.get(words[0], ".")
        self[code] = "l" if kind == "L" and sign.islower() else kind
        return self[code]


_KINDS = _Kinds(
    {ord(sign): sign for sign in " -"}
    | dict.fromkeys(map(ord, "0123456789"), "0")
    | dict.fromkeys(map(ord, "０１２３４５６７８９"), "F")
    | dict.fromkeys(map(ord, _TERM), "T")
    | dict.fromkeys(map(ord, "一二三四五六七八九〇零"), "N")
)
_MIXED_ALWAYS = "[lL]C|C[lL]|[lL](?:T{0,30}G|TTT)|(?:GT{0,30}|TTT)[lL]|lTT?l|0N|N0|F"
# An acronym beside its own script's syllables (LG화학) is a name; a word cut in two by them is damage.
_MIXED = {True: re.compile(_MIXED_ALWAYS), False: re.compile(_MIXED_ALWAYS + "|[lL][KN]|[KN][lL]|- ?N|N ?N? ?0")}

_HTML = re.compile(r"</?[A-Za-z][^<>]*>|<!--|&(?:[A-Za-z]{2,8}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});|\]\(https?:")
# Numbers with digits and points that are no telephone's: addresses, DOIs, ISBNs, tax codes, dates.
_ASIDE = re.compile(
    r"\b[A-Za-z][A-Za-z0-9+.-]{1,20}://\S+|\bwww\.\S+|\b10\.[0-9]{4,9}/\S+"
    r"|\bISBN(?:-1[03])?:? ?(?:[0-9][ -]?){9,12}[0-9X]|\b(?:MST|[Mm]ã số thuế|[Tt]ax code):? ?[0-9-]{10,14}"
    r"|(?<![0-9])(?:[0-3]?[0-9][./-][01]?[0-9][./-](?:19|20)[0-9]{2}"
    r"|(?:19|20)[0-9]{2}[./-][01]?[0-9][./-][0-3]?[0-9])(?![0-9])"
)
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.)+[A-Za-z]{2,63}"
)
_MANY_DIGITS = re.compile(DIGITS)
_ABROAD = re.compile(
    r"(?<![\w/+.-])(?:\(?\+ ?\(?[1-9][0-9]{0,2}|\(84|0084|84(?=-))\)?(?:[ .()-]{0,3}[0-9]){7,12}(?![0-9])"
)
_AT_HOME = re.compile(
    r"(?<![\w/+-])(?<![0-9][.,])\(?0[1-9][0-9]{0,2}\)?(?:(?: - |[ .-])?[0-9]{2,4}){2,4}"
    r"(?!\w|/(?:[^\W0-9]|(?:19|20)[0-9]{2}(?![0-9])))"
)


def judge(value: str, cjk: bool) -> list[Fault]:
    """Return everything that is wrong with a text; `cjk`: it is in Chinese, Japanese or Korean."""
    if len(value) <= _LONGEST_PLACEHOLDER and (kind := PLACEHOLDERS.get(value.strip().lower())):
        return [("placeholder-text", kind, "")]
    return list(_faults(value, cjk))


def _faults(value: str, cjk: bool) -> Iterator[Fault]:
    """Yield the faults of a text; `rest` is what of it the faults found so far do not explain."""
    rest = value
    if loss := lost(value):
        yield "legacy-encoding", loss.variant, shown(loss.meant)
        rest = loss.rest
    if not unicodedata.is_normalized("NFC", rest):
        yield "not-nfc", "", ""
    if _BLANKS.search(rest):
        yield "whitespace", "", ""
    if sign := _INVISIBLE.search(rest):
        yield "invisible-character", "", f"U+{ord(sign[0]):04X}"
    if _FOREIGN.search(rest) and (mixture := _MIXED[cjk].search(rest.translate(_KINDS))):
        yield "mixed-script-token", "", shown(_around(rest, *mixture.span()))
    contacts = list(_contacts(rest))
    for kind in sorted({kind for kind, _ in contacts}):
        yield "person-data", kind, ""
    bracketed = {f"<{found[0]}>" for _, found in contacts}
    if markup := next((found[0] for found in _HTML.finditer(rest) if found[0] not in bracketed), None):
        yield "html-residue", "", shown(markup)
    if rest[:1] in ("=", "+", "@", "-") and not any(found.start() == 0 for _, found in contacts):
        yield "formula-prefix", "", shown(rest[0])


def _around(value: str, start: int, end: int) -> str:
    """Return a part of a text with the whole words that it begins and ends in."""
    first = re.split(r"\s", value[:start])[-1]
    last = re.split(r"\s", value[end:], maxsplit=1)[0]
    return first + value[start:end] + last


def _contacts(value: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield what looks like an e-mail address or a telephone number, outside of web addresses."""
    if "@" in value or _MANY_DIGITS.search(value):
        value = _ASIDE.sub(lambda found: "\n" * len(found[0]), value)
    if "@" in value:
        yield from (("email", found) for found in _EMAIL.finditer(value))
    if _MANY_DIGITS.search(value):  # still, without what stands aside
        yield from (("telephone", found) for found in _ABROAD.finditer(value) if _is_abroad(found[0]))
        yield from (("telephone", found) for found in _AT_HOME.finditer(value) if _is_at_home(found[0]))


def _is_abroad(number: str) -> bool:
    """Tell whether a number with a country code has the form of a telephone number, not of an amount."""
    groups = re.findall("[0-9]+", number)
    digits = "".join(groups).removeprefix("00")
    if "+" not in number:
        return 11 <= len(digits.replace("840", "84", 1)) <= 12
    if digits.startswith("84"):
        return 11 <= len(digits) <= 13
    thousands = len(groups) > 1 and all(len(group) == 3 for group in groups[1:])
    if thousands and (len(digits) < 11 or digits.endswith("000000")):
        return False
    return 9 <= len(digits) <= 15 and not re.fullmatch(r"\+[0-9]+\.[0-9]+", number)


def _is_at_home(number: str) -> bool:
    """Tell whether a number with a leading nought has the form of a Vietnamese one, mobile or fixed, old or new."""
    first, *others = re.findall("[0-9]+", number)
    digits = "".join([first, *others])
    if len(digits) not in (10, 11) or (digits[1] == "1" and not re.match("01[2689].{8}", digits)):
        return False
    if len(first) == 2 and others:
        return len(others[0]) != 2 and not re.fullmatch("(?:19|20)[0-9]{2}", others[0])
    return True


def text(run: Run) -> Iterator[Result]:
    """Check the text fields of every resource."""
    gathered = [(resource, schema) for resource, schema in run.tables() if any(item.text for item in schema.fields)]
    faulty = _judged(run, gathered)
    for resource, schema in gathered:
        yield from (passed(code, resource.name) for code in _CODES)
        for (position, code, variant, cjk), values in sorted(faulty[run.store.tables[resource.name]].items()):
            item = schema.fields[position - 1]
            if code not in _DAMAGE or item.text is not Hygiene.PRINTED:
                tag = f"{resource.name}.{position}.{code}.{variant}.{cjk}"
                where = f"{column(item)} IN ({run.store.list_values(tag, values)})"
                where += f" AND {'' if cjk else 'NOT '}{is_cjk(item, schema)}"
                yield _result(run, resource, Probe(code, where, (item,), variant), cjk)


def _judged(run: Run, tables: list[tuple[Resource, Schema]]) -> dict[str, dict[_Group, list[str]]]:
    """Return the values at fault by table, then by field position, code, variant and whether they are CJK."""
    faulty: dict[str, dict[_Group, list[str]]] = defaultdict(lambda: defaultdict(list))
    for table, position, value, cjk in doubtful(run, tables):
        for code, variant, _ in judge(value, cjk):
            faulty[table][position, code, variant, cjk].append(value)
    return faulty


def _result(run: Run, resource: Resource, probe: Probe, cjk: bool) -> Result:
    """Return the true count of a fault in a field, and a sample that says of each value what is wrong with it."""
    total = count(run, resource, [probe])[0]
    wanted = [column(item) for item in (*probe.fields, *key_fields(resource))]
    rows = run.store.rows(
        f"SELECT row, line, {', '.join(wanted)} FROM {run.store.tables[resource.name]} "
        f"WHERE {probe.where} ORDER BY row LIMIT {run.limit}"
    )
    problems = []
    for row in rows:
        what = next(what for code, kind, what in judge(row[2], cjk) if (code, kind) == (probe.code, probe.variant))
        problems.append(located(resource, dataclasses.replace(probe, constants={"what": what}), row))
    return Result(probe.code, resource.name, catalogue()[probe.code].severity, total, tuple(problems))


__all__ = ["PLACEHOLDERS", "judge", "text"]
