"""Whom, which action and which resource a statement means, as AWS's pages on each element say.

reference_policies_elements_principal, _notprincipal, _action, _notaction, _resource, _notresource and reference-arns in
docs.aws.amazon.com/IAM/latest/UserGuide, read on 2026-11-30.
"""

import pytest

from labkit.rules.policy import Because, Grant, Policy, Principal
from tests.rules.policy.asking import (
    OWN_USER,
    OWNER,
    PARTNER,
    PARTNER_ROOT,
    QUEUE,
    SESSION,
    SNS,
    USER,
    applies,
    decision,
    policy,
    request,
    statement,
)

ROOT = f"arn:aws:iam::{PARTNER}:root"
ROLE = f"arn:aws:iam::{PARTNER}:role/shop"
FEDERATED = Principal.of_arn(f"arn:aws:sts::{PARTNER}:federated-user/anna")
NOBODY = Principal.anonymous()


def grant(who, principal):
    """How near a Principal element names somebody; None where it doesn't."""
    asked, one = request(who), statement(Principal=principal)
    (looked,) = decision(asked, one).looked
    return looked.statement.grant(asked) if looked.miss is None else None


@pytest.mark.parametrize("who", [PARTNER_ROOT, USER, SESSION, FEDERATED, SNS, NOBODY])
@pytest.mark.parametrize("everybody", ["*", {"AWS": "*"}, {"AWS": [PARTNER, "*"]}])
def test_a_star_means_everybody(who, everybody):
    assert grant(who, everybody) is Grant.DIRECT


@pytest.mark.parametrize("account", [PARTNER, ROOT])
def test_an_account_means_everybody_in_it_by_number_and_by_arn(account):
    assert grant(PARTNER_ROOT, {"AWS": account}) is Grant.DIRECT
    for who in (USER, SESSION, FEDERATED):
        assert grant(who, {"AWS": account}) is Grant.ACCOUNT
        assert grant(who, {"AWS": [OWNER, account]}) is Grant.ACCOUNT
    for who in (SNS, NOBODY, OWN_USER):
        assert grant(who, {"AWS": account}) is None


def test_users_roles_and_sessions_are_named_by_their_whole_arn():
    assert grant(USER, {"AWS": USER.arn}) is Grant.DIRECT
    assert grant(SESSION, {"AWS": SESSION.arn}) is Grant.DIRECT
    assert grant(SESSION, {"AWS": ROLE}) is Grant.THROUGH
    assert grant(FEDERATED, {"AWS": USER.arn}) is Grant.THROUGH
    assert grant(PARTNER_ROOT, {"AWS": USER.arn}) is None
    for other in (USER.arn.upper(), f"arn:aws:iam::{PARTNER}:user/*", f"arn:aws:iam::{OWNER}:user/anna", "anna"):
        assert grant(USER, {"AWS": other}) is None
    for other in (f"arn:aws:sts::{PARTNER}:assumed-role/shop/*", f"arn:aws:sts::{PARTNER}:assumed-role/shop/tuesday"):
        assert grant(SESSION, {"AWS": other}) is None


def test_a_service_is_named_by_its_service_principal():
    assert grant(SNS, {"Service": "sns.amazonaws.com"}) is Grant.DIRECT
    assert grant(SNS, {"Service": ["s3.amazonaws.com", "sns.amazonaws.com"]}) is Grant.DIRECT
    assert grant(SNS, {"Service": "*"}) is Grant.DIRECT
    for other in ({"Service": "s3.amazonaws.com"}, {"AWS": "sns.amazonaws.com"}, {"AWS": OWNER}):
        assert grant(SNS, other) is None


@pytest.mark.parametrize("kind", ["Federated", "CanonicalUser"])
def test_other_kinds_of_principals_are_read_and_mean_nobody_of_these(kind):
    assert grant(USER, {kind: "accounts.google.com", "AWS": USER.arn}) is Grant.DIRECT
    assert grant(USER, {kind: "accounts.google.com"}) is None


def test_a_roles_own_arn_stands_for_a_session_that_nobody_has_named():
    who = Principal.of_arn(ROLE)
    assert grant(who, {"AWS": ROLE}) is Grant.THROUGH
    assert grant(who, {"AWS": SESSION.arn}) is None


@pytest.mark.parametrize("arn", ["", "anna", QUEUE, "arn:aws:iam::1:user/anna", f"arn:aws:iam::{PARTNER}:group/team"])
def test_what_is_no_principal_is_refused_as_one_who_asks(arn):
    with pytest.raises(ValueError, match="no principal"):
        Principal.of_arn(arn)


@pytest.mark.parametrize(
    ("who", "named", "left_out"),
    [
        (USER, [USER.arn, ROOT], True),
        (USER, [USER.arn, PARTNER], True),
        (USER, [USER.arn], False),
        (USER, [ROOT], False),
        (SESSION, [SESSION.arn, ROLE, ROOT], True),
        (SESSION, [SESSION.arn, ROOT], False),
        (SESSION, [ROLE, ROOT], False),
        (PARTNER_ROOT, [ROOT], True),
        (PARTNER_ROOT, [USER.arn], False),
        (NOBODY, [ROOT], False),
        (NOBODY, ["*"], True),
    ],
)
def test_not_principal_leaves_out_who_is_named_with_all_that_they_act_through(who, named, left_out):
    assert applies(request(who), statement("Deny", NotPrincipal={"AWS": named})) is not left_out


def test_not_principal_leaves_out_a_service():
    assert not applies(request(SNS), statement("Deny", NotPrincipal={"Service": "sns.amazonaws.com"}))
    assert applies(request(SNS), statement("Deny", NotPrincipal={"AWS": ROOT}))


# Actions


@pytest.mark.parametrize("action", ["sqs:SendMessage", "SQS:sendmessage", "sqs:*", "sqs:Send*", "*", "sqs:SendMess?ge",
                                    ["sqs:ReceiveMessage", "SQS:SENDMESSAGE"]])  # fmt: skip
def test_an_action_is_meant_in_letters_of_any_size(action):
    assert applies(request(action="sqs:SendMessage"), statement(Action=action))
    assert applies(request(action="SQS:sendmessage"), statement(Action=action))
    assert not applies(request(action="sqs:SendMessage"), statement(NotAction=action))


@pytest.mark.parametrize("action", ["sqs:Send", "sns:*", "sqs:SendMessage?", "SendMessage", "${aws:x}"])
def test_another_action_is_not_meant(action):
    assert not applies(request(action="sqs:SendMessage"), statement(Action=action))
    assert applies(request(action="sqs:SendMessage"), statement(NotAction=action))


def test_many_stars_are_no_riddle():
    """Tried letter by letter, each star with each length, this would take longer than anybody lives."""
    assert not applies(request(action="a" * 200), statement(Action="*a" * 60 + "*b"))
    assert applies(request(action="a" * 200), statement(Action="*a" * 60 + "*"))
    assert not applies(request(resource="arn:aws:sqs:::" + "a" * 200), statement(Resource="arn:*" + "*a" * 60 + "*b"))


# Resources


@pytest.mark.parametrize(
    ("resource", "means"),
    [
        (QUEUE, True),
        ("*", True),
        (QUEUE.replace("orders", "Orders"), False),
        (QUEUE.replace("orders", "order?"), True),
        (QUEUE.replace("orders", "order"), False),
        (f"arn:aws:sqs:*:{OWNER}:ord*", True),
        (f"arn:aws:sqs:us-east-?:{OWNER}:*s", True),
        ("arn:aws:sqs:*:orders", True),  # a star at a segment's end goes on beyond the colon
        ("arn:aws:sqs:*", True),
        ("arn:aws:s*", True),
        (f"*:{OWNER}:orders", True),
        ("*orders", False),  # another stays in its segment
        ("arn:aws:sqs:us-*1:orders", False),
        (f"arn:aws:sqs:us-east-1?{OWNER}:orders", False),
        ("arn:aws:sqs", False),
        (["arn:aws:sqs:*:*:payments", QUEUE], True),
    ],
)
def test_a_resource_is_meant_segment_by_segment(resource, means):
    assert applies(request(), statement(Resource=resource)) is means
    assert applies(request(), statement(NotResource=resource)) is not means


def test_a_star_in_the_last_segment_means_slashes_and_what_looks_like_segments():
    key = "arn:aws:s3:::photos/2026:01/cat.png"
    for resource in ("arn:aws:s3:::photos/*", "arn:aws:s3:::photos/*:01/*", "arn:aws:s3:::*"):
        assert applies(request(resource=key), statement(Resource=resource))


def test_an_arn_that_is_cut_short_is_completed_in_an_identity_based_policy_alone():
    for resource in ("arn:aws:sqs", f"arn:aws:sqs:us-east-1:{OWNER}"):
        assert applies(request(USER), statement(Resource=resource), identity=True)
        assert not applies(request(USER), statement(Resource=resource))
    assert not applies(request(USER), statement(Resource="arn:aws:sns"), identity=True)


def test_a_variable_may_stand_behind_the_fifth_colon():
    own = f"arn:aws:sqs:us-east-1:{OWNER}:${{aws:username}}-*"
    asked = request(
        USER, resource=f"arn:aws:sqs:us-east-1:{OWNER}:anna-jobs", aws__username="anna", aws__region="us-east-1"
    )
    assert applies(asked, statement(Resource=own))
    assert not applies(asked, statement(Resource=own.replace("us-east-1", "${aws:region}")))
    assert not applies(asked, statement(Resource=own), version="2008-10-17")


def test_a_resource_that_the_request_does_not_fill_in_is_not_meant_nor_is_its_opposite():
    own = f"arn:aws:sqs:us-east-1:{OWNER}:${{aws:username}}"
    assert not applies(request(), statement(Resource=own))
    assert not applies(request(), statement(NotResource=own))
    assert applies(request(), statement(Resource=[own, QUEUE]))


# What is told


def test_the_first_element_that_does_not_fit_is_told():
    other = {
        "Principal": {"AWS": OWNER},
        "Action": "sns:*",
        "Resource": "arn:aws:sns:*",
        "Condition": {"Null": {"a": "false"}},
    }
    told = []
    while other:
        (looked,) = decision(request(), statement(**other)).looked
        told.append(looked.miss.because)
        del other[next(iter(other))]
    assert told == [Because.PRINCIPAL, Because.ACTION, Because.RESOURCE, Because.CONDITION]


def test_a_policy_tells_the_users_and_roles_of_an_account_that_it_lets_in():
    named = policy(
        statement(Principal={"AWS": [USER.arn, PARTNER, ROOT, OWN_USER.arn], "Service": "sns.amazonaws.com"}),
        statement(Principal={"AWS": [ROLE, USER.arn]}),
        statement("Deny", Principal={"AWS": SESSION.arn}),
        statement(NotPrincipal={"AWS": SESSION.arn}),
    )
    assert named.identities(PARTNER) == [USER.arn, ROLE]
    assert Policy(()).identities(PARTNER) == []
