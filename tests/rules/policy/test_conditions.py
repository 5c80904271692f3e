"""Conditions, row by row of AWS's pages on condition operators, several values, and policy variables.

reference_policies_elements_condition_operators, reference_policies_condition-logic-multiple-context-keys-or-values,
reference_policies_condition-single-vs-multi-valued-context-keys and reference_policies_variables in
docs.aws.amazon.com/IAM/latest/UserGuide, read on 2026-11-30.
"""

import pytest

from labkit.rules.policy import Because, Unmet
from labkit.rules.policy.operators import OPERATORS
from tests.rules.policy.asking import decision, meets, request, statement

TOPIC = "arn:aws:sns:us-east-1:123456789012:orders"
MET, UNMET = True, False

# operator, the policy's value, the request's value, whether it is met
ONE_VALUE = [
    ("StringEquals", "orders", "orders", MET),
    ("StringEquals", "orders", "Orders", UNMET),
    ("StringEquals", "ord*", "orders", UNMET),
    ("StringEquals", "ord*", "ord*", MET),
    ("StringNotEquals", "orders", "orders", UNMET),
    ("StringNotEquals", "orders", "Orders", MET),
    ("StringEqualsIgnoreCase", "orders", "ORDERS", MET),
    ("StringEqualsIgnoreCase", "orders", "order", UNMET),
    ("StringNotEqualsIgnoreCase", "orders", "ORDERS", UNMET),
    ("StringLike", "ord*", "orders", MET),
    ("StringLike", "ord*", "Orders", UNMET),
    ("StringLike", "ord", "orders", UNMET),
    ("StringLike", "o?der?", "orders", MET),
    ("StringLike", "o?ders?", "orders", UNMET),
    ("StringLike", "*", "", MET),
    ("StringLike", "a*b*c", "a-b-b-c", MET),
    ("StringLike", "a.c", "abc", UNMET),
    ("StringLike", "line*", "line\nline", MET),
    ("StringNotLike", "ord*", "orders", UNMET),
    ("StringNotLike", "ord*", "payments", MET),
    ("NumericEquals", "10", "10.0", MET),
    ("NumericEquals", 10, "10", MET),
    ("NumericEquals", "10", "ten", UNMET),
    ("NumericEquals", "ten", "ten", UNMET),
    ("NumericNotEquals", "10", "10", UNMET),
    ("NumericNotEquals", "10", "ten", MET),
    ("NumericLessThan", "10", "9.9", MET),
    ("NumericLessThan", "10", "10", UNMET),
    ("NumericLessThan", "10", "9.9e0", UNMET),
    ("NumericLessThanEquals", "10", "10", MET),
    ("NumericGreaterThan", "10", "9", UNMET),
    ("NumericGreaterThan", "9", "10", MET),
    ("NumericGreaterThanEquals", "10", "10", MET),
    ("NumericGreaterThanEquals", "-1", "-2", UNMET),
    ("DateEquals", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", MET),
    ("DateEquals", "2026-01-01", "2026-01-01T00:00Z", MET),
    ("DateEquals", "1767225600", "2026-01-01T00:00:00Z", MET),
    ("DateEquals", "2026", "1767225600", MET),
    ("DateEquals", "2026-01-01T00:00:00.5Z", "1767225600.5", MET),
    ("DateEquals", "2026-01-*", "2026-01-01", UNMET),
    ("DateEquals", "2026-02-30", "2026-02-30", UNMET),
    ("DateNotEquals", "2026-01-01", "2026-01-02", MET),
    ("DateNotEquals", "2026-01-01", "2026-01-01", UNMET),
    ("DateLessThan", "2026-01-01T00:00:01Z", "2026-01-01T00:00:00Z", MET),
    ("DateLessThanEquals", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", MET),
    ("DateGreaterThan", "2020-01-01T00:00:01Z", "2020-01-01T00:00:01Z", UNMET),
    ("DateGreaterThan", "2020-01-01T00:00:01Z", "2026-01-01T00:00:00Z", MET),
    ("DateGreaterThanEquals", "2026-01-01T00:00:00-01:00", "2026-01-01T00:30:00Z", UNMET),
    ("Bool", "false", "false", MET),
    ("Bool", False, "false", MET),
    ("Bool", "False", "false", MET),
    ("Bool", "false", "true", UNMET),
    ("Bool", "false", "no", UNMET),
    ("BinaryEquals", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", b"BinaryValueInBase64", MET),
    ("BinaryEquals", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", b"BinaryValueInBase65", UNMET),
    ("BinaryEquals", "AP8=", b"\x00\xff", MET),
    ("BinaryEquals", "no base64", b"no base64", UNMET),
    ("IpAddress", "203.0.113.0/24", "203.0.113.255", MET),
    ("IpAddress", "203.0.113.0/24", "203.0.114.0", UNMET),
    ("IpAddress", "203.0.113.7", "203.0.113.7", MET),
    ("IpAddress", "203.0.113.7", "203.0.113.8", UNMET),
    ("IpAddress", "203.0.113.7/24", "203.0.113.9", MET),  # what is behind the prefix doesn't count
    ("IpAddress", "2001:DB8:1234:5678::/64", "2001:db8:1234:5678::1", MET),
    ("IpAddress", "2001:DB8:1234:5678::/64", "203.0.113.7", UNMET),
    ("IpAddress", "203.0.113.*", "203.0.113.7", UNMET),
    ("IpAddress", "203.0.113.0/24", "my computer", UNMET),
    ("NotIpAddress", "203.0.113.0/24", "203.0.113.7", UNMET),
    ("NotIpAddress", "203.0.113.0/24", "198.51.100.1", MET),
    ("ArnEquals", TOPIC, TOPIC, MET),
    ("ArnEquals", "arn:aws:sns:*:*:ord*", TOPIC, MET),
    ("ArnLike", "arn:aws:sns:us-east-?:123456789012:orders", TOPIC, MET),
    ("ArnLike", "arn:aws:sns:us-east-1:123456789012:Orders", TOPIC, UNMET),
    ("ArnLike", "arn:aws:sns:*", TOPIC, UNMET),
    ("ArnLike", "*", TOPIC, UNMET),
    ("ArnLike", "arn:aws:sns:*:*:*", "orders", UNMET),
    ("ArnLike", "arn:aws:cloudwatch:*:*:alarm:*", "arn:aws:cloudwatch:us-east-1:123456789012:alarm:orders", MET),
    ("ArnNotEquals", "arn:aws:sns:*:*:ord*", TOPIC, UNMET),
    ("ArnNotLike", "arn:aws:sns:*:*:pay*", TOPIC, MET),
]
ACROSS = "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt"
FINANCE = "arn:aws:someservice:*:111122223333:finance/*"


@pytest.mark.parametrize(("operator", "wanted", "given", "met"), ONE_VALUE)
def test_one_value_is_compared_as_its_operator_says(operator, wanted, given, met):
    assert meets({operator: {"service:key": wanted}}, service__key=given) is met


def test_every_operator_that_aws_lists_is_known_and_has_a_row():
    assert set(OPERATORS) == {operator for operator, *_ in ONE_VALUE} | {"Null"}
    assert len(OPERATORS) == sum(
        {"String": 6, "Numeric": 6, "Date": 6, "Bool": 1, "Binary": 1, "Ip": 2, "Arn": 4, "Null": 1}.values()
    )


def test_a_star_of_an_arn_operator_stays_in_its_component_and_that_of_a_string_operator_does_not():
    assert meets({"StringLike": {"key": FINANCE}}, key=ACROSS)
    assert not meets({"ArnLike": {"key": FINANCE}}, key=ACROSS)


# A key that the request doesn't have


@pytest.mark.parametrize("operator", [one for one in OPERATORS if one != "Null"])
def test_a_missing_key_is_unmet_and_meets_what_is_negated_if_exists_or_for_all(operator):
    negated = "Not" in operator
    assert meets({operator: {"key": "1"}}) is negated
    assert meets({f"{operator}IfExists": {"key": "1"}})
    assert meets({f"ForAllValues:{operator}": {"key": "1"}})
    assert not meets({f"ForAnyValue:{operator}": {"key": "1"}})
    assert meets({f"ForAnyValue:{operator}IfExists": {"key": "1"}})


@pytest.mark.parametrize("operator", [one for one in OPERATORS if one != "Null"])
def test_if_exists_changes_nothing_where_the_key_is_there(operator):
    for given in ("1", "2", "", "127.0.0.1", TOPIC):
        plain, if_exists = ({one: {"key": "1"}} for one in (operator, f"{operator}IfExists"))
        assert meets(plain, key=given) is meets(if_exists, key=given)


@pytest.mark.parametrize(
    ("wanted", "context", "met"),
    [
        ("true", {}, MET),
        ("false", {}, UNMET),
        (True, {}, MET),
        ("true", {"key": "x"}, UNMET),
        ("false", {"key": "x"}, MET),
        ("true", {"key": []}, MET),
        ("true", {"key": ""}, MET),
        (["true", "false"], {"key": "x"}, MET),
        ("perhaps", {}, UNMET),
    ],
)
def test_null_asks_whether_a_key_is_missing(wanted, context, met):
    assert meets({"Null": {"key": wanted}}, **context) is met


# Several values


def test_several_values_of_the_policy_are_or_and_negated_nor():
    colours = ["red", "blue"]
    assert meets({"StringEquals": {"key": colours}}, key="blue")
    assert not meets({"StringEquals": {"key": colours}}, key="green")
    assert not meets({"StringNotEquals": {"key": colours}}, key="blue")
    assert meets({"StringNotEquals": {"key": colours}}, key="green")


def test_several_keys_and_several_operators_are_and():
    both = {"StringEquals": {"team": "shop", "stage": "test"}}
    assert meets(both, team="shop", stage="test")
    assert not meets(both, team="shop", stage="live")
    assert not meets(both, team="shop")
    more = both | {"NumericLessThan": {"size": "10"}}
    assert meets(more, team="shop", stage="test", size="9")
    assert not meets(more, team="shop", stage="test", size="10")


@pytest.mark.parametrize(
    ("operator", "given", "met"),
    [
        ("ForAllValues:StringLike", ["PostDateTime", "Message"], MET),
        ("ForAllValues:StringLike", ["PostDateTime", "UserName"], UNMET),
        ("ForAllValues:StringLike", [], MET),
        ("ForAllValues:StringLike", "", MET),
        ("ForAnyValue:StringLike", ["UserName", "Message"], MET),
        ("ForAnyValue:StringLike", ["UserName"], UNMET),
        ("ForAnyValue:StringLike", [], UNMET),
        ("ForAnyValue:StringLike", "", UNMET),
        ("ForAllValues:StringNotLike", ["UserName", "Id"], MET),
        ("ForAllValues:StringNotLike", ["UserName", "Tags"], UNMET),
        ("ForAnyValue:StringNotLike", ["UserName", "Tags"], MET),
        ("ForAnyValue:StringNotLike", ["Message", "Tags"], UNMET),
        ("StringLike", ["UserName", "Tags"], MET),
        ("StringNotLike", ["UserName", "Tags"], UNMET),
    ],
)
def test_which_of_a_requests_several_values_must_fit(operator, given, met):
    wanted = ["PostDateTime", "Message", "Tags"]
    assert meets({operator: {"dynamodb:requestedAttributes": wanted}}, dynamodb__requestedAttributes=given) is met


def test_keys_are_the_same_in_letters_of_any_size():
    assert meets({"Bool": {"AWS:securetransport": "true"}}, aws__SecureTransport="true")


# Variables


NAMED = {"StringEquals": {"path": "home/${aws:username}/"}}


def test_a_variable_is_filled_in_by_the_request():
    assert meets(NAMED, path="home/anna/", aws__username="anna")
    assert not meets(NAMED, path="home/anna/", aws__username="ben")
    assert meets({"ArnLike": {"key": "arn:aws:sns:*:*:${aws:UserName}-*"}}, key=TOPIC, aws__username="orders") is False
    assert meets({"ArnLike": {"key": "arn:aws:sns:*:*:${aws:UserName}*"}}, key=TOPIC, aws__username="orders")


def test_what_fills_in_a_variable_is_never_a_wildcard():
    like = {"StringLike": {"path": "home/${aws:username}/*"}}
    assert not meets(like, path="home/anna/x", aws__username="*")
    assert meets(like, path="home/*/x", aws__username="*")


def test_an_older_version_takes_a_variable_for_text():
    for version in ("2008-10-17", None):
        assert not meets(NAMED, version, path="home/anna/", aws__username="anna")
        assert meets(NAMED, version, path="home/${aws:username}/", aws__username="anna")


def test_signs_can_be_meant_as_letters():
    like = {"StringLike": {"key": "${*}${?}${$}{x}*"}}
    assert meets(like, key="*?${x}y")
    assert not meets(like, key="ab${x}y")


def test_a_default_stands_in_for_a_missing_key_only():
    default = {"StringEquals": {"path": "home/${aws:userid, 'anonymous'}"}}
    assert meets(default, path="home/anonymous")
    assert meets(default, path="home/42", aws__userid="42")
    assert not meets(default, path="home/anonymous", aws__userid="42")


def test_a_variable_that_nothing_fills_in_never_helps_a_statement_to_apply():
    assert not meets(NAMED, path="home/anna/")
    assert not meets({"StringNotEquals": NAMED["StringEquals"]}, path="home/anna/")
    assert not meets(NAMED, path="home/anna/", aws__username=["anna", "ben"])
    either = {"StringEquals": {"path": ["home/", "home/${aws:username}/"]}}
    assert meets(either, path="home/")


def test_operators_of_numbers_dates_and_addresses_take_no_variables():
    assert not meets({"NumericEquals": {"size": "${aws:size}"}}, size="1", aws__size="1")
    assert meets({"Bool": {"key": "${aws:SecureTransport}"}}, key="true", aws__SecureTransport="true")


# What cannot be read


@pytest.mark.parametrize(
    "condition",
    [
        {"StringMatches": {"key": "x"}},
        {"stringequals ": {"key": "x"}},
        {"ForSomeValues:StringEquals": {"key": "x"}},
        {"NullIfExists": {"key": "true"}},
        {"StringNotEquals": {"key": []}},
        {"StringNotEquals": {"key": None}},
        {"StringNotEquals": {"key": [{"a": "b"}]}},
        {"StringNotEquals": "x"},
        {"StringNotEquals": None},
    ],
)
def test_a_condition_that_no_service_would_take_is_never_met(condition):
    assert not meets(condition)
    assert not meets(condition, key="y")


# What is told of it


def test_the_part_that_is_not_met_is_told_as_written_with_what_was_given():
    condition = {"Bool": {"aws:SecureTransport": "true"}, "ArnLike": {"aws:SourceArn": [TOPIC, "arn:aws:sns:*:*:pay*"]}}
    asked = request(aws__SecureTransport=True, aws__SourceArn="arn:aws:sns:us-east-1:123456789012:mail")
    (looked,) = decision(asked, statement(Condition=condition)).looked
    given = ("arn:aws:sns:us-east-1:123456789012:mail",)
    unmet = Unmet("ArnLike", "aws:SourceArn", (TOPIC, "arn:aws:sns:*:*:pay*"), given)
    assert looked.miss == (Because.CONDITION, unmet)
    (looked,) = decision(request(), statement(Condition=condition)).looked
    assert looked.miss == (Because.CONDITION, Unmet("Bool", "aws:SecureTransport", ("true",), None))
