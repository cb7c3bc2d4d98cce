"""Writes what the register says of its own quality as Markdown: data/QUALITY.md.

Apart from the counts themselves, so that another form needs none of this.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from string import Template

from accords.intake.tables import Tables
from accords.register.coverage import Counts, coverage, sources
from accords.register.readings import ReaderAgreement, agreements_of
from accords.register.records import agreements
from accords.report import markdown

_SIZES = ("agreements", "events", "commitments", "parties", "sources")
_MOST = 6  # partners in the brief table


def to_quality(tables: Tables) -> str:
    """Return the whole text; raises `PackageError` where the package lacks one of the register's tables."""
    records = agreements(tables)
    readings = [row for row in tables.rows("readings") if row["resource"] == "agreements"]
    text = Template(resources.files("accords.register").joinpath("quality.md").read_text("utf-8"))
    return text.substitute(
        name=tables.package.name,
        version=tables.package.version,
        sizes=markdown.table(("Table", "Records"), [(name, str(sum(1 for _ in tables.rows(name)))) for name in _SIZES]),
        readers="\n".join(_reader(item) for item in agreements_of(readings)),
        coverage="\n".join(_counts(item) for item in coverage(tables, records)),
        sources="\n".join(_counts(item) for item in sources(tables)),
    )


def to_brief(tables: Tables) -> str:
    """Return the few counts that say most, as one table; raises `PackageError` as `to_quality` does."""
    found = {item.title.partition(" (")[0]: item.rows for item in coverage(tables, agreements(tables))}
    years = [label for label, _ in found["By year of signing"] if label.isdecimal()]
    rows = [(name.capitalize(), f"{sum(1 for _ in tables.rows(name)):,}") for name in _SIZES]
    rows += [("Agreements by year of signing", f"{years[0]} to {years[-1]}")] if years else []
    rows += [("Their partners, the most frequent ones", _listed(found["By partner"][:_MOST]))]
    rows += [(label[:1].upper() + label[1:], str(number)) for label, (number,) in found["By level"]]
    rows += [("Agreements signed on a day that is known", str(dict(found["Dates by precision"])["day"][0]))]
    rows += [("Agreements by independent sources", _listed(found["By independent sources"]))]
    rows += [(f"Read {label}", str(number)) for label, (number,) in found["By readings"]]
    return markdown.table(("What", "Number"), [(markdown.plain(what), number) for what, number in rows])


def _listed(rows: Sequence[tuple[str, tuple[int, ...]]]) -> str:
    return ", ".join(f"{markdown.plain(label)}: {numbers[0]}" for label, numbers in rows)


def _reader(item: ReaderAgreement) -> str:
    head = ("Field", "Values", "Agreed", "Agreed, %", "Kappa", "Jaccard", "Kept", "Completed", "Changed")
    rows = [
        (
            markdown.code(field.field),
            str(field.number),
            str(field.agreed),
            f"{100 * field.agreed / field.number:.0f}",
            _ratio(field.kappa),
            _ratio(field.jaccard),
            str(field.kept),
            str(field.completed),
            str(field.changed),
        )
        for field in item.fields
    ]
    number, completed, changed = (
        sum(getattr(field, name) for field in item.fields) for name in ("number", "completed", "changed")
    )
    told = (
        f"{number:,} values of {item.records} agreements, "
        f"{100 * completed / number:.1f} % completed and {100 * changed / number:.1f} % changed."
    )
    return f"### {markdown.plain(item.reader)}\n\n{told}\n\n{markdown.table(head, rows)}"


def _counts(item: Counts) -> str:
    rows: Sequence[tuple[str, ...]] = [(markdown.plain(name), *map(str, numbers)) for name, numbers in item.rows]
    return f"### {item.title}\n\n{markdown.table(item.head, rows)}"


def _ratio(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
