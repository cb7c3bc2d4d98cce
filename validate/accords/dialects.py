"""Reads a Table Dialect (JSON) into `package.Dialect`.

Apart from `resources`, because a dialect is read the same wherever it stands, in a file or inline: what it
says wrongly, what is right and yet not read here, and what nobody reads are three things.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from accords.package import Dialect
from accords.words import Words, said

# Properties that mean nothing in a delimited text; the standard wants them to be passed over.
_ELSEWHERE = frozenset("property itemType itemKeys sheetNumber sheetName table".split())
_ABOUT = frozenset("$schema name title description profile type csvddfVersion caseSensitiveHeader".split())
_LINE_ENDS = ("\n", "\r\n", "\r")


def _mark(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 1 and value not in "\r\n\0"


def _mark_or_none(value: Any) -> bool:
    return value == "" or _mark(value)


def _switch(value: Any) -> bool:
    return isinstance(value, bool)


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _rows(value: Any) -> bool:
    numbers = isinstance(value, list) and all(type(item) is int and item > 0 for item in value)
    return numbers and value == sorted(set(value))


_OPTIONS: Mapping[str, tuple[str, Callable[[Any], bool], Words]] = {
    "delimiter": ("delimiter", _mark, said("one character")),
    "quoteChar": ("quote_char", _mark_or_none, said("one character")),
    "escapeChar": ("escape_char", _mark_or_none, said("one character")),
    "doubleQuote": ("double_quote", _switch, said("true or false")),
    "skipInitialSpace": ("skip_initial_space", _switch, said("true or false")),
    "header": ("header", _switch, said("true or false")),
    "headerRows": ("header_rows", _rows, said("a list of row numbers from 1, in order")),
    "headerJoin": ("header_join", _text, said("a text")),
    "commentRows": ("comment_rows", _rows, said("a list of row numbers from 1, in order")),
    "commentChar": ("comment_char", _text, said("a text")),
    "nullSequence": ("null_sequence", _text, said("a text")),
}
PROPERTIES = _ABOUT | _ELSEWHERE | frozenset(_OPTIONS) | {"lineTerminator"}


@dataclass
class DialectReader:
    """What one dialect says; `faults` are sentences about what is wrong, `unread` is why it is not read here."""

    faults: list[Words] = field(default_factory=list)
    unread: Words | None = None

    def dialect(self, content: Mapping[str, Any], delimiter: str) -> Dialect:
        """Return the dialect; `delimiter` is that of the resource's format."""
        found: dict[str, Any] = {"delimiter": delimiter}
        for key, (attribute, fits, wanted) in _OPTIONS.items():
            value = content.get(key)
            if key in content and not fits(value):
                self.faults.append(_misfit(key, value, wanted))
            elif key in content:
                found[attribute] = tuple(value) if isinstance(value, list) else value
        self.line_end(content.get("lineTerminator", "\r\n"))
        if content.get("headerRows") == []:
            found["header"] = False
        dialect = Dialect(**found)
        if not self.faults:
            self.together(dialect)
        return dialect

    def line_end(self, value: Any) -> None:
        """Each of the three usual line ends is read, whichever is declared; no other is."""
        if not isinstance(value, str) or not value:
            self.faults.append(_misfit("lineTerminator", value, said("a text")))
        elif value not in _LINE_ENDS:
            self.unread = said("lines that end in {mark} are not read", mark=repr(value))

    def together(self, dialect: Dialect) -> None:
        """Report options that contradict one another."""
        marks = [item for item in (dialect.delimiter, dialect.quote_char, dialect.escape_char) if item]
        comment = dialect.comment_char
        if len(set(marks)) < len(marks):
            self.faults.append(said("two of delimiter, quoteChar and escapeChar are the same character"))
        if comment and (comment[0] in marks or set(comment) & set("\r\n")):
            self.faults.append(said("no row can be told from a comment if commentChar is {mark}", mark=repr(comment)))
        if dialect.skip_initial_space and " " in marks:
            self.faults.append(said("a blank cannot be skipped and be a mark"))
        if both := set(dialect.header_rows) & set(dialect.comment_rows):
            self.faults.append(said("row {row} cannot be a header and a comment", row=min(both)))


def _misfit(key: str, value: Any, wanted: Words) -> Words:
    return said(
        "the dialect option {key} is {value}, and must be {wanted}", key=repr(key), value=repr(value), wanted=wanted
    )
