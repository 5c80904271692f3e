"""Policies and messages that meet often: few names, few values, every operator, every type."""

import json

from hypothesis import strategies as st

from labkit.rules.filters import ATTRIBUTES, BODY

TEXTS = ["a", "ab", "A", "aB", "aba", "abba", "a*", "", "10.0.0.1", "10.0.1.9", "::1", "5", "true"]
SMALL = [-1e9, -1.000001, -1, 0, 0.5, 5, 5.000001, 5.000009, 5.00001, 6, 1e9]
NUMBERS = [*SMALL, 2e9, 12345678901234567890]
SCALARS = [*TEXTS, *NUMBERS, True, False, None]
PATTERNS = ["*", "a*", "*a", "a*a", "*b*", "a*b*a", "ab", "a\\*", "10.*"]
BEGINNINGS = ["a", "A", "ab", "b", "10.", "abb"]
NETWORKS = ["10.0.0.0/24", "10.0.0.7/16", "10.0.0.1/32", "0.0.0.0/0", "::/0", "::1/128", "11.0.0.0/8"]
ONE_BOUND = [[sign, bound] for sign in ("=", "<", "<=", ">", ">=") for bound in SMALL]
TWO_BOUNDS = [
    [above, low, below, high]
    for above in (">", ">=")
    for below in ("<", "<=")
    for low, high in ((0, 5), (-1, 0.5), (5, 5.00001), (5, 6), (5.000001, 1e9))
]
EXCLUDED = [
    *("a", "5", 5, 0.5, ["a", "ab"], ["ab", "A"], [5, 6], [0, 5.00001]),
    *({pattern: one} for pattern in ("prefix", "suffix") for one in BEGINNINGS),
    *({"wildcard": one} for one in PATTERNS),
]
# The rules of each operator, and those of plain values.
OPERATORS = {
    "exactly": SCALARS,
    "prefix": [{"prefix": one} for one in (*BEGINNINGS, "")],
    "suffix": [{"suffix": one} for one in (*BEGINNINGS, "")],
    "equals-ignore-case": [{"equals-ignore-case": one} for one in TEXTS],
    "wildcard": [{"wildcard": one} for one in (*PATTERNS, "")],
    "cidr": [{"cidr": one} for one in NETWORKS],
    "numeric": [{"numeric": one} for one in (*ONE_BOUND, *TWO_BOUNDS)],
    "exists": [{"exists": True}, {"exists": False}],
    "anything-but": [{"anything-but": one} for one in EXCLUDED],
}
ARRAYS = [[], [None], ["a", 5], ["ab", "A"], [5, 6], [True, "b"], [["a"], 6], [{"e": "a"}]]


def attribute(value):
    """A message attribute of a value: a text, a number, a list; a keyword stands in a list."""
    if isinstance(value, str):
        return {"DataType": "String", "StringValue": value}
    if isinstance(value, bool) or value is None or isinstance(value, list):
        return {"DataType": "String.Array", "StringValue": json.dumps(value if isinstance(value, list) else [value])}
    return {"DataType": "Number", "StringValue": str(value)}


ODD = [
    {"DataType": "String.Array", "StringValue": "a, b"},
    {"DataType": "Binary", "BinaryValue": b"a"},
    {"DataType": "String.of-our-own", "StringValue": "a"},
]
# Two names share their beginning: a key with dots is a path.
NAMES = st.sampled_from(["a", "b", "d", "d.e"])
INNER = st.sampled_from(["e", "f"])
RULES = st.sampled_from([*OPERATORS.values()]).flatmap(st.sampled_from)
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
VALUE = st.sampled_from([*SCALARS, *ARRAYS])
ATTRIBUTE = st.one_of(VALUE.map(attribute), VALUE.map(attribute), st.sampled_from(ODD))
NODES = st.recursive(
    VALUE,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.one_of(INNER, NAMES), inner, max_size=2)),
    max_leaves=4,
)
OBJECT = st.dictionaries(INNER, VALUE, min_size=1)
PROPERTIES = st.one_of(VALUE, OBJECT, NODES)
BODIES = st.one_of(
    st.fixed_dictionaries({"a": VALUE, "d": OBJECT}, optional={"b": PROPERTIES, "d.e": VALUE}).map(json.dumps),
    st.dictionaries(NAMES, PROPERTIES, min_size=1, max_size=4).map(json.dumps),
    st.one_of(NODES.map(json.dumps), st.sampled_from(["no JSON", ""])),
)
MESSAGES = st.tuples(st.dictionaries(NAMES, ATTRIBUTE, max_size=4), BODIES)
