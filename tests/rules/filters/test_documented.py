"""The examples of AWS's guide (read on 2026-11-30), and the cases in which the mock is known to go wrong."""

import json

import pytest

from labkit.rules.filters import Published, check
from labkit.rules.filters.grammar import combinations, read_policy
from tests.rules.filters.messages import attribute, on_attributes, on_body, with_attributes, with_body

INTERESTS = "customer_interests"
# Rules of one key, values that pass, values that don't; for attributes and bodies alike.
EXAMPLES = {
    "exact": (["rugby", "tennis"], ["rugby", "tennis", ["rugby", "tennis"]], ["baseball", ["baseball"]]),
    "anything-but": (
        [{"anything-but": ["rugby", "tennis"]}],
        ["baseball", "football", ["rugby", "baseball"]],
        ["rugby", ["rugby"]],
    ),
    "anything-but a prefix": (
        [{"anything-but": {"prefix": "order-"}}],
        ["data-entry", "order_number"],
        ["order-cancelled"],
    ),
    "anything-but a wildcard": (
        [{"anything-but": {"wildcard": "*ball"}}],
        [["hockey", "rugby", "soccer"]],
        [["baseball", "basketball"]],
    ),
    "anything-but a suffix": (
        [{"anything-but": {"suffix": "ball"}}],
        [["hockey", "rugby", "soccer"]],
        [["baseball", "basketball"]],
    ),
    "ignoring case": ([{"equals-ignore-case": "tennis"}], ["TENNIS", "Tennis", "teNnis"], ["rugby"]),
    "cidr": ([{"cidr": "10.0.0.0/24"}], ["10.0.0.0", "10.0.0.255"], ["10.1.1.0"]),
    "prefix": ([{"prefix": "bas"}], ["baseball", "basketball"], ["rugby"]),
    "suffix": ([{"suffix": "ball"}], ["baseball", "basketball"], ["rugby"]),
    "wildcard": ([{"wildcard": "*ball"}], [["baseball", "basketball"]], ["rugby"]),
    "a number": ([{"numeric": ["=", 301.5]}], [301.5, 3.015e2], [301]),
    "anything-but numbers": ([{"anything-but": [100, 500]}], [101, 100.1], [100]),
    "below": ([{"numeric": ["<", 0]}], [-0.5], [0, 1]),
    "a range": ([{"numeric": [">", 0, "<=", 150]}], [0.5, 150], [0, 150.00001]),
}


@pytest.mark.parametrize("what", EXAMPLES)
def test_an_example_of_the_guide_on_attributes_and_on_the_body(what):
    rules, passing, others = EXAMPLES[what]
    for values, expected in ((passing, True), (others, False)):
        for value in values:
            message = Published({INTERESTS: attribute(value)}, json.dumps({INTERESTS: value}))
            assert on_attributes({INTERESTS: rules}).passes(message) is expected, value
            assert on_body({INTERESTS: rules}).passes(message) is expected, value


def test_a_number_may_be_written_with_an_exponent():
    policy = on_attributes({"price_usd": [{"numeric": ["=", 301.5]}]})
    assert policy.passes(with_attributes(price_usd=("Number", "3.015e2")))


def test_the_numbers_of_an_array():
    policy = {"price": [{"anything-but": [100, 500]}]}
    assert on_attributes(policy).passes(with_attributes(price=("Number.Array", "[100, 50]")))
    assert on_body(policy).passes(with_body({"price": [100, 50]}))


def test_keys_are_joined_by_and():
    policy = {INTERESTS: ["rugby"], "price_usd": [{"numeric": [">", 100]}]}
    assert on_attributes(policy).passes(with_attributes(customer_interests="rugby", price_usd=101))
    assert not on_attributes(policy).passes(with_attributes(customer_interests="rugby", price_usd=100))
    assert not on_attributes(policy).passes(with_attributes(customer_interests="rugby"))


@pytest.mark.parametrize(
    ("found", "passes"),
    [
        ({"source": "aws.cloudwatch", "metricName": "CPUUtilization"}, True),
        ({"source": "aws.cloudwatch", "namespace": "AWS/EC2"}, True),
        ({"source": "aws.cloudwatch"}, False),
        ({"metricName": "CPUUtilization", "namespace": "AWS/EC2"}, False),
    ],
)
def test_or(found, passes):
    policy = {"source": ["aws.cloudwatch"], "$or": [{"metricName": ["CPUUtilization"]}, {"namespace": ["AWS/EC2"]}]}
    assert on_attributes(policy).passes(with_attributes(**found)) is passes
    assert on_body(policy).passes(with_body(found)) is passes


def test_a_condition_beside_or_holds_for_each_of_its_members():
    policy = on_attributes({"a": ["x", "y"], "$or": [{"a": ["y", "z"]}, {"b": ["w"]}]})
    values = [{"a": "y"}, {"a": "x", "b": "w"}, {"a": "x"}, {"a": "z"}]
    assert [policy.passes(with_attributes(**one)) for one in values] == [True, True, False, False]


METRIC = {"metricType": ["t"], "$or": [{"metricId": [1234, 4321]}, {"spaceId": [1000, 2000, 3000]}]}
COMBINATIONS = [
    ({"key_a": ["1", "2", "3"], "key_b": ["1"], "key_c": ["1", "2"]}, 6),
    ({"key_a": {"key_b": {"key_c": ["1", "2", "3", "4"]}}, "key_d": {"key_e": ["1", "2", "3"]}}, 72),
    ({"source": ["aws.cloudwatch"], "$or": [{"metricName": ["CPUUtilization", "ReadLatency"]}, METRIC]}, 7),
    (
        {
            "$or": [{"metricName": ["CPUUtilization", "ReadLatency"]}, {"namespace": ["AWS/EC2", "AWS/ES"]}],
            "detail": {"scope": ["Service"], "$or": [{"source": ["aws.cloudwatch"]}, {"type": ["Change"]}]},
        },
        32,
    ),
]


@pytest.mark.parametrize(("policy", "number"), COMBINATIONS)
def test_combinations_are_counted_as_the_guide_counts_them(policy, number):
    assert combinations(read_policy(json.dumps(policy), "MessageBody").group) == number


def test_only_keys_with_a_list_are_counted():
    """Four keys at the top, of which one is an object with two: five. A third one is too many."""
    finding = {"region": [{"exists": True}], "account": [{"exists": True}]}
    check(json.dumps({"state": ["SUCCESS"], "severity": ["1"], "message": ["1"], "finding": finding}), "MessageBody")


def test_a_key_may_be_missing_where_the_policy_lists_that():
    policy = on_attributes({"store": ["x", {"exists": False}]})
    assert policy.passes(with_attributes(store="x"))
    assert policy.passes(with_attributes(other="y"))
    assert not policy.passes(with_attributes(store="y"))


def test_row_71_a_missing_key_passes_only_if_the_message_has_another_one():
    policy = {"store": [{"exists": False}]}
    assert not on_attributes(policy).passes(with_attributes())
    assert not on_attributes(policy).passes(with_attributes(photo=b"bytes"))  # ignored, so there is none
    assert not on_body(policy).passes(with_body({}))
    assert on_body(policy).passes(with_body({"other": 1}))


def test_another_key_counts_though_it_has_no_value():
    policy = {"store": [{"exists": False}]}
    assert on_attributes(policy).passes(with_attributes(other=[]))
    assert all(on_body(policy).passes(with_body({"other": one})) for one in ([], {}, None, ""))


def test_anything_but_does_not_pass_a_missing_key():
    policy = {"store": [{"anything-but": "x"}]}
    assert not on_attributes(policy).passes(with_attributes(other="y"))
    assert on_attributes({"store": [{"anything-but": "x"}, {"exists": False}]}).passes(with_attributes(other="y"))


@pytest.mark.parametrize("value", ["Tennis", "TENNIS", "tennis"])
def test_the_case_of_the_policy_does_not_matter_either(value):
    assert on_attributes({"sport": [{"equals-ignore-case": "Tennis"}]}).passes(with_attributes(sport=value))


def test_strings_and_keys_are_compared_case_by_case():
    policy = {"Sport": ["Tennis"]}
    messages = [{"Sport": "Tennis"}, {"Sport": "tennis"}, {"sport": "Tennis"}]
    assert [on_attributes(policy).passes(with_attributes(**one)) for one in messages] == [True, False, False]
    assert [on_body(policy).passes(with_body(one)) for one in messages] == [True, False, False]


@pytest.mark.parametrize("rule", [{"prefix": "rug"}, {"suffix": "by"}, {"equals-ignore-case": "RUGBY"}])
def test_row_71_each_element_of_an_array_is_tested(rule):
    assert on_attributes({"sport": [rule]}).passes(with_attributes(sport=["tennis", "rugby"]))
    assert not on_attributes({"sport": [rule]}).passes(with_attributes(sport=["tennis"]))


def test_a_number_in_a_string_array_is_a_number():
    policy = on_attributes({"size": [{"numeric": [">", 5]}]})
    assert policy.passes(with_attributes(size=[1, 7]))
    assert not policy.passes(with_attributes(size=["7"]))


@pytest.mark.parametrize("value", [b"x", ("String.own", "x"), ("String.Array", '{"x": 1}'), ("String.Array", "x")])
def test_row_71_what_is_no_string_array_or_number_is_not_compared(value):
    policy = on_attributes({"key": ["x", {"anything-but": "y"}, {"exists": True}]})
    assert not policy.passes(with_attributes(key=value, other="y"))


def test_a_string_that_looks_like_json_is_a_string():
    assert not on_attributes({"key": ["x"]}).passes(with_attributes(key='{"x": 1}'))
    assert on_attributes({"key": ["x"]}).passes(with_attributes(key='["x"]')) is False


@pytest.mark.parametrize("rule", [{"prefix": "1"}, {"suffix": "1"}, {"equals-ignore-case": "1"}, {"cidr": "0.0.0.0/0"}])
@pytest.mark.parametrize("value", [1, [1], None, True, {"1": 1}, []])
def test_row_72_a_value_of_another_type_in_the_body_does_not_match(rule, value):
    assert not on_body({"key": [rule]}).passes(with_body({"key": value, "other": 1}))


@pytest.mark.parametrize("value", ["1", None, True, [], {"1": 1}])
def test_what_is_no_number_in_the_body_does_not_match_numeric(value):
    assert not on_body({"key": [{"numeric": ["=", 1]}]}).passes(with_body({"key": value}))


def test_keywords_match_themselves_alone():
    values = [True, False, None, 1, 0, "true", "null", ""]
    for keyword in (True, False, None):
        passing = [one for one in values if on_body({"key": [keyword]}).passes(with_body({"key": one}))]
        assert passing == [keyword]
        assert passing[0] is keyword


@pytest.mark.parametrize(("value", "exists"), [("x", True), (0, True), (False, True), ([None, 1], True), ([[2]], True)])
def test_exists_needs_a_value(value, exists):
    assert on_body({"key": [{"exists": True}]}).passes(with_body({"key": value})) is exists


@pytest.mark.parametrize("value", [None, "", [], [None], {}, {"inner": 1}])
def test_row_72_null_what_is_empty_and_an_object_do_not_exist(value):
    message = with_body({"key": value, "other": 1})
    assert not on_body({"key": [{"exists": True}]}).passes(message)
    assert on_body({"key": [{"exists": False}]}).passes(message)


def test_or_and_numeric_anything_but_on_the_body():
    policy = on_body({"$or": [{"size": [{"anything-but": 5}]}, {"colour": ["red"]}]})
    bodies = [{"size": 6}, {"size": 5}, {"size": 5, "colour": "red"}, {"size": "5"}]
    assert [policy.passes(with_body(body)) for body in bodies] == [True, False, True, True]


def test_six_digits_are_not_told_apart_and_five_are():
    policy = on_body({"key": [{"numeric": ["=", 1.00001]}, {"numeric": [">", 2]}]})
    numbers = [1.00001, 1.000019, 1.00002, 2.000001, 2.00001]
    assert [policy.passes(with_body({"key": one})) for one in numbers] == [True, True, False, False, True]


@pytest.mark.parametrize(("network", "inside", "outside"), [("2001:db8::/32", "2001:db8::1", "2001:db9::1")])
def test_addresses_of_version_6(network, inside, outside):
    policy = on_body({"ip": [{"cidr": network}]})
    assert policy.passes(with_body({"ip": inside}))
    assert not policy.passes(with_body({"ip": outside}))
    assert not policy.passes(with_body({"ip": "10.0.0.1"}))


def test_a_single_address():
    policy = on_body({"ip": [{"cidr": "10.0.0.1/32"}]})
    assert [policy.passes(with_body({"ip": f"10.0.0.{last}"})) for last in (0, 1, 2)] == [False, True, False]
