"""Ends that do not take what SNS brings: how often it tries, by the kind of end, and what is left then."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import load_pem_x509_certificate

from labkit.aws.lab import Lab
from labkit.aws.sns import signing
from labkit.causes import Step
from labkit.ledger import quota
from labkit.probes import wrong_ends as wrong
from labkit.probes.bench import Bench
from labkit.probes.experiments.reaching_people import ANN, REFUSED, confirm, subscribe
from labkit.probes.registry import probe
from labkit.probes.topic_bench import messages, publish, topic
from labkit.probes.web_server import WebServer, web_server

PEOPLE, OF_HTTP = quota("sns.retries.people"), quota("sns.retries.http_default")
LONGEST = quota("sns.retries.http_longest")
TEN_MINUTES, HOUR = 600, 3600
SIGNED = ("Message", "MessageId", "Timestamp", "TopicArn", "Type")


def _dead(bench: Bench, topic: str) -> tuple[str, str]:
    """A dead-letter queue for a subscription: its URL, and the RedrivePolicy that names it."""
    url = bench.create("dead")
    return url, json.dumps({"deadLetterTargetArn": bench.let_sns(url, topic)})


def _policy(retries: int, seconds: int) -> str:
    healthy = {"numRetries": retries, "minDelayTarget": seconds, "maxDelayTarget": seconds}
    return json.dumps({"healthyRetryPolicy": healthy})


def _listen(bench: Bench, server: WebServer, topic: str, **attributes: str) -> None:
    """Subscribe a web server, which confirms itself."""
    subscribe(bench, topic, "http", server.address, **attributes)
    bench.client("sns").confirm_subscription(TopicArn=topic, Token=server.token())


@probe(
    "missing-sns-retries",
    "A mailbox took nothing for a day: {retries} retries in {hours} h; then in the dead-letter queue: {dead}",
    wrong=wrong.NO_DEAD_LETTERS,
)
def fifty_over_six_hours(bench: Bench) -> None:
    assert isinstance(bench.lab, Lab)
    orders = topic(bench)
    url, policy = _dead(bench, orders)
    subscribe(bench, orders, "email", ANN, RedrivePolicy=policy)
    confirm(bench, orders)
    bench.lab.outbox.refuse(ANN, during="1 d")
    id = publish(bench, orders)
    bench.wait(24 * HOUR)
    steps = [one for one in bench.lab.history.deliveries() if one.message == id]
    bench.see("retries", sum(one.step is Step.RETRIED for one in steps), PEOPLE)
    bench.see("hours", int((steps[-1].at - steps[0].at) // (HOUR * 1_000_000)), 6)
    bench.see("dead", len(messages(bench, url)), 1)


@probe(
    "ends-http-default",
    "A web server answered 503 for ten minutes: tried {tries} times; after half an hour it has {texts}",
    wrong=wrong.RETRIED_FOR_LONG,
)
def three_retries(bench: Bench) -> None:
    orders = topic(bench)
    with web_server() as server:
        _listen(bench, server, orders)
        server.status = 503
        publish(bench, orders)
        bench.wait(TEN_MINUTES)
        tried, server.status = len(server.texts()), 200
        bench.wait(2 * TEN_MINUTES)
        bench.see("tries", tried, 1 + OF_HTTP)
        bench.see("texts", server.texts()[tried:], [])


@probe(
    "ends-http-policy",
    "Ten minutes of 503, with 60 retries a minute apart: afterwards the server got {texts}; 61 of them: {longer}",
    wrong=wrong.NO_OWN_POLICY,
)
def for_an_hour(bench: Bench) -> None:
    orders = topic(bench)
    with web_server() as server:
        _listen(bench, server, orders, DeliveryPolicy=_policy(LONGEST // 60, 60))
        server.status = 503
        publish(bench, orders)
        bench.wait(TEN_MINUTES)
        tried, server.status = len(server.texts()), 200
        bench.wait(2 * TEN_MINUTES)
        bench.see("texts", server.texts()[tried:], ["order-1"])
    arn = bench.client("sns").list_subscriptions_by_topic(TopicArn=orders)["Subscriptions"][0]["SubscriptionArn"]
    given = {"AttributeName": "DeliveryPolicy", "AttributeValue": _policy(LONGEST // 60 + 1, 60)}
    longer = bench.answer("set_subscription_attributes", "sns", SubscriptionArn=arn, **given)
    bench.see("longer", longer, REFUSED)


@probe(
    "ends-client-errors",
    "A web server answered 404; in half an hour it was tried {tries} time",
    wrong=wrong.ALL_RETRIED,
)
def refused_once(bench: Bench, status: int = 404) -> None:
    orders = topic(bench)
    with web_server() as server:
        _listen(bench, server, orders)
        server.status = status
        publish(bench, orders)
        bench.wait(3 * TEN_MINUTES)
        bench.see("tries", len(server.texts()), 1)


@probe(
    "ends-dead-letters",
    "A web server answered 404; the dead-letter queue of its subscription holds {dead}",
    wrong=wrong.NO_DEAD_LETTERS,
)
def kept(bench: Bench) -> None:
    orders = topic(bench)
    url, policy = _dead(bench, orders)
    with web_server() as server:
        _listen(bench, server, orders, RedrivePolicy=policy)
        server.status = 404
        publish(bench, orders)
    bench.see("dead", [json.loads(one["Body"])["Message"] for one in messages(bench, url)], ["order-1"])


@probe(
    "ends-signature",
    "The signature of what a web server got is right: {own}; with another text: {changed}",
    wrong=wrong.TEXT_NOT_SIGNED,
)
def signed_with_its_text(bench: Bench, signed: Sequence[str] = SIGNED) -> None:
    orders = topic(bench)
    with web_server() as server:
        _listen(bench, server, orders)
        publish(bench, orders)
        document = server.got[-1]
    bench.see("own", _is_right(document, signed), True)
    bench.see("changed", _is_right(document | {"Message": "order-2"}, signed), False)


def _is_right(document: dict[str, str], signed: Sequence[str]) -> bool:
    """AWS's documented procedure: names and values of the signed fields in order, a line each."""
    key = load_pem_x509_certificate(signing.certificate()).public_key()
    assert isinstance(key, RSAPublicKey)
    text = "".join(f"{name}\n{document[name]}\n" for name in signed)
    try:
        key.verify(b64decode(document["Signature"]), text.encode(), padding.PKCS1v15(), hashes.SHA1())
    except InvalidSignature:
        return False
    return True
