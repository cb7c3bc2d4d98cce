"""`accords explain`: what a code means, why it matters, how to mend it."""

from __future__ import annotations

import argparse
import difflib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accords.cli import options
from accords.errors import PackageError, UsageError

if TYPE_CHECKING:
    from accords.rules import Rule


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "explain",
        help="say what a code means",
        description="Explain one code, or list all: the built-in ones, the rules of the package, "
        "and the changes that `accords diff` tells apart.",
    )
    parser.add_argument("code", nargs="?", metavar="CODE")
    parser.add_argument("--package", default=".", metavar="PATH", help="whose rules to explain (default: this folder)")
    parser.add_argument("--format", choices=("text", "markdown"), default="text", help="how to print (default: text)")
    options.add_output(parser)
    options.add_language(parser, "en")
    parser.set_defaults(run=run)


def run(call: argparse.Namespace) -> int:
    """Print one entry or the list."""
    from accords.catalogue import catalogue
    from accords.languages import Voice
    from accords.lints import lints
    from accords.report.values import harmless

    built_in, of_changes, say = catalogue(call.lang), lints(), Voice(call.lang)
    declared = _rules(call.package)
    if call.code is None and call.format == "markdown":
        from accords.export.to_reference import to_reference

        options.emit(
            to_reference(list(built_in.values()), list(declared.values()), list(of_changes.values())), call.output
        )
        return 0
    if call.code is None:
        lines = [f"{code:28} {entry.severity.label:8} {entry.title}" for code, entry in built_in.items()]
        lines += [f"{code:28} {rule.severity.label:8} {rule.title}" for code, rule in declared.items()]
        lines += [f"{name:28} {lint.step.label:8} {lint.title}" for name, lint in of_changes.items()]
        options.emit(harmless("\n".join(lines) + "\n"), call.output)
        return 0
    if (lint := of_changes.get(call.code)) and call.code not in built_in:
        lines = [f"{call.code} (a change that calls for the step {lint.step.label})", lint.title, ""]
        lines += [f"Why: {lint.why}", f"What to do: {lint.fix}"]
        options.emit(harmless("\n".join(lines) + "\n"), call.output)
        return 0
    entry = built_in.get(call.code) or declared.get(call.code)
    if entry is None:
        close = difflib.get_close_matches(call.code, [*built_in, *declared, *of_changes], 1)
        raise UsageError(f"there is no code {call.code!r}" + (f"; did you mean {close[0]!r}?" if close else "."))
    lines = [f"{call.code} ({say(entry.severity.label)})", entry.title, ""]
    lines += [f"{say('Why:')} {entry.why}", f"{say('What to do:')} {entry.fix}"]
    if call.code in declared:
        lines += ["", *_rule(declared[call.code])]
    options.emit(harmless("\n".join(lines) + "\n"), call.output)
    return 0


def _rules(path: str) -> dict[str, Rule]:
    """Return the rules of the package at `path`, if there is one there."""
    from accords.descriptor import load
    from accords.rules import read_rules

    try:
        package = load(Path(path))
    except PackageError:
        return {}
    first: dict[str, Rule] = {}
    for rule in read_rules(package):
        first.setdefault(rule.code, rule)
    return first


def _rule(rule: Rule) -> list[str]:
    lines = [f"Declared in {rule.path}, line {rule.line}, on {rule.table}."]
    for label, sql in (("When", rule.when), ("Expected", rule.expect), ("Flagged by", rule.query)):
        if sql:
            lines += [f"{label}:", *(f"    {line}" for line in sql.strip().splitlines())]
    for label, examples in (("Valid", rule.valid), ("Not valid", rule.invalid)):
        for rows in examples:
            told = "; ".join(
                f"{table}: " + ", ".join(f"{key}={value}" for key, value in row.items())
                for table, listed in rows.items()
                for row in listed
            )
            lines.append(f"{label}: {told}")
    return lines
