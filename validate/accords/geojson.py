"""GeoJSON: is a JSON value a geometry, a feature or a collection of them.

Apart from `typereaders`, which reads text: here a value that is JSON already is judged, and nothing else.
"""

from __future__ import annotations

from typing import Any

_GEOMETRIES = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}


def check_geojson(value: Any) -> None:
    """Raise ValueError for a JSON value that is no GeoJSON object (RFC 7946)."""
    kind = value.get("type") if isinstance(value, dict) else None
    if kind == "FeatureCollection":
        for feature in _items(value.get("features")):
            if not isinstance(feature, dict) or feature.get("type") != "Feature":
                raise ValueError("no feature")
            check_geojson(feature)
    elif kind == "Feature":
        if "properties" not in value or not isinstance(value["properties"], dict | None):
            raise ValueError("no properties")
        if value.get("geometry", ...) is not None:
            check_geojson(value.get("geometry"))
    elif kind == "GeometryCollection":
        for geometry in _items(value.get("geometries")):
            check_geojson(geometry)
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
