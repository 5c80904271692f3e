"""Archives of FIFO topics and replays from them (row 69), as AWS's two pages describe them."""

import json

import pytest

from labkit import Lab
from labkit.aws.sns import delivering
from labkit.aws.sns.outcomes import Failed
from labkit.causes import Obstacle, Step
from labkit.rules.topics.archive import DAY, Archive

TOPIC = {"FifoTopic": "true", "ContentBasedDeduplication": "true", "ArchivePolicy": '{"MessageRetentionPeriod": "7"}'}
RAW = {"RawMessageDelivery": "true"}


@pytest.fixture
def fifo(sns):
    return sns.create_topic(Name="orders.fifo", Attributes=TOPIC)["TopicArn"]


@pytest.fixture
def told(lab):
    """The present time as a replay policy has it."""
    return lambda: lab.clock.now().strftime("%Y-%m-%dT%H:%M:%S.000Z")


def publish(sns, topic, *messages, group="Ann"):
    return [sns.publish(TopicArn=topic, Message=one, MessageGroupId=group)["MessageId"] for one in messages]


def policy(start, end=None):
    return {"PointType": "Timestamp", "StartingPoint": start} | ({"EndingPoint": end} if end else {})


def replay(sns, subscription, *points):
    value = json.dumps(policy(*points))
    sns.set_subscription_attributes(SubscriptionArn=subscription, AttributeName="ReplayPolicy", AttributeValue=value)


def status(sns, subscription):
    return sns.get_subscription_attributes(SubscriptionArn=subscription)["Attributes"].get("ReplayStatus")


def take(queues, name):
    """Everything in a queue, deleted as it comes."""
    url, found = queues.sqs.get_queue_url(QueueName=name)["QueueUrl"], []
    while messages := queues.messages(name):
        found += [one["Body"] for one in messages]
        for one in messages:
            queues.sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
    return found


def attributes(sns, topic):
    return sns.get_topic_attributes(TopicArn=topic)["Attributes"]


def set_archive(sns, topic, value):
    sns.set_topic_attributes(TopicArn=topic, AttributeName="ArchivePolicy", AttributeValue=value)


def test_row_69_who_subscribes_today_reads_what_was_published_last_week_and_goes_on(lab, sns, queues, fifo, told):
    start = told()
    lab.clock.advance("1 min")
    first = publish(sns, fifo, "order-1", "order-2")
    lab.clock.advance("3 d")
    arn = queues.subscribe(fifo, "audit.fifo", queue={"FifoQueue": "true"}, ReplayPolicy=policy(start))
    assert status(sns, arn) == "Pending"
    publish(sns, fifo, "order-3")  # while it is pending: it comes with the replay, after the older ones
    assert queues.messages("audit.fifo") == []
    lab.clock.advance("1 min")
    assert status(sns, arn) == "Completed"
    publish(sns, fifo, "order-4")
    documents = [json.loads(body) for body in take(queues, "audit.fifo")]
    assert [one["Message"] for one in documents] == ["order-1", "order-2", "order-3", "order-4"]
    assert [one["MessageId"] for one in documents[:2]] == first
    assert documents[0]["Timestamp"] == "2026-01-01T00:01:00.000Z"
    assert [one.get("Replayed") for one in documents] == ["true", "true", "true", None]


def test_a_replay_with_an_end_pauses_the_subscription_until_another_without_one(lab, sns, queues, fifo, told):
    arn = queues.subscribe(fifo, "audit.fifo", queue={"FifoQueue": "true"}, **RAW)
    start = told()
    publish(sns, fifo, "order-1")
    lab.clock.advance("1 h")
    end = told()
    publish(sns, fifo, "order-2")  # at the end itself: not before it
    assert take(queues, "audit.fifo") == ["order-1", "order-2"]
    lab.clock.advance("1 h")
    replay(sns, arn, start, end)
    lab.clock.advance("1 min")
    publish(sns, fifo, "order-3")
    assert (take(queues, "audit.fifo"), status(sns, arn)) == (["order-1"], "Completed")
    assert lab.history.deliveries()[-1].step is Step.PAUSED
    replay(sns, arn, end)
    lab.clock.advance("10 min")
    publish(sns, fifo, "order-4")
    assert take(queues, "audit.fifo") == ["order-2", "order-3", "order-4"]


def test_only_what_the_filter_policy_lets_pass_is_replayed(lab, sns, queues, fifo, told):
    start = told()
    publish(sns, fifo, '{"store": "book"}', '{"store": "tea"}')
    lab.clock.advance("1 h")
    wishes = {"FilterPolicy": {"store": ["tea"]}, "FilterPolicyScope": "MessageBody"}
    queues.subscribe(fifo, "tea", ReplayPolicy=policy(start), RawMessageDelivery="true", **wishes)
    lab.clock.advance("1 min")
    assert take(queues, "tea") == ['{"store": "tea"}']
    assert [one.step for one in lab.history.deliveries()][-2:] == [Step.FILTERED, Step.REPLAYED]


def test_a_queue_that_has_just_had_a_message_takes_its_repetition_for_a_duplicate(lab, sns, queues, fifo, told):
    """Nothing special: a replayed message has the deduplication id of the first, and a FIFO queue has five minutes."""
    arn, start = queues.subscribe(fifo, "audit.fifo", queue={"FifoQueue": "true"}, **RAW), told()
    publish(sns, fifo, "order-1")
    replay(sns, arn, start)
    lab.clock.advance("1 min")
    assert take(queues, "audit.fifo") == ["order-1"]
    lab.clock.advance("5 min")
    replay(sns, arn, start)
    lab.clock.advance("1 min")
    assert take(queues, "audit.fifo") == ["order-1"]


def test_what_the_retention_has_let_go_no_longer_one_brings_back(lab, sns, queues, fifo, told):
    publish(sns, fifo, "order-1")
    lab.clock.advance("5 d")
    publish(sns, fifo, "order-2")
    set_archive(sns, fifo, '{"MessageRetentionPeriod": 2}')
    set_archive(sns, fifo, '{"MessageRetentionPeriod": "30"}')
    beginning = attributes(sns, fifo)["BeginningArchiveTime"]
    assert beginning == "2026-01-04T00:00:00.000Z"
    queues.subscribe(fifo, "audit", ReplayPolicy=policy(beginning), **RAW)
    lab.clock.advance("1 min")
    assert take(queues, "audit") == ["order-2"]


def test_the_archive_begins_with_its_policy_and_then_moves_along(lab, sns, fifo):
    assert attributes(sns, fifo)["BeginningArchiveTime"] == "2026-01-01T00:00:00.000Z"
    lab.clock.advance("8 d")
    assert attributes(sns, fifo)["BeginningArchiveTime"] == "2026-01-02T00:00:00.000Z"


def test_a_topic_with_an_archive_is_not_deleted_and_ending_it_clears_it(lab, sns, queues, fifo, told, refused):
    start = told()
    publish(sns, fifo, "order-1")
    cannot = ("InvalidState", "Invalid state: Cannot delete a topic with an ArchivePolicy")
    assert refused(sns.delete_topic, TopicArn=fifo) == cannot
    set_archive(sns, fifo, "{}")
    assert not {"ArchivePolicy", "BeginningArchiveTime"} & set(attributes(sns, fifo))
    set_archive(sns, fifo, TOPIC["ArchivePolicy"])
    queues.subscribe(fifo, "audit", ReplayPolicy=policy(start), **RAW)
    lab.clock.advance("1 h")
    assert take(queues, "audit") == []
    set_archive(sns, fifo, "{}")
    sns.delete_topic(TopicArn=fifo)


def test_a_replay_that_is_pending_when_the_archive_ends_brings_nothing_and_loses_nothing_new(
    lab, sns, queues, fifo, told
):
    start = told()
    publish(sns, fifo, "order-1")
    arn = queues.subscribe(fifo, "audit", ReplayPolicy=policy(start), **RAW)
    set_archive(sns, fifo, "{}")
    publish(sns, fifo, "order-2")
    lab.clock.advance("1 min")
    assert (take(queues, "audit"), status(sns, arn)) == (["order-2"], "Completed")


def test_a_newer_replay_takes_the_place_of_one_that_is_pending(lab, sns, queues, fifo, told):
    start = told()
    publish(sns, fifo, "order-1")
    lab.clock.advance("1 h")
    arn = queues.subscribe(fifo, "audit", ReplayPolicy=policy(start), **RAW)
    replay(sns, arn, told())
    lab.clock.advance("1 min")
    assert take(queues, "audit") == []
    sns.set_subscription_attributes(SubscriptionArn=arn, AttributeName="ReplayPolicy", AttributeValue="{}")
    assert status(sns, arn) is None


def test_a_replay_is_in_progress_while_a_message_of_it_is_tried_again(lab, sns, queues, fifo, told, monkeypatch):
    start = told()
    publish(sns, fifo, "order-1")
    arn = queues.subscribe(fifo, "audit.fifo", queue={"FifoQueue": "true"}, ReplayPolicy=policy(start), **RAW)
    deliver, policy_of = delivering.ENDPOINTS["sqs"]
    failed = iter([Failed(Obstacle.UNAVAILABLE, "500")] * 4)
    monkeypatch.setitem(delivering.ENDPOINTS, "sqs", (lambda *given: next(failed, None) or deliver(*given), policy_of))
    lab.clock.advance("1.5 s")
    assert status(sns, arn) == "In progress"
    publish(sns, fifo, "order-2")  # waits behind it: they are of one group
    lab.clock.advance("1 min")
    assert (status(sns, arn), take(queues, "audit.fifo")) == ("Completed", ["order-1", "order-2"])


def test_a_subscription_that_has_ended_gets_nothing_and_one_whose_queue_is_gone_discards(
    lab, sns, sqs, queues, fifo, told
):
    start = told()
    publish(sns, fifo, "order-1")
    gone = queues.subscribe(fifo, "gone", ReplayPolicy=policy(start), **RAW)
    left = queues.subscribe(fifo, "left", ReplayPolicy=policy(start), **RAW)
    sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName="gone")["QueueUrl"])
    sns.unsubscribe(SubscriptionArn=left)
    lab.clock.advance("1 min")
    assert status(sns, gone) == "Completed"
    assert [one.step for one in lab.history.deliveries() if one.endpoint] == [Step.DISCARDED]


@pytest.mark.parametrize("value", ["", "no JSON", "[]", "{}x", '{"Days": 1}', *(
    json.dumps({"MessageRetentionPeriod": days}) for days in (0, 366, "0", "1.5", 1.5, None, True, "-1")
)])  # fmt: skip
def test_archive_policies_that_are_refused(sns, fifo, refused, value):
    code, text = refused(sns.set_topic_attributes, TopicArn=fifo, AttributeName="ArchivePolicy", AttributeValue=value)
    assert (code, "ArchivePolicy" in text) == ("InvalidParameter", True)
    assert json.loads(attributes(sns, fifo)["ArchivePolicy"]) == {"MessageRetentionPeriod": "7"}


NOW, EARLY, LATE = "2026-01-01T00:00:00.000Z", "2025-12-31T00:00:00.000Z", "2026-01-02T00:00:00.000Z"
REFUSED = {
    "no JSON": "x",
    "no object": "[]",
    "no type": json.dumps({"StartingPoint": NOW}),
    "another type": json.dumps(policy(NOW) | {"PointType": "Sequence"}),
    "no start": json.dumps({"PointType": "Timestamp"}),
    "a start before the archive": json.dumps(policy(EARLY)),
    "a start to come": json.dumps(policy(LATE)),
    "a start that is no text": json.dumps(policy(1)),
    "a start without a zone": json.dumps(policy("2026-01-01T00:00:00")),
    "an end before the start": json.dumps(policy(NOW) | {"EndingPoint": EARLY}),
    "no time as end": json.dumps(policy(NOW) | {"EndingPoint": "soon"}),
}


@pytest.mark.parametrize("value", REFUSED.values(), ids=REFUSED)
def test_replay_policies_that_are_refused(sns, queues, fifo, refused, value):
    arn = queues.subscribe(fifo, "audit")
    given = {"SubscriptionArn": arn, "AttributeName": "ReplayPolicy", "AttributeValue": value}
    code, text = refused(sns.set_subscription_attributes, **given)
    assert (code, text.startswith("Invalid parameter: ReplayPolicy: ")) == ("InvalidParameter", True)
    assert status(sns, arn) is None


def test_only_archives_are_replayed_and_only_fifo_topics_have_one(sns, queues, topic, refused):
    fifo = sns.create_topic(Name="plain.fifo", Attributes={"FifoTopic": "true"})["TopicArn"]
    for one in (topic, fifo):
        arn = queues.subscribe(one, "audit")
        given = {"SubscriptionArn": arn, "AttributeName": "ReplayPolicy", "AttributeValue": json.dumps(policy(NOW))}
        assert refused(sns.set_subscription_attributes, **given)[0] == "InvalidParameter"
    given = {"AttributeName": "ArchivePolicy", "AttributeValue": TOPIC["ArchivePolicy"]}
    assert refused(sns.set_topic_attributes, TopicArn=topic, **given)[0] == "InvalidParameter"


def test_an_archive_costs_a_publish_nothing_that_grows():
    """Letting go is amortised: a thousand messages that expire one by one are cut in halves."""
    archive = Archive(0)
    for day in range(1_000):
        archive.keep(day * DAY * 1_000_000, 7, day)
    assert archive.between(0, None, 999 * DAY * 1_000_000, 7) == list(range(992, 1_000))
    assert len(archive._kept._things) <= 2 * 8 + 1


def test_the_same_seed_replays_the_same_bytes():
    def played():
        with Lab(seed=3) as lab:
            sns, sqs = lab.client("sns"), lab.client("sqs")
            topic = sns.create_topic(Name="orders.fifo", Attributes=TOPIC)["TopicArn"]
            publish(sns, topic, "order-1")
            url = sqs.create_queue(QueueName="audit")["QueueUrl"]
            arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
            given = {"ReplayPolicy": json.dumps(policy(NOW))}
            sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=given)
            lab.clock.advance("1 min")
            return str(lab.table())

    assert played() == played()
