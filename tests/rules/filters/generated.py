"""Policies and messages that meet often: few names, few values, every operator, every type."""

import json

from hypothesis import strategies as st

from labkit.rules.filters import ATTRIBUTES, BODY

# A list names what comes more often more often: a pair in which no key is in the message shows little.
NAMES = st.sampled_from(["a", "a", "b", "d", "d.e"])
INNER = st.sampled_from(["e", "f"])
TEXTS = st.sampled_from(["a", "ab", "A", "aB", "abba", "a*", "", "10.0.0.1", "10.0.1.9", "::1", "5", "true"])
SMALL = st.sampled_from([5, 0, 1, -1, 5.000001, 5.00001, 0.5, 1e9, -1e9])
NUMBERS = st.one_of(SMALL, SMALL, st.sampled_from([2e9, 12345678901234567890]))
KEYWORDS = st.sampled_from([True, False, None])
SCALARS = st.one_of(TEXTS, NUMBERS, KEYWORDS)
PATTERNS = st.sampled_from(["*", "a*", "*a", "a*b", "*b*", "a*b*a", "ab", "", "a\\*", "10.*"])
BEGINNINGS = st.sampled_from(["a", "A", "ab", "b", "10.", "abb"])
NETWORKS = st.sampled_from(["10.0.0.0/24", "10.0.0.7/16", "10.0.0.1/32", "0.0.0.0/0", "::/0", "::1/128", "11.0.0.0/8"])


@st.composite
def ranges(draw):
    """One comparison, or a lower and an upper bound."""
    low, high = sorted((draw(SMALL), draw(SMALL)))
    if draw(st.booleans()) or high - low < 0.001:
        return [draw(st.sampled_from(["=", "<", "<=", ">", ">="])), low]
    return [draw(st.sampled_from([">", ">="])), low, draw(st.sampled_from(["<", "<="])), high]


EXCLUDED = st.one_of(
    TEXTS,
    SMALL,
    st.lists(TEXTS, min_size=1, max_size=3),
    st.lists(SMALL, min_size=1, max_size=3),
    st.fixed_dictionaries({"prefix": BEGINNINGS}),
    st.fixed_dictionaries({"suffix": BEGINNINGS}),
    st.fixed_dictionaries({"wildcard": PATTERNS.filter(bool)}),
)
RULES = st.one_of(
    SCALARS,
    st.fixed_dictionaries({"prefix": st.one_of(BEGINNINGS, st.just(""))}),
    st.fixed_dictionaries({"suffix": st.one_of(BEGINNINGS, st.just(""))}),
    st.fixed_dictionaries({"equals-ignore-case": TEXTS}),
    st.fixed_dictionaries({"wildcard": PATTERNS}),
    st.fixed_dictionaries({"cidr": NETWORKS}),
    st.fixed_dictionaries({"numeric": ranges()}),
    st.fixed_dictionaries({"exists": st.booleans()}),
    st.fixed_dictionaries({"anything-but": EXCLUDED}),
)
KEY = st.lists(RULES, min_size=1, max_size=3)
FLAT = st.dictionaries(NAMES, KEY, min_size=1, max_size=2)
NESTED = st.dictionaries(
    NAMES, st.one_of(KEY, st.dictionaries(INNER, KEY, min_size=1, max_size=2)), min_size=1, max_size=2
)


def with_or(groups):
    """Such groups, some of them with an `$or` of others."""
    alternatives = st.fixed_dictionaries({"$or": st.lists(groups, min_size=2, max_size=3)})
    return st.one_of(groups, st.builds(lambda one, more: one | more, groups, alternatives), alternatives)


POLICIES = st.one_of(
    st.tuples(with_or(FLAT).map(json.dumps), st.just(ATTRIBUTES)),
    st.tuples(with_or(NESTED).map(json.dumps), st.just(BODY)),
)
TEXT = TEXTS.map(lambda text: {"DataType": "String", "StringValue": text})
ARRAY = st.lists(SCALARS, max_size=3)
ATTRIBUTE = st.one_of(
    TEXT,
    TEXT,
    NUMBERS.map(lambda number: {"DataType": "Number", "StringValue": str(number)}),
    ARRAY.map(lambda array: {"DataType": "String.Array", "StringValue": json.dumps(array)}),
    st.just({"DataType": "String.Array", "StringValue": "a, b"}),
    st.just({"DataType": "Binary", "BinaryValue": b"a"}),
    TEXTS.map(lambda text: {"DataType": "String.of-our-own", "StringValue": text}),
)
NODES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.one_of(INNER, NAMES), inner, max_size=2)),
    max_leaves=4,
)
OBJECT = st.dictionaries(INNER, st.one_of(SCALARS, ARRAY), min_size=1)
PROPERTIES = st.one_of(SCALARS, SCALARS, OBJECT, NODES)
OTHERS = ("b", "d.e")
BODIES = st.one_of(
    st.fixed_dictionaries({"a": PROPERTIES, "d": OBJECT}, optional=dict.fromkeys(OTHERS, PROPERTIES)).map(json.dumps),
    st.fixed_dictionaries({"a": SCALARS, "d": PROPERTIES}, optional=dict.fromkeys(OTHERS, PROPERTIES)).map(json.dumps),
    st.dictionaries(NAMES, NODES, max_size=3).map(json.dumps),
    st.one_of(NODES.map(json.dumps), st.sampled_from(["no JSON", ""])),
)
ATTRIBUTES_OF_A_MESSAGE = st.one_of(
    st.fixed_dictionaries({"a": ATTRIBUTE}, optional=dict.fromkeys(("d", *OTHERS), ATTRIBUTE)),
    st.dictionaries(NAMES, ATTRIBUTE, max_size=3),
)
MESSAGES = st.tuples(ATTRIBUTES_OF_A_MESSAGE, BODIES)
