"""Writes a comparison as JSON, in the shape of `schemas/changes.schema.json`: the form that is exact."""

from __future__ import annotations

import json

from accords.changes import Difference


def to_json(difference: Difference) -> str:
    """Return the comparison as one JSON object."""
    return json.dumps(difference.to_dict(), ensure_ascii=False, indent=2) + "\n"
