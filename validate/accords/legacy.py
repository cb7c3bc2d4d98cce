"""Recognises text in a lost encoding: UTF-8 misread as cp1252, and old Vietnamese fonts.

Apart from the text checks, because it knows tables of encodings and nothing of data packages. Never by a
single letter: capital Ã and Á are right in `XÃ` and `ĐÁ`, and Ö is right in German.
"""

from __future__ import annotations

import re

# TCVN3 (ABC) puts Vietnamese letters on signs and on capitals of Latin-1; inside a word of small letters
# these never stand in another language. VNI writes a vowel and then a sign for its marks.
_TCVN3 = re.compile(r"[a-zA-Z](?:[µ¶·¸¹»¼½¾¿®©ª«¬]|[ÆÇÈÉËÌÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß](?=[a-z]))|(?<![\w])®[a-zA-Zµ-þ]")
_VNI = re.compile(r"[aeouy][äáàåãâëéèêûïöòóôõùúøüùÄÁÀÅÃÂËÉÈÊ](?![aeiou])|[öôïñòæ](?=[aeouäáàåãïøù])|ñ[aeioöôu]")
_WORD = re.compile(r"\w+")
_VIETNAMESE_ONLY = re.compile(r"[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
_ENOUGH_VNI = 2


def misread(value: str) -> str | None:
    """Return what the text was before UTF-8 bytes were read as cp1252 or Latin-1; None where it was not."""
    for encoding in ("cp1252", "latin-1"):
        try:
            repaired = value.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        if repaired != value:
            return repaired
    for token in re.findall(r"\S*[\x80-\xff]\S*", value):
        for encoding in ("cp1252", "latin-1"):
            try:
                repaired = token.encode(encoding).decode("utf-8")
            except UnicodeError:
                continue
            if repaired != token:
                return value.replace(token, repaired)
    return None


def old_font(value: str) -> bool:
    """Tell whether the text is TCVN3 or VNI, which look right in their own fonts only."""
    if _VIETNAMESE_ONLY.search(value):
        return False
    if _TCVN3.search(value):
        return True
    words = [word for word in _WORD.findall(value) if _VNI.search(word)]
    return len(words) >= _ENOUGH_VNI
