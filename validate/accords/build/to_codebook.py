"""The codebook: every table and column with how often it is filled, as Markdown and as one page of HTML.

Apart from the data dictionary (`export.to_dictionary`), which speaks of the schemas alone and does not change when
rows do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from accords.build.release import Release
from accords.package import Field, Resource, Schema
from accords.report import markdown
from accords.report.page import page

_INTRO = (
    "Every cell is text in UTF-8; an empty cell means: not recorded. "
    "Filled: the share of rows that have a value. Values: how many different ones there are."
)
_HEAD = ("Column", "Title", "Type", "Must", "Refers to", "Filled", "Values", "What it says", "Example")


@dataclass(frozen=True, slots=True)
class _Column:
    """A column as the codebook shows it; the texts are plain."""

    name: str
    title: str
    title_vi: str
    kind: str
    must: str
    parent: str
    filled: str
    values: str
    told: str
    example: str


def codebook(release: Release) -> dict[str, bytes]:
    """Return the codebook as `codebook.md` and `codebook.html`."""
    return {
        "codebook.md": _markdown(release).encode("utf-8"),
        "codebook.html": _html(release).encode("utf-8"),
    }


def columns(release: Release, item: Resource, schema: Schema) -> Iterator[_Column]:
    """Yield the columns of a table, in order, with what its rows hold."""
    rows = list(release.tables.rows(item.name))
    parents = {key.fields: f"{key.parent or item.name}.{', '.join(key.parent_fields)}" for key in schema.foreign_keys}
    for field in schema.fields:
        held = [row[field.name] for row in rows if row[field.name]]
        yield _Column(
            field.name,
            field.title,
            field.title_vi,
            _kind(field),
            "yes" if field.constraints.get("required") else "",
            parents.get((field.name,), ""),
            f"{100 * len(held) / len(rows):.0f} %" if rows else "",
            str(len(set(held))) if held else "",
            " ".join(field.description.split()),
            field.example or "",
        )


def _markdown(release: Release) -> str:
    parts = [f"# Codebook of {markdown.plain(release.stem)}\n", f"{_INTRO}\n"]
    for item, schema in release.described():
        parts.append(f"## {item.name}\n\n{markdown.plain(schema.description or item.description)}\n")
        parts.append(f"{_size(release, item)} {markdown.code(item.path)}\n")
        parts.append(markdown.table(_HEAD, (_cells(column) for column in columns(release, item, schema))))
    return "\n".join(parts)


def _cells(column: _Column) -> list[str]:
    titles = " / ".join(markdown.plain(title) for title in (column.title, column.title_vi) if title)
    shown = [
        markdown.code(column.name),
        titles,
        column.kind,
        column.must,
        markdown.plain(column.parent),
        column.filled,
        column.values,
    ]
    return [*shown, markdown.plain(column.told), markdown.code(column.example) if column.example else ""]


def _html(release: Release) -> str:
    title = f"Codebook of {escape(release.stem)}"
    body = [f"<h1>{title}</h1>\n<p>{_INTRO}</p>\n<nav><ul>\n"]
    body += [f'<li><a href="#{escape(item.name)}">{escape(item.name)}</a></li>\n' for item, _ in release.described()]
    body.append("</ul></nav>\n")
    head = "".join(f"<th scope=col>{name}</th>" for name in _HEAD)
    for item, schema in release.described():
        name = escape(item.name)
        rows = "".join(_row(column) for column in columns(release, item, schema))
        body.append(
            f'<section><h2 id="{name}">{name}</h2>\n'
            f"<p>{escape(schema.description or item.description)}</p>\n"
            f"<p>{_size(release, item)} <code>{escape(item.path)}</code></p>\n"
            f'<div class="scroll" tabindex="0" role="region" aria-label="Columns of {name}"><table>\n'
            f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody></table></div></section>\n"
        )
    return page(title, "".join(body), "")


def _row(column: _Column) -> str:
    cells = (column.kind, column.must, column.parent, column.filled, column.values, column.told, column.example)
    titles = " / ".join(title for title in (column.title, column.title_vi) if title)
    return (
        f"<tr><th scope=row><code>{escape(column.name)}</code></th><td>{escape(titles)}</td>"
        f"{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>\n"
    )


def _size(release: Release, item: Resource) -> str:
    return f"{sum(1 for _ in release.tables.rows(item.name))} rows."


def _kind(field: Field) -> str:
    if field.edtf:
        return "partial date"
    return field.type if field.format == "default" else f"{field.type} ({field.format})"
