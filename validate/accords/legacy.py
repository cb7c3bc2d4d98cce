"""Recognises text in a lost encoding: UTF-8 misread as windows-1252 or Latin-1, and old Vietnamese fonts.

Apart from the text checks, because it knows tables of encodings and Vietnamese spelling, and nothing of
data packages. Never by a single letter: capital Ã and Á are right in `XÃ` and `ĐÁ`, and Ö is right in
German. Misread text is known by sequences that are UTF-8 and nothing else, an old font by words that are
Vietnamese once they are read as that font, and are no words of anybody as they stand.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lost:
    """How the encoding was lost, what the text may have been ("": not known), and the text without the damage."""

    variant: str
    meant: str
    rest: str


def lost(value: str) -> Lost | None:
    """Tell whether the encoding of a text was lost; None for sound text."""
    if value.isascii():
        return None
    if "\ufffd" in value:
        return Lost("replacement", "", value)
    if found := _misread(value):
        meant, rest = found
        while again := _misread(meant):  # what was misread twice
            meant = again[0]
        return Lost("mojibake", meant, rest)
    return Lost("font", "", _NOT_ASCII.sub("x", value)) if _old_font(value) else None


_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
# Whatever neither windows-1252 nor an old font has, but for signs of print.
_BEYOND = re.compile("[^\x00-\xffŒœŠšŸŽžƒˆ˜\u2000-\u2bff]")

# --- Misread UTF-8. Browsers read windows-1252 with a C1 control for each of the five bytes that it lacks.
_BYTES = {byte: byte for byte in range(0x80, 0x100)}
_BYTES |= {ord(sign): byte for byte in range(0x80, 0xA0) for sign in bytes([byte]).decode("cp1252", "ignore")}
_NEXT = "[" + "".join(re.escape(chr(sign)) for sign, byte in _BYTES.items() if byte < 0xC0) + "]"
_RUN = re.compile(f"(?:[\xc2-\xdf]{_NEXT}|[\xe0-\xef]{_NEXT}{{2}}|[\xf0-\xf4]{_NEXT}{{3}})+")
# One such sequence by itself is damage where it gives a Latin letter, a Vietnamese mark or a sign of print;
# `é »` would be Chinese.
_LATIN = re.compile(
    "[\xa0-\u017fƠơƯư\u0218-\u021b\u0300-\u0303\u0306\u0309\u031b\u0323\u1e00-\u1eff\u2000-\u2044\u20a0-\u20bf\u2100-\u214f]"
)
_LETTERS = frozenset("ÀÁÂÃÈÉÊÌÍÒÓÔÕÖÙÚÝàáâãèéêìíòóôõùúýĂăĐđĨĩŨũƠơƯư")  # the Vietnamese ones, and Ö
# Signs that may follow a capital letter in sound text (“THỊ XÃ”), and those that a letter may follow in turn.
_SIGNS, _JOINTS = frozenset("’”…–—™®©»›°º\xa0"), frozenset("’–—\xa0")
_QUOTES = frozenset("“„«‘‹")


def _misread(value: str) -> tuple[str, str] | None:
    """Return the text with every misread run repaired, and with every such run blotted out; None if there is none."""
    if not _RUN.search(value):
        return None
    outside = _RUN.sub(" ", value)
    kept = _BEYOND.search(outside) or not _QUOTES.isdisjoint(outside)
    sure: dict[tuple[int, int], str] = {}
    unsure: dict[tuple[int, int], str] = {}
    for run in _RUN.finditer(value):
        if text := _decoded(run[0]):
            (unsure if _may_be_sound(run, text, outside) else sure)[run.span()] = text
    if not kept:
        sure |= {span: text for span, text in unsure.items() if sure or text in _LETTERS}
    if not sure:
        return None
    return (
        _RUN.sub(lambda run: sure.get(run.span(), run[0]), value),
        _RUN.sub(lambda run: "x" if run.span() in sure else run[0], value),
    )


def _decoded(run: str) -> str | None:
    try:
        text = run.translate(_BYTES).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return None
    return None if any(unicodedata.category(sign) in ("Cn", "Co") for sign in text) else text


def _may_be_sound(run: re.Match[str], text: str, outside: str) -> bool:
    """Tell whether a run may as well be a letter with a sign of print after it."""
    if len(text) > 1:
        return False
    if not _LATIN.match(text) or ("»" in run[0] and "«" in outside):
        return True
    before, after = run.string[run.start() - 1 : run.start()], run.string[run.end() : run.end() + 1]
    if run[0][0] not in "ÃÄÅÈ" or run[0][-1] not in _SIGNS or before.islower():
        return False
    return not after.isalpha() or (run[0][-1] in _JOINTS and before.isalpha())


# --- Old Vietnamese fonts. TCVN3 (ABC) puts the letters on signs and capitals of Latin-1; VNI writes a vowel,
# then a letter that stands for its marks.
_TCVN3 = str.maketrans(
    "¡¢§£¤¥¦µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\xadõøö÷ùúýûüþ",
    "ĂÂĐÊÔƠƯàáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ",
)
_NOT_TCVN3 = frozenset("ÀÁÂÃÄÅÍÙÚÛàðÿ")
_WORD = re.compile("[A-Za-z\xa1-\xfeŒœŠšŸŽž]+")
_SIGNED_TCVN3 = re.compile(
    "[a-z][ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖØÜÝÞ]|[A-Za-z§®](?:[µ¶¸¨«¬\xad¾¼½»©ß]|[ª¹](?=[a-z])|[×·](?=[a-z]{2}))"
    "|^[®§][A-Za-z]*[\xa1-\xfe]|(?:h|gi)÷"
)
_TONES = dict(zip("ùøûõï", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_HATS = dict(zip("âáàåãä", ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"), strict=True))
_BREVES = dict(zip("êéèúüë", ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"), strict=True))
_VNI = (
    {"ô": "ơ", "ö": "ư", "ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
    | {
        base + mark: real + tone
        for base, real in zip("aeouyôö", "aeouyơư", strict=True)
        for mark, tone in _TONES.items()
    }
    | {base + mark: base + "\u0302" + tone for base in "aeo" for mark, tone in _HATS.items()}
    | {"a" + mark: "ă" + tone for mark, tone in _BREVES.items()}
)
_VNI_PARTS = re.compile("[aeouyôö][ùøûõïâáàåãäêéèúüë]|[ôöñæóòî]")
_SIGNED_VNI = re.compile(
    "[ao]ä|eä(?=[a-z])|[aeo][åâã]|[iyu][eo][áàåãä]|[aeouyôö][øûõ]|[aeuyôö]ù|aê|öô[ùøûõï]?|[aeouy]ï(?=ch|n[gh]|p)"
)
_PAIRED_VNI = re.compile("[aeouyôö][ïáàéèúüë]")

_ONSETS = frozenset(["", *"b c ch d đ g gh gi h k kh l m n ng ngh nh ph qu r s t th tr v x".split()])
_RHYMES = (
    "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep et "
    "ê êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu o oa oac oach oai oan oang "
    "oanh oao oat oay oăc oăn oăng oăt oc oe oen oeo oet oi om on ong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt "
    "u ua uân uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt up ut uy uya uych uyên uyêt uynh uyt "
    "ư ưa ưc ưi ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yên yêt yêu ynh"
).split()
# Frequent words of the subject: what weighs where the signs of a word alone would not tell.
_COMMON = frozenset(
    "biên báo bản bảo bắc bệnh bộ chính chương chủ chức chữ các cáo cấp cộng cục của cứu dân dược dục dự giáo giới "
    "giờ giữa hiểm hiệp hoà hoạch huyện huế hòa hệ học hồ hỗ hội hợp khoa khoẻ khỏe kế kỹ liên lập lệ mạnh một "
    "nghiên nghĩa nghị ngày người những năm nước nội phát phòng phường phố phủ quyết quận quốc số sở sức thoả thuận "
    "thuật thuốc thành tháng thông thế thỏa thứ tiếng tiền triển triệu trung trình trường trợ tác tình tư tại tạo "
    "tế tỉnh tổ tỷ viện việt vốn với vụ xã án điều đào đường được đại đẩy định đồng đức".split()
)
# Old spelling puts the tone here: these words are sound as they are, and VNI for others.
_OLD_SPELLING = frozenset("hoà hoá toà toá khoá xoà xoá goá loá loà thoà thoá choá choà oà".split())
_ENOUGH = 2


def _old_font(value: str) -> bool:
    """Tell whether the text is TCVN3 or VNI, which look right in their own fonts only."""
    if _BEYOND.search(value):
        return False
    words = {word for word in _WORD.findall(value) if not word.isascii()}
    strange = not _NOT_TCVN3.isdisjoint(value)
    if sum(_weight_in_tcvn3(word, strange) for word in words) >= _ENOUGH:
        return True
    return sum(_weight_in_vni(word) for word in {word.lower() for word in words}) >= _ENOUGH


def _weight_in_tcvn3(word: str, strange: bool) -> int:
    """Return how much a word speaks for TCVN3; `strange`: the text has letters that TCVN3 has no use for."""
    read = word.translate(_TCVN3).lower()
    if not _is_syllable(read):
        return 0
    if _SIGNED_TCVN3.search(word) or word == "Sè":
        return _ENOUGH
    return int(read in _COMMON and read != word.lower() and not strange)


def _weight_in_vni(word: str) -> int:
    read = unicodedata.normalize("NFC", _VNI_PARTS.sub(lambda part: _VNI.get(part[0], part[0]), word))
    if read == word or not _is_syllable(read):
        return 0
    if _is_syllable(word):
        return int(read in _COMMON and word not in _OLD_SPELLING and bool(_PAIRED_VNI.search(word)))
    if _SIGNED_VNI.search(word) or (read in _COMMON and _PAIRED_VNI.search(word)):
        return _ENOUGH
    return int(read in _COMMON)


def _is_syllable(word: str) -> bool:
    """Tell whether a word in small letters is spelt as a Vietnamese syllable is."""
    rhymes = _toned_rhymes()
    return any(word[:size] in _ONSETS and word[size:] in rhymes for size in range(4))


@functools.cache
def _toned_rhymes() -> frozenset[str]:
    return frozenset(toned for rhyme in _RHYMES for toned in _toned(rhyme))


def _toned(rhyme: str) -> Iterator[str]:
    """Yield a rhyme with each of its tones; before a final c, ch, p or t there are but two."""
    marks = ("\u0301", "\u0323") if rhyme[-1] in "cpt" or rhyme.endswith("ch") else ("", *_TONES.values())
    for spot in _bearers(rhyme):
        yield from (unicodedata.normalize("NFC", rhyme[: spot + 1] + mark + rhyme[spot + 1 :]) for mark in marks)


def _bearers(rhyme: str) -> tuple[int, ...]:
    """Return which letters of a rhyme may bear its tone; there are two usages for oa, oe and uy."""
    marked = [spot for spot, letter in enumerate(rhyme) if letter in "ăâêôơ"] or [rhyme.find("ư")]
    if marked[-1] >= 0:
        return (marked[-1],)
    vowels = len(rhyme.rstrip("bcghmnpt"))
    if vowels < len(rhyme) or vowels == 1:
        return (vowels - 1,)
    return (0, 1) if rhyme in ("oa", "oe", "uy") else (vowels - 2,)
