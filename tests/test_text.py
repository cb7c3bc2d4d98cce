"""Laws of the text checks: lost encodings are found and repaired, sound text in any language is left alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accords.checks.doubts import _PLAIN, _PLAIN_BUT
from accords.checks.text import judge
from accords.legacy import lost

WORDS = (
    "Bộ Y tế Việt Nam Bệnh viện Chợ Rẫy Đại học Dược Thành phố Hồ Chí Minh Huế Đà Nẵng Cần Thơ Hải Phòng Ủy ban "
    "nhân dân tỉnh Điện Biên Lào Cai Quảng Ngãi Thừa Thiên Phú Yên Đắk Lắk Gia Lai Bình Dương Hậu Giang Cà Mau "
    "thỏa thuận hợp tác giữa Sở Cục Quản lý Khám chữa Trường đại học Ô Môn Ý Ấn Độ Ả Rập ở về và của được những "
    "NGÔ HÒ XÃ ĐÁ LÊ ĐÌNH NGHĨA kỹ thuật dự án ngưỡng khuyến nghị Nguyễn Trãi Hữu nghị ĐỨC giường Ũ Ĩ Ê Ă"
).split()
SENTENCES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)


def misread_as_latin_1(text: str) -> str:
    return text.encode().decode("latin-1")


def misread_by_a_browser(text: str) -> str:
    """Read UTF-8 as windows-1252, the five bytes that it lacks as the controls of Latin-1."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode())


MISREADINGS = st.sampled_from([misread_as_latin_1, misread_by_a_browser])


@given(SENTENCES, MISREADINGS)
def test_misread_vietnamese_is_recognised_and_given_back(text: str, misread: Callable[[str], str]) -> None:
    found = lost(misread(text))
    assert (found.meant if found else misread(text)) == text


@given(SENTENCES, MISREADINGS)
def test_misread_text_is_one_finding_and_no_other(text: str, misread: Callable[[str], str]) -> None:
    assert [code for code, _, _ in judge(misread(text), cjk=False)] == ["legacy-encoding"] * (not text.isascii())


@given(SENTENCES)
def test_what_was_misread_twice_is_given_back(text: str) -> None:
    found = lost(misread_by_a_browser(misread_by_a_browser(text)))
    assert (found.meant if found else text) == text


@given(SENTENCES)
def test_sound_vietnamese_has_no_findings(text: str) -> None:
    assert judge(text, cjk=False) == judge(text.upper(), cjk=False) == judge(f"“{text.upper()}”…", cjk=False) == []


@given(SENTENCES)
def test_decomposed_vietnamese_is_not_nfc_and_nothing_else(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    assert judge(decomposed, cjk=False) == [("not-nfc", "", "")] * (decomposed != text)


@given(st.text(max_size=60), st.booleans())
def test_any_text_can_be_judged_and_no_code_comes_twice_alike(text: str, cjk: bool) -> None:
    found = [(code, variant) for code, variant, _ in judge(text, cjk)]
    assert len(found) == len(set(found))


@given(st.one_of(st.from_regex(_PLAIN, fullmatch=True), st.text("0189 ().-/:", min_size=8, max_size=20)))
def test_what_is_taken_for_plainly_fine_would_be_judged_so(text: str) -> None:
    if re.fullmatch(_PLAIN, text) and not re.search(_PLAIN_BUT, text):
        assert judge(text, cjk=False) == []


@given(st.text(st.characters(min_codepoint=0xA0, max_codepoint=0x17F, categories=["L"]), max_size=12))
def test_repairing_ends_and_leaves_nothing_to_repair(text: str) -> None:
    found = lost(text)
    again = lost(found.meant) if found else None
    assert again is None or again.variant != "mojibake"


NAMES = """
Charité – Universitätsmedizin Berlin | Universitätsklinikum Gießen und Marburg | Ärzte ohne Grenzen
Straße des 17. Juni | Klinikum der Universität München | Gesellschaft für Internationale Zusammenarbeit
Universität Zürich
Ministère de la Santé et de la Prévention | Hôpital Necker-Enfants malades | Université d’Aix-Marseille, Israël
Œuvre d’Orient | Médecins Sans Frontières | Assistance publique – Hôpitaux de Paris | Centre hospitalier de Thaï Loïc
Agencia Española de Cooperación para la niñez | Ministerio de Salud Pública de Cuba | Dra. Mª Peset | Peñón de Vélez
Hospital Clínico Universitario José de San Martín | Instituto de Saúde Pública | Fundação Oswaldo Cruz | São Paulo
Ações e cooperações de Além-Mar | Santa Casa da Misericórdia | Col·legi de Metges de Barcelona | Generalitat de València
Ospedale Niguarda Ca’ Granda | Università degli Studi di Forlì | Però così è la città | Karolinska Institutet
Läkare utan gränser | Sjöfartsverket på Åland | Rigshospitalet København | Sælger på Færøerne | Håndværkerrådet
Folkehelseinstituttet i Tromsø | Háskóli Íslands | Landspítali – háskólasjúkrahús | Työterveyslaitos ja Työministeriö
Terveyden ja hyvinvoinnin laitos: hyvää yötä | Tartu Ülikooli Kliinikum, meä | Õigusteaduskond | Sağlık Bakanlığı
Hacettepe Üniversitesi Tıp Fakültesi | İstanbul Şişli Etfal | Univerzita Karlova v Praze, Řízení | Nemocnice Na Bulovce
Fakultní nemocnice Brno – Žlutý kopec | Semmelweis Egyetem, Budapest | Egészségügyi Minisztérium | Győr és Sümeg
Uniwersytet Jagielloński | Warszawski Uniwersytet Medyczny | Łódź | Szpital Świętej Elżbiety | Institutul Cantacuzino
Ministerul Sănătății al României | Seán Ó Meán agus na hÉireann | Ollscoil na hÉireann, Gaillimh | Hwb Iechyd Môn
Минздрав России | Вьетнамско-российский тропический центр | Εθνικό Κέντρο | 서울대학교병원 | 北京协和医院
チョーライ病院 | มหาวิทยาลัยมหิดล | ក្រសួងសុខាភិបាល | ກະຊວງສາທາລະນະສຸກ | وزارة الصحة | דוקטור | स्वास्थ्य मंत्रालय
"""


@pytest.mark.parametrize("name", [name.strip() for line in NAMES.strip().splitlines() for name in line.split("|")])
def test_names_of_many_languages_have_no_findings(name: str) -> None:
    assert judge(name, cjk=False) == []
    assert judge(name.upper(), cjk=False) == []
    assert judge(f"“{name}”", cjk=False) == []


@pytest.mark.parametrize(
    "text",
    [
        "XÃ", "“XÃ”", "THỊ XÃ – HUYỆN", "“THỊ XÃ”…", "XÃ–PHƯỜNG", "ĐÁ", "ĐÃ…", "Toà án Hoà Bình", "HOÀ BÌNH", "bé Hà",
        "Bé", "thé vert à Né", "où", "«está»…", "“liberté…”", "SANTÉ”", "ELÄMÄ", "Gardasil®", "Heberpenta®-L",
        "Vinamilk™",
        "Note¹ on terms", "5 µm", "10 µg", "N·m", "n × m", "n×m", "t½", "1ª", "£m", "§ 5a", "½ day", "№ 7",
        "«Institut»", "McÉtienne", "Straße", "SCHÖN", "KÖLN", "Ñandú", "Åland", "Ötzi", "IRMÃ", "MANHÃ…", "Kanaän",
        "laïc", "Caïn",
    ],
)  # fmt: skip
def test_letters_and_signs_that_old_encodings_share_are_sound(text: str) -> None:
    assert judge(text, cjk=False) == []


def test_the_no_break_blank_of_french_quotes_is_no_lost_encoding() -> None:
    assert judge("« Santé\u00a0»", cjk=False) == [("invisible-character", "", "U+00A0")]


@pytest.mark.parametrize(
    "text",
    [
        "Bé Y tÕ", "BÖnh viÖn", "BÖnh viÖn B¹ch Mai", "Sè", "Sè 5", "§¹i häc Y Hµ Néi", "Tr\u00adêng ®¹i häc",
        "ViÖt Nam", "Céng hßa x· héi chñ nghÜa ViÖt Nam", "Bé tr­ëng", "BÖNH VIÖN", "Thµnh phè Hå ChÝ Minh",
        "(Bé Y tÕ)",
        "Boä Y teá", "Beänh vieän", "Thaønh phoá Hoà Chí Minh", "THAØNH PHOÁ HOÀ CHÍ MINH", "BOÄ Y TEÁ", "Haø Noäi",
        "Hueá", "Ñaïi hoïc Quoác gia", "Tröôøng Ñaïi hoïc", "Sôû Y teá tænh Ñaêk Laêk",
        "Coäng hoøa xaõ hoäi chuû nghóa",
    ],
)  # fmt: skip
def test_old_vietnamese_fonts_are_recognised_by_their_words(text: str) -> None:
    assert judge(text, cjk=False) == [("legacy-encoding", "font", '""')]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Bệnh viện Huáº¿", "Bệnh viện Huế"), ("Institut “GÃ©rard”", "Institut “Gérard”"),
        ("Ã–sterreich", "Österreich"), ("KÃ–LN", "KÖLN"), ("Itâ€™s", "It’s"), ("nopÈ›ii", "nopții"), ("25Â°C", "25°C"),
        ("Ðœ Ð¸Ð½Ð·Ð´Ñ€Ð°Ð²", "М инздрав"),
        ("åŒ—äº¬", "北京"), ("ÃƒÂ©tat", "état"), ("HÃ\u00a0 Ná»™i", "Hà Nội"),
    ],
)  # fmt: skip
def test_misread_words_are_repaired_among_sound_ones(text: str, meant: str) -> None:
    assert judge(text, cjk=False) == [("legacy-encoding", "mojibake", f'"{meant}"')]


def test_what_the_text_may_have_been_is_cut_and_escaped() -> None:
    [(_, _, what)] = judge(misread_by_a_browser("Bệnh\u0085viện " * 100), cjk=False)[:1]
    assert len(what) < 200
    assert "\u0085" not in what


def test_damage_beside_damage_is_told_too() -> None:
    found = judge("Huáº¿\u200b <b>", cjk=False)
    assert [code for code, _, _ in found] == ["legacy-encoding", "invisible-character", "html-residue"]


TELEPHONES = """0912345678|0912 345 678|0912.345.678|091-234-5678|(0912) 345 678|0912 34 56 78|ĐT: 0912 345 678
Tel. 024 1234 5678|02412345678|(024) 3825 3531|024.38253531|04-3825-3531|0243.846.4416|0511 3821 234|01234 567 890
+84 912 345 678|+84912345678|(+84) 912 345 678|+84.24.3845.1234|+84 (0) 912 345 678|(84-24) 3825 3531|84-24-38253531
84-912-345-678|0084 912 345 678|+82-2-1234-5678|+1 (202) 555-0123|+44 20 7946 0958|+33 1 23 45 67 89|+49 (0)30 1234567
0912345678/0987654321|https://example.org 0912345678|Tel.0912345678"""


@pytest.mark.parametrize("number", TELEPHONES.replace("\n", "|").split("|"))
def test_telephone_numbers_are_found(number: str) -> None:
    assert judge(number, cjk=False) == [("person-data", "telephone", "")]


NO_TELEPHONES = """\
05.06.2023 10:30|01.01.2021-31.12.2025|05/06/2023, 08/09/2024|05 06 2023 10 30|2023-06-14 10:30:00
ISBN 978-0-00-000000-2|ISBN 0912345678|978-84-7423-456-7|02/2023/TB-LPQT|0912345678/QĐ-BYT|05-2023-1234|Project 0123456
Grant 00012345678901|Loan 3210-VIE|VIE-0912345678|10.7626, 106.6602|0.0912345678|(UTC +7) 2023-06-14 10:30
2020 2021 2022|2021-2025, 2026-2030|USD 1 200 000 000|84.912.345.678 đồng|84 000 000 000|1.012.345.678
up +1 200 000 000|to +12 345 678
+10.7626123, E|https://example.org/p?id=0912345678|www.example.org/0912345678|doi:10.1371/0912345678|MST 0301234567
tax code: 0301234567-001|84-2021-2025|+10.7626+106.6602|0000 0000 0000"""


@pytest.mark.parametrize("text", NO_TELEPHONES.replace("\n", "|").split("|"))
def test_other_numbers_are_no_telephone_numbers(text: str) -> None:
    assert [code for code, _, _ in judge(text, cjk=False) if code == "person-data"] == []


@pytest.mark.parametrize(
    ("text", "code", "variant"),
    [
        ("-", "placeholder-text", "word"), ("<NA>", "placeholder-text", "word"), (" N/A ", "placeholder-text", "word"),
        ("#REF!", "placeholder-text", "error"), ("#DIV/0!", "placeholder-text", "error"),
        ("\tHuế", "whitespace", ""), ("Huế\vCentral", "whitespace", ""), ("=1+1", "formula-prefix", ""),
        ("+84 912 345 678", "person-data", "telephone"), ("Office <office@example.org>", "person-data", "email"),
        ("mailto:office@example.org", "person-data", "email"),
        ("https://example.org, a@example.org", "person-data", "email"),
    ],
)  # fmt: skip
def test_one_cause_gives_one_finding(text: str, code: str, variant: str) -> None:
    assert [found[:2] for found in judge(text, cjk=False)] == [(code, variant)]


@pytest.mark.parametrize("term", ["TNFα", "NFκB", "25 μg", "β-lactam", "IL-1β", "αβT", "ΔF508", "PGC1α", "Ω", "γδ T"])
def test_greek_letters_stand_beside_latin_ones_in_terms(term: str) -> None:
    assert judge(term, cjk=False) == []


@pytest.mark.parametrize(
    "word", ["Ηue", "Hοspital", "hosρital", "Ministrу", "Хuân", "ααα1bγδεx", "Vi妹n", "２０２３", "20二3"]
)
def test_lookalikes_inside_words_are_found(word: str) -> None:
    assert judge(f"A {word} b", cjk=False) == [("mixed-script-token", "", f'"{word}"')]


def test_an_acronym_beside_its_own_syllables_is_right_in_their_language_only() -> None:
    assert judge("LG화학", cjk=True) == []
    assert judge("LG화학", cjk=False) == [("mixed-script-token", "", '"LG화학"')]
    assert judge("LG화학 20二3", cjk=True) == [("mixed-script-token", "", '"20二3"')]
    assert judge("越南统一 2023", cjk=True) == []


@pytest.mark.parametrize("text", ["می\u200cشود", "ශ්\u200dරී", "ក្រសួង\u200bសុខាភិបាល", "അവന്\u200d"])
def test_joiners_and_zero_width_spaces_are_spelling_in_their_scripts(text: str) -> None:
    assert judge(text, cjk=False) == []


@pytest.mark.parametrize(
    "text", ["Hue\u200cCentral", "می\u200c", "Hue\u200b", "សុខ\u200b", "Hue\u2003Central", "A\u2066b"]
)
def test_elsewhere_they_are_invisible(text: str) -> None:
    assert [code for code, _, _ in judge(text, cjk=False)] == ["invisible-character"]
