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
from decimal import Decimal, InvalidOperation
from typing import Any

from accords.package import Field

_GEOMETRIES = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
_PART = r"([0-9]+(?:[.,][0-9]+)?)"
_DURATION = re.compile(
    rf"(-)?P(?=[0-9T])(?:{_PART}Y)?(?:{_PART}M)?(?:{_PART}W)?(?:{_PART}D)?"
    rf"(?:T(?=[0-9])(?:{_PART}H)?(?:{_PART}M)?(?:{_PART}S)?)?",
    re.ASCII,
)
_MONTH = Decimal("2629746")  # seconds in a twelfth of the mean year, for parts of a month
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
        Decimal((part or "0").replace(",", ".")) * sign for part in match.groups()[1:]
    )
    span = years * 12 + months
    whole = int(span)
    rest = ((weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60 + seconds + (span - whole) * _MONTH
    day, seconds = divmod(rest, 86400)
    return Read((whole, rest), f"{whole} months {day:f} days {seconds.normalize():f} seconds")


def _point(text: str) -> Read:
    longitude, _, latitude = text.partition(",")
    return _checked_point(longitude.strip(" "), latitude.strip(" "))


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
        if isinstance(number, bool) or (isinstance(number, str) and not _DECIMAL.fullmatch(number)):
            raise ValueError("no number")
        try:
            degrees = Decimal(str(number))
        except InvalidOperation:
            raise ValueError("no number") from None
        if not -most <= degrees <= most:
            raise ValueError("outside the globe")
        pair.append(degrees)
    return Read(tuple(pair), f"{pair[0].normalize():f},{pair[1].normalize():f}")


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _of_json(kind: type) -> Reader:
    def read(text: str) -> Read:
        value = _json(text)
        if not isinstance(value, kind):
            raise ValueError(f"no JSON {kind.__name__}")
        return Read(value, json.dumps(value, sort_keys=True))

    return read


def _geojson(text: str) -> Read:
    value = _json(text)
    _check_geojson(value)
    return Read(value, json.dumps(value, sort_keys=True))


def _check_geojson(value: Any) -> None:
    kind = value.get("type") if isinstance(value, dict) else None
    if kind == "FeatureCollection":
        for feature in _items(value.get("features")):
            if not isinstance(feature, dict) or feature.get("type") != "Feature":
                raise ValueError("no feature")
            _check_geojson(feature)
    elif kind == "Feature":
        if "properties" not in value or not isinstance(value["properties"], dict | None):
            raise ValueError("no properties")
        if value.get("geometry", ...) is not None:
            _check_geojson(value.get("geometry"))
    elif kind == "GeometryCollection":
        for geometry in _items(value.get("geometries")):
            _check_geojson(geometry)
    elif kind in _GEOMETRIES:
        _check_positions(value.get("coordinates"), _GEOMETRIES[kind], kind)
    else:
        raise ValueError("no GeoJSON type")


def _items(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError("no list")
    return value


def _check_positions(value: Any, depth: int, kind: str) -> None:
    listed = _items(value)
    if depth == 0:
        if len(listed) < 2 or any(isinstance(part, bool) or not isinstance(part, int | float) for part in listed):
            raise ValueError("no position")
        return
    if depth == 1 and kind in ("LineString", "MultiLineString") and len(listed) < 2:
        raise ValueError("a line has two positions or more")
    if depth == 1 and kind in ("Polygon", "MultiPolygon") and (len(listed) < 4 or listed[0] != listed[-1]):
        raise ValueError("a ring has four positions or more and is closed")
    for part in listed:
        _check_positions(part, depth - 1, kind)


def plain_forms() -> dict[str, str]:
    """Return the forms of types that an expression alone can judge, as text for Python and the engine."""
    date = r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    time = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])?"
    return {
        "string": r"[\s\S]*",
        "integer": r"[+-]?[0-9]+",
        "number": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|NaN|-?INF",
        "boolean": "true|True|TRUE|1|false|False|FALSE|0",
        "date": date,
        "time": time,
        "datetime": f"{date}T{time}",
        "year": "-?(?:[1-9][0-9]{3,}|0[0-9]{3})",
        "yearmonth": "[0-9]{4}-(?:0[1-9]|1[0-2])",
    }


def _list(field: Field) -> Reader:
    delimiter = str(field.options.get("delimiter", ","))
    form = plain_forms()[str(field.options.get("itemType", "string"))]

    def read(text: str) -> Read:
        items = text.split(delimiter)
        if not all(re.fullmatch(form, item, re.ASCII) for item in items):
            raise ValueError("an item is not of its type")
        return Read(items, text)

    return read


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
