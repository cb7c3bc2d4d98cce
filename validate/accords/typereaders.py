"""Types whose text only Python can judge: patterned dates, durations, points, JSON, lists.

Apart from `fieldtypes`, which holds the types that the engine judges by itself: these are read value by
value, once for each distinct text, into a canonical text that the engine can cast and compare.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from accords.geojson import check_geojson
from accords.package import Field

_PART = r"([0-9]+(?:[.,][0-9]+)?)"
_DURATION = re.compile(
    rf"(-)?P(?=[0-9T])(?:{_PART}Y)?(?:{_PART}M)?(?:{_PART}W)?(?:{_PART}D)?"
    rf"(?:T(?=[0-9])(?:{_PART}H)?(?:{_PART}M)?(?:{_PART}S)?)?",
    re.ASCII,
)
_MONTH = 2629746  # seconds in a twelfth of the mean year, for parts of a month
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Read:
    """A value that was read: what constraints look at, and the text that the engine casts."""

    value: Any
    canonical: str


Reader = Callable[[str], Read]


def reader(field: Field) -> tuple[Reader, str] | None:
    """Return what reads a field's text, and the SQL that casts its canonical text (`{0}`).

    None for a type that is not read here. The reader raises ValueError for text that is not of the type.
    """
    pattern = field.format if field.format not in ("default", "any") else None
    if field.type in _TEMPORAL and pattern:
        return _temporal(field.type, pattern.removeprefix("fmt:")), _TEMPORAL[field.type]
    if field.type == "list":
        return _list(field), "{0}"
    found = _READERS.get((field.type, field.format))
    return (found, _CASTS.get(field.type, "{0}")) if found else None


def _temporal(kind: str, pattern: str) -> Reader:
    def read(text: str) -> Read:
        moment = datetime.datetime.strptime(text, pattern)
        if kind == "date":
            return Read(moment.date(), moment.date().isoformat())
        if kind == "time":
            return Read(moment.timetz(), moment.time().isoformat())
        aware = moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
        return Read(moment, aware.astimezone(datetime.UTC).isoformat())

    return read


def _duration(text: str) -> Read:
    match = _DURATION.fullmatch(text)
    if not match:
        raise ValueError("no duration")
    sign = -1 if match[1] else 1
    years, months, weeks, days, hours, minutes, seconds = (
        Fraction((part or "0").replace(",", ".")) for part in match.groups()[1:]
    )
    span = years * 12 + months
    whole = int(span)
    rest = ((weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60 + seconds + (span - whole) * _MONTH
    day, clock = divmod(rest, 86400)
    canonical = f"{sign * whole} months {sign * day} days {_plain(sign * clock)} seconds"
    return Read((sign * whole, sign * rest), canonical)


def _plain(number: Fraction) -> str:
    """Return a number that some power of ten makes whole as text without an exponent."""
    digits, denominator = 0, number.denominator
    while 10**digits % denominator:
        digits += 1
    scaled = f"{abs(number.numerator) * 10**digits // denominator:0{digits + 1}d}"
    text = f"{scaled[:-digits]}.{scaled[-digits:]}" if digits else scaled
    return f"-{text}" if number < 0 else text


def _point(text: str) -> Read:
    longitude, _, latitude = text.partition(",")
    numbers = longitude, latitude.removeprefix(" ")
    if not all(_DECIMAL.fullmatch(number) for number in numbers):
        raise ValueError("no two numbers")
    return _checked_point(*(Decimal(number) for number in numbers))


def _point_array(text: str) -> Read:
    value = _json(text)
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError("no pair")
    return _checked_point(*value)


def _point_object(text: str) -> Read:
    value = _json(text)
    if not isinstance(value, dict) or set(value) != {"lon", "lat"}:
        raise ValueError("no lon and lat")
    return _checked_point(value["lon"], value["lat"])


def _checked_point(longitude: Any, latitude: Any) -> Read:
    pair = []
    for number, most in ((longitude, 180), (latitude, 90)):
        if isinstance(number, bool) or not isinstance(number, int | float | Decimal):
            raise ValueError("no number")
        degrees = Decimal(str(number))
        if not -most <= degrees <= most:
            raise ValueError("outside the globe")
        pair.append(degrees + 0)
    return Read(tuple(pair), f"{pair[0].normalize():f},{pair[1].normalize():f}")


def _json(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_json)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _no_json(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def _of_json(kind: type) -> Reader:
    def read(text: str) -> Read:
        value = _json(text)
        if not isinstance(value, kind):
            raise ValueError(f"no JSON {kind.__name__}")
        return Read(value, json.dumps(value, sort_keys=True))

    return read


def _geojson(text: str) -> Read:
    value = _json(text)
    check_geojson(value)
    return Read(value, json.dumps(value, sort_keys=True))


def plain_forms() -> dict[str, str]:
    """Return the forms of types that an expression alone can judge, as text for Python and the engine.

    Of a date or datetime only the form; whether the month has that day is for a cast to say.
    """
    year = "-?(?:[1-9][0-9]{3,}|0[0-9]{3})"
    day = "-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    time = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    zone = "Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00)"
    return {
        "string": r"[\s\S]*",
        "integer": r"[+-]?[0-9]+",
        "number": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[nN][aA][nN]|-?[iI][nN][fF]",
        "boolean": "true|True|TRUE|1|false|False|FALSE|0",
        "date": f"[0-9]{{4}}{day}",
        "time": time,
        "datetime": f"{year}{day}T(?:{time}(?:\\.[0-9]+)?|24:00:00(?:\\.0+)?)(?:{zone})?",
        "year": year,
        "yearmonth": f"{year}-(?:0[1-9]|1[0-2])",
    }


def _list(field: Field) -> Reader:
    delimiter, kind = str(field.options.get("delimiter", ",")), str(field.options.get("itemType", "string"))
    form = re.compile(plain_forms()[kind], re.ASCII)
    value = _ITEMS.get(kind, str)

    def read(text: str) -> Read:
        items = text.split(delimiter)
        if not all(form.fullmatch(item) for item in items):
            raise ValueError("an item is not of its type")
        values = [value(item) for item in items]
        return Read(values, json.dumps([str(item) for item in values]))

    return read


def _number(text: str) -> str:
    """Return a number in one canonical form: its digits without zeros at the ends, and their exponent."""
    sign, digits, exponent = Decimal(text).as_tuple()
    if not isinstance(exponent, int):
        return text.upper()
    kept = "".join(map(str, digits)).rstrip("0")
    exponent += len(digits) - len(kept)
    return f"{'-' * sign}{kept.lstrip('0')}e{exponent}" if kept else "0"


def _moment(text: str) -> str:
    """Return a datetime in one canonical form; its year may have more digits than Python takes."""
    day, _, time = text.partition("T")
    year, month, date = day.rsplit("-", 2)
    next_day = time.startswith("24")
    if int(year) == 0:
        raise ValueError("there is no year 0")
    cycles, within = divmod(int(year), 400)  # after which the calendar repeats
    clock = f"00{time[2:]}" if next_day else time
    moment = datetime.datetime.fromisoformat(f"{2000 + within}-{month}-{date}T{clock}")
    aware = moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
    exact = aware.astimezone(datetime.UTC) + datetime.timedelta(days=next_day)
    return f"{cycles * 400 + exact.year - 2000} {exact.isoformat()[5:]}"


_ITEMS: dict[str, Callable[[str], Any]] = {
    "integer": int,
    "number": _number,
    "boolean": lambda text: text in ("true", "True", "TRUE", "1"),
    "date": datetime.date.fromisoformat,
    "datetime": _moment,
}
_TEMPORAL = {
    "date": "CAST({0} AS DATE)",
    "time": "CAST({0} AS TIME)",
    "datetime": "CAST({0} AS TIMESTAMPTZ)",
}
_CASTS = {"duration": "CAST({0} AS INTERVAL)"}
_READERS: dict[tuple[str, str], Reader] = {
    ("duration", "default"): _duration,
    ("geopoint", "default"): _point,
    ("geopoint", "array"): _point_array,
    ("geopoint", "object"): _point_object,
    ("object", "default"): _of_json(dict),
    ("array", "default"): _of_json(list),
    ("geojson", "default"): _geojson,
}
