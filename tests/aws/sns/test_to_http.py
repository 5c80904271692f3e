"""HTTP endpoints: confirmation, headers, raw delivery, retries and their ends (rows 62 and 63, public case n23)."""

import base64
import json
import socket
import ssl
from itertools import pairwise
from time import perf_counter

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.x509 import load_pem_x509_certificate

from labkit.aws.sns import signing, to_http
from labkit.causes import Obstacle, Step
from labkit.clock.watch import Watch
from labkit.words import LabError
from tests.aws.letting import let_sns
from tests.aws.sns.receiver import receiving, self_signed

SIGNED = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")


@pytest.fixture
def web():
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def subscribe(sns, topic, web):
    """Subscribe the receiver and confirm it; returns the subscription's ARN."""

    def make(**attributes):
        given = {name: one if isinstance(one, str) else json.dumps(one) for name, one in attributes.items()}
        sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=web.url, Attributes=given)
        token = web.documents("SubscriptionConfirmation")[0]["Token"]
        web.got.clear()
        return sns.confirm_subscription(TopicArn=topic, Token=token)["SubscriptionArn"]

    return make


def policy(**healthy):
    return {"healthyRetryPolicy": {"numRetries": 3, "minDelayTarget": 20, "maxDelayTarget": 20} | healthy}


def ends(lab, message):
    return [(one.step, one.obstacle, one.detail) for one in lab.history.deliveries() if one.message == message]


def test_row_62_nothing_but_the_question_arrives_until_its_token_has_confirmed(sns, topic, web):
    arn = sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=web.url, ReturnSubscriptionArn=True)
    sns.publish(TopicArn=topic, Message="too early")
    ((headers, body),) = web.got
    asked = json.loads(body)
    assert list(asked) == [
        "Type", "MessageId", "Token", "TopicArn", "Message", "SubscribeURL", "Timestamp", "SignatureVersion",
        "Signature", "SigningCertURL",
    ]  # fmt: skip
    assert asked["SubscribeURL"] == (
        f"https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn={topic}&Token={asked['Token']}"
    )
    assert headers["x-amz-sns-message-type"] == asked["Type"] == "SubscriptionConfirmation"
    assert headers["x-amz-sns-message-id"] == asked["MessageId"]
    assert headers["x-amz-sns-subscription-arn"] is None
    text = "".join(f"{name}\n{asked[name]}\n" for name in SIGNED)
    key = load_pem_x509_certificate(signing.certificate()).public_key()
    key.verify(base64.b64decode(asked["Signature"]), text.encode(), padding.PKCS1v15(), hashes.SHA1())
    sns.confirm_subscription(TopicArn=topic, Token=asked["Token"])
    sns.publish(TopicArn=topic, Message="order-1")
    assert [one["Message"] for one in web.documents()] == ["order-1"]
    attributes = sns.get_subscription_attributes(SubscriptionArn=arn["SubscriptionArn"])["Attributes"]
    assert (attributes["PendingConfirmation"], attributes["ConfirmationWasAuthenticated"]) == ("false", "false")


def test_row_62_headers_of_a_message(sns, topic, web, subscribe):
    arn = subscribe()
    id = sns.publish(TopicArn=topic, Message="order-1")["MessageId"]
    ((headers, body),) = web.got
    assert {name.lower(): value for name, value in headers.items()} == {
        "host": web.url.split("/")[2],
        "content-length": str(len(body)),
        "content-type": "text/plain; charset=UTF-8",
        "user-agent": "Amazon Simple Notification Service Agent",
        "accept-encoding": "gzip,deflate",
        "x-amz-sns-message-type": "Notification",
        "x-amz-sns-message-id": id,
        "x-amz-sns-topic-arn": topic,
        "x-amz-sns-subscription-arn": arn,
    }
    assert json.loads(body)["MessageId"] == id


def test_raw_delivery_sends_the_message_alone_with_the_content_type_of_its_policy(sns, topic, web, subscribe):
    subscribe(RawMessageDelivery="true", DeliveryPolicy={"requestPolicy": {"headerContentType": "text/csv"}})
    sns.publish(TopicArn=topic, Message="order-1;9.99", Subject="no")
    ((headers, body),) = web.got
    assert (body, headers["x-amz-sns-rawdelivery"], headers["Content-Type"]) == ("order-1;9.99", "true", "text/csv")


def test_a_topic_may_keep_its_policy_over_its_subscribers(sns, topic, web, subscribe):
    subscribe(DeliveryPolicy={"requestPolicy": {"headerContentType": "text/xml"}})
    of_topic = {"http": {"defaultRequestPolicy": {"headerContentType": "application/json"}}}
    for overrides, expected in ((False, "text/xml"), (True, "application/json")):
        of_topic["http"]["disableSubscriptionOverrides"] = overrides
        sns.set_topic_attributes(TopicArn=topic, AttributeName="DeliveryPolicy", AttributeValue=json.dumps(of_topic))
        sns.publish(TopicArn=topic, Message="order-1")
        assert web.got[-1][0]["Content-Type"] == expected


def test_who_unsubscribes_is_told_so_and_may_come_back(sns, topic, web, subscribe, refused):
    arn = subscribe()
    sns.unsubscribe(SubscriptionArn=arn)
    (told,) = web.documents("UnsubscribeConfirmation")
    assert web.got[0][0]["x-amz-sns-subscription-arn"] == arn
    sns.publish(TopicArn=topic, Message="lost")
    assert sns.confirm_subscription(TopicArn=topic, Token=told["Token"])["SubscriptionArn"] == arn
    sns.publish(TopicArn=topic, Message="order-1")
    assert [one["Message"] for one in web.documents()] == ["order-1"]
    assert told["Message"].startswith(f"You have chosen to deactivate subscription {arn}.\n")


def test_a_token_is_valid_for_two_days_and_subscribing_again_sends_it_once_more(lab, sns, topic, web, refused):
    given = {"TopicArn": topic, "Protocol": "http", "Endpoint": web.url}
    sns.subscribe(**given)
    (asked,) = web.documents("SubscriptionConfirmation")
    lab.clock.advance("48 h 1 s")
    assert refused(sns.confirm_subscription, TopicArn=topic, Token=asked["Token"]) == (
        "InvalidParameter",
        "Invalid parameter: Token",
    )
    sns.subscribe(**given)
    again = web.documents("SubscriptionConfirmation")[1]
    assert sns.confirm_subscription(TopicArn=topic, Token=again["Token"])["SubscriptionArn"]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_an_endpoint_that_fails_is_tried_again_and_then_gets_it(lab, sns, topic, web, subscribe, status):
    subscribe()
    web.statuses = [status, status]
    id = sns.publish(TopicArn=topic, Message="order-1")["MessageId"]
    assert len(web.got) == 1
    lab.clock.advance("1 min")
    assert [json.loads(body)["MessageId"] for _, body in web.got] == [id] * 3
    assert len({body for _, body in web.got}) == 1
    failed = (Step.RETRIED, Obstacle.UNAVAILABLE, str(status))
    assert ends(lab, id) == [(Step.PUBLISHED, None, None), failed, failed, (Step.DELIVERED, None, None)]


def test_row_62_after_the_last_retry_a_message_is_a_dead_letter(lab, sns, sqs, topic, web, subscribe):
    url = sqs.create_queue(QueueName="dead")["QueueUrl"]
    subscribe(RedrivePolicy={"deadLetterTargetArn": let_sns(sqs, url, topic)}, DeliveryPolicy=policy(numRetries=2))
    web.statuses = [500] * 9
    id = sns.publish(TopicArn=topic, Message="order-1")["MessageId"]
    lab.clock.advance("30 min")
    assert len(web.got) == 3
    assert ends(lab, id)[-1] == (Step.DEAD_LETTERED, Obstacle.UNAVAILABLE, "500")
    (dead,) = sqs.receive_message(QueueUrl=url)["Messages"]
    assert json.loads(dead["Body"])["MessageId"] == id


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_client_error_is_not_tried_again(lab, sns, topic, web, subscribe, status):
    subscribe()
    web.statuses = [status]
    id = sns.publish(TopicArn=topic, Message="order-1")["MessageId"]
    lab.clock.advance("1 h")
    assert len(web.got) == 1
    assert ends(lab, id)[-1] == (Step.DISCARDED, Obstacle.REFUSED, str(status))


def test_the_pauses_are_those_of_the_policy(lab, sns, topic, web, subscribe):
    subscribe(DeliveryPolicy=policy(numRetries=4, numNoDelayRetries=1, numMinDelayRetries=1, numMaxDelayRetries=1,
                                    minDelayTarget=10, maxDelayTarget=100))  # fmt: skip
    web.statuses = [500] * 5
    sns.publish(TopicArn=topic, Message="order-1")
    lab.clock.advance("10 min")
    tried = [one.at for one in lab.history.deliveries() if one.step in (Step.RETRIED, Step.DISCARDED)]
    pauses = [(later - before) / 1_000_000 for before, later in pairwise(tried)]
    assert pauses == [pytest.approx(expected, rel=0.1, abs=0.001) for expected in (0, 10, 100, 100)]


def test_no_answer_in_time_is_a_failure_whose_seconds_pass(lab, sns, topic, web, subscribe, monkeypatch):
    import threading

    subscribe()
    monkeypatch.setattr(to_http, "TIMEOUT", 0.05)
    over = threading.Event()
    web.before = lambda arrived: over.wait(60)
    id = sns.publish(TopicArn=topic, Message="order-1")["MessageId"]
    over.set()
    (_, failed) = [one for one in lab.history.deliveries() if one.message == id]
    assert (failed.step, failed.obstacle) == (Step.RETRIED, Obstacle.TIMED_OUT)
    assert failed.until - failed.at > 50_000 + 18_000_000


def test_an_endpoint_that_is_away_is_tried_again_and_another_machine_never_reached(lab, sns, topic):
    with receiving() as web:
        sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=web.url)
        sns.confirm_subscription(TopicArn=topic, Token=web.documents("SubscriptionConfirmation")[0]["Token"])
    id = sns.publish(TopicArn=topic, Message="order-1")["MessageId"]
    lab.clock.advance("5 min")
    assert [one[:2] for one in ends(lab, id)[1:]] == [(Step.RETRIED, Obstacle.UNREACHABLE)] * 3 + [
        (Step.DISCARDED, Obstacle.UNREACHABLE)
    ]
    sns.subscribe(TopicArn=topic, Protocol="https", Endpoint="https://shop.example.com/orders")
    elsewhere = lab.history.deliveries()[-1]
    assert (elsewhere.step, elsewhere.obstacle) == (Step.RETRIED, Obstacle.ELSEWHERE)
    assert "shop.example.com" in elsewhere.why


def test_where_nobody_listens_nobody_can_be_subscribed(sns, topic, refused):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/"
        answer = refused(sns.subscribe, TopicArn=topic, Protocol="http", Endpoint=address)
    assert answer == ("InvalidParameter", "Invalid parameter: Unreachable Endpoint")
    assert sns.list_subscriptions()["Subscriptions"] == []


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(lab, sns, topic, tmp_path):
    tls = self_signed(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), tmp_path)
    with receiving(tls) as web:
        sns.subscribe(TopicArn=topic, Protocol="https", Endpoint=web.url.replace("http:", "https:"))
        assert lab.history.deliveries()[-1].obstacle is Obstacle.NOT_TRUSTED
        assert web.got == []


def test_a_handler_that_calls_the_lab_gets_an_error_and_blocks_nobody(lab, sns, topic, web, subscribe):
    """The lab's own thread waits for the answer, and a lab's clients work in that thread alone."""
    subscribe()
    web.before = lambda arrived: sns.list_topics()
    id = sns.publish(TopicArn=topic, Message="order-1")["MessageId"]
    assert isinstance(web.failure, LabError)
    assert ends(lab, id)[-1] == (Step.RETRIED, Obstacle.UNAVAILABLE, "500")


def test_the_time_of_an_endpoint_is_not_that_of_the_actor_who_publishes(lab, sns, topic, web, subscribe):
    """An actor that keeps the processor for five real seconds is stopped; one that waits for an endpoint is not."""
    subscribe()
    arrived, counted = [], []
    web.before = lambda _: arrived.append(perf_counter())

    def publish():
        sns.publish(TopicArn=topic, Message="order-1")
        counted.append(Watch._since)

    lab.start(publish)
    lab.run()
    assert counted > arrived


def test_no_subscriber_waits_for_another(sns, topic, web, subscribe, queues):
    subscribe()
    queues.subscribe(topic, "payments", RawMessageDelivery="true")
    web.statuses = [500]
    sns.publish(TopicArn=topic, Message="order-1")
    assert queues.bodies("payments") == ["order-1"]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"minDelayTarget": 0}, "minDelayTarget must be greater than or equal to 1"),
        ({"minDelayTarget": 30}, "maxDelayTarget must be greater than or equal to minDelayTarget"),
        ({"maxDelayTarget": 3601}, "maxDelayTarget must be less than or equal to 3600"),
        ({"numRetries": 101}, "numRetries must be less than or equal to 100"),
        ({"numRetries": None}, "numRetries must be specified"),
        ({"numRetries": 100, "maxDelayTarget": 600}, "numRetries: the retries must not take more than 3600 seconds"),
        ({"numNoDelayRetries": 4}, "numRetries must be greater than or equal to the sum of"),
        ({"backoffFunction": "cubic"}, "backoffFunction must be one of"),
        ({"numMinDelayRetries": "1"}, "numMinDelayRetries must be greater than or equal to 0"),
    ],
)
def test_a_delivery_policy_beyond_the_limits_is_refused(sns, topic, refused, web, changed, reason):
    wrong = policy(**changed)
    code, message = refused(sns.subscribe, TopicArn=topic, Protocol="http", Endpoint=web.url,
                            Attributes={"DeliveryPolicy": json.dumps(wrong)})  # fmt: skip
    assert code == "InvalidParameter"
    assert f"Attributes Reason: DeliveryPolicy: healthyRetryPolicy.{reason}" in message
    of_topic = json.dumps({"http": {"defaultHealthyRetryPolicy": wrong["healthyRetryPolicy"]}})
    given = {"TopicArn": topic, "AttributeName": "DeliveryPolicy", "AttributeValue": of_topic}
    assert f"DeliveryPolicy: http.defaultHealthyRetryPolicy.{reason}" in refused(sns.set_topic_attributes, **given)[1]


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "null", "7", "[]", '{"http": 7}', '{"http": {"defaultRequestPolicy": 1}}']
)
def test_what_is_no_delivery_policy_is_refused(sns, topic, refused, text):
    given = {"TopicArn": topic, "AttributeName": "DeliveryPolicy", "AttributeValue": text}
    code, message = refused(sns.set_topic_attributes, **given)
    assert code == "InvalidParameter"
    assert "DeliveryPolicy: " in message


def test_the_effective_policy_is_the_subscriptions_over_the_topics(sns, topic, subscribe):
    """Recorded: localstack's tests, 2024-10-03."""
    arn = subscribe(DeliveryPolicy=policy(numRetries=0, minDelayTarget=1, maxDelayTarget=1))
    of_topic = {"http": {"defaultRequestPolicy": {"headerContentType": "application/json"}}}
    sns.set_topic_attributes(TopicArn=topic, AttributeName="DeliveryPolicy", AttributeValue=json.dumps(of_topic))
    given = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert json.loads(given["EffectiveDeliveryPolicy"]) == {
        "healthyRetryPolicy": {
            "numRetries": 0, "minDelayTarget": 1, "maxDelayTarget": 1, "numNoDelayRetries": 0, "numMinDelayRetries": 0,
            "numMaxDelayRetries": 0, "backoffFunction": "linear",
        },
        "sicklyRetryPolicy": None,
        "throttlePolicy": None,
        "requestPolicy": {"headerContentType": "application/json"},
        "guaranteed": False,
    }  # fmt: skip


@pytest.mark.parametrize("of_topic", [True, False])
def test_a_server_that_wants_no_more_than_two_a_second_gets_two(lab, sns, topic, web, subscribe, of_topic):
    """maxReceivesPerSecond, of the topic or of the subscription; retries take their turn as well."""
    pace = {"maxReceivesPerSecond": 2}
    if of_topic:
        value = json.dumps({"http": {"defaultThrottlePolicy": pace}})
        sns.set_topic_attributes(TopicArn=topic, AttributeName="DeliveryPolicy", AttributeValue=value)
    subscribe(**({} if of_topic else {"DeliveryPolicy": {"throttlePolicy": pace}}))
    web.statuses = [500]
    for number in range(5):
        sns.publish(TopicArn=topic, Message=f"order-{number}")
    assert len(web.documents()) == 1
    began = lab.scheduler.now
    lab.clock.advance("1 min")
    steps = [one for one in lab.history.deliveries() if one.was_published and one.step is Step.DELIVERED]
    arrived = [(one.at - began) / 1e6 for one in steps]
    assert arrived[:4] == [0.5, 1.0, 1.5, 2.0]
    assert 18 < arrived[4] < 22  # the first, again


@pytest.mark.parametrize("most", [0, -1, "2", 1.5, True])
def test_a_pace_below_one_is_refused(sns, topic, refused, most):
    value = json.dumps({"http": {"defaultThrottlePolicy": {"maxReceivesPerSecond": most}}})
    given = {"TopicArn": topic, "AttributeName": "DeliveryPolicy", "AttributeValue": value}
    code, text = refused(sns.set_topic_attributes, **given)
    assert (code, "defaultThrottlePolicy.maxReceivesPerSecond" in text) == ("InvalidParameter", True)
