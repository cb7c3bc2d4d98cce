"""Judges the SQL of a rule by its syntax tree, before any of it is planned or run.

Apart from `store` and `checks.declared`, because a rule is text that a stranger may have written: what is
not on the lists here is refused, so that a new function of the engine is closed until somebody opens it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

FUNCTIONS = frozenset(
    """
    + - * / // % ** || ~~ !~~ ~~* !~~* ~~~ & | << >> ^@
    abs ceil ceiling floor round trunc sign greatest least mod sqrt power pow
    coalesce nullif ifnull if constant_or_null
    length len strlen lower upper trim ltrim rtrim substring substr left right replace translate reverse
    starts_with ends_with suffix prefix contains position instr strpos concat concat_ws repeat lpad rpad
    split string_split str_split split_part string_agg array_slice array_extract list_extract
    regexp_matches regexp_full_match regexp_extract regexp_extract_all regexp_replace
    strip_accents nfc_normalize levenshtein damerau_levenshtein jaro_similarity jaro_winkler_similarity jaccard
    year month day quarter dayofweek isodow dayofyear date_part datepart date_trunc datetrunc date_diff datediff
    date_add date_sub last_day make_date to_days to_months to_years epoch
    count count_star count_if sum avg min max any_value first last arg_min arg_max bool_and bool_or mode median
    list array_agg list_value list_contains list_has list_has_any list_has_all list_distinct list_sort array_length
    list_aggregate list_count list_concat list_filter list_transform array_to_string unnest row struct_pack
    row_number rank dense_rank lag lead first_value last_value ntile
    range generate_series
    edtf_earliest edtf_latest edtf_uncertain edtf_valid as_of fold fields_of
    """.split()
)
# What these give may be larger than what they take, or take much longer than one look at it.
_GROWING = frozenset(
    """
    repeat lpad rpad replace regexp_replace split string_split str_split array_to_string string_agg list array_agg
    list_concat list_transform list_filter list_aggregate list_sort unnest range generate_series ** power pow
    levenshtein damerau_levenshtein jaro_similarity jaro_winkler_similarity jaccard nfc_normalize
    """.split()
)
_TABLE_FUNCTIONS = frozenset({"unnest", "range", "generate_series"})
_NODES = frozenset({"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"})
_TABLES = frozenset({"BASE_TABLE", "JOIN", "SUBQUERY", "TABLE_FUNCTION", "EMPTY", "EMPTY_FROM", "EXPRESSION_LIST"})
_CLOCKS = frozenset(
    "current_date current_time current_timestamp localtime localtimestamp current_user session_user user "
    "current_role current_schema current_catalog current_database current_query".split()
)


class Refused(ValueError):
    """The SQL is not what a rule may be; the text says why."""


class Judged(NamedTuple):
    """What a SELECT reads, whether a small table may be much work for it, and the names of the columns it gives.

    `outputs` is None where only the engine knows these.
    """

    tables: frozenset[str]
    grows: bool
    outputs: tuple[str, ...] | None


def judged(tree: str, known: frozenset[str]) -> Judged:
    """Return what a serialised SELECT does; `known` are the tables that it may read.

    Raises `Refused` for anything but one SELECT over known tables with functions of the list.
    """
    parsed = json.loads(tree)
    if parsed.get("error"):
        message = str(parsed.get("error_message", "")).splitlines()[0].rstrip(".!")
        if "SELECT" in message:
            raise Refused("it may only select")
        raise Refused(f"it is no SQL that can be read: {message}")
    if len(parsed["statements"]) != 1:
        raise Refused("it must be one statement")
    tables = {table.lower(): table for table in sorted(known)}
    doubled = {table.lower() for table in known if tables[table.lower()] != table}
    read, grows = set(), False
    for node, named in _walk(parsed["statements"][0]):
        _judge(node)
        grows |= node.get("class") == "SUBQUERY" or str(node.get("function_name", "")).lower() in _GROWING
        if node.get("type") == "BASE_TABLE":
            table = str(node["table_name"])
            if node.get("catalog_name") or node.get("schema_name") not in ("", "main"):
                raise Refused(f"it reads {table!r} of another schema")
            if table.lower() in doubled and table.lower() not in named:
                raise Refused(f"there are two tables {table!r}, apart only by case")
            if table.lower() in tables:
                read.add(tables[table.lower()])
            elif table.lower() not in named:
                raise Refused(f"there is no table {table!r}")
    return Judged(frozenset(read), grows, _outputs(parsed["statements"][0]["node"]))


def _names_function(arguments: list[dict[str, Any]]) -> bool:
    """Tell whether the second argument of a call is the plain name of a function of the list."""
    named = arguments[1].get("expression", {}).get("literal") if len(arguments) > 1 else None
    return isinstance(named, dict) and str(named.get("text", "")).lower() in FUNCTIONS


def _outputs(node: dict[str, Any]) -> tuple[str, ...] | None:
    names = []
    for item in node.get("select_list", [{}]):
        named = item.get("alias") or (item.get("column_names") or [""])[-1]
        if not named or item.get("type") == "STAR":
            return None
        names.append(str(named))
    return tuple(names)


def _walk(tree: Any) -> Iterator[tuple[dict[str, Any], frozenset[str]]]:
    """Yield every node with the names that WITH gives to subqueries there, in small letters."""
    pending: list[tuple[Any, frozenset[str]]] = [(tree, frozenset())]
    while pending:
        item, named = pending.pop()
        if isinstance(item, dict):
            if given := _given(item):
                named |= given
            yield item, named
            pending.extend([(part, named) for part in item.values() if part and isinstance(part, dict | list)])
        else:
            pending.extend([(part, named) for part in item if part and isinstance(part, dict | list)])


def _given(node: dict[str, Any]) -> set[str]:
    """Return the names that a node itself gives to subqueries."""
    held = node.get("cte_map")
    entries = held.get("map", []) if isinstance(held, dict) else []
    names = [*(entry["key"] for entry in entries), node.get("cte_name"), node.get("ctename")]
    return {item.lower() for item in names if isinstance(item, str)}


def _judge(node: dict[str, Any]) -> None:
    kind = str(node.get("type", ""))
    if kind.endswith("_NODE") and kind not in _NODES:
        raise Refused("it may only select")
    if "ref_type" not in node and "table_name" in node and kind not in _TABLES:
        raise Refused(f"it may not use {kind}")
    if node.get("class") == "PARAMETER":
        raise Refused("nothing is given for its parameters")
    if kind in ("SHOW_REF", "PIVOT", "COLUMN_DATA", "DELIM_GET") or node.get("sample") is not None:
        raise Refused("it may not pivot, sample or show")
    if node.get("class") in ("FUNCTION", "WINDOW") and node.get("function_name"):
        function = str(node["function_name"]).lower()
        if function not in FUNCTIONS or node.get("schema") not in ("", "main", None):
            raise Refused(f"the function {function!r} is not among those that a rule may use")
        if function == "list_aggregate" and not _names_function(node.get("arguments", ())):
            raise Refused("list_aggregate may only name a function that a rule may use")
    if kind == "TABLE_FUNCTION":
        function = str(node.get("function", {}).get("function_name", "")).lower()
        if function not in _TABLE_FUNCTIONS:
            raise Refused(f"the table function {function!r} is not among those that a rule may use")
    if kind == "COLUMN_REF" and len(node.get("column_names", ())) == 1:
        column = str(node["column_names"][0]).lower()
        if column in _CLOCKS:
            raise Refused(f"{column} asks the clock or the session; the only clock is as_of()")
