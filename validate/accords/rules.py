"""Reads the declared rules: YAML files whose entries are read aloud, no Python.

Apart from `checks.declared`, which runs them: here a rule is text that a stranger may have written, and
all that matters is whether it is understood. What is not understood ends the run.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from accords.catalogue import catalogue
from accords.documents import Mapping as YamlMapping
from accords.documents import kept_yaml
from accords.errors import RuleError
from accords.files import UnsafePath
from accords.package import Package
from accords.problems import Severity
from accords.worker import at

CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_SQL = 20_000  # characters; the engine takes much longer than in proportion to plan a long one
MOST_TEXT = 8 << 20  # bytes of all files of rules
_TEXTS = ("title", "severity", "message", "why", "fix")
_KEYS = {*_TEXTS, "table", "for", "when", "expect", "query", "at", "valid", "invalid", "exceptions"}
_EXCEPTION_KEYS = {"resource", "key", "field", "reason"}

Rows = Mapping[str, list[Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class RuleException:
    """A record that a rule leaves alone, and why; `field` None: whatever the field."""

    resource: str
    key: tuple[tuple[str, str], ...]
    field: str | None
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One declared rule on one table.

    Either `expect` (a row expression; `when` says for which rows) or `query` (one SELECT that returns the
    keys of violating rows). `target` is the field that `value` and `{field}` stand for in a rule that is
    written once `for` several fields. `valid` and `invalid` are examples: rows by table.
    """

    code: str
    path: str
    line: int
    table: str
    severity: Severity
    title: str
    message: str
    why: str
    fix: str
    at: tuple[str, ...] = ()
    when: str = ""
    expect: str = ""
    query: str = ""
    target: str | None = None
    valid: tuple[Rows, ...] = ()
    invalid: tuple[Rows, ...] = ()
    exceptions: tuple[RuleException, ...] = ()

    @property
    def place(self) -> str:
        """Return where the rule stands, as messages print it."""
        return f"{self.path}, line {self.line}: {self.code}"


def read_rules(package: Package) -> tuple[Rule, ...]:
    """Return every rule of the package's rule folder, in the order of files and entries.

    Raises `RuleError` with one sentence for the first thing that is not understood.
    """
    if not package.rules:
        return ()
    try:
        paths = package.files.names(package.rules.rstrip("/"), ".yaml")
    except UnsafePath as fault:
        raise RuleError(f"the rule folder {package.rules!r} is refused: {fault}.") from None
    if not paths:
        raise RuleError(f"the rule folder {package.rules!r} holds no .yaml file.")
    rules: list[Rule] = []
    seen: dict[str, str] = {}
    room = MOST_TEXT
    for path in paths:
        at(f"while it read {path}")
        try:
            content = package.files.read(path)
            room -= len(content)
            if room < 0:
                raise RuleError(f"the rule folder {package.rules!r} holds more than {MOST_TEXT >> 20} MiB of rules.")
            text = content.decode("utf-8")
        except (OSError, UnicodeDecodeError, UnsafePath) as fault:
            raise RuleError(f"{path} cannot be read: {fault}.") from None
        entries = kept_yaml(text, path, RuleError)
        if not isinstance(entries, YamlMapping):
            raise RuleError(f"{path}: expected a rule file, that is rules by their codes.")
        for code, entry in entries.items():
            place = f"{path}, line {entries.lines[code]}: {code}"
            if code in seen:
                raise RuleError(f"{place} is declared in {seen[code]} already.")
            seen[code] = path
            rules.extend(_Entry(package, path, entries.lines[code], code, entry, place).rules())
    return tuple(rules)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of a rule file while it is read; `place` opens every complaint."""

    package: Package
    path: str
    line: int
    code: str
    entry: Any
    place: str

    def fail(self, what: str) -> RuleError:
        return RuleError(f"{self.place}: {what}.")

    def rules(self) -> Iterator[Rule]:
        entry = self.entry
        if not CODE.fullmatch(self.code):
            raise self.fail("a code is small letters and digits joined by hyphens")
        if self.code in catalogue():
            raise self.fail("the code belongs to a built-in check")
        if not isinstance(entry, YamlMapping):
            raise self.fail("expected a rule, that is keys and values")
        for key in sorted(set(entry) - _KEYS):
            close = difflib.get_close_matches(key, sorted(_KEYS), 1)
            raise self.fail(f"the key {key!r} is not known" + (f"; did you mean {close[0]!r}" if close else ""))
        for key in _TEXTS:
            if not isinstance(entry.get(key), str) or not entry[key].strip():
                raise self.fail(f"{key!r} is missing or empty")
        if entry["severity"] not in ("error", "warning", "info"):
            raise self.fail("'severity' must be error, warning or info")
        if ("expect" in entry) == ("query" in entry) or ("query" in entry and "when" in entry):
            raise self.fail("a rule has either 'expect' (with or without 'when') or 'query'")
        for table, target, query in self.targets():
            sql = {"when": entry.get("when", ""), "expect": entry.get("expect", ""), "query": query}
            for key, text in sql.items():
                if not isinstance(text, str) or (key in entry and not text.strip()) or len(text) > LONGEST_SQL:
                    raise self.fail(f"{key!r} must be SQL of at most {LONGEST_SQL:,} characters")
            yield self.rule(table, target, sql)

    def targets(self) -> Iterator[tuple[str, str | None, Any]]:
        """Yield the tables that the rule is about, each with its field (written `for` fields) and query."""
        entry = self.entry
        query = entry.get("query", "")
        if sum((key in entry for key in ("table", "for")), isinstance(query, dict)) != 1:
            raise self.fail("a rule has one of 'table', 'for' and a 'query' for each table")
        if "for" in entry and "at" in entry:
            raise self.fail("a rule written 'for' fields points at them by itself, without 'at'")
        if isinstance(query, dict) and query:
            for table, sql in query.items():
                yield table, None, sql
        elif "table" in entry:
            yield entry["table"], None, query
        elif _maps_to_lists(entry.get("for")):
            for table, fields in entry["for"].items():
                self.fields(table, fields)
                yield from ((table, target, query) for target in fields)
        else:
            raise self.fail("'for' must map tables to lists of fields, 'query' tables to SQL")

    def fields(self, table: Any, names: list[Any]) -> None:
        """Raise unless the table and the fields exist."""
        resource = self.package.resource(table) if isinstance(table, str) else None
        if resource is None or resource.schema is None:
            raise self.fail(f"there is no table {table!r}")
        for item in names:
            if item not in resource.schema.names:
                raise self.fail(f"the table {table!r} has no field {item!r}")

    def rule(self, table: str, target: str | None, sql: dict[str, str]) -> Rule:
        entry = self.entry
        self.fields(table, [])
        at = [target] if target else entry.get("at", [])
        at = [at] if isinstance(at, str) else at
        if not isinstance(at, list):
            raise self.fail("'at' must be a field or a list of fields")
        self.fields(table, at)
        return Rule(
            code=self.code,
            path=self.path,
            line=self.line,
            table=table,
            severity=Severity[entry["severity"].upper()],
            **{key: " ".join(entry[key].split()) for key in ("title", "message", "why", "fix")},
            at=tuple(at),
            **sql,
            target=target,
            valid=self.examples("valid", table, target),
            invalid=self.examples("invalid", table, target),
            exceptions=tuple(self.exceptions(table, target)),
        )

    def examples(self, kind: str, table: str, target: str | None) -> tuple[Rows, ...]:
        """Return examples as rows by table; a plain row belongs to the rule's own table."""
        listed = self.entry.get(kind, [])
        if not isinstance(listed, list) or not listed:
            raise self.fail(f"a rule needs at least one example under {kind!r}")
        found: list[Rows] = []
        for item in listed:
            if not isinstance(item, dict):
                raise self.fail(f"an example under {kind!r} must be a row or rows by table")
            by_table = bool(item) and all(isinstance(value, list) for value in item.values())
            rows: dict[str, list[Any]] = item if by_table else {table: [item]}
            found.append({name: [self.row(kind, name, row, target) for row in part] for name, part in rows.items()})
        return tuple(found)

    def row(self, kind: str, table: str, row: Any, target: str | None) -> Mapping[str, str]:
        """Return an example row, `value` read as the field that the rule is about."""
        if not isinstance(row, dict) or not all(isinstance(value, str) for value in row.values()):
            raise self.fail(f"an example row under {kind!r} must map fields to values")
        named = {target if target and name == "value" else name: value for name, value in row.items()}
        self.fields(table, list(named))
        return named

    def exceptions(self, table: str, target: str | None) -> Iterator[RuleException]:
        """Yield the exceptions that concern a table, and in a rule for several fields this field."""
        listed = self.entry.get("exceptions") or []
        if not isinstance(listed, list):
            raise self.fail("'exceptions' must be a list")
        tables = {name for name, _, _ in self.targets()}
        for item in listed:
            if not isinstance(item, dict) or set(item) - _EXCEPTION_KEYS:
                raise self.fail(f"an exception has only {', '.join(sorted(_EXCEPTION_KEYS))}")
            key, field, reason = item.get("key"), item.get("field"), item.get("reason")
            named = isinstance(key, dict) and key and all(isinstance(value, str) for value in key.values())
            if not isinstance(key, dict) or not named or not isinstance(reason, str) or not reason.strip():
                raise self.fail("an exception needs a 'key' (field: value) and a 'reason'")
            resource = item.get("resource", table if len(tables) == 1 else None)
            if resource not in tables:
                raise self.fail(f"an exception must say as 'resource' which of {', '.join(sorted(tables))} it is about")
            self.fields(resource, [*key, field] if field else [*key])
            if resource == table and (field is None or target is None or field == target):
                yield RuleException(resource, tuple(key.items()), field, reason)


def _maps_to_lists(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and all(isinstance(item, list) and item for item in value.values())
