"""Mobile push: platform applications, endpoints that turn off, a payload a platform (row 76, public case n06)."""

import json
import re

import pytest

from labkit.causes import Obstacle, Step

CREDENTIALS = {"PlatformPrincipal": "certificate", "PlatformCredential": "key"}
TARGET = "arn:aws:sns:us-east-1:123456789012:endpoint/APNS/shop/00000000-0000-0000-0000-000000000000"


@pytest.fixture
def apple(sns):
    made = sns.create_platform_application(Name="shop", Platform="APNS", Attributes=CREDENTIALS)
    return made["PlatformApplicationArn"]


@pytest.fixture
def google(sns):
    made = sns.create_platform_application(Name="shop", Platform="GCM", Attributes={"PlatformCredential": "key"})
    return made["PlatformApplicationArn"]


def device(sns, application, token, **more):
    return sns.create_platform_endpoint(PlatformApplicationArn=application, Token=token, **more)["EndpointArn"]


def enabled(sns, endpoint):
    return sns.get_endpoint_attributes(EndpointArn=endpoint)["Attributes"]["Enabled"]


def test_a_known_token_is_the_same_endpoint_or_an_error_with_its_arn(sns, apple, refused):
    """Public case n06: apps read the ARN out of the error."""
    arn = device(sns, apple, "ann")
    assert device(sns, apple, "ann") == arn
    assert device(sns, apple, "ann", Attributes={"Enabled": "true"}) == arn
    assert re.fullmatch(r"arn:aws:sns:us-east-1:123456789012:endpoint/APNS/shop/[0-9a-f-]{36}", arn)
    asked = {"PlatformApplicationArn": apple, "Token": "ann"}
    sentence = f"Token Reason: Endpoint {arn} already exists with the same Token, but different attributes."
    for other in ({"CustomUserData": "Ann"}, {"Attributes": {"Enabled": "false"}}):
        answer = refused(sns.create_platform_endpoint, **asked, **other)
        assert answer == ("InvalidParameter", f"Invalid parameter: {sentence}")


def test_the_same_token_of_another_app_is_another_endpoint(sns, apple, google):
    assert device(sns, apple, "ann") != device(sns, google, "ann")


@pytest.mark.parametrize(
    ("platform", "attributes", "reason"),
    [
        ("APNS", {"PlatformCredential": "key"}, "PlatformPrincipal"),
        ("GCM", {}, "PlatformCredential"),
        ("TELEX", CREDENTIALS, "TELEX"),
    ],
)
def test_an_application_needs_what_its_platform_gives(sns, refused, platform, attributes, reason):
    code, message = refused(sns.create_platform_application, Name="shop", Platform=platform, Attributes=attributes)
    assert code == "InvalidParameter"
    assert reason in message
    assert refused(sns.create_platform_application, Name="a shop", Platform="APNS", Attributes=CREDENTIALS)[0] == code


def test_an_application_never_shows_its_credentials(sns, apple, refused):
    sns.set_platform_application_attributes(PlatformApplicationArn=apple, Attributes={"SuccessFeedbackSampleRate": "7"})
    shown = sns.get_platform_application_attributes(PlatformApplicationArn=apple)["Attributes"]
    assert shown == {"Enabled": "true", "SuccessFeedbackSampleRate": "7"}
    answer = refused(sns.get_platform_application_attributes, PlatformApplicationArn=f"{apple}2")
    assert answer == ("NotFound", "PlatformApplication does not exist")


def test_deleting_an_application_takes_its_endpoints_with_it(sns, apple, google, refused):
    gone, kept = device(sns, apple, "ann"), device(sns, google, "bob")
    for _ in range(2):
        sns.delete_platform_application(PlatformApplicationArn=apple)
    assert refused(sns.get_endpoint_attributes, EndpointArn=gone) == ("NotFound", "Endpoint does not exist")
    assert enabled(sns, kept) == "true"
    assert [one["PlatformApplicationArn"] for one in sns.list_platform_applications()["PlatformApplications"]] == [
        google
    ]


def test_a_push_to_one_device_has_the_text_of_its_platform(lab, sns, apple, google, refused):
    ann, bob = device(sns, apple, "ann"), device(sns, google, "bob")
    texts = json.dumps({"APNS": '{"aps": {"alert": "hi"}}', "GCM": '{"notification": {"body": "hi"}}'})
    ids = [sns.publish(TargetArn=one, Message=texts, MessageStructure="json")["MessageId"] for one in (ann, bob)]
    assert [(one.to, one.protocol, one.text, one.message) for one in lab.outbox] == [
        ("ann", "APNS", '{"aps": {"alert": "hi"}}', ids[0]),
        ("bob", "GCM", '{"notification": {"body": "hi"}}', ids[1]),
    ]
    sns.publish(TargetArn=ann, Message=json.dumps({"default": "for all", "GCM": "{}"}), MessageStructure="json")
    sns.publish(TargetArn=ann, Message="plain")
    assert [one.text for one in lab.outbox[2:]] == ["for all", "plain"]
    answer = refused(sns.publish, TargetArn=ann, Message='{"GCM": "{}"}', MessageStructure="json")
    assert answer[1] == "Invalid parameter: Message Structure - No default entry in JSON message body"


def test_where_there_is_no_endpoint_nothing_is_published(sns, refused):
    """Recorded: localstack's tests, 2023-08-24."""
    assert refused(sns.publish, TargetArn=TARGET, Message="hi") == (
        "InvalidParameter",
        "Invalid parameter: TargetArn Reason: No endpoint found for the target arn specified",
    )


def test_an_app_that_is_gone_turns_its_endpoint_off_until_it_brings_a_new_token(lab, sns, apple, refused):
    ann = device(sns, apple, "old")
    lab.outbox.disable("old")
    assert enabled(sns, ann) == "true"  # SNS hears of it with the next push
    id = sns.publish(TargetArn=ann, Message="lost")["MessageId"]
    assert enabled(sns, ann) == "false"
    last = lab.history.deliveries()[-1]
    assert (last.message, last.step, last.obstacle) == (id, Step.DISCARDED, Obstacle.DISABLED)
    assert refused(sns.publish, TargetArn=ann, Message="hi") == ("EndpointDisabled", "Endpoint is disabled")
    sns.set_endpoint_attributes(EndpointArn=ann, Attributes={"Token": "new", "Enabled": "True"})
    sns.publish(TargetArn=ann, Message="hi")
    assert [(one.to, one.text) for one in lab.outbox] == [("new", "hi")]


def test_apps_as_subscribers_of_a_topic(lab, sns, topic, apple, google):
    ann, bob, off = device(sns, apple, "ann"), device(sns, google, "bob"), device(sns, google, "off")
    sns.set_endpoint_attributes(EndpointArn=off, Attributes={"Enabled": "false"})
    for one in (ann, bob, off):
        sns.subscribe(TopicArn=topic, Protocol="application", Endpoint=one)
    sns.delete_endpoint(EndpointArn=bob)
    sns.publish(TopicArn=topic, Message=json.dumps({"default": "for all", "APNS": "{}"}), MessageStructure="json")
    assert [(one.to, one.text) for one in lab.outbox] == [("ann", "{}")]
    obstacles = [one.obstacle for one in lab.history.deliveries() if one.step is Step.DISCARDED]
    assert obstacles == [Obstacle.NO_ENDPOINT, Obstacle.DISABLED]


def test_a_device_that_is_out_of_reach_is_tried_again(lab, sns, apple):
    ann = device(sns, apple, "ann")
    lab.outbox.refuse("ann", during="1 min")
    sns.publish(TargetArn=ann, Message="hi")
    assert len(lab.outbox) == 0
    lab.clock.advance("10 min")
    assert [one.text for one in lab.outbox] == ["hi"]


@pytest.mark.parametrize(
    "attributes", [{"Enabled": "maybe"}, {"Colour": "red"}, {"CustomUserData": "é" * 1_025}, {"Token": ""}]
)
def test_other_attributes_of_an_endpoint_are_refused(sns, apple, refused, attributes):
    ann = device(sns, apple, "ann")
    assert refused(sns.set_endpoint_attributes, EndpointArn=ann, Attributes=attributes)[0] == "InvalidParameter"
    assert refused(sns.set_endpoint_attributes, EndpointArn="ann", Attributes={})[0] == "InvalidParameter"
    assert enabled(sns, ann) == "true"
