"""Whatever is given as a policy is taken or refused, and whatever is published passes or doesn't: nothing is raised."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.rules import Refused
from labkit.rules.filters import ATTRIBUTES, BODY, FilterPolicy, Published, check

OPERATORS = "prefix suffix wildcard equals-ignore-case cidr numeric exists anything-but"
WORDS = st.sampled_from(["$or", "key", *OPERATORS.split(), *"= < <= > >= * a* 10.0.0.0/8".split()])
SCALARS = st.one_of(WORDS, st.text(max_size=3), st.integers(), st.floats(), st.booleans(), st.none())
TREES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.one_of(WORDS, st.text()), inner, max_size=3)
    ),
    max_leaves=12,
)
KEYS = st.dictionaries(st.text(max_size=2), st.lists(TREES, max_size=3), max_size=3)
TEXTS = st.one_of(st.text(), TREES.map(json.dumps), KEYS.map(json.dumps), KEYS.map(json.dumps))
TYPES = st.sampled_from(["String", "String.Array", "Number", "Number.Array", "Binary", "Number.own", "String."])
ATTRIBUTE = st.fixed_dictionaries({"DataType": TYPES}, optional={"StringValue": TEXTS, "BinaryValue": st.binary()})
DEEP, LONG = 100_000, 1_000_000
HARD_TEXTS = {
    "lists in lists": "[" * DEEP + "]" * DEEP,
    "lists without an end": "[" * DEEP,
    "objects in objects": '{"key":' * DEEP + "1" + "}" * DEEP,
    "a long number": "9" * LONG,
    "a huge exponent": "1e999999999",
    "an exponent beyond every number": "1e" + "9" * 100,
    "a tiny exponent": "-1e-" + "9" * 100,
    "half a character": '"\ud800"',
    "no number": "NaN",
    "a fraction without an end": "0." + "3" * LONG,
    "asterisks": "a" * LONG,
    "nothing": "",
}
POLICIES = [
    FilterPolicy(json.dumps({"key": [one]}), scope)
    for scope in (ATTRIBUTES, BODY)
    for one in (
        "x",
        5,
        {"numeric": [">", 0]},
        {"prefix": "x"},
        {"suffix": "x"},
        {"wildcard": "*a*b*"},
        {"equals-ignore-case": "X"},
        {"cidr": "::/0"},
        {"anything-but": {"wildcard": "*b"}},
        {"exists": False},
    )
]


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(text=TEXTS, scope=st.sampled_from([ATTRIBUTES, BODY]))
def test_whatever_is_given_as_a_policy_is_taken_or_refused(text, scope):
    try:
        check(text, scope)
    except Refused:
        with pytest.raises(Refused, match=r"^InvalidParameter: Invalid parameter: "):
            FilterPolicy(text, scope)
    else:
        FilterPolicy(text, scope).decide(Published({}, text))


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(attributes=st.dictionaries(st.sampled_from(["key", "other"]), ATTRIBUTE, max_size=2), body=TEXTS)
def test_whatever_is_published_passes_or_does_not(attributes, body):
    published = Published(attributes, body)
    for policy in POLICIES:
        assert policy.passes(published) is policy.decide(published).passes


@pytest.mark.parametrize("what", HARD_TEXTS)
def test_texts_that_are_hard_to_read(what):
    text = HARD_TEXTS[what]
    for attribute in ("String", "String.Array", "Number"):
        for body in (text, f'{{"key": {text}, "other": 1}}'):
            published = Published({"key": {"DataType": attribute, "StringValue": text}}, body)
            for policy in POLICIES:
                assert policy.passes(published) is policy.decide(published).passes


@pytest.mark.parametrize("what", HARD_TEXTS)
def test_policies_that_are_hard_to_read(what):
    for text in (HARD_TEXTS[what], f'{{"key": [{HARD_TEXTS[what]}]}}'):
        for scope in (ATTRIBUTES, BODY):
            with suppress(Refused):
                FilterPolicy(text, scope)


def test_how_deep_a_body_is_read_does_not_depend_on_who_asks():
    """Python's own limit counts from the caller; ours is the same at any depth of calls."""
    bodies = ['{"key":' + "[" * depth + "1" + "]" * depth + "}" for depth in (499, 500)]
    policy = FilterPolicy('{"key": [1]}', BODY)

    def answers(calls):
        return answers(calls - 1) if calls else [policy.passes(Published({}, body)) for body in bodies]

    assert answers(0) == answers(200) == [True, False]
