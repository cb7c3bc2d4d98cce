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
_CLASSES = {"d": r"\p{Nd}", "D": r"\P{Nd}", "w": r"\p{L}\p{N}_"}
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
    ("date", "default"): FieldType(
        form=_FORMS["date"], cast="CASE WHEN {0} NOT LIKE '0000%' THEN TRY_CAST({0} AS DATE) END", must_cast=True
    ),
    ("time", "default"): FieldType(form=_FORMS["time"], cast="TRY_CAST({0} AS TIME)"),
    # Without a zone a datetime is read as UTC, whatever the machine's zone.
    ("datetime", "default"): FieldType(
        form=_FORMS["datetime"],
        cast="CASE WHEN {0} LIKE '0000%' THEN NULL WHEN regexp_matches({0}, 'Z$|[+-]..:..$') "
        "THEN TRY_CAST({0} AS TIMESTAMPTZ) ELSE TRY_CAST({0} || 'Z' AS TIMESTAMPTZ) END",
        must_cast=True,
    ),
    ("year", "default"): FieldType(form=_FORMS["year"], cast="TRY_CAST({0} AS BIGINT)"),
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


def keyed_alike(field: Field, other: Field, prefix: str = "") -> str:
    """Return SQL for a field's value that can be compared with another's: by type where the types agree."""
    if field.type != other.type and {field.type, other.type} <= {"integer", "number"}:
        return number_key().format(prepared(field, prefix))
    return keyed(field, prefix) if field.type == other.type else column(field, prefix)


def prepared(field: Field, prefix: str = "") -> str:
    """Return SQL for a field's text without what its options allow around and within the digits."""
    kind = field_type(field)
    return kind.prepare.format(column(field, prefix)) if kind else column(field, prefix)


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
    if kind is None:
        return True
    if field.type == "any":
        return isinstance(value, str)  # a file of text holds nothing else, and `any` makes nothing else of it
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


def cast_literal(kind: FieldType, value: Any, as_key: bool = False) -> str:
    """Return SQL for a value of the schema: a bound, or as a key a member of an enum."""
    if isinstance(value, bool):
        return str(value).lower()
    # A number that the schema writes as a number has none of the signs that options allow in the data.
    text = f"({_literal(str(value))}::VARCHAR)"
    cell = kind.prepare.format(text) if isinstance(value, str) else text
    return ((kind.key if as_key else "") or kind.cast).format(cell)


def engine_pattern(pattern: str) -> str:
    """Return a pattern for an engine whose digits and letters are those of ASCII, but are meant to be all."""
    inside, parts = False, []
    for part in re.findall(r"\\.|.", pattern, flags=re.DOTALL):
        if part in ("[", "]"):
            inside = part == "["
        if part in (r"\d", r"\D") or (inside and part == r"\w"):
            parts.append(_CLASSES[part[1]])
        elif part in (r"\w", r"\W") and not inside:
            parts.append(f"[{'^' if part[1] == 'W' else ''}{_CLASSES['w']}]")
        else:
            parts.append(part)
    return "".join(parts)


def truths(options: Any) -> tuple[list[str], list[str]]:
    """Return the words that mean true, and those that mean false."""
    true = options.get("trueValues", ["true", "True", "TRUE", "1"])
    false = options.get("falseValues", ["false", "False", "FALSE", "0"])
    return [str(word) for word in true], [str(word) for word in false]


def _boolean(options: Any) -> FieldType:
    true, false = truths(options)
    words = "|".join(re.escape(word) for word in [*true, *false])
    listed = ", ".join(_literal(word) for word in true)
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
        key = f"coalesce(TRY_CAST({{0}} AS HUGEINT)::VARCHAR, {number_key()})"
        return FieldType(form=_FORMS["integer"], prepare=prepare, cast="TRY_CAST({0} AS HUGEINT)", key=key)
    cast = "CASE WHEN {0} ILIKE '%INF' THEN lower({0})::DOUBLE ELSE TRY_CAST({0} AS DOUBLE) END"
    return FieldType(form=_FORMS["number"], prepare=prepare, cast=cast, key=number_key())


def number_key() -> str:
    """Return SQL that writes a number as its digits, without zeros at the ends, and their exponent.

    Exact for any number of digits, and the same for `1e2`, `100` and `+100.00`.
    """
    parts = r"'^[+-]?([0-9]*)\.?([0-9]*)(?:[eE]([+-]?[0-9]+))?$'"
    digits = f"(regexp_extract({{0}}, {parts}, 1) || regexp_extract({{0}}, {parts}, 2))"
    power = f"coalesce(TRY_CAST(regexp_extract({{0}}, {parts}, 3) AS HUGEINT), 0)"
    zeros = f"length({digits}) - length(rtrim({digits}, '0'))"
    exponent = f"({power} - length(regexp_extract({{0}}, {parts}, 2)) + {zeros})"
    sign = "CASE WHEN {0} LIKE '-%' THEN '-' ELSE '' END"
    return (
        f"CASE WHEN {{0}} ILIKE '%N%' THEN upper({{0}}) WHEN ltrim({digits}, '0') = '' THEN '0' "
        f"ELSE {sign} || trim({digits}, '0') || 'e' || {exponent} END"
    )


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
