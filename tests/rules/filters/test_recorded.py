"""What AWS answered to a public emulator's tests in May 2024, word for word, and which messages it let through."""

import json

import pytest

from labkit.rules import Refused
from labkit.rules.filters import ATTRIBUTES, BODY, FilterPolicy, Published, check, check_scope
from tests.rules.filters.messages import attribute, on_attributes, on_body, with_attributes, with_body

# The list of the one key "key" in a policy on attributes given to Subscribe: AWS's sentence, and the column it names.
AT_SUBSCRIBE = {
    "a list in the list": ([["value"]], "Match value must be String, number, true, false, or null", 10),
    "an unknown operator": ([{"wrong-operator": True}], "Unrecognized match type wrong-operator", 31),
    "two operators": ([{"suffix": "value", "prefix": "value2"}], "Only one key allowed in match expression", 37),
    "a suffix that is a number": ([{"suffix": 100}], "suffix match pattern must be a string", 22),
    "a suffix that is null": ([{"suffix": None}], "suffix match pattern must be a string", 23),
    "a suffix that is an empty list": ([{"suffix": []}], "suffix match pattern must be a string", 20),
    "a suffix that is a list": ([{"suffix": ["test", "test2"]}], "suffix match pattern must be a string", 20),
    "an operator without a list": ({"suffix": "value"}, '"suffix" must be an object or an array', 19),
    "two operators without a list": (
        {"suffix": "value", "prefix": "value"},
        '"suffix" must be an object or an array',
        19,
    ),
    "no operator without a list": ({"not-an-operator": "value"}, '"not-an-operator" must be an object or an array', 28),
    "numeric of nothing": ([{"numeric": []}], "Invalid member in numeric match: ]", 22),
    "numeric with no comparison": (
        [{"numeric": ["operator"]}],
        "Unrecognized numeric range operator: operator",
        32,
    ),
    "numeric the wrong way round": ([{"numeric": [1, "<="]}], "Invalid member in numeric match: 1", 22),
    "numeric with a text": ([{"numeric": ["=", "000"]}], "Value of equals must be numeric", 26),
    "numeric without a number": ([{"numeric": [">="]}], "Value of >= must be numeric", 26),
    "the upper bound first": ([{"numeric": ["<", 100, ">", 10]}], "Too many elements in numeric expression", 30),
    "two lower bounds": ([{"numeric": [">=", 1, ">", 2]}], "Bad numeric range operator: >", 31),
    "an empty range": ([{"numeric": [">", 3, "<", 1]}], "Bottom must be less than top", 33),
    "a range without its number": ([{"numeric": [">", 20, "<="]}], "Value of <= must be numeric", 33),
    "a range without its comparison": ([{"numeric": [">", 20, 30]}], "Bad value in numeric range: 30", 30),
    "a range with another word": ([{"numeric": [">", 20, "test"]}], "Bad numeric range operator: test", 34),
    "a lower bound that is a text": ([{"numeric": [">", "20", "<", "30"]}], "Value of > must be numeric", 26),
    "an upper bound that is a text": ([{"numeric": [">", 20, "<", "30"]}], "Value of < must be numeric", 33),
    "three bounds": ([{"numeric": [">", 20, "<", 30, "<", 50]}], "Too many terms in numeric range expression", 36),
    "exists null": ([{"exists": None}], "exists match pattern must be either true or false.", 23),
    "exists no": ([{"exists": "no"}], "exists match pattern must be either true or false.", 20),
    "anything-but of an unknown operator": (
        [{"anything-but": {"wrong-operator": None}}],
        "Unsupported anything-but pattern: wrong-operator",
        47,
    ),
    "anything-but of exists": (
        [{"anything-but": {"exists": False}}],
        "Unsupported anything-but pattern: exists",
        40,
    ),
    "anything-but of a prefix that is false": (
        [{"anything-but": {"prefix": False}}],
        "prefix match pattern must be a string",
        40,
    ),
}
MANY = [f"value{number}" for number in range(151)]
TOO_COMPLEX, TOO_MANY_KEYS = "Filter policy is too complex", "Filter policy can not have more than 5 keys"
SIX_KEYS = {f"key{number}": [f"value{number}"] for number in range(1, 7)}


def refused(policy, scope=ATTRIBUTES, **call):
    with pytest.raises(Refused) as refused:
        check(policy if isinstance(policy, str) else json.dumps(policy), scope, **call)
    assert refused.value.code == "InvalidParameter"
    return refused.value.message


@pytest.mark.parametrize("what", AT_SUBSCRIBE)
def test_row_73_a_wrong_form_is_refused_at_subscribe_with_its_place(what):
    rules, sentence, column = AT_SUBSCRIBE[what]
    text = json.dumps({"key": rules}, separators=(",", ":"))
    place = f'\n at [Source: (String)"{text}"; line: 1, column: {column}]'
    assert refused({"key": rules}, subscribing=True) == (
        f"Invalid parameter: Attributes Reason: FilterPolicy: {sentence}{place}"
    )


def test_set_subscription_attributes_refuses_without_naming_the_attributes():
    place = '\n at [Source: (String)"{"key_a":"value_one"}"; line: 1, column: 11]'
    assert refused({"key_a": "value_one"}, BODY) == (
        f'Invalid parameter: FilterPolicy: "key_a" must be an object or an array{place}'
    )


def test_what_is_not_json_is_refused():
    assert refused("{invalidjson}") == "Invalid parameter: FilterPolicy: failed to parse JSON."


def test_an_empty_list_is_refused():
    assert refused({"Amount": []}).startswith("Invalid parameter: FilterPolicy: Empty arrays are not allowed\n at ")


def test_a_nested_policy_on_attributes_is_refused_and_one_on_the_body_is_taken():
    policy = {"object": {"key": [{"prefix": "auto-"}]}}
    sentence = "Invalid parameter: Filter policy scope MessageAttributes does not support nested filter policy"
    assert refused(policy) == sentence
    check(json.dumps(policy), BODY)


def test_another_scope_is_refused():
    with pytest.raises(Refused) as refused:
        check_scope("RandomValue")
    sentence = "FilterPolicyScope: Invalid value [RandomValue]. Please use either MessageBody or MessageAttributes"
    assert refused.value.message == f"Invalid parameter: {sentence}"


def scopes_and_limits():
    yield {"key": MANY}, ATTRIBUTES, TOO_COMPLEX
    yield {"key1": MANY[:100], "key2": MANY[:51]}, ATTRIBUTES, TOO_COMPLEX
    yield SIX_KEYS, ATTRIBUTES, TOO_MANY_KEYS
    yield SIX_KEYS, BODY, TOO_MANY_KEYS
    # 3 x 4 x 2 x 3 x 1 x 3 = 216
    nested = {"key_a": {"key_b": {"key_c": MANY[:4]}}, "key_d": {"key_e": MANY[:3]}, "key_f": MANY[:3]}
    yield nested, BODY, TOO_COMPLEX
    # (4 x 6) + (4 x 4 x 4) + (4 x 4 x 4) = 152
    last = {"metricType": MANY[:4], "$or": [{"metricId": [1234, 4321, 5678, 9012]}, {"spaceId": [1, 2, 3, 4]}]}
    yield {"source": MANY[:4], "$or": [{"metricName": MANY[:6]}, last]}, ATTRIBUTES, TOO_COMPLEX
    # (3 x 4 x 2) + (3 x 4 x 6) + (2 x 4 x 2) + (2 x 4 x 6) = 160
    detail = {"scope": MANY[:2], "$or": [{"source": MANY[:1]}, {"type": MANY[:3]}]}
    yield {"$or": [{"metricName": MANY[:3]}, {"namespace": MANY[:2]}], "detail": detail}, BODY, TOO_COMPLEX


@pytest.mark.parametrize(("policy", "scope", "sentence"), [*scopes_and_limits()])
def test_a_policy_beyond_a_limit_is_refused(policy, scope, sentence):
    assert refused(policy, scope) == f"Invalid parameter: FilterPolicy: {sentence}"
    assert refused(policy, scope, subscribing=True) == (
        f"Invalid parameter: Attributes Reason: FilterPolicy: {sentence}"
    )


def test_row_73_150_combinations_with_or_are_taken():
    """(3 x 6) + (3 x 4 x 4) + (3 x 4 x 7) = 150, of five keys."""
    last = {"metricType": MANY[:4], "$or": [{"metricId": MANY[:4]}, {"spaceId": [1, 2, 3, 4, 5, 6, 7]}]}
    check(json.dumps({"source": MANY[:3], "$or": [{"metricName": MANY[:6]}, last]}))


@pytest.mark.parametrize("operand", [{"prefix": "test-"}, ["test", "test2"], "test"])
def test_row_70_anything_but_of_a_prefix_values_or_one_value_is_taken(operand):
    check(json.dumps({"key": [{"anything-but": operand}]}))


def test_a_number_in_a_range_passes():
    policy = on_attributes({"attr1": [{"numeric": [">", 0, "<=", 100]}]})
    assert policy.passes(with_attributes(attr1=99))
    assert not policy.passes(with_attributes(attr1=111))


def test_null_or_anything_but_does_not_pass_what_has_no_attributes():
    assert not on_attributes({"attr1": [None, {"anything-but": "whatever"}]}).passes(with_attributes())


@pytest.mark.parametrize("nothing", ["", "{}"])
def test_an_empty_policy_filters_no_more(nothing):
    check(nothing)
    assert FilterPolicy(nothing).passes(with_attributes())
    assert FilterPolicy(nothing, BODY).passes(with_body("This the test message for null"))


def test_exists_looks_at_the_key_alone():
    there, absent = on_attributes({"store": [{"exists": True}]}), on_attributes({"store": [{"exists": False}]})
    both, other = with_attributes(store=99, **{"def": 99}), with_attributes(**{"def": 99})
    assert [there.passes(both), there.passes(other)] == [True, False]
    assert [absent.passes(both), absent.passes(other)] == [False, True]


def test_an_array_passes_by_one_of_its_elements():
    policy = on_attributes({"store": ["value1"]})
    assert policy.passes(with_attributes(store="value1"))
    assert policy.passes(with_attributes(store=["value1", "value2"]))
    assert not policy.passes(with_attributes(store=["value2", "value3"]))


NESTED = {
    "object": {"key": [{"prefix": "auto-"}, "hardcodedvalue"], "nested_key": [{"exists": False}]},
    "test": [{"exists": False}],
}
BODIES = [
    ({"object": {"key": "auto-test"}}, True),
    ({"object": {"key": "hardcodedvalue"}}, True),
    ({"object": {"key": "test-auto"}}, False),
    ({"object": {"key": "auto-test"}, "test": "just-exists"}, False),
    ({"object": {"key": "auto-test", "nested_key": "just-exists"}}, False),
    ({"object": {"test": "auto-test"}}, False),
    ({"test": "auto-test"}, False),
    ("Regular string message", False),
    ('"Regular string message"', False),
]


@pytest.mark.parametrize(("body", "passes"), BODIES)
def test_a_nested_policy_on_the_body(body, passes):
    assert on_body(NESTED).passes(with_body(body)) is passes


@pytest.mark.parametrize(
    "body",
    [
        {"object": {"nested": {"test": "string.value"}}},
        {"object.nested.test": "string.value"},
        {"object.nested": {"test": "string.value"}},
        {"object": {"nested.test": "string.value"}},
    ],
)
def test_row_70_a_key_with_dots_is_a_path_whose_names_may_have_dots(body):
    assert on_body({"object.nested.test": ["string.value"]}).passes(with_body(body))
    assert on_body({"object": {"nested": {"test": ["string.value"]}}}).passes(with_body(body))
    assert not on_body({"object.nested.test": ["string.notvalue"]}).passes(with_body(body))


def test_a_list_in_the_body_passes_by_one_of_its_elements():
    first, second = (on_body({"headers": {"route-to": [queue]}}) for queue in ("queue1", "queue2"))
    for queues in (["queue3"], ["queue1"], ["queue2"], ["queue1", "queue2"]):
        message = with_body({"headers": {"route-to": queues}})
        assert [first.passes(message), second.passes(message)] == ["queue1" in queues, "queue2" in queues]


def record(event, key):
    return {"eventName": event, "s3": {"object": key}}


S3 = {"Records": {"s3": {"object": {"key": [{"prefix": "auto-"}]}}, "eventName": [{"prefix": "ObjectCreated:"}]}}
AUTO, HOME = {"key": "auto-insurance-2314.xml", "size": 17}, {"key": "home-insurance-2314.xml", "size": 17}


@pytest.mark.parametrize(
    ("records", "passes"),
    [
        ([record("ObjectCreated:Put", [[AUTO]]), record("ObjectRemoved:Delete", HOME)], True),
        ([record("ObjectRemoved:Delete", AUTO)], False),
        ([record("ObjectCreated:Put", HOME)], False),
        ([record("ObjectCreated:Put", AUTO)], True),
    ],
)
def test_s3_events_pass_through_their_list_of_records(records, passes):
    assert on_body(S3).passes(with_body({"Records": records})) is passes


def test_row_70_or_on_the_body_at_two_levels():
    """The recorded run looked at no answer here, so this is what AWS's page on `$or` says of the same policy."""
    policy = on_body(
        {
            "$or": [{"metricName": ["CPUUtilization", "ReadLatency"]}, {"namespace": ["AWS/EC2", "AWS/ES"]}],
            "detail": {
                "scope": ["Service"],
                "$or": [{"source": ["aws.cloudwatch"]}, {"type": ["CloudWatch Alarm State Change"]}],
            },
        }
    )
    alarm, watch = {"type": "CloudWatch Alarm State Change"}, {"source": "aws.cloudwatch"}
    service = {"scope": "Service"}
    passing = [
        {"metricName": "CPUUtilization", "detail": service | watch},
        {"metricName": "ReadLatency", "detail": service | watch},
        {"namespace": "AWS/EC2", "detail": service | watch},
        {"namespace": "AWS/ES", "detail": service | watch},
        {"metricName": "CPUUtilization", "detail": service | alarm},
    ]
    others = [
        {"metricName": "CPUUtilization", "detail": {"scope": "aws.cloudwatch"} | alarm},
        {"metricName": "CPUUtilization", "detail": service | {"type": "CPUUtilization"}},
        {"metricName": "CPUUtilization", "detail": alarm},
        {"metricName": "CPUUtilization", "detail": service},
        {"metricName": "CPUUtilization", "scope": "Service"},
        {"metricName": "AWS/EC2", "detail": service | alarm},
    ]
    assert [policy.passes(with_body(body)) for body in passing] == [True] * 5
    assert [policy.passes(with_body(body)) for body in others] == [False] * 6


# A run against AWS in March 2026, published with its results.
WILDCARDS = [
    ([{"wildcard": "*-error"}], "system-error", True),
    ([{"wildcard": "*-error"}], "system-warning", False),
    ([{"wildcard": "log-*-2025.txt"}], "log-app-2025.txt", True),
    ([{"wildcard": "*/src/*.js"}], "app/src/index.js", True),
    ([{"anything-but": {"wildcard": "test-*"}}], "prod-us", True),
    ([{"anything-but": {"wildcard": "test-*"}}], "test-staging", False),
    ([{"anything-but": {"prefix": "debug-"}}], "info-login", True),
    ([{"anything-but": {"prefix": "debug-"}}], "debug-trace", False),
    ([{"wildcard": "*_event"}], "click_event", True),
    ([{"wildcard": "*"}], "anything", True),
    (["prod", {"wildcard": "staging-*"}], "staging-us", True),
]


@pytest.mark.parametrize(("rules", "value", "passes"), WILDCARDS)
def test_wildcards_on_attributes_and_on_the_body(rules, value, passes):
    message = Published({"event": attribute(value)}, json.dumps({"event": value}))
    assert on_attributes({"event": rules}).passes(message) is passes
    assert on_body({"event": rules}).passes(message) is passes
