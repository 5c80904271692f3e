"""CloudWatch's metrics of topics: each fate of a message counts where AWS's page counts it."""

from datetime import UTC, datetime

import pytest

from tests.aws.letting import let_sns
from tests.aws.sns.receiver import receiving

ARCHIVED = {
    "FifoTopic": "true",
    "ContentBasedDeduplication": "true",
    "ArchivePolicy": '{"MessageRetentionPeriod": "1"}',
}


@pytest.fixture
def sums(lab):
    """The sums of all metrics of a topic in the first hours; those without a data point are left out."""
    cloudwatch = lab.client("cloudwatch")

    def sums(topic):
        found = {}
        for metric in cloudwatch.list_metrics(Namespace="AWS/SNS")["Metrics"]:
            if metric["Dimensions"] != [{"Name": "TopicName", "Value": topic}]:
                continue
            points = cloudwatch.get_metric_statistics(
                Namespace="AWS/SNS", MetricName=metric["MetricName"], Dimensions=metric["Dimensions"],
                StartTime=datetime(2026, 1, 1, tzinfo=UTC), EndTime=datetime(2026, 1, 3, tzinfo=UTC),
                Period=172_800, Statistics=["Sum"],
            )["Datapoints"]  # fmt: skip
            found[metric["MetricName"].removeprefix("NumberOfNotifications")] = points[0]["Sum"]
        return found

    return sums


def test_what_is_published_delivered_failed_and_moved_is_counted(lab, sns, sqs, queues, topic, sums):
    """Three messages; one queue takes them, one is shut and has dead letters, one is shut, one has lost its letters."""
    dead = let_sns(sqs, sqs.create_queue(QueueName="dead")["QueueUrl"], topic)
    queues.subscribe(topic, "orders")
    queues.subscribe(topic, "shut", lets=False, RedrivePolicy={"deadLetterTargetArn": dead})
    queues.subscribe(topic, "mail", lets=False)
    queues.subscribe(topic, "lost", lets=False, RedrivePolicy={"deadLetterTargetArn": dead.replace("dead", "gone")})
    for number in range(3):
        sns.publish(TopicArn=topic, Message=f"order-{number}", MessageAttributes={
            "store": {"DataType": "String", "StringValue": "book"}
        })  # fmt: skip
    lab.clock.advance("59 s")
    assert sums("orders") == {}  # a minute counts when it is over
    lab.clock.advance("1 s")
    assert sums("orders") == {
        "NumberOfMessagesPublished": 3, "PublishSize": 3 * (7 + 5 + 6 + 4), "Delivered": 3, "Failed": 9,
        "RedrivenToDlq": 3, "FailedToRedriveToDlq": 3,
    }  # fmt: skip


BOOK = {"store": {"DataType": "String", "StringValue": "book"}}
BROKEN = {"store": {"DataType": "String.Array", "StringValue": "[book"}}
FILTERED = {
    "other attributes": ({}, {"Message": "x", "MessageAttributes": BOOK}, "MessageAttributes"),
    "no attributes": ({}, {"Message": "x"}, "NoMessageAttributes"),
    "a broken array": ({}, {"Message": "x", "MessageAttributes": BROKEN}, "InvalidAttributes"),
    "another body": ({"FilterPolicyScope": "MessageBody"}, {"Message": '{"store": "book"}'}, "MessageBody"),
    "no document": ({"FilterPolicyScope": "MessageBody"}, {"Message": "tea"}, "InvalidMessageBody"),
}


@pytest.mark.parametrize(("more", "message", "counted"), FILTERED.values(), ids=FILTERED)
def test_what_is_filtered_out_is_counted_by_what_it_lacked(lab, sns, queues, topic, sums, more, message, counted):
    queues.subscribe(topic, "tea", FilterPolicy={"store": ["tea"]}, **more)
    sns.publish(TopicArn=topic, **message)
    lab.clock.advance("1 min")
    found = sums("orders")
    assert {name for name in found if "Filtered" in name} == {"FilteredOut", f"FilteredOut-{counted}"}
    assert "Failed" not in found


def test_a_web_server_counts_each_failed_try(lab, sns, topic, sums):
    """The first try and one of three retries fail. What SNS asks the server before is no message of the topic."""
    with receiving() as web:
        sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=web.url)
        lab.clock.advance("1 min")
        assert sums("orders") == {}
        token = web.documents("SubscriptionConfirmation")[0]["Token"]
        sns.confirm_subscription(TopicArn=topic, Token=token)
        web.statuses = [500, 500]
        sns.publish(TopicArn=topic, Message="order-1")
        lab.clock.advance("10 min")
    assert (sums("orders")["Failed"], sums("orders")["Delivered"]) == (2, 1)


def test_what_an_archive_brings_is_counted_apart(lab, sns, queues, sums):
    fifo = sns.create_topic(Name="orders.fifo", Attributes=ARCHIVED)["TopicArn"]
    sns.publish(TopicArn=fifo, Message="order-1", MessageGroupId="Ann")
    replay = {"PointType": "Timestamp", "StartingPoint": "2026-01-01T00:00:00.000Z"}
    queues.subscribe(fifo, "audit", ReplayPolicy=replay)
    queues.subscribe(fifo, "shut", lets=False, ReplayPolicy=replay)
    lab.clock.advance("2 min")
    found = sums("orders.fifo")
    assert found == {
        "NumberOfMessagesPublished": 1, "PublishSize": 7, "NumberOfReplayedNotificationsDelivered": 1,
        "NumberOfReplayedNotificationsFailed": 1,
    }  # fmt: skip


def test_an_alarm_sees_the_messages_that_are_lost(lab, sns, queues, topic):
    """The alarm that AWS recommends: more than 0 failed notifications in a minute."""
    cloudwatch = lab.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="lost", Namespace="AWS/SNS", MetricName="NumberOfNotificationsFailed", Statistic="Sum", Period=60,
        Dimensions=[{"Name": "TopicName", "Value": "orders"}], EvaluationPeriods=1, Threshold=0,
        ComparisonOperator="GreaterThanThreshold", TreatMissingData="notBreaching",
    )  # fmt: skip
    queues.subscribe(topic, "mail", lets=False)
    lab.clock.advance("3 min")

    def state():
        return cloudwatch.describe_alarms(AlarmNames=["lost"])["MetricAlarms"][0]["StateValue"]

    assert state() == "OK"
    sns.publish(TopicArn=topic, Message="order-1")
    lab.clock.advance("2 min")
    assert state() == "ALARM"


def test_a_topic_that_is_gone_and_one_of_another_account_show_nothing(lab, sns, topic, sums):
    sns.publish(TopicArn=topic, Message="order-1")
    lab.clock.advance("1 min")
    assert sums("orders")["NumberOfMessagesPublished"] == 1
    sns.delete_topic(TopicArn=topic)
    assert sums("orders") == {}
