"""Worlds in which deliveries to people, devices and web servers are otherwise: each is one belief."""

from __future__ import annotations

import json

from labkit.aws.current import current_lab
from labkit.aws.sns.outbox import Outbox
from labkit.probes.worlds import Answering, Call, World
from labkit.probes.wrong_publishing import PUBLISH, SUBSCRIBE, Answer, Parameters, subscribing

ENDPOINT, CREATE_ENDPOINT, SET_ENDPOINT = "EndpointArn", "CreatePlatformEndpoint", "SetEndpointAttributes"
LONG = {"healthyRetryPolicy": {"numRetries": 20, "minDelayTarget": 60, "maxDelayTarget": 60}}


def _confirmed_at_once(call: Call, operation: str, given: Parameters) -> Answer:
    answer = call(operation, given)
    if operation == SUBSCRIBE and given["Protocol"].startswith("email"):
        token = (current_lab().part(Outbox)[-1].link or "").rpartition("Token=")[2]
        call("ConfirmSubscription", {"TopicArn": given["TopicArn"], "Token": token})
    return answer


def _opted_in(call: Call, operation: str, given: Parameters) -> Answer:
    if operation == PUBLISH and "PhoneNumber" in given:
        call("OptInPhoneNumber", {"phoneNumber": given["PhoneNumber"]})
    return call(operation, given)


def _turned_on_before(*operations: str) -> Answering:
    """The endpoint that an operation names, or answers, is turned on as well."""

    def answering(call: Call, operation: str, given: Parameters) -> Answer:
        if operation == PUBLISH and operation in operations and "TargetArn" in given:
            call(SET_ENDPOINT, {ENDPOINT: given["TargetArn"], "Attributes": {"Enabled": "true"}})
        if operation == CREATE_ENDPOINT and operation in operations:
            known = call(
                "ListEndpointsByPlatformApplication", {name: given[name] for name in ("PlatformApplicationArn",)}
            )
            for one in known["Endpoints"]:
                call(SET_ENDPOINT, {ENDPOINT: one[ENDPOINT], "Attributes": {"Enabled": "true"}})
        return call(operation, given)

    return answering


class _NewEndpointEachTime:
    def __init__(self) -> None:
        self.made = 0

    def __call__(self, call: Call, operation: str, given: Parameters) -> Answer:
        if operation == CREATE_ENDPOINT:
            self.made += 1
            given = given | {"Token": f"{given['Token']}-{self.made}"}
        return call(operation, given)


def _mails_documents(call: Call, operation: str, given: Parameters) -> Answer:
    if operation == SUBSCRIBE and given["Protocol"] == "email":
        given = given | {"Protocol": "email-json"}
    return call(operation, given)


CONFIRMED_AT_ONCE = World("a world in which nobody has to confirm", answers=lambda: _confirmed_at_once)
NO_OPTING_OUT = World("a world in which opting out has no effect", answers=lambda: _opted_in)
NEVER_OFF = World("a world in which endpoints are not turned off", answers=lambda: _turned_on_before(PUBLISH))
CREATED_ON = World(
    "a world in which creating an endpoint turns it on", answers=lambda: _turned_on_before(CREATE_ENDPOINT)
)
NEW_ENDPOINT_EACH_TIME = World("a world in which each call makes another endpoint", answers=_NewEndpointEachTime)
MAILS_DOCUMENTS = World("a world in which mails have the envelope", answers=lambda: _mails_documents)
NO_DEAD_LETTERS = World(
    "a world in which a subscription has no dead-letter queue", answers=lambda: subscribing(RedrivePolicy=None)
)
NO_OWN_POLICY = World(
    "a world in which delivery policies have no effect", answers=lambda: subscribing(DeliveryPolicy=None)
)
RETRIED_FOR_LONG = World(
    "a world in which web servers are tried for twenty minutes",
    answers=lambda: subscribing(DeliveryPolicy=json.dumps(LONG)),
)
ALL_RETRIED = World("a world in which an endpoint says 503 for what it refuses", instead={"status": 503})
TEXT_NOT_SIGNED = World(
    "a world in which the text of a message is not signed",
    instead={"signed": ("MessageId", "Timestamp", "TopicArn", "Type")},
)
