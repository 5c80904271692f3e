"""The compiled policies and a matcher written from the documentation alone agree on whatever policy and message."""

from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labkit.rules import Refused
from labkit.rules.filters import FilterPolicy, Published
from tests.rules.filters import reference
from tests.rules.filters.generated import MESSAGES, POLICIES

QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large]


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
    for (text, scope), (attributes, body) in product(policies, messages):
        published = Published(attributes, body)
        expected = reference.passes(text, scope, attributes, body)
        compiled = FilterPolicy(text, scope)
        assert compiled.passes(published) is expected
        decision = compiled.decide(published)
        assert decision.passes is expected
        assert bool(decision.failing) is not expected


@settings(max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=QUIET)
@given(policies=TEN_POLICIES, messages=FIVE_MESSAGES)
def test_3_000_pairs_agree_with_the_documentation(policies, messages):
    agree(policies, messages)


@pytest.mark.slow
@settings(max_examples=2_000, deadline=None, database=None, suppress_health_check=QUIET)
@given(policies=TEN_POLICIES, messages=FIVE_MESSAGES)
def test_100_000_pairs_agree_with_the_documentation(policies, messages):
    agree(policies, messages)
