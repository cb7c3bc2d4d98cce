"""The constraint `jsonSchema`: a schema inside a schema, with references, patterns and recursion of its own.

Apart from `readings`, because it is a stranger's program for a library of others: whatever it does that is not
an answer becomes a reason why there is none. Nothing that it refers to is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from accords.catalogue import shown
from accords.words import said


class Undecidable(Exception):
    """A JSON Schema gives no answer; it is raised with the reason in words."""


def test_of(schema: dict[str, Any]) -> Callable[[Any], str | None]:
    """Return what tells why a value does not follow a schema, None where it does.

    Both the call and what it returns raise `Undecidable`.
    """
    import jsonschema  # here, because few packages need it
    import referencing

    latest = jsonschema.validators.Draft202012Validator

    def made() -> Any:
        kind = jsonschema.validators.validator_for(schema, default=latest)
        kind.check_schema(schema)
        return kind(schema, registry=referencing.Registry())

    validator = _decided(made)

    def test(value: Any) -> str | None:
        fault = _decided(lambda: jsonschema.exceptions.best_match(validator.iter_errors(value)))
        return None if fault is None else shown(fault.message)[1:-1]

    return test


def _decided(answer: Callable[[], Any]) -> Any:
    try:
        return answer()
    except MemoryError:
        raise
    except RecursionError:
        raise Undecidable(said("goes round in circles")) from None
    except re.error as fault:
        raise Undecidable(said("holds a pattern that is none: {why}", why=str(fault))) from None
    except Exception as fault:
        # The library has an exception of its own for a schema and for a reference, and others for what it trips over.
        told = " ".join(str(getattr(fault, "message", fault)).split())[:200]
        raise Undecidable(said("cannot be followed: {why}", why=told)) from None
