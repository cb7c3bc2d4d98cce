"""Writes a comparison as JSON, in the shape of `schemas/changes.schema.json`: the form that is exact."""

from __future__ import annotations

from accords.changes import Difference
from accords.report.values import harmless_json


def to_json(difference: Difference) -> str:
    """Return the comparison as one JSON object."""
    return harmless_json(difference.to_dict(), 2) + "\n"
