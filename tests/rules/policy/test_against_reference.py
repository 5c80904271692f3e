"""Decisions against a slow evaluator that is written from AWS's sentences alone, on policies made by chance."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.rules.policy import Kind, Policy, Principal, Request, decide
from tests.rules.policy import reference
from tests.rules.policy.asking import OWNER, PARTNER

FUZZED = settings(derandomize=True, database=None, deadline=None, max_examples=300)
QUEUES = [f"arn:aws:sqs:us-east-1:{OWNER}:orders", f"arn:aws:sqs:us-east-1:{PARTNER}:anna", "arn:aws:s3:::photos/a:b/c"]
SHOP, ANNA = f"arn:aws:iam::{OWNER}:role/shop", f"arn:aws:iam::{PARTNER}:user/anna"
MONDAY = f"arn:aws:sts::{OWNER}:assumed-role/shop/monday"
FEDERATED = f"arn:aws:sts::{OWNER}:federated-user/anna"
WHO = [
    None, "sns.amazonaws.com", f"arn:aws:iam::{OWNER}:root", f"arn:aws:iam::{PARTNER}:root", ANNA, MONDAY, FEDERATED,
    f"arn:aws:iam::{OWNER}:user/anna",
]  # fmt: skip
NAMED = [*WHO[2:], OWNER, PARTNER, SHOP, "*", f"arn:aws:iam::{OWNER}:user/*"]
ACTIONS = ["sqs:SendMessage", "sqs:ReceiveMessage", "s3:GetObject"]
MEANT = ["*", "sqs:*", "SQS:send*", "sqs:SendMessage", "s3:Get?bject", "s3:get*o*t", "sqs:*Message"]
RESOURCES = [
    *QUEUES, "*", "arn:aws:sqs:*", f"arn:aws:sqs:*:{OWNER}:o*s", "arn:aws:sqs:*:orders", "*orders", "arn:*:c",
    f"arn:aws:sqs:us-east-?:{PARTNER}:${{aws:username}}", "arn:aws:s3:::photos/${*}", "arn:aws:s3:::photos/a*c",
    "arn:a*s:s*:*:b/c", "arn:aws:s3:::*/?", f"arn:aws:sqs:us-east-1:{OWNER}:${{team, 'orders'}}",
]  # fmt: skip
# Operators that can read a key's values, with values of the policy and of the request.
TEXTS = ["anna", "Anna", "an*", "a?na", "*", "", "${aws:username}", "${aws:username, 'anna'}-${*}", "anna-*", "a*n*a"]
ARNS = [*QUEUES, "arn:aws:sqs:*:*:*", "arn:aws:*:*:*:${aws:username}", "*", "arn:aws:sqs:*", "arn:*:s3:*:?:*", "orders"]
NUMBERS = [*reference.NUMBERS, "ten", "", "1e0", "*"]
ADDRESSES = ["10.0.0.1", "10.0.0.2", "10.0.1.1", "10.0.0.0/24", "10.0.0.0/8", "10.0.0.1/31", "no", "", "1.2.3"]
BOOLEANS = ["true", "false", "True", "yes", "", "${flag}"]
DATES = [*reference.SECONDS, "2026-13-01", "-1", ""]
VALUES = {
    "String": ("name", TEXTS),
    "Arn": ("source", ARNS),
    "Numeric": ("size", NUMBERS),
    "Date": ("at", DATES),
    "Bool": ("flag", BOOLEANS),
    "Ip": ("from", ADDRESSES),
    "Null": ("name", ["true", "false"]),
}
ORDERS = ["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"]
NAMES = [
    *("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike"),
    *(
        "StringNotLike",
        "ArnEquals",
        "ArnNotEquals",
        "ArnLike",
        "ArnNotLike",
        "Bool",
        "IpAddress",
        "NotIpAddress",
        "Null",
    ),
    *(kind + order for kind in ("Numeric", "Date") for order in ORDERS),
]


def one_or_several(pool):
    """A text, or a list of some."""
    return st.one_of(st.sampled_from(pool), st.lists(st.sampled_from(pool), min_size=1, max_size=3))


principals = st.one_of(
    st.just("*"),
    st.builds(lambda texts: {"AWS": texts}, one_or_several(NAMED)),
    st.builds(
        lambda texts: {"Service": texts, "AWS": OWNER}, one_or_several(["sns.amazonaws.com", "s3.amazonaws.com"])
    ),
)


@st.composite
def conditions(draw):
    """A Condition with up to two operators."""
    found = {}
    for name in draw(st.lists(st.sampled_from(NAMES), max_size=2)):
        key, pool = next(values for kind, values in VALUES.items() if name.removeprefix("Not").startswith(kind))
        before = after = ""
        if name != "Null":
            before = draw(st.sampled_from(["", "", "ForAllValues:", "ForAnyValue:"]))
            after = draw(st.sampled_from(["", "", "IfExists"]))
        found[before + name + after] = {draw(st.sampled_from([key, key.upper()])): draw(one_or_several(pool))}
    return found


@st.composite
def statements(draw):
    """A statement, each element of it often the opposite."""
    found = {"Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"]))}
    pools = {"Principal": principals, "Action": one_or_several(MEANT), "Resource": one_or_several(RESOURCES)}
    for name, pool in pools.items():
        found[draw(st.sampled_from([name, name, name, f"Not{name}"]))] = draw(pool)
    condition = draw(conditions())
    return found | ({"Condition": condition} if condition else {})


policies = st.builds(
    lambda version, found: {"Statement": found} | ({"Version": version} if version else {}),
    st.sampled_from(["2012-10-17", "2012-10-17", "2008-10-17", None]),
    st.lists(statements(), min_size=1, max_size=3),
)
keys = dict(VALUES.values()) | {"aws:username": ["anna", "orders", "*"], "team": ["orders"]}
contexts = st.fixed_dictionaries(
    {}, optional={key: st.lists(st.sampled_from(pool), min_size=0, max_size=2) for key, pool in keys.items()}
)
requests = st.fixed_dictionaries(
    {"who": st.sampled_from(WHO), "action": st.sampled_from(ACTIONS), "resource": st.sampled_from(QUEUES),
     "account": st.just(OWNER), "context": contexts}
)  # fmt: skip


def who_is(text):
    """The principal by the text that stands for one."""
    if text is None:
        return Principal.anonymous()
    return Principal.of_arn(text) if text.startswith("arn:") else Principal.service(text)


def asked(told):
    return Request.of(who_is(told["who"]), told["action"], told["resource"], told["context"], told["account"])


def without_principals(policy):
    """The same as an identity-based policy."""
    kept = [{key: one[key] for key in one if "Principal" not in key} for one in policy["Statement"]]
    return policy | {"Statement": kept}


@FUZZED
@given(requests, policies)
def test_each_statement_applies_where_aws_says_so(told, policy):
    compiled = Policy.of(json.dumps(policy))
    assert len(compiled.statements) == len(policy["Statement"])
    variables = policy.get("Version") == "2012-10-17"
    for one, written in zip(compiled.statements, policy["Statement"], strict=True):
        assert (one.miss(asked(told)) is None) == reference.applies(written, told, variables, False)


KINDS = [*[Kind.RESOURCE, Kind.IDENTITY] * 2, Kind.KEY, Kind.BOUNDARY, Kind.SESSION, Kind.SERVICE_CONTROL]


@FUZZED
@given(requests, st.lists(st.tuples(st.sampled_from(KINDS), policies), max_size=3))
def test_several_policies_decide_as_aws_says(told, attached):
    read, written = [], []
    for kind, policy in attached:
        alone = kind not in (Kind.RESOURCE, Kind.KEY)
        given = without_principals(policy) if alone else policy
        read.append((kind, Policy.of(json.dumps(given), identity=alone)))
        written.append((kind.value, given))
    assert decide(asked(told), read).outcome.value == reference.decide(told, written)


# What anybody might send


leaves = [
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["*", "Allow", "${"]),
]
names = st.sampled_from(["AWS", "StringLike", "Null", "ForAnyValue:Bool", "a"]) | st.text(max_size=4)
junk = st.recursive(
    st.one_of(leaves),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)


@st.composite
def spoilt(draw):
    """A policy of which something has been replaced by junk."""
    policy = draw(policies)
    statement = policy["Statement"][0]
    place = draw(st.sampled_from(["Version", "Statement", *statement, "Condition"]))
    (policy if place in ("Version", "Statement") else statement)[place] = draw(junk)
    return policy


@FUZZED
@given(requests, st.one_of(spoilt().map(json.dumps), junk.map(json.dumps), st.text(max_size=40)))
def test_junk_never_raises_and_what_is_no_policy_lets_nobody_in(told, text):
    policy = Policy.of(text)
    decided = decide(asked(told | {"account": "444455556666"}), [(Kind.RESOURCE, policy)])
    if not policy.statements:
        assert not decided.allowed


@FUZZED
@given(requests, policies, st.dictionaries(st.sampled_from(list(keys)), st.lists(st.text() | st.binary(), max_size=2)))
def test_whatever_a_request_brings_is_decided(told, policy, context):
    decide(asked(told | {"context": context}), [(Kind.RESOURCE, Policy.of(json.dumps(policy)))])
