"""The compiled policies and a matcher written from the documentation alone agree on whatever policy and message."""

import json
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labkit.rules import Refused
from labkit.rules.filters import ATTRIBUTES, BODY, FilterPolicy, Published
from tests.rules.filters import reference
from tests.rules.filters.generated import ARRAYS, MESSAGES, OPERATORS, POLICIES, SCALARS, attribute

QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large]


MOST_IN_PAIRS = 30


def is_taken(policy):
    try:
        FilterPolicy(*policy)
    except Refused:
        return False
    return True


# Each of ten policies meets each of five messages.
TEN_POLICIES = st.lists(POLICIES.filter(is_taken), min_size=10, max_size=10)
FIVE_MESSAGES = st.lists(MESSAGES, min_size=5, max_size=5)


def agree(policies, messages):
    published = [Published(attributes, body) for attributes, body in messages]
    for text, scope in policies:
        compiled = FilterPolicy(text, scope)
        for message, one in zip(messages, published, strict=True):
            expected = reference.passes(text, scope, *message)
            assert compiled.passes(one) is expected, (text, scope, message)
            decision = compiled.decide(one)
            assert decision.passes is expected
            assert bool(decision.failing) is not expected


def every_value():
    """A message for each value, with the value as an attribute and in its body."""
    for value in (*SCALARS, *ARRAYS):
        yield {"key": attribute(value)}, json.dumps({"key": value})


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_rule_and_every_two_rules_of_an_operator_agree_on_every_value(operator):
    messages = list(every_value())
    rules = OPERATORS[operator]
    some = rules[:: 1 + len(rules) // MOST_IN_PAIRS]
    for lists in ([[one] for one in rules], [[one, other] for one, other in combinations(some, 2)]):
        agree([(json.dumps({"key": one}), scope) for one in lists for scope in (ATTRIBUTES, BODY)], messages)


@settings(max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=QUIET)
@given(policies=TEN_POLICIES, messages=FIVE_MESSAGES)
def test_3_000_pairs_agree_with_the_documentation(policies, messages):
    agree(policies, messages)


@pytest.mark.slow
@settings(max_examples=2_000, deadline=None, database=None, suppress_health_check=QUIET)
@given(policies=TEN_POLICIES, messages=FIVE_MESSAGES)
def test_100_000_pairs_agree_with_the_documentation(policies, messages):
    agree(policies, messages)
