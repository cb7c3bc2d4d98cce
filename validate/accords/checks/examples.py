"""Runs the examples of the declared rules: a rule must flag its invalid ones and leave its valid ones alone.

Apart from `declared`, because it looks at rules and not at the package's data: each example is a database
of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from accords.catalogue import catalogue, problem
from accords.checks.compiled import compiled, step
from accords.checks.probes import Result
from accords.checks.readings import judge_table
from accords.engine import duckdb
from accords.errors import RuleError
from accords.package import Package
from accords.reader import Record
from accords.rules import Rows, Rule
from accords.store import Store
from accords.worker import at, short


def examples(package: Package, rules: tuple[Rule, ...], as_of: date) -> Iterator[Result]:
    """Run every rule on each of its examples; yield those on which it does not do what they say."""
    store = Store(package, as_of)
    try:
        for rule in rules:
            ready = compiled(package, store, rule)
            for kind, listed in (("valid", rule.valid), ("invalid", rule.invalid)):
                for number, rows in enumerate(listed, 1):
                    at(step(rule))
                    _fill(package, store, rows)
                    flagged = bool(store.rows(f"SELECT count(*) FROM ({ready.hits})")[0][0])
                    store.clear(rows)
                    if flagged == (kind == "valid"):
                        words = {"rule": rule.code, "number": number}
                        found = problem(
                            "rule-example-wrong", rule.table, rule.path, variant=kind, params=words, line=rule.line
                        )
                        yield Result(found.code, rule.table, found.severity, 1, (found,))
    except duckdb.OutOfMemoryException:
        raise short() from None
    except duckdb.Error as fault:
        raise RuleError(f"an example of a rule cannot be run: {str(fault).splitlines()[0]}") from None
    finally:
        store.close()
    yield Result("rule-example-wrong", None, catalogue()["rule-example-wrong"].severity)


def _fill(package: Package, store: Store, rows: Rows) -> None:
    """Make the database hold just an example's rows.

    A field that an example leaves out is empty; where the schema requires it, it takes the field's own
    example.
    """
    for table, listed in rows.items():
        resource = package.resource(table)
        if resource is None or resource.schema is None:
            continue
        fields = resource.schema.fields
        filled = [
            [row.get(item.name, (item.example or "") if item.constraints.get("required") else "") for item in fields]
            for row in listed
        ]
        store.load(resource, (Record(number, number, cells) for number, cells in enumerate(filled, 2)))
        for _ in judge_table(store, resource, resource.schema):
            pass
