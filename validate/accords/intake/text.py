"""Writes contributions as YAML that people read: plain scalars, one key a line, in the order of the form.

Apart from `reverse` and `blank`, which say what to write: whatever is written here, `document` reads back as it
was, for it takes every scalar as text.
"""

from __future__ import annotations

from typing import Any

import yaml

WIDTH = 110  # columns before a long text is carried on in the next line


class _Plain(yaml.SafeDumper):
    """Quotes only what YAML could not read back as text, and indents lists under their key."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 -- the library's own way: nothing is taken for another type

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent lists like mappings."""
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        """Write out what stands in two places, since no alias is read."""
        return True


def to_yaml(content: Any) -> str:
    """Return plain data as YAML."""
    return str(yaml.dump(content, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=WIDTH))
