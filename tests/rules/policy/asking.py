"""Requests and policies as tests write them."""

from labkit.rules.policy import Kind, Outcome, Policy, Principal, Request, decide

OWNER, PARTNER = "123456789012", "111122223333"
QUEUE = f"arn:aws:sqs:us-east-1:{OWNER}:orders"
SEND = "sqs:SendMessage"
ALLOWED, DENIED, UNSAID = Outcome.ALLOWED, Outcome.EXPLICIT_DENY, Outcome.IMPLICIT_DENY

PARTNER_ROOT = Principal.root(PARTNER)
USER = Principal.of_arn(f"arn:aws:iam::{PARTNER}:user/anna")
OWN_USER = Principal.of_arn(f"arn:aws:iam::{OWNER}:user/anna")
SESSION = Principal.of_arn(f"arn:aws:sts::{PARTNER}:assumed-role/shop/monday")
SNS = Principal.service("sns.amazonaws.com")


def statement(effect="Allow", **elements):
    """A statement about everything, but for the elements that are given."""
    usual = {"Effect": effect, "Principal": "*", "Action": "*", "Resource": "*"}
    for name in ("Principal", "Action", "Resource"):
        if f"Not{name}" in elements:
            del usual[name]
    return usual | elements


def policy(*statements, version="2012-10-17", identity=False):
    """A compiled policy."""
    given = [{key: one[key] for key in one if key != "Principal"} for one in statements] if identity else statements
    return Policy.of({"Version": version, "Statement": list(given)}, identity=identity)


def request(who=PARTNER_ROOT, action=SEND, resource=QUEUE, **context):
    """A request; keys of its context are written with __ for a colon."""
    return Request.of(who, action, resource, {key.replace("__", ":"): value for key, value in context.items()}, OWNER)


def decision(asked, *statements, kind=Kind.RESOURCE, **options):
    """The decision by one policy."""
    return decide(asked, [(kind, policy(*statements, **options))])


def applies(asked, one, **options):
    """Whether a statement applies to a request."""
    (looked,) = decision(asked, one, **options).looked
    return looked.miss is None


def meets(condition, version="2012-10-17", **context):
    """Whether a request with this context meets a condition."""
    return applies(request(**context), statement(Condition=condition), version=version)
