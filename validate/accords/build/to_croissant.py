"""Croissant 1.1, which loaders of data for machine learning read: files with their digests, columns with types.

Apart from `to_metadata`, because it describes the tables and not only the package. The vocabulary of its context is
that of the specification (MLCommons Croissant Format 1.1).
"""

from __future__ import annotations

import hashlib
from typing import Any

from accords.build.release import Release
from accords.build.to_metadata import as_json, creators, filled, reference
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


def described(release: Release) -> dict[str, bytes]:
    """Return the description as `metadata/croissant.json`."""
    return {"metadata/croissant.json": as_json(croissant(release))}


def croissant(release: Release) -> dict[str, Any]:
    """Return the package in Croissant 1.1: each CSV a file with its digest, each table a record set."""
    told = release.descriptor
    return filled(
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
            "creator": [{"@type": "sc:Organization", "name": name} for name in creators(release)],
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
    return filled(
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
