"""The compiled policies and a matcher written from the documentation alone agree on whatever policy and message."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from labkit.rules import Refused
from labkit.rules.filters import FilterPolicy, Published
from tests.rules.filters import reference
from tests.rules.filters.generated import MESSAGES, POLICIES

MESSAGES_EACH = 10
QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


def agree(policy, messages):
    text, scope = policy
    try:
        compiled = FilterPolicy(text, scope)
    except Refused:
        assume(False)
    for attributes, body in messages:
        published = Published(attributes, body)
        expected = reference.passes(text, scope, attributes, body)
        assert compiled.passes(published) is expected
        decision = compiled.decide(published)
        assert decision.passes is expected
        assert bool(decision.failing) is not expected


PAIRS = st.lists(MESSAGES, min_size=MESSAGES_EACH, max_size=MESSAGES_EACH)


@settings(max_examples=300, deadline=None, derandomize=True, database=None, suppress_health_check=QUIET)
@given(policy=POLICIES, messages=PAIRS)
def test_3_000_pairs_agree_with_the_documentation(policy, messages):
    agree(policy, messages)


@pytest.mark.slow
@settings(max_examples=10_000, deadline=None, database=None, suppress_health_check=QUIET)
@given(policy=POLICIES, messages=PAIRS)
def test_100_000_pairs_agree_with_the_documentation(policy, messages):
    agree(policy, messages)
