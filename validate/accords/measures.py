"""What a descriptor says of a file: its length, its digest, its numbers of records and columns.

Apart from `resources`, because two generations of descriptors say it in different places: Data Package has
`bytes` and `hash`, frictionless adds `stats`, `rows` and `fields`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from accords.files import DIGESTS
from accords.package import Declared
from accords.words import Words, said


def declared(item: dict[str, Any], report: Callable[[str, Words], None]) -> Declared:
    """Return what a resource's descriptor says of its file; what cannot be meant is reported and left out."""
    stats = item.get("stats")
    stated = {**(stats if isinstance(stats, dict) else {}), **item}
    numbers = {key: _number(key, stated.get(key), report) for key in ("bytes", "rows", "fields")}
    return Declared(**numbers, hash=_digest(stated, report))


def _number(key: str, value: Any, report: Callable[[str, Words], None]) -> int | None:
    if value is None:
        return None
    if type(value) in (int, float) and value >= 0 and value == int(value):  # 4.0 is an integer in JSON Schema
        return int(value)
    report("resource-error", said("`{key}` must be a whole number, and is {value}", key=key, value=repr(value)))
    return None


def _digest(stated: dict[str, Any], report: Callable[[str, Words], None]) -> tuple[str, str] | None:
    """Return the algorithm and the digits; where no algorithm is named it is MD5."""
    value = stated.get("hash")
    if value is None and "sha256" in stated:
        value = f"sha256:{stated['sha256']}"
    value = stated.get("md5") if value is None else value
    if value is None:
        return None
    algorithm, _, digits = value.rpartition(":") if isinstance(value, str) else ("", "", "")
    algorithm = algorithm.lower() or "md5"
    if algorithm in DIGESTS and re.fullmatch("[0-9a-fA-F]+", digits):
        return algorithm, digits.lower()
    known = ", ".join(sorted(DIGESTS))
    told = said(
        "`hash` must be one of {known}, a colon and hexadecimal digits, and is {value}", known=known, value=repr(value)
    )
    report("resource-error", told)
    return None
