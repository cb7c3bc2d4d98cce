"""Writes the data dictionary: every table, column, key and code list, as Markdown.

Apart from `report`, because it speaks of a package's schemas and not of a run.
"""

from __future__ import annotations

from accords.package import Field, Package, Resource, Schema


def to_dictionary(package: Package) -> str:
    """Return the dictionary; made from the descriptor and the schemas alone, so equal for equal schemas."""
    described = [(item, item.schema) for item in package.resources if item.schema]
    tables = [(item, schema) for item, schema in described if not _is_list(item)]
    lists = [(item, schema) for item, schema in described if _is_list(item)]
    lines = [
        f"<!-- Made by `accords dictionary -o data/README.md` from {package.descriptor} and schemas/. "
        "Change those, not this. -->",
        "",
        f"# Data dictionary of {package.name or 'the package'} {package.version or ''}".rstrip(),
        "",
        "Every cell is text in UTF-8; an empty cell means: not recorded.",
        "● must be filled.",
        "Columns marked *partial date* hold EDTF: `2023`, `2023-06`, `2023-06-14`; `?` uncertain, `~` about, "
        "`%` both; `201X` a decade; `2023-35` the third quarter; `2024-40` the first half-year.",
        "",
        "| Table | Key | What a row is |",
        "| --- | --- | --- |",
        *(f"| [{item.name}](#{_anchor(item.name)}) | {_codes(schema.primary_key)} | {_cell(schema.description)} |"
          for item, schema in tables),
    ]  # fmt: skip
    for item, schema in tables:
        lines += ["", f"## {item.name}", "", f"`{item.path}`. {schema.description}", "", *_columns(schema)]
    if lists:
        lines += ["", "## Code lists", "", "| List | File | What it holds |", "| --- | --- | --- |"]
        lines += [
            f"| {item.name} | `{item.path}` | {_cell(item.description or schema.description)} |"
            for item, schema in lists
        ]
        shapes: dict[str | None, tuple[str, Schema]] = {}
        for item, schema in lists:
            shapes.setdefault(schema.path, (item.name, schema))
        for label, schema in shapes.values():
            several = sum(other.path == schema.path for _, other in lists)
            lines += ["", f"### Columns of {'the plain lists' if several > 1 else label}", "", *_columns(schema)]
    return "\n".join(lines) + "\n"


def _is_list(item: Resource) -> bool:
    return "/vocabularies/" in item.path or item.vocabulary


def _columns(schema: Schema) -> list[str]:
    parents = {key.fields: f"{key.parent}.{', '.join(key.parent_fields)}" for key in schema.foreign_keys}
    lines = ["| Column | | Type | Refers to | What it says | Example |", "| --- | --- | --- | --- | --- | --- |"]
    for item in schema.fields:
        must = "●" if item.constraints.get("required") else ""
        example = f"`{_cell(item.example)}`" if item.example else ""
        parent = parents.get((item.name,), "")
        lines.append(f"| `{item.name}` | {must} | {_type(item)} | {parent} | {_cell(item.description)} | {example} |")
    return lines


def _type(item: Field) -> str:
    if item.edtf:
        return "*partial date*"
    return item.type if item.format == "default" else f"{item.type} ({item.format})"


def _codes(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _anchor(name: str) -> str:
    return name.lower().replace(" ", "-")
