"""The decision over several policies, within an account and across accounts, as AWS draws it.

reference_policies_evaluation-logic (with its table of resource-based policies and implicit denies) and its page on
cross-account access in docs.aws.amazon.com/IAM/latest/UserGuide, and the table of an SQS queue's and an IAM policy at
repost.aws/knowledge-center/sqs-queue-access-permissions, read on 2026-11-30.
"""

import pytest

from labkit.rules.policy import Kind, Principal, decide, refusal
from tests.rules.policy.asking import (
    ALLOWED,
    DENIED,
    OWN_USER,
    OWNER,
    PARTNER,
    PARTNER_ROOT,
    QUEUE,
    SNS,
    UNSAID,
    USER,
    decision,
    policy,
    request,
    statement,
)

OWN_ROOT = Principal.root(OWNER)
OWN_SESSION = Principal.of_arn(f"arn:aws:sts::{OWNER}:assumed-role/shop/monday")
OWN_ROLE = f"arn:aws:iam::{OWNER}:role/shop"
NAMES_NOBODY = statement(Principal={"AWS": "444455556666"})


def by(who, **policies):
    """The outcome and the deciding kind, by one policy of each kind that is named: allow, deny or neither."""
    read = {"allow": [statement()], "deny": [statement(), statement("Deny")], "neither": []}
    attached = []
    for name, says in policies.items():
        kind = Kind[name.upper()]
        alone = kind not in (Kind.RESOURCE, Kind.KEY)
        statements = read[says] if isinstance(says, str) else [says]
        attached.append((kind, policy(*statements, identity=alone)))
    found = decide(request(who), attached)
    return found.outcome, found.kind


IAM_AND_QUEUE = [
    ("allow", "allow", ALLOWED, ALLOWED),
    ("allow", "neither", ALLOWED, UNSAID),
    ("allow", "deny", DENIED, DENIED),
    ("neither", "allow", ALLOWED, UNSAID),
    ("neither", "neither", UNSAID, UNSAID),
    ("neither", "deny", DENIED, DENIED),
    ("deny", "allow", DENIED, DENIED),
    ("deny", "neither", DENIED, DENIED),
    ("deny", "deny", DENIED, DENIED),
]


@pytest.mark.parametrize(("identity", "resource", "own", "others"), IAM_AND_QUEUE)
def test_in_the_same_account_one_allow_is_enough_and_across_accounts_it_takes_both(identity, resource, own, others):
    assert by(OWN_USER, identity=identity, resource=resource)[0] is own
    assert by(USER, identity=identity, resource=resource)[0] is others


def test_an_implicit_deny_tells_which_policy_should_have_allowed():
    assert by(OWN_USER, identity="neither", resource="neither") == (UNSAID, Kind.IDENTITY)
    assert by(USER, identity="neither", resource="allow") == (UNSAID, Kind.IDENTITY)
    assert by(USER, identity="allow", resource="neither") == (UNSAID, Kind.RESOURCE)


def test_an_accounts_root_user_may_all_that_nobody_denies_in_its_account():
    assert by(OWN_ROOT) == (ALLOWED, None)
    assert by(OWN_ROOT, resource=NAMES_NOBODY) == (ALLOWED, None)
    assert by(OWN_ROOT, resource="deny") == (DENIED, Kind.RESOURCE)


def test_the_root_user_of_another_account_needs_the_resources_policy_alone():
    assert by(PARTNER_ROOT) == (UNSAID, Kind.RESOURCE)
    assert by(PARTNER_ROOT, resource=NAMES_NOBODY) == (UNSAID, Kind.RESOURCE)
    for principal in ("*", {"AWS": PARTNER}, {"AWS": PARTNER_ROOT.arn}):
        assert by(PARTNER_ROOT, resource=statement(Principal=principal)) == (ALLOWED, Kind.RESOURCE)
    assert by(PARTNER_ROOT, resource=statement(Principal={"AWS": USER.arn})) == (UNSAID, Kind.RESOURCE)


def test_an_account_as_principal_leaves_it_to_the_account():
    owner = statement(Principal={"AWS": OWNER})
    assert by(OWN_USER, resource=owner) == (UNSAID, Kind.IDENTITY)
    assert by(OWN_USER, resource=owner, identity="allow")[0] is ALLOWED
    partner = statement(Principal={"AWS": PARTNER})
    assert by(USER, resource=partner) == (UNSAID, Kind.IDENTITY)
    assert by(USER, resource=partner, identity="allow") == (ALLOWED, Kind.RESOURCE)


@pytest.mark.parametrize("who", [SNS, Principal.anonymous()])
def test_a_service_and_nobody_in_particular_need_the_resources_policy(who):
    assert by(who) == (UNSAID, Kind.RESOURCE)
    assert by(who, resource="allow") == (ALLOWED, Kind.RESOURCE)
    assert by(who, resource="deny") == (DENIED, Kind.RESOURCE)
    assert by(who, resource=statement(Principal={"AWS": OWNER})) == (UNSAID, Kind.RESOURCE)


def test_without_its_key_policy_nobody_uses_a_key_not_even_its_owner():
    assert by(OWN_ROOT, key="neither") == (UNSAID, Kind.KEY)
    assert by(OWN_USER, key="neither", identity="allow") == (UNSAID, Kind.KEY)
    owner = statement(Principal={"AWS": f"arn:aws:iam::{OWNER}:root"})
    assert by(OWN_ROOT, key=owner) == (ALLOWED, Kind.KEY)
    assert by(OWN_USER, key=owner) == (UNSAID, Kind.IDENTITY)
    assert by(OWN_USER, key=owner, identity="allow") == (ALLOWED, Kind.KEY)
    assert by(OWN_USER, key=statement(Principal={"AWS": OWN_USER.arn})) == (ALLOWED, Kind.KEY)
    assert by(SNS, key=owner) == (UNSAID, Kind.KEY)


@pytest.mark.parametrize("limit", ["boundary", "session"])
def test_whom_a_policy_of_the_resource_names_themselves_no_limit_of_theirs_holds_back(limit):
    for who in (OWN_USER, OWN_SESSION):
        assert by(who, resource=statement(Principal={"AWS": who.arn}), **{limit: "neither"})[0] is ALLOWED
        assert by(who, resource=statement(Principal={"AWS": who.arn}), **{limit: "deny"})[0] is DENIED
    through = statement(Principal={"AWS": OWN_ROLE})
    assert by(OWN_SESSION, resource=through, identity="neither") == (ALLOWED, Kind.RESOURCE)
    assert by(OWN_SESSION, resource=through, **{limit: "neither"}) == (UNSAID, Kind[limit.upper()])
    assert by(OWN_SESSION, resource=through, **{limit: "allow"})[0] is ALLOWED


def test_a_federated_users_session_can_do_what_its_own_policy_says():
    who = Principal.of_arn(f"arn:aws:sts::{OWNER}:federated-user/anna")
    assert by(who, identity="allow") == (UNSAID, Kind.SESSION)
    assert by(who, identity="allow", session="allow") == (ALLOWED, Kind.IDENTITY)
    assert by(who, resource=statement(Principal={"AWS": who.arn})) == (ALLOWED, Kind.RESOURCE)
    assert by(who, resource=statement(Principal={"AWS": OWN_USER.arn})) == (UNSAID, Kind.SESSION)


@pytest.mark.parametrize("limit", ["boundary", "session", "service_control", "resource_control", "endpoint"])
def test_a_limit_never_lets_anybody_in_and_must_allow_where_it_is_attached(limit):
    assert by(OWN_USER, **{limit: "allow"}) == (UNSAID, Kind.IDENTITY)
    assert by(OWN_USER, identity="allow", **{limit: "allow"}) == (ALLOWED, Kind.IDENTITY)
    assert by(OWN_USER, identity="allow", **{limit: "neither"}) == (UNSAID, Kind[limit.upper()])
    assert by(USER, identity="allow", resource="allow", **{limit: "neither"}) == (UNSAID, Kind[limit.upper()])
    assert by(OWN_USER, identity="allow", **{limit: "deny"}) == (DENIED, Kind[limit.upper()])


@pytest.mark.parametrize("limit", ["service_control", "resource_control", "endpoint"])
def test_limits_of_accounts_hold_back_the_root_user_too(limit):
    assert by(OWN_ROOT, **{limit: "neither"}) == (UNSAID, Kind[limit.upper()])


def test_each_of_two_limits_must_allow():
    allow, none = policy(statement(), identity=True), policy(identity=True)
    for second, outcome in ((allow, ALLOWED), (none, UNSAID)):
        attached = [(Kind.SERVICE_CONTROL, allow), (Kind.SERVICE_CONTROL, second)]
        assert decide(request(OWN_ROOT), attached).outcome is outcome


# What is told


def test_a_decision_tells_its_statement_and_all_that_were_looked_at():
    statements = [
        statement(Sid="other", Action="sqs:ReceiveMessage"),
        statement(Sid="all"),
        statement("Deny", Sid="plain", Condition={"Bool": {"aws:SecureTransport": "false"}}),
    ]
    found = decision(request(aws__SecureTransport=True), *statements)
    assert (found.outcome, found.statement.sid, found.statement.number) == (ALLOWED, "all", 1)
    assert [(one.statement.sid, one.miss is None) for one in found.looked] == [
        ("other", False), ("all", True), ("plain", False)]  # fmt: skip
    found = decision(request(aws__SecureTransport=False), *statements)
    assert (found.outcome, found.kind, found.statement.sid) == (DENIED, Kind.RESOURCE, "plain")
    assert decision(request(), statements[0]).statement is None


def test_a_deny_counts_wherever_it_stands():
    allow, deny = statement(), statement("Deny")
    for statements in ([allow, deny], [deny, allow], [deny]):
        assert decision(request(), *statements).outcome is DENIED


def test_the_sentence_of_a_refusal_is_aws_own():
    asked = request(action="sqs:sendmessage")
    who = f"User: arn:aws:iam::{PARTNER}:root is not authorized to perform: sqs:sendmessage on resource: {QUEUE}"
    unsaid = decision(asked, NAMES_NOBODY)
    assert refusal(asked, unsaid) == f"{who} because no resource-based policy allows the sqs:sendmessage action"
    assert (
        refusal(asked, decision(asked, statement("Deny"))) == f"{who} with an explicit deny in a resource-based policy"
    )
    limited = decision(asked, statement("Deny"), kind=Kind.SERVICE_CONTROL, identity=True)
    assert refusal(asked, limited) == f"{who} with an explicit deny in a service control policy"
