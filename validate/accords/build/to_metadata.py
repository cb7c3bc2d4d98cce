"""What catalogues read: schema.org as JSON-LD, DataCite as JSON, CITATION.cff; all from the descriptor.

Apart from `to_croissant`, which also describes every column: these hold the same few facts in other bodies' words.
"""

from __future__ import annotations

import json
import re
from typing import Any

from accords.build.release import Release
from accords.register.citation import cited, to_text


def metadata(release: Release) -> dict[str, bytes]:
    """Return three descriptions, in the folder `metadata`."""
    return {
        "metadata/schema-org.jsonld": as_json(schema_org(release)),
        "metadata/datacite.json": as_json(datacite(release)),
        "metadata/CITATION.cff": citation(release),
    }


def schema_org(release: Release) -> dict[str, Any]:
    """Return the package as a schema.org Dataset."""
    told = release.descriptor
    years = sorted(_years(release))
    return filled(
        {
            "@context": "https://schema.org/",
            "@type": "Dataset",
            "name": told.get("title") or release.stem,
            "alternateName": told.get("name"),
            "description": told.get("description"),
            "url": told.get("homepage"),
            "identifier": told.get("id"),
            "version": told.get("version"),
            "datePublished": release.created.date().isoformat(),
            "license": [item["path"] for item in told.get("licenses", []) if item.get("path")],
            "creator": [{"@type": "Organization", "name": name} for name in creators(release)],
            "keywords": told.get("keywords"),
            "isAccessibleForFree": True,
            "temporalCoverage": f"{years[0]}/{years[-1]}" if years else None,
            "distribution": [
                {
                    "@type": "DataDownload",
                    "name": item.name,
                    "contentUrl": item.path,
                    "encodingFormat": "text/csv",
                    "contentSize": f"{len(release.package.files.read(item.path))} B",
                }
                for item, _ in release.described()
            ],
            "variableMeasured": [
                {"@type": "PropertyValue", "name": f"{item.name}.{field.name}", "description": field.description}
                for item, schema in release.described()
                if not item.vocabulary
                for field in schema.fields
            ],
        }
    )


def datacite(release: Release) -> dict[str, Any]:
    """Return the package in the properties of DataCite 4; it has no DOI unless the descriptor's `id` is one."""
    told = release.descriptor
    doi = re.fullmatch(r"(?:https?://doi\.org/|doi:)?(10\.[0-9]{4,}/.+)", str(told.get("id") or ""))
    return filled(
        {
            "doi": doi[1] if doi else None,
            "titles": [{"title": told.get("title") or release.stem, "lang": "en"}],
            "creators": [{"name": name, "nameType": "Organizational"} for name in creators(release)],
            "publisher": {"name": creators(release)[0]},
            "publicationYear": str(release.created.year),
            "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Data Package"},
            "language": "en",
            "subjects": [{"subject": word} for word in told.get("keywords", [])],
            "dates": [{"date": release.created.date().isoformat(), "dateType": "Issued"}],
            "version": told.get("version"),
            "rightsList": [
                {
                    "rights": item.get("title") or item["name"],
                    "rightsUri": item.get("path"),
                    "rightsIdentifier": item.get("name"),
                    "rightsIdentifierScheme": "SPDX",
                }
                for item in told.get("licenses", [])
            ],
            "descriptions": [{"description": told.get("description"), "descriptionType": "Abstract", "lang": "en"}],
            "formats": ["text/csv", "application/json"],
            "schemaVersion": "http://datacite.org/schema/kernel-4",
        }
    )


def citation(release: Release) -> bytes:
    """Return CITATION.cff (Citation File Format 1.2.0)."""
    import yaml

    told = release.descriptor
    content = filled(
        {
            "cff-version": "1.2.0",
            "message": "If you use these data, please cite them with the version that you used.",
            "type": "dataset",
            "title": told.get("title") or release.stem,
            "version": told.get("version"),
            "date-released": release.created.date(),
            "license": next((item.get("name") for item in told.get("licenses", [])), None),
            "authors": [{"name": name} for name in creators(release)],
            "abstract": told.get("description"),
            "keywords": told.get("keywords"),
        }
    )
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100).encode("utf-8")


def reference(release: Release) -> str:
    """Return how the package is cited, in one line."""
    return to_text(cited(release.tables, None, release.descriptor)).strip()


def creators(release: Release) -> list[str]:
    """Return who made the package, by its descriptor."""
    return [item["title"] for item in release.descriptor.get("contributors", []) if item.get("title")] or [release.stem]


def _years(release: Release) -> set[str]:
    """Return the years of all agreements that are dated."""
    if not release.has("agreements"):
        return set()
    return {row["signed_date"][:4] for row in release.tables.rows("agreements") if row["signed_date"][:4].isdigit()}


def filled(content: dict[str, Any]) -> dict[str, Any]:
    """Return the properties that say something."""
    return {key: value for key, value in content.items() if value not in (None, "", [])}


def as_json(content: dict[str, Any]) -> bytes:
    """Return JSON as it is written into a file."""
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode("utf-8")
