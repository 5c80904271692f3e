"""In `labkit serve` the links in SNS's messages are the server's own: a subscriber confirms itself by opening one."""

import re
import threading
from contextlib import contextmanager
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from labkit.aws.served.lab import ServedLab
from labkit.aws.served.server import Server
from labkit.aws.sns import signing
from labkit.causes import Obstacle, Step
from tests.aws.sns.receiver import receiving
from tests.patience import ended, wait_until


@contextmanager
def serving(**options):
    """A served lab in this process, on a free port."""
    with ServedLab(**options) as lab:
        server = Server(lab, 0)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        try:
            yield lab, server
        finally:
            server.stop()
            assert ended(thread)


def call(server, action, region="us-east-1", **parameters):
    """An SNS call in the query protocol, as any program may send it."""
    from urllib.parse import urlencode
    from urllib.request import Request

    headers = {"Authorization": f"AWS4-HMAC-SHA256 Credential=test/20260101/{region}/sns/aws4_request"}
    body = urlencode({"Action": action, "Version": "2010-03-31"} | parameters).encode()
    with urlopen(Request(server.url, body, headers)) as answer:
        return answer.read().decode()


def between(text, tag):
    return text.partition(f"<{tag}>")[2].partition("<")[0]


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1"])
def test_an_endpoint_confirms_itself_before_it_answers(region):
    """Its answer is not waited for by anybody: the lab goes on, and hears the endpoint's own request meanwhile."""
    with serving() as (_, server), receiving() as web:
        opened = []

        def open_link(arrived):
            if arrived[0]["x-amz-sns-message-type"] == "SubscriptionConfirmation":
                with urlopen(web.documents("SubscriptionConfirmation")[-1]["SubscribeURL"]) as answer:
                    opened.append(answer.read().decode())

        web.before = open_link
        topic = between(call(server, "CreateTopic", region, Name="orders"), "TopicArn")
        call(server, "Subscribe", region, TopicArn=topic, Protocol="http", Endpoint=web.url)
        wait_until(lambda: opened, "the endpoint's own confirmation")
        assert between(opened[0], "SubscriptionArn").startswith(f"{topic}:")
        id = between(call(server, "Publish", region, TopicArn=topic, Message="order-1"), "MessageId")
        wait_until(lambda: web.documents(), "the message")
        (document,) = web.documents()
        assert document["MessageId"] == id
        with urlopen(document["SigningCertURL"]) as answer:
            assert answer.read() == signing.certificate()
        with urlopen(document["UnsubscribeURL"]) as answer:
            assert answer.status == 200
        wait_until(lambda: web.documents("UnsubscribeConfirmation"), "the last word")
        assert "<member>" not in call(server, "ListSubscriptions", region)


def test_a_retry_comes_by_itself_and_no_publisher_waits_for_an_endpoint():
    with serving(speed=200) as (lab, server), receiving() as web:
        topic = between(call(server, "CreateTopic", Name="orders"), "TopicArn")
        call(server, "Subscribe", TopicArn=topic, Protocol="http", Endpoint=web.url)
        wait_until(lambda: web.documents("SubscriptionConfirmation"), "the question")
        token = web.documents("SubscriptionConfirmation")[0]["Token"]
        call(server, "ConfirmSubscription", TopicArn=topic, Token=token)
        published = threading.Event()
        web.before, web.statuses = lambda arrived: published.wait(60), [503]
        call(server, "Publish", TopicArn=topic, Message="order-1")
        published.set()
        wait_until(lambda: len(web.documents()) == 2, "the retry")
        steps = lambda: [(one.step, one.obstacle) for one in lab.history.deliveries() if one.body == "order-1"]  # noqa: E731
        expected = [(Step.PUBLISHED, None), (Step.RETRIED, Obstacle.UNAVAILABLE), (Step.DELIVERED, None)]
        wait_until(lambda: steps() == expected, "the history of the retry")


def test_a_reader_confirms_by_the_link_in_the_outbox_of_the_server():
    with serving() as (_, server):
        topic = between(call(server, "CreateTopic", Name="orders"), "TopicArn")
        call(server, "Subscribe", TopicArn=topic, Protocol="email", Endpoint="ann@example.com")
        with urlopen(f"{server.url}/labkit/outbox") as answer:
            link = re.search(r"http\S+Token=\S+", answer.read().decode())[0]
        with urlopen(link) as answer:
            assert between(answer.read().decode(), "SubscriptionArn").startswith(f"{topic}:")


def test_who_has_asked_for_it_is_no_longer_unsubscribed_by_a_link():
    with serving() as (_, server), receiving() as web:
        topic = between(call(server, "CreateTopic", Name="orders"), "TopicArn")
        call(server, "Subscribe", TopicArn=topic, Protocol="http", Endpoint=web.url)
        wait_until(lambda: web.documents("SubscriptionConfirmation"), "the question")
        token = web.documents("SubscriptionConfirmation")[0]["Token"]
        call(server, "ConfirmSubscription", TopicArn=topic, Token=token, AuthenticateOnUnsubscribe="true")
        call(server, "Publish", TopicArn=topic, Message="order-1")
        wait_until(web.documents, "the message")
        link = web.documents()[0]["UnsubscribeURL"]
        with pytest.raises(HTTPError) as refused:
            urlopen(link)
        with refused.value as answer:
            assert "AuthorizationError" in answer.read().decode()
        call(server, "Unsubscribe", SubscriptionArn=link.rpartition("=")[2])
        assert "<member>" not in call(server, "ListSubscriptions")


def test_a_link_with_another_token_is_refused():
    with serving() as (_, server):
        topic = between(call(server, "CreateTopic", Name="orders"), "TopicArn")
        with pytest.raises(HTTPError) as refused:
            urlopen(f"{server.url}/?Action=ConfirmSubscription&TopicArn={topic}&Token=ab12")
        assert refused.value.code == 400
        with refused.value as answer:
            assert "Invalid parameter: Token" in answer.read().decode()
        with pytest.raises(HTTPError) as missing:
            urlopen(f"{server.url}/SimpleNotificationService-none.pem")
        with missing.value as answer:
            assert answer.code == 404
