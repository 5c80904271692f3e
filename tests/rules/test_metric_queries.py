"""Which metric data queries a target tracking policy takes."""

import pytest

from labkit.rules import Refused, metric_queries

STAT = {"Metric": {"Namespace": "AWS/SQS", "MetricName": "ApproximateNumberOfMessagesVisible"}, "Stat": "Sum"}


def metric(id, returned=None):
    return {"Id": id, "MetricStat": STAT} | ({} if returned is None else {"ReturnData": returned})


def math(id, expression, returned=None):
    return {"Id": id, "Expression": expression} | ({} if returned is None else {"ReturnData": returned})


M1, M2 = metric("m1", False), metric("m2", False)
TAKEN = {
    "one metric": [metric("m1")],
    "one metric that says so": [metric("m1", True)],
    "one of two metrics": [metric("m1", True), M2],
    "AWS's example": [M1, M2, math("e1", "m1 / m2", True)],
    "by default": [M1, M2, math("e1", "m1 / m2")],
    "in two steps": [M1, M2, math("e1", "m1 / m2", False), math("e2", "e1 * 2", True)],
    "the final one first": [math("e1", "m1 / m2", True), M1, M2],
    "an id that begins like another's": [M1, math("e1", "m1 * 2", True), math("e10", "m1 * 3", False)],
}
REFUSED = {
    "nothing": [M1, M2, math("e1", "m1 / m2", False)],
    "one metric that returns nothing": [M1],
    "a metric beside the expression": [metric("m1", True), M2, math("e1", "m1 / m2", True)],
    "a metric instead of the expression": [metric("m1", True), M2, math("e1", "m1 / m2", False)],
    "a metric by default": [metric("m1"), M2, math("e1", "m1 / m2", True)],
    "two metrics": [metric("m1"), metric("m2")],
    "two expressions": [M1, math("e1", "m1 * 2", True), math("e2", "e1 * 2", True)],
    "an expression that another one uses": [M1, math("e1", "m1 * 2", True), math("e2", "e1 * 2", False)],
    "the same id twice": [M1, math("m1", "m1 * 2", True)],
    "an id in capitals": [metric("M1")],
    "an id with a sign": [metric("m-1")],
    "no id": [{"MetricStat": STAT}],
    "both": [metric("m1") | {"Expression": "m1"}],
    "neither": [{"Id": "m1"}],
}


@pytest.mark.parametrize("what", TAKEN)
def test_queries_of_which_one_is_followed_are_taken(what):
    metric_queries.check(TAKEN[what])


@pytest.mark.parametrize("what", REFUSED)
def test_other_queries_are_refused(what):
    with pytest.raises(Refused) as refused:
        metric_queries.check(REFUSED[what])
    assert refused.value.code == "ValidationError"
