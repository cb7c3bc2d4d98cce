"""The words of the standards: which properties a descriptor, a resource, a schema and a field may have.

Apart from the readers, because it is data that several of them ask: Data Package 2.0 and 1.0 together with
what frictionless adds. What is on no list is reported with the nearest word that is.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_COMMON = frozenset("$schema profile name title description".split())
PACKAGE_PROPERTIES = _COMMON | frozenset(
    "id licenses homepage image version created keywords contributors sources resources".split()
)
RESOURCE_PROPERTIES = _COMMON | frozenset(
    "path data type format mediatype encoding bytes hash sources licenses schema dialect homepage scheme "
    "compression innerpath extrapaths stats rows fields jsonSchema".split()
)
SCHEMA_PROPERTIES = _COMMON | frozenset("fields fieldsMatch missingValues primaryKey uniqueKeys foreignKeys".split())
FIELD_PROPERTIES = _COMMON | frozenset(
    "type format example constraints missingValues categories categoriesOrdered rdfType decimalChar groupChar "
    "bareNumber floatNumber trueValues falseValues itemType arrayItem delimiter".split()
)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is most like a word, if any is much like it, whatever the case."""
    by_fold = {item.lower(): item for item in known}
    close = difflib.get_close_matches(word.lower(), sorted(by_fold), 1, 0.75)
    return by_fold[close[0]] if close else None
