"""What no recorded answer shows: forms and limits that AWS documents or that its published engine refuses."""

import json

import pytest

from labkit.ledger import quota
from labkit.rules import Refused
from labkit.rules.filters import ATTRIBUTES, BODY, FilterPolicy, check
from labkit.rules.filters.grammar import read_policy, wildcard_complexity
from tests.rules.filters.messages import with_attributes

BILLION = 10**9
# Lists of one key, and what the refusal says.
LISTS = {
    "no match": ([{}], "Match expression name not found"),
    "prefix 5": ([{"prefix": 5}], "prefix match pattern must be a string"),
    "ignoring the case of a number": ([{"equals-ignore-case": 5}], "equals-ignore-case match pattern must be a string"),
    "an operator of EventBridge's engine": ([{"exactly": "x"}], "Unrecognized match type exactly"),
    "anything-but nothing": ([{"anything-but": []}], "Inside anything but list, either all values are number or"),
    "anything-but strings and numbers": ([{"anything-but": ["x", 1]}], "mixed type is not supported"),
    "anything-but a keyword": ([{"anything-but": True}], "Value of anything-but must be an array or single"),
    "anything-but null": ([{"anything-but": None}], "Value of anything-but must be an array or single"),
    "anything-but a list in a list": ([{"anything-but": ["x", ["y"]]}], "Inside anything but list, start|null|boolean"),
    "anything-but no operator": ([{"anything-but": {}}], "Anything-But expression name not found"),
    "anything-but ignoring case": (
        [{"anything-but": {"equals-ignore-case": "x"}}],
        "Unsupported anything-but pattern: equals-ignore-case",
    ),
    "anything-but two operators": ([{"anything-but": {"prefix": "x", "suffix": "y"}}], "Only one key allowed"),
    "anything-but the empty prefix": ([{"anything-but": {"prefix": ""}}], "Null prefix/suffix not allowed"),
    "anything-but and more": ([{"anything-but": "x", "prefix": "y"}], "Only one key allowed in match expression"),
    "numeric without a list": ([{"numeric": 5}], "Value of numeric must be an array."),
    "numeric true": ([{"numeric": ["=", True]}], "Value of equals must be numeric"),
    "numeric with an object": ([{"numeric": [{}]}], "Invalid member in numeric match: {"),
    "a range from a number to itself": ([{"numeric": [">=", 1, "<=", 1]}], "Bottom must be less than top"),
    "above a billion": ([{"numeric": ["<", BILLION + 1]}], "Value must be between -1.0E9 and 1.0E9, inclusive"),
    "below minus a billion": ([{"numeric": [">", -BILLION - 1]}], "Value must be between"),
    "anything-but above a billion": ([{"anything-but": [BILLION + 1]}], "Value must be between"),
    "cidr 5": ([{"cidr": 5}], "prefix match pattern must be a string"),
    "cidr without bits": ([{"cidr": "10.0.0.0"}], "Malformed CIDR, one '/' required"),
    "cidr with no bits": ([{"cidr": "10.0.0.0/"}], "Malformed CIDR, one '/' required"),
    "cidr with words": ([{"cidr": "10.0.0.0/few"}], "Malformed CIDR, mask bits must be an integer"),
    "cidr below zero": ([{"cidr": "10.0.0.0/-1"}], "Malformed CIDR, mask bits must not be negative"),
    "cidr too long": ([{"cidr": "10.0.0.0/33"}], "IPv4 mask bits must be < 33"),
    "cidr of version 6 too long": ([{"cidr": "::/129"}], "IPv6 mask bits must be < 129"),
    "cidr of a name": ([{"cidr": "localhost/8"}], "Nonstandard IP address: localhost"),
    "cidr with a zone": ([{"cidr": "fe80::1%eth0/64"}], "Nonstandard IP address: fe80::1%eth0"),
    "exists 1": ([{"exists": 1}], "exists match pattern must be either true or false."),
    "a wildcard that is no text": ([{"wildcard": ["*"]}], "wildcard match pattern must be a string"),
    "two asterisks in a row": ([{"wildcard": "a**"}], "Consecutive wildcard characters at pos 1"),
    "another escape": ([{"wildcard": "a\\b*"}], "Invalid escape character at pos 1"),
    "an escape of nothing": ([{"wildcard": "a\\"}], "Invalid escape character at pos 1"),
    "four asterisks": ([{"wildcard": "*a*b*c*"}], "can not have more than 3 wildcards"),
    "an empty list": ([], "Empty arrays are not allowed"),
}
POLICIES = {
    "a list": ("[]", ATTRIBUTES, 'Filter is not an object\n at [Source: (String)"[]"; line: 1, column: 2]'),
    "a text": ('"x"', ATTRIBUTES, "Filter is not an object"),
    "a number": ("5", ATTRIBUTES, "Filter is not an object"),
    "no number": ('{"key": [NaN]}', ATTRIBUTES, "failed to parse JSON."),
    "more after it": ('{"key": ["x"]}}', ATTRIBUTES, "failed to parse JSON."),
    "an empty object": ('{"key": {}}', BODY, "Empty objects are not allowed"),
    "an empty object in an or": ('{"$or": [{}, {"key": ["x"]}]}', BODY, "Empty objects are not allowed"),
    "nested in an or": ('{"$or": [{"a": {"b": ["x"]}}, {"c": ["x"]}]}', ATTRIBUTES, "does not support nested"),
    "six leaves": ('{"a": {"b":[1],"c":[1],"d":[1],"e":[1],"f":[1],"g":[1]}}', BODY, "not have more than 5 keys"),
    "or of one": ('{"$or": [{"key": ["x"]}]}', ATTRIBUTES, "Unrecognized match type key"),
    "or of reserved words": ('{"$or": [{"numeric": 123}, {"prefix": "abc"}]}', ATTRIBUTES, "Value of numeric must be"),
    "deeper than can be": ('{"a":' * 400 + '["x"]' + "}" * 400, BODY, "Filter policy is too complex"),
    "deeper than is read": ("[" * 100_000, BODY, "failed to parse JSON."),
    "the level of deep keys": ('{"a":' * 75 + '["x", "y", "z"]' + "}" * 75, BODY, "Filter policy is too complex"),
    "a long number": ('{"key": [' + "9" * 5_000 + "]}", ATTRIBUTES, "failed to parse JSON."),
}


def refusal(policy, scope=ATTRIBUTES):
    with pytest.raises(Refused) as refused:
        check(policy, scope)
    assert refused.value.code == "InvalidParameter"
    return refused.value.message


@pytest.mark.parametrize("what", LISTS)
def test_rules_of_a_wrong_form_are_refused(what):
    rules, sentence = LISTS[what]
    message = refusal(json.dumps({"key": rules}))
    assert message.startswith("Invalid parameter: FilterPolicy: ")
    assert sentence in message


@pytest.mark.parametrize("what", POLICIES)
def test_policies_of_a_wrong_form_are_refused(what):
    policy, scope, sentence = POLICIES[what]
    assert sentence in refusal(policy, scope)


def test_or_with_one_member_is_a_key_as_any_other():
    """AWS documents that; a list of strings is then what a message's attribute of that name is compared with."""
    policy = FilterPolicy('{"$or": ["x"]}')
    assert policy.passes(with_attributes(**{"$or": "x"}))
    assert not policy.passes(with_attributes(x="x"))


def test_the_place_is_counted_in_the_text_that_sns_writes():
    spaced = '{ "first" : [ "x" ],\n  "key" : [ "y", [ ] ] }'
    text = '{"first":["x"],"key":["y",[]]}'
    assert refusal(spaced).endswith(f'\n at [Source: (String)"{text}"; line: 1, column: {text.index("[]") + 2}]')


def test_of_a_long_policy_the_beginning_is_shown():
    message = refusal(json.dumps({"key": ["x" * 600, []]}))
    assert message.endswith("[truncated 115 chars]; line: 1, column: 613]")


def test_a_key_that_stands_twice_counts_as_its_last():
    """What JSON readers do; SNS reads the policy as a tree before it looks at the rules."""
    policy = FilterPolicy('{"key": ["x"], "key": ["y"]}')
    assert [policy.passes(with_attributes(key=value)) for value in "xy"] == [False, True]


@pytest.mark.parametrize(("beyond", "taken"), [(0, True), (1, False)])
def test_a_policy_may_have_256_kilobytes(beyond, taken):
    largest = quota("sns.filter_policy.maximum_size")
    text = json.dumps({"key": ["é" * ((largest - 20) // 2)]}, ensure_ascii=False)
    text = text.ljust(largest + beyond - len(text.encode()) + len(text))
    assert len(text.encode()) == largest + beyond
    if taken:
        check(text)
    else:
        assert "not be larger than 262144 bytes" in refusal(text)


def test_a_number_beyond_a_billion_may_be_listed_and_equals_itself():
    """A public emulator's maintainers found that AWS takes it; an account's number is one."""
    policy = FilterPolicy('{"account": [123456789012]}')
    assert policy.passes(with_attributes(account=123456789012))
    assert not policy.passes(with_attributes(account=123456789013))


def wildcards(*patterns):
    return json.dumps({"key": [{"wildcard": one} for one in patterns]})


@pytest.mark.parametrize(
    ("policy", "points"),
    [
        (wildcards("*.txt", "log*"), 4),  # the guide's example: (1 + 1) x 2
        (wildcards(*(f"{number}*" for number in range(10))), 100),
        (wildcards("*a*"), 6),
        (json.dumps({"greeting": [{"anything-but": {"prefix": "Hello"}}, {"wildcard": "H*"}]}), 4),
        (json.dumps({"a": [{"wildcard": "x*"}], "b": ["plain", {"wildcard": "y*"}]}), 2),
    ],
)
def test_the_points_of_wildcards(policy, points):
    assert wildcard_complexity(list(read_policy(policy, ATTRIBUTES).group)) == points


def test_more_than_a_hundred_points_are_refused():
    assert "wildcard complexity of more than 100" in refusal(wildcards(*(f"{number}*" for number in range(11))))


def test_without_wildcards_there_are_no_points():
    check(json.dumps({"key": [{"anything-but": f"{number}"} for number in range(150)]}))
