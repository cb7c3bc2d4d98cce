"""Writes a report as JSON, in the shape of `schemas/report.schema.json`."""

from __future__ import annotations

import json

from accords.problems import SCHEMA_VERSION, Report


def to_json(report: Report) -> str:
    """Return the report as one JSON object."""
    return json.dumps(report.to_dict(), ensure_ascii=False, indent=2) + "\n"


def error_to_json(sentence: str) -> str:
    """Return what `--format json` prints for a run that could not happen."""
    return json.dumps({"schema_version": SCHEMA_VERSION, "valid": None, "error": sentence}, ensure_ascii=False) + "\n"
