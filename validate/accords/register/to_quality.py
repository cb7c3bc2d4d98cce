"""Writes what the register says of its own quality as Markdown: data/QUALITY.md.

Apart from the counts themselves, so that another form needs none of this.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import resources
from string import Template

from accords.intake.tables import Tables
from accords.register.coverage import Counts, coverage, sources
from accords.register.readings import FieldAgreement, agreement_of
from accords.register.records import agreements
from accords.report import markdown

_SIZES = ("agreements", "events", "commitments", "parties", "sources")


def to_quality(tables: Tables) -> str:
    """Return the whole text; raises `PackageError` where the package lacks one of the register's tables."""
    records = agreements(tables)
    readings = [row for row in tables.rows("readings") if row["resource"] == "agreements"]
    text = Template(resources.files("accords.register").joinpath("quality.md").read_text("utf-8"))
    return text.substitute(
        name=tables.package.name,
        version=tables.package.version,
        sizes=markdown.table(("Table", "Records"), [(name, str(sum(1 for _ in tables.rows(name)))) for name in _SIZES]),
        fields=_fields(agreement_of(readings)),
        coverage="\n".join(_counts(item) for item in coverage(tables, records)),
        sources="\n".join(_counts(item) for item in sources(tables)),
    )


def _fields(fields: Iterable[FieldAgreement]) -> str:
    head = ("Field", "Values", "Agreed", "Agreed, %", "Kappa", "Jaccard", "First kept", "Changed")
    return markdown.table(
        head,
        [
            (
                markdown.code(item.field),
                str(item.number),
                str(item.agreed),
                f"{100 * item.agreed / item.number:.0f}",
                _ratio(item.kappa),
                _ratio(item.jaccard),
                str(item.kept),
                str(item.changed),
            )
            for item in fields
        ],
    )


def _counts(item: Counts) -> str:
    rows: Sequence[tuple[str, ...]] = [(markdown.plain(name), *map(str, numbers)) for name, numbers in item.rows]
    return f"### {item.title}\n\n{markdown.table(item.head, rows)}"


def _ratio(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
