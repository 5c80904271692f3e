"""The metric data queries of an alarm or a target tracking policy: which of them it follows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from labkit.rules.refused import Refused

Query = Mapping[str, Any]
ID = re.compile(r"[a-z][A-Za-z0-9_]*")


def check(queries: Sequence[Query]) -> None:
    """Raise `Refused` (ValidationError) unless one query alone returns data, with metric math the final expression.

    The rule is API_TargetTrackingMetricDataQuery's (read 2026-11-30); but for the number, the wording is ours.
    """
    for query in queries:
        _check_one(query)
    ids = [query["Id"] for query in queries]
    if len(set(ids)) < len(ids):
        raise _refused("Each Id must be unique among the metrics of a policy.")
    returning = [query for query in queries if query.get("ReturnData") is not False]
    check_number(len(returning))
    expressions = [query for query in queries if query.get("Expression")]
    if expressions and not _is_final(returning[0], expressions):
        raise _refused("ReturnData must be true for the final math expression, and false for all others.")


def check_number(returning: int) -> None:
    """Raise `Refused` (ValidationError) where none or several return data, as AWS does (terraform issue 29894)."""
    if returning != 1:
        raise _refused("Exactly one element of the metrics list should return data.")


def _check_one(query: Query) -> None:
    if not ID.fullmatch(query.get("Id") or ""):
        raise _refused("An Id must consist of letters, numbers and underscores and start with a lowercase letter.")
    if bool(query.get("Expression")) == bool(query.get("MetricStat")):
        raise _refused(f"Specify either Expression or MetricStat for {query['Id']}, but not both.")


def _is_final(query: Query, expressions: Sequence[Query]) -> bool:
    """Whether this is an expression, and no other one is made from it; where it stands in the list doesn't matter."""
    used = {name for one in expressions for name in re.findall(r"\w+", one["Expression"])}
    return bool(query.get("Expression")) and query["Id"] not in used


def _refused(reason: str) -> Refused:
    return Refused("ValidationError", reason)
