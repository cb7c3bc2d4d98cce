"""What catalogues read: schema.org and Croissant as JSON-LD, DataCite as JSON, CITATION.cff; all from the descriptor.

Apart from the data, because each of these is another body's language for the same few facts.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from accords.build.release import Release
from accords.package import Field

_CROISSANT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_TYPES = {
    "integer": "sc:Integer",
    "year": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
}


def metadata(release: Release) -> dict[str, bytes]:
    """Return the four descriptions, in the folder `metadata`."""
    return {
        "metadata/schema-org.jsonld": _json(schema_org(release)),
        "metadata/croissant.json": _json(croissant(release)),
        "metadata/datacite.json": _json(datacite(release)),
        "metadata/CITATION.cff": citation(release),
    }


def schema_org(release: Release) -> dict[str, Any]:
    """Return the package as a schema.org Dataset."""
    told = release.descriptor
    years = sorted(_years(release))
    return _filled(
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
            "creator": [{"@type": "Organization", "name": name} for name in _creators(release)],
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


def croissant(release: Release) -> dict[str, Any]:
    """Return the package in Croissant 1.1: each CSV a file with its digest, each table a record set."""
    told = release.descriptor
    return _filled(
        {
            "@context": _CROISSANT,
            "@type": "sc:Dataset",
            "conformsTo": "http://mlcommons.org/croissant/1.1",
            "name": told.get("name") or "package",
            "description": told.get("description"),
            "url": told.get("homepage"),
            "version": told.get("version"),
            "datePublished": release.created.date().isoformat(),
            "license": [item["path"] for item in told.get("licenses", []) if item.get("path")],
            "creator": [{"@type": "sc:Organization", "name": name} for name in _creators(release)],
            "keywords": told.get("keywords"),
            "citeAs": reference(release),
            "distribution": [
                {
                    "@type": "cr:FileObject",
                    "@id": f"{item.name}.csv",
                    "name": f"{item.name}.csv",
                    "contentUrl": item.path,
                    "encodingFormat": "text/csv",
                    "sha256": hashlib.sha256(release.package.files.read(item.path)).hexdigest(),
                }
                for item, _ in release.described()
            ],
            "recordSet": [
                {
                    "@type": "cr:RecordSet",
                    "@id": item.name,
                    "name": item.name,
                    "description": schema.description or item.description,
                    "key": [{"@id": f"{item.name}/{name}"} for name in schema.primary_key],
                    "field": [
                        _field(
                            item.name,
                            field,
                            {key.fields: (key.parent or item.name, *key.parent_fields) for key in schema.foreign_keys},
                        )
                        for field in schema.fields
                    ],
                }
                for item, schema in release.described()
            ],
        }
    )


def _field(table: str, field: Field, parents: dict[tuple[str, ...], tuple[str, ...]]) -> dict[str, Any]:
    parent = parents.get((field.name,))
    return _filled(
        {
            "@type": "cr:Field",
            "@id": f"{table}/{field.name}",
            "name": field.name,
            "description": field.description,
            "dataType": _TYPES.get(field.type, "sc:Text"),
            "source": {"fileObject": {"@id": f"{table}.csv"}, "extract": {"column": field.name}},
            # a table that refers to itself would be a loop, which readers of Croissant refuse
            "references": {"field": {"@id": "/".join(parent)}} if parent and parent[0] != table else None,
        }
    )


def datacite(release: Release) -> dict[str, Any]:
    """Return the package in the properties of DataCite 4.6; it has no DOI unless the descriptor's `id` is one."""
    told = release.descriptor
    doi = re.fullmatch(r"(?:https?://doi\.org/|doi:)?(10\.[0-9]{4,}/.+)", str(told.get("id") or ""))
    return _filled(
        {
            "doi": doi[1] if doi else None,
            "titles": [{"title": told.get("title") or release.stem, "lang": "en"}],
            "creators": [{"name": name, "nameType": "Organizational"} for name in _creators(release)],
            "publisher": {"name": _creators(release)[0]},
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
            "schemaVersion": "http://datacite.org/schema/kernel-4.6",
        }
    )


def citation(release: Release) -> bytes:
    """Return CITATION.cff (Citation File Format 1.2.0)."""
    import yaml

    told = release.descriptor
    content = _filled(
        {
            "cff-version": "1.2.0",
            "message": "If you use these data, please cite them with the version that you used.",
            "type": "dataset",
            "title": told.get("title") or release.stem,
            "version": told.get("version"),
            "date-released": release.created.date(),
            "license": next((item.get("name") for item in told.get("licenses", [])), None),
            "authors": [{"name": name} for name in _creators(release)],
            "abstract": told.get("description"),
            "keywords": told.get("keywords"),
        }
    )
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100).encode("utf-8")


def reference(release: Release) -> str:
    """Return how the package is cited, in one line."""
    day = release.created
    told = release.descriptor
    version = f", version {told['version']}" if told.get("version") else ""
    return (
        f"{', '.join(_creators(release))}. {told.get('title') or release.stem}. "
        f"Data package{version}, {day.day} {day:%B %Y}."
    )


def _creators(release: Release) -> list[str]:
    return [item["title"] for item in release.descriptor.get("contributors", []) if item.get("title")] or [release.stem]


def _years(release: Release) -> set[str]:
    """Return the years of all agreements that are dated."""
    if not release.has("agreements"):
        return set()
    return {row["signed_date"][:4] for row in release.tables.rows("agreements") if row["signed_date"][:4].isdigit()}


def _filled(content: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if value not in (None, "", [])}


def _json(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode("utf-8")
