"""The types of Table Schema: the text each admits and how the engine casts it.

Apart from the checks and the store, which must agree: a value is of a type when its text has the type's
form and the cast succeeds. A cast alone is no check (`1.5`, `0x10` and ` 1` all cast to integers).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from accords.package import Field

_INTEGER = r"[+-]?[0-9]+"
_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|NaN|-?INF"
_DURATION = (
    r"-?P(?:[0-9]+(?:\.[0-9]+)?Y)?(?:[0-9]+(?:\.[0-9]+)?M)?(?:[0-9]+(?:\.[0-9]+)?W)?(?:[0-9]+(?:\.[0-9]+)?D)?"
    r"(?:T(?:[0-9]+(?:\.[0-9]+)?H)?(?:[0-9]+(?:\.[0-9]+)?M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?"
)
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_DATE = r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_EMAIL = r"[^@\s<>()\[\]\\,;:]+@[^@\s.<>()\[\]\\,;:]+(?:\.[^@\s.<>()\[\]\\,;:]+)+"
_URI = r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+"
_UUID = r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}"
_BASE64 = r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"


@dataclass(frozen=True, slots=True)
class FieldType:
    """A field's type for the engine, `{0}` standing for the column.

    `form`: an expression over the whole text ("": any text); `prepare`: SQL applied before form and cast;
    `cast`: SQL that gives the typed value or NULL; `rest`: a further SQL condition that must hold.
    """

    form: str = ""
    prepare: str = "{0}"
    cast: str = "{0}"
    rest: str = ""
    ordered: bool = False


_PLAIN = {
    ("string", "default"): FieldType(),
    ("string", "email"): FieldType(form=_EMAIL),
    ("string", "uri"): FieldType(form=_URI),
    ("string", "uuid"): FieldType(form=_UUID),
    ("string", "binary"): FieldType(form=_BASE64),
    ("any", "default"): FieldType(),
    ("date", "default"): FieldType(form=_DATE, cast="TRY_CAST({0} AS DATE)", ordered=True),
    ("time", "default"): FieldType(form=_TIME, cast="TRY_CAST({0} AS TIME)", ordered=True),
    ("datetime", "default"): FieldType(
        form=f"{_DATE}T{_TIME}(?:\\.[0-9]+)?(?:Z|[+-][0-9]{{2}}:[0-9]{{2}})?",
        cast="TRY_CAST({0} AS TIMESTAMPTZ)",
        ordered=True,
    ),
    ("year", "default"): FieldType(form=r"-?[0-9]{4}", cast="TRY_CAST({0} AS INTEGER)", ordered=True),
    ("yearmonth", "default"): FieldType(
        form=r"[0-9]{4}-(?:0[1-9]|1[0-2])", cast="TRY_CAST({0} || '-01' AS DATE)", ordered=True
    ),
    ("duration", "default"): FieldType(form=_DURATION, rest="NOT regexp_matches({0}, '^-?P$|T$')", cast="{0}"),
}


def field_type(field: Field) -> FieldType | None:
    """Return the engine's view of a field's type and format; None where it has none yet."""
    if field.type == "boolean":
        return _boolean(field.options)
    if field.type in ("integer", "number"):
        return _numeric(field)
    return _PLAIN.get((field.type, field.format))


def _boolean(options: Any) -> FieldType:
    true = options.get("trueValues", ["true", "True", "TRUE", "1"])
    false = options.get("falseValues", ["false", "False", "FALSE", "0"])
    words = "|".join(re.escape(word) for word in [*true, *false])
    listed = ", ".join("'" + word.replace("'", "''") + "'" for word in true)
    return FieldType(form=words, cast=f"({{0}} IN ({listed}))")


def _numeric(field: Field) -> FieldType:
    options = field.options
    prepare = "{0}"
    if options.get("bareNumber", True) is False:
        prepare = f"regexp_replace({prepare}, '^[^0-9.+-]+|[^0-9.%]+$|%$', '', 'g')"
    if group := options.get("groupChar"):
        prepare = f"replace({prepare}, {_literal(group)}, '')"
    decimal = options.get("decimalChar", ".")
    if field.type == "number" and decimal != ".":
        prepare = f"replace({prepare}, {_literal(decimal)}, '.')"
    if field.type == "integer":
        return FieldType(form=_INTEGER, prepare=prepare, cast="TRY_CAST({0} AS HUGEINT)", ordered=True)
    cast = (
        "CASE WHEN {0} LIKE '%INF' THEN TRY_CAST(replace({0}, 'INF', 'inf') AS DOUBLE) ELSE TRY_CAST({0} AS DOUBLE) END"
    )
    return FieldType(form=_NUMBER, prepare=prepare, cast=cast, ordered=True)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
