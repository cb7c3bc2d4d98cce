"""The types of Table Schema: the text each admits, how the engine casts it, which constraints it takes.

Apart from the checks and the store, which must agree: a value is of a type when its text has the type's
form and the cast succeeds. A cast alone is no check (`1.5`, `0x10` and ` 1` all cast to integers). A field
is the column `c<n>` of its base table; one that only Python can read has its canonical text in `j<n>`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from accords.package import Field
from accords.typereaders import plain_forms, reader

_FORMS = plain_forms()
_EMAIL = (
    r"[^\s@.<>()\[\]\\,;:\"]+(?:\.[^\s@.<>()\[\]\\,;:\"]+)*"
    r"@(?:[\pL\pN](?:[\pL\pN-]{0,61}[\pL\pN])?\.)+[\pL](?:[\pL\pN-]{0,61}[\pL\pN])"
)
_URI = r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x1f]*"
_UUID = r"[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}"
_BASE64 = r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"

_BOUNDS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})
_LENGTHS = frozenset({"minLength", "maxLength"})
CONSTRAINTS = {
    "string": frozenset({"pattern"}) | _LENGTHS,
    "object": _LENGTHS | {"jsonSchema"},
    "array": _LENGTHS | {"jsonSchema"},
    "list": _LENGTHS,
    **dict.fromkeys(("integer", "number", "date", "time", "datetime", "duration", "year", "yearmonth"), _BOUNDS),
}
EVERYWHERE = frozenset({"required", "unique", "enum"})


@dataclass(frozen=True, slots=True)
class FieldType:
    """A field's type for the engine, `{0}` standing for the column.

    `form`: an expression over the whole text ("": any text); `prepare`: SQL applied before form and cast;
    `cast`: SQL that gives the typed value or NULL; `key`: SQL under which equal values are equal ("": the
    cast); `must_cast`: text of the right form may still be no value; `judged`: Python has read it.
    """

    form: str = ""
    prepare: str = "{0}"
    cast: str = "{0}"
    key: str = ""
    must_cast: bool = False
    judged: bool = False


_PLAIN = {
    ("string", "default"): FieldType(),
    ("string", "email"): FieldType(form=_EMAIL),
    ("string", "uri"): FieldType(form=_URI),
    ("string", "uuid"): FieldType(form=_UUID),
    ("string", "binary"): FieldType(form=_BASE64),
    ("any", "default"): FieldType(),
    ("date", "default"): FieldType(form=_FORMS["date"], cast="TRY_CAST({0} AS DATE)", must_cast=True),
    ("time", "default"): FieldType(form=_FORMS["time"], cast="TRY_CAST(regexp_extract({0}, '^[0-9:.]+') AS TIME)"),
    ("datetime", "default"): FieldType(form=_FORMS["datetime"], cast="TRY_CAST({0} AS TIMESTAMPTZ)", must_cast=True),
    ("year", "default"): FieldType(form=_FORMS["year"], cast="TRY_CAST({0} AS INTEGER)"),
    ("yearmonth", "default"): FieldType(form=_FORMS["yearmonth"], cast="TRY_CAST({0} || '-01' AS DATE)"),
}


def field_type(field: Field) -> FieldType | None:
    """Return the engine's view of a field's type and format; None where it has none."""
    if field.type == "boolean":
        return _boolean(field.options)
    if field.type in ("integer", "number"):
        return _numeric(field)
    if found := _PLAIN.get((field.type, field.format)):
        return found
    if read := reader(field):
        return FieldType(cast=read[1], key="{0}", judged=True)
    return None


def judged(field: Field) -> bool:
    """Tell whether a field's text is read by Python, and its canonical text kept beside it."""
    kind = field_type(field)
    return kind is not None and kind.judged


def column(field: Field, prefix: str = "") -> str:
    """Return the column of the base table that holds a field's text as the file has it."""
    return f"{prefix}c{field.position}"


def typed(field: Field, prefix: str = "") -> str:
    """Return SQL for a field's typed value; its text where the type is not read."""
    return _value(field, prefix, "cast")


def keyed(field: Field, prefix: str = "") -> str:
    """Return SQL under which equal values of a field are equal, however they are written."""
    return _value(field, prefix, "key")


def _value(field: Field, prefix: str, how: str) -> str:
    kind = field_type(field)
    if kind is None:
        return column(field, prefix)
    if kind.judged:
        cell = f"{prefix}j{field.position}"
        return (kind.key if how == "key" else kind.cast).format(cell)
    cell = kind.prepare.format(column(field, prefix))
    return ((kind.key if how == "key" else "") or kind.cast).format(cell)


def admits(field: Field, value: Any) -> bool:
    """Tell whether a value that the schema gives (a bound, a member of an enum) is of the field's type."""
    kind = field_type(field)
    if kind is None or field.type == "any":
        return True
    if isinstance(value, bool):
        return field.type == "boolean"
    if isinstance(value, int | float) and field.type in ("integer", "number", "year"):
        return field.type == "number" or int(value) == value
    text = value if isinstance(value, str) else json.dumps(value)
    if kind.judged:
        found = reader(field)
        try:
            return found is not None and bool(found[0](text))
        except (ValueError, OverflowError):
            return False
    if not isinstance(value, str):
        return False
    if kind.prepare != "{0}" or not kind.form or field.type == "string":
        return True  # options and formats are judged with the data
    return re.fullmatch(kind.form, text, re.ASCII) is not None


def cast_literal(kind: FieldType, quoted: str) -> str:
    """Return SQL for a value of the schema (a bound, a member of an enum), written as `quoted` text."""
    return kind.cast.format(kind.prepare.format(f"({quoted}::VARCHAR)"))


def _boolean(options: Any) -> FieldType:
    true = options.get("trueValues", ["true", "True", "TRUE", "1"])
    false = options.get("falseValues", ["false", "False", "FALSE", "0"])
    words = "|".join(re.escape(str(word)) for word in [*true, *false])
    listed = ", ".join(_literal(str(word)) for word in true)
    return FieldType(form=words or "[^\\s\\S]", cast=f"({{0}} IN ({listed or 'NULL'}))")


def _numeric(field: Field) -> FieldType:
    options, prepare = field.options, "{0}"
    if options.get("bareNumber", True) is False:
        prepare = f"regexp_replace(regexp_replace({prepare}, '^[^0-9-]*', ''), '[^0-9]*$', '')"
    if group := options.get("groupChar"):
        prepare = f"replace({prepare}, {_literal(str(group))}, '')"
    decimal = str(options.get("decimalChar", "."))
    if field.type == "number" and decimal != ".":
        # A point where the decimal sign is another is no digit group by itself: it makes the text no number.
        prepare = f"replace(replace({prepare}, '.', 'x'), {_literal(decimal)}, '.')"
    if field.type == "integer":
        key = "coalesce(TRY_CAST({0} AS HUGEINT)::VARCHAR, {0})"
        return FieldType(form=_FORMS["integer"], prepare=prepare, cast="TRY_CAST({0} AS HUGEINT)", key=key)
    cast = "CASE WHEN {0} LIKE '%INF' THEN replace({0}, 'INF', 'inf')::DOUBLE ELSE TRY_CAST({0} AS DOUBLE) END"
    exact = "CASE WHEN {0} SIMILAR TO '[+-]?[0-9]{{0,22}}(\\.[0-9]{{0,15}})?' THEN TRY_CAST({0} AS DECIMAL(38, 15)) END"
    key = f"coalesce(({exact})::VARCHAR, ({cast})::VARCHAR)"
    return FieldType(form=_FORMS["number"], prepare=prepare, cast=cast, key=key)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
