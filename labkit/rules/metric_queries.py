"""The metric data queries of a target tracking policy as AWS documents them: which of them the policy follows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from labkit.rules.refused import Refused

Query = Mapping[str, Any]
ID = re.compile(r"[a-z][A-Za-z0-9_]*")


def check(queries: Sequence[Query]) -> None:
    """Raise `Refused` (ValidationError) unless one query alone returns data, with metric math the final expression.

    The rule is API_TargetTrackingMetricDataQuery's (read 2026-11-30); codes and wording of its refusals are ours.
    """
    for query in queries:
        _check_one(query)
    ids = [query["Id"] for query in queries]
    if len(set(ids)) < len(ids):
        raise _refused("Each Id must be unique among the metrics of a policy.")
    returning = [query for query in queries if query.get("ReturnData") is not False]
    expressions = [query for query in queries if query.get("Expression")]
    if not expressions and len(returning) == 1:
        return
    if len(returning) != 1 or not _is_final(returning[0], expressions):
        final = "the final math expression" if expressions else "one of them"
        raise _refused(f"ReturnData must be true for {final} alone, and false for all other metrics and expressions.")


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
