"""People and devices: who is asked first, what a telephone takes, and the endpoints of apps."""

from __future__ import annotations

import json
from typing import Any

from labkit.aws.lab import Lab
from labkit.ledger import quota
from labkit.probes import wrong_ends as wrong
from labkit.probes import wrong_publishing as publishing
from labkit.probes.bench import ACCEPTED, Bench
from labkit.probes.registry import probe
from labkit.probes.topic_bench import publish, topic

ANN, PHONE, LONGEST = "ann@example.com", "+14155550100", quota("sns.sms.maximum_size")
APPLE = {"PlatformPrincipal": "certificate", "PlatformCredential": "key"}
GOOGLE = {"PlatformCredential": "key"}
REFUSED, OFF = "InvalidParameter", "EndpointDisabled"


def _lab(bench: Bench) -> Lab:
    assert isinstance(bench.lab, Lab)
    return bench.lab


def arrived(bench: Bench, to: str) -> list[str]:
    """The first lines of what has arrived at an address, without the questions of SNS."""
    return [one.text.partition("\n")[0] for one in _lab(bench).outbox.to(to) if one.link is None]


def subscribe(bench: Bench, topic: str, protocol: str, endpoint: str, **attributes: str) -> str:
    """Subscribe anything but a queue and return what SNS answers."""
    given = {"TopicArn": topic, "Protocol": protocol, "Endpoint": endpoint, "Attributes": attributes}
    arn: str = bench.client("sns").subscribe(**given)["SubscriptionArn"]
    return arn


def token(bench: Bench) -> str:
    """The token in the last letter that asks."""
    links = [one.link for one in _lab(bench).outbox if one.link]
    return links[-1].rpartition("Token=")[2]


def confirm(bench: Bench, topic: str) -> str:
    """Confirm the mailbox that was asked last; what the call answers."""
    return bench.answer("confirm_subscription", "sns", TopicArn=topic, Token=token(bench))


def device(bench: Bench, token: str, platform: str = "APNS", **more: Any) -> str:
    """The endpoint of an app on a device."""
    sns = bench.client("sns")
    attributes = GOOGLE if platform == "GCM" else APPLE
    made = sns.create_platform_application(Name="shop", Platform=platform, Attributes=attributes)
    given = {"PlatformApplicationArn": made["PlatformApplicationArn"], "Token": token, **more}
    arn: str = sns.create_platform_endpoint(**given)["EndpointArn"]
    return arn


# Who is asked


@probe(
    "ends-pending",
    "Published before the token came back and after it; the mailbox got {before}, then {after}",
    wrong=wrong.CONFIRMED_AT_ONCE,
)
def pending_gets_nothing(bench: Bench) -> None:
    orders = topic(bench)
    subscribe(bench, orders, "email", ANN)
    publish(bench, orders, "order-1")
    bench.see("before", arrived(bench, ANN), [])
    confirm(bench, orders)
    publish(bench, orders, "order-2")
    bench.see("after", arrived(bench, ANN), ["order-2"])


@probe(
    "ends-token",
    "The token after 47 h: {early}; another mailbox's after 49 h: {late}; asked again: {again}",
    wrong=publishing.TAKES_ALL,
)
def two_days(bench: Bench) -> None:
    orders = topic(bench)
    subscribe(bench, orders, "email", ANN)
    bench.wait(47 * 3600)
    bench.see("early", confirm(bench, orders), ACCEPTED)
    subscribe(bench, orders, "email", "ben@example.com")
    bench.wait(49 * 3600)
    bench.see("late", confirm(bench, orders), REFUSED)
    subscribe(bench, orders, "email", "ben@example.com")
    bench.see("again", confirm(bench, orders), ACCEPTED)


@probe(
    "ends-not-asked",
    "Subscribed and not confirmed; a mailbox got {mailbox}, a telephone {telephone}, an app {app}",
    wrong=wrong.CONFIRMED_AT_ONCE,
)
def not_everybody_is_asked(bench: Bench) -> None:
    orders = topic(bench)
    for protocol, endpoint in (("email", ANN), ("sms", PHONE), ("application", device(bench, "token-1"))):
        subscribe(bench, orders, protocol, endpoint)
    publish(bench, orders)
    bench.see("mailbox", arrived(bench, ANN), [])
    bench.see("telephone", arrived(bench, PHONE), ["order-1"])
    bench.see("app", arrived(bench, "token-1"), ["order-1"])


@probe(
    "ends-mail-text",
    "The mailbox by email got {text}; the one by email-json got a document with {key}",
    wrong=wrong.MAILS_DOCUMENTS,
)
def text_or_document(bench: Bench) -> None:
    orders = topic(bench)
    for protocol, mailbox in (("email", ANN), ("email-json", "ben@example.com")):
        subscribe(bench, orders, protocol, mailbox)
        letter = _lab(bench).outbox[-1]
        bench.client("sns").confirm_subscription(TopicArn=orders, Token=(letter.link or "").rpartition("Token=")[2])
    publish(bench, orders)
    bench.see("text", arrived(bench, ANN)[0][:20], "order-1")
    document = _lab(bench).outbox.to("ben@example.com")[-1].text
    bench.see("key", [name for name in ("Type", "Signature") if name in json.loads(document)], ["Type", "Signature"])


# Telephones


@probe("ends-sms-size", "{longest} letters to a number: {fits}; one more: {more}", wrong=publishing.TAKES_ALL)
def longest_text(bench: Bench) -> None:
    bench.see("longest", LONGEST)
    bench.see("fits", bench.answer("publish", "sns", PhoneNumber=PHONE, Message="x" * LONGEST), ACCEPTED)
    bench.see("more", bench.answer("publish", "sns", PhoneNumber=PHONE, Message="x" * (LONGEST + 1)), REFUSED)


@probe(
    "ends-opted-out",
    "The owner had answered STOP; Publish answered: {answer}; arrived: {arrived}; opted out: {asked}",
    wrong=wrong.NO_OPTING_OUT,
)
def stopped(bench: Bench) -> None:
    _lab(bench).outbox.opt_out(PHONE)
    bench.see("answer", bench.answer("publish", "sns", PhoneNumber=PHONE, Message="order-1"), ACCEPTED)
    bench.see("arrived", arrived(bench, PHONE), [])
    asked = bench.client("sns").check_if_phone_number_is_opted_out(phoneNumber=PHONE)
    bench.see("asked", asked["isOptedOut"], True)


# Apps on devices


@probe("snspub-4", "The client that publishes to topics reached an app with {app} and a telephone with {telephone}",
       wrong=publishing.LOST)  # fmt: skip
def directly(bench: Bench) -> None:
    bench.client("sns").publish(TargetArn=device(bench, "token-1"), Message="order-1")
    bench.client("sns").publish(PhoneNumber=PHONE, Message="order-2")
    bench.see("app", arrived(bench, "token-1"), ["order-1"])
    bench.see("telephone", arrived(bench, PHONE), ["order-2"])


def _application(bench: Bench, platform: str, attributes: dict[str, str]) -> str:
    given = {"Name": "shop", "Platform": platform, "Attributes": attributes}
    return bench.answer("create_platform_application", "sns", **given)


@probe("snspub-5", "An application with credentials: {given}; without: {missing}", wrong=publishing.TAKES_ALL)
def with_credentials(bench: Bench) -> None:
    bench.see("given", _application(bench, "APNS", APPLE), ACCEPTED)
    bench.see("missing", _application(bench, "APNS", {"Enabled": "true"}), REFUSED)


@probe("snspub-6", "The endpoint of one token created twice: {endpoints} endpoint", wrong=wrong.NEW_ENDPOINT_EACH_TIME)
def one_token_one_endpoint(bench: Bench) -> None:
    bench.see("endpoints", len({device(bench, "token-1") for _ in range(2)}), 1)


@probe("snspub-7", "Published to an endpoint; the device got {device}", wrong=publishing.LOST)
def to_the_endpoint(bench: Bench) -> None:
    publish_to(bench, device(bench, "token-1"))
    bench.see("device", arrived(bench, "token-1"), ["order-1"])


def publish_to(bench: Bench, endpoint: str) -> str:
    """What Publish to an endpoint answers."""
    return bench.answer("publish", "sns", TargetArn=endpoint, Message="order-1")


@probe("snspub-8", "Applications for APNS: {apple}; ADM: {amazon}; GCM: {google}; FCM: {firebase}",
       wrong=publishing.TAKES_ALL)  # fmt: skip
def platforms(bench: Bench) -> None:
    wanted = {"apple": "APNS", "amazon": "ADM", "google": "GCM", "firebase": "FCM"}
    for name, platform in wanted.items():
        bench.see(name, _application(bench, platform, APPLE), REFUSED if name == "firebase" else ACCEPTED)


@probe("ends-payloads", "The device at Apple's got {apple}, the one at Google's {google}", wrong=publishing.ONE_TEXT)
def each_its_own(bench: Bench) -> None:
    orders = topic(bench)
    for one, platform in (("token-1", "APNS"), ("token-2", "GCM")):
        subscribe(bench, orders, "application", device(bench, one, platform))
    texts = {"default": "order-1", "APNS": '{"aps": {}}', "GCM": '{"fcmV1Message": {}}'}
    publish(bench, orders, json.dumps(texts), MessageStructure="json")
    bench.see("apple", arrived(bench, "token-1"), [texts["APNS"]])
    bench.see("google", arrived(bench, "token-2"), [texts["GCM"]])


@probe(
    "ends-disabled",
    "The app was gone: Publish answered {first}, then {second}; with a new token and turned on {again}, and the device"
    " got {device}",
    wrong=wrong.NEVER_OFF,
)
def turned_off(bench: Bench) -> None:
    endpoint = device(bench, "token-1")
    _lab(bench).outbox.disable("token-1")
    bench.see("first", publish_to(bench, endpoint), ACCEPTED)
    bench.see("second", publish_to(bench, endpoint), OFF)
    attributes = {"Token": "token-2", "Enabled": "true"}
    bench.client("sns").set_endpoint_attributes(EndpointArn=endpoint, Attributes=attributes)
    bench.see("again", publish_to(bench, endpoint), ACCEPTED)
    bench.see("device", arrived(bench, "token-2"), ["order-1"])


@probe("ends-register", "An endpoint was off; created again, it is on: {on}", wrong=wrong.CREATED_ON)
def created_again(bench: Bench) -> None:
    endpoint, sns = device(bench, "token-1"), bench.client("sns")
    sns.set_endpoint_attributes(EndpointArn=endpoint, Attributes={"Enabled": "false"})
    application = sns.list_platform_applications()["PlatformApplications"][0]["PlatformApplicationArn"]
    bench.answer("create_platform_endpoint", "sns", PlatformApplicationArn=application, Token="token-1")
    bench.see("on", sns.get_endpoint_attributes(EndpointArn=endpoint)["Attributes"]["Enabled"], "false")
