"""Writes a report as JSON, in the shape of `schemas/report.schema.json`."""

from __future__ import annotations

from accords.problems import SCHEMA_VERSION, Report
from accords.report.values import harmless_json


def to_json(report: Report) -> str:
    """Return the report as one JSON object."""
    return harmless_json(report.to_dict(), 2) + "\n"


def error_to_json(sentence: str) -> str:
    """Return what `--format json` prints for a run that could not happen."""
    return harmless_json({"schema_version": SCHEMA_VERSION, "valid": None, "error": sentence}) + "\n"
