"""How the package, or one record of it with its sources, is cited: as text, BibTeX or CSL-JSON.

Apart from `build.to_metadata`, which describes the package to catalogues: these are for reference lists.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accords.errors import UsageError
from accords.intake.tables import Row, Tables
from accords.register.links import Links
from accords.vocabulary import nearest

KINDS = {
    "agreements": ("agreement_id", "title_en", "agreement_citations"),
    "events": ("event_id", "title_en", "event_citations"),
    "commitments": ("commitment_id", "description_en", "commitment_citations"),
    "parties": ("party_id", "name_en", "party_citations"),
}
"""The tables of records: the column of the identifier, that of the title, and the table of the citations."""
_NAMED = 5
_LATEX = str.maketrans(
    {sign: f"\\{sign}" for sign in "&%$#_{}"} | {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)


@dataclass(frozen=True, slots=True)
class Cited:
    """What a citation names: a whole package, or a record (`table` and `key`) of it with its sources."""

    author: str
    package: str
    version: str
    released: datetime.date
    url: str
    table: str = ""
    key: str = ""
    title: str = ""
    sources: tuple[Row, ...] = ()

    @property
    def whole(self) -> str:
        """The title of the record, or that of the package."""
        return self.title or self.package


def found(tables: Tables, key: str) -> tuple[str, Row]:
    """Return the table and the row of a record by its id; raises `UsageError` with the nearest ids."""
    for table in KINDS:
        if table in tables and (key,) in tables[table].rows:
            return table, tables[table].rows[(key,)]
    known = [row[KINDS[table][0]] for table in KINDS if table in tables for row in tables.rows(table)]
    close = nearest(key, known)
    near = [close] if close else [name for name in known if key and key in name][:_NAMED]
    told = f"; near to it: {', '.join(near)}" if near else ""
    raise UsageError(f"there is no record {key!r}{told}.")


def cited(tables: Tables, key: str | None, descriptor: dict[str, Any]) -> Cited:
    """Return what a citation of the package, or of one record, says; raises `UsageError` for an id that is none."""
    people = [item["title"] for item in descriptor.get("contributors", []) if item.get("title")]
    whole = Cited(
        ", ".join(people) or "Unknown",
        descriptor.get("title") or descriptor.get("name") or "Data package",
        descriptor.get("version") or "",
        datetime.date.fromisoformat(str(descriptor.get("created") or "1980-01-01")[:10]),
        descriptor.get("homepage") or "",
    )
    if key is None:
        return whole
    table, row = found(tables, key)
    column, title, citations = KINDS[table]
    sources = tuple(Links(tables).sources(citations, column, key))
    return Cited(whole.author, whole.package, whole.version, whole.released, whole.url, table, key, row[title], sources)


def to_text(item: Cited) -> str:
    """Return one reference; below it the sources of a record, one a line."""
    version = f", version {item.version}" if item.version else ""
    day = f"{item.released.day} {item.released:%B %Y}"
    end = f" {item.url}" if item.url else ""
    if not item.key:
        return f"{item.author}. {item.package}. Data package{version}, {day}.{end}\n"
    lines = [f"{item.author}. {item.title}. Record {item.table}/{item.key}, in: {item.package}{version}, {day}.{end}"]
    lines += [f"  {_source(source)}" for source in item.sources]
    return "\n".join(lines) + "\n"


def to_bibtex(item: Cited) -> str:
    """Return an entry for the package or the record, and one for each source of a record."""
    fields = {
        "author": f"{{{_latex(item.author)}}}",
        "title": f"{{{_latex(item.whole)}}}",
        "year": str(item.released.year),
        "month": str(item.released.month),
        "version": item.version,
        "howpublished": "Data package",
        "url": item.url,
        "note": _latex(f"Record {item.table}/{item.key}, in: {item.package}") if item.key else "",
    }
    name = re.sub(r"[^a-z0-9-]", "", (item.key or "accords").lower())
    entries = [_entry(f"{name}-{item.version}" if item.version else name, fields)]
    for source in item.sources:
        told = {
            "author": f"{{{_latex(source['publisher'])}}}" if source["publisher"] else "",
            "title": f"{{{_latex(source['title'])}}}" if source["title"] else "",
            "year": source["published_date"][:4],
            "url": source["url"],
            "urldate": source["accessed_date"],
        }
        entries.append(_entry(source["source_id"], told))
    return "\n".join(entries)


def to_csl(item: Cited) -> str:
    """Return a list of CSL-JSON items: the package or the record, then its sources."""
    first: dict[str, Any] = {
        "id": item.key or "accords",
        "type": "dataset",
        "title": item.whole,
        "author": [{"literal": item.author}],
        "issued": {"date-parts": [[item.released.year, item.released.month, item.released.day]]},
        "version": item.version,
        "URL": item.url,
        "container-title": item.package if item.key else "",
        "number": f"{item.table}/{item.key}" if item.key else "",
    }
    items = [first]
    for source in item.sources:
        items.append(
            {
                "id": source["source_id"],
                "type": "article-newspaper" if source["source_type"] == "news" else "webpage",
                "title": source["title"],
                "author": [{"literal": source["publisher"]}] if source["publisher"] else "",
                "issued": _parts(source["published_date"]),
                "accessed": _parts(source["accessed_date"]),
                "URL": source["url"],
                "language": source["title_language"],
            }
        )
    kept = [{name: value for name, value in entry.items() if value} for entry in items]
    return json.dumps(kept, ensure_ascii=False, indent=2) + "\n"


FORMATS: dict[str, Callable[[Cited], str]] = {"text": to_text, "bibtex": to_bibtex, "csl-json": to_csl}


def _source(source: Row) -> str:
    told = [source["publisher"], source["title"], source["published_date"], source["url"]]
    return ". ".join(part for part in told if part) + "."


def _entry(name: str, fields: dict[str, str]) -> str:
    lines = [f"  {key} = {{{value}}}," for key, value in fields.items() if value]
    return "\n".join([f"@misc{{{name},", *lines, "}"]) + "\n"


def _latex(text: str) -> str:
    return text.replace("\\", "").translate(_LATEX)


def _parts(date: str) -> dict[str, list[list[int]]] | str:
    """Return a full or partial date as CSL has it; nothing for one that is not plain."""
    bare = date.rstrip("?~%")
    return {"date-parts": [[int(part) for part in bare.split("-")]]} if re.fullmatch(r"\d{4}(-\d\d){0,2}", bare) else ""
