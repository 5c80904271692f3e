"""Alarms that evaluate: when they change, what they say, what they do, and what moto alone would have done."""

import json

import pytest
from botocore.exceptions import ClientError

from labkit import Lab
from labkit.probes.worlds import MockAlone
from tests.aws.letting import let_sns
from tests.aws.monitored import ORDERS, VISIBLE, alarm, changes, minute, put_alarm, send_many

OK, ALARM, INSUFFICIENT_DATA = "OK", "ALARM", "INSUFFICIENT_DATA"


@pytest.fixture
def cloudwatch(lab):
    return lab.client("cloudwatch")


@pytest.fixture
def inbox(lab, sqs):
    """A topic, and a function that returns what it told its queue."""
    sns = lab.client("sns")
    topic = sns.create_topic(Name="alerts")["TopicArn"]
    url = sqs.create_queue(QueueName="inbox")["QueueUrl"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=let_sns(sqs, url, topic))

    def told():
        got = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(message["Body"]) for message in got]

    return topic, told


def test_an_alarm_follows_its_queue(lab, sqs, orders, cloudwatch):
    put_alarm(cloudwatch)
    assert (alarm(cloudwatch)["StateValue"], alarm(cloudwatch)["StateReason"]) == (
        INSUFFICIENT_DATA,
        "Unchecked: Initial alarm creation",
    )
    lab.clock.advance("90 s")
    send_many(sqs, orders, 6)
    lab.clock.advance("60 s")
    sqs.purge_queue(QueueUrl=orders)
    lab.clock.advance("60 s")
    assert changes(cloudwatch) == [(1, OK), (2, ALARM), (3, OK)]


def test_in_moto_alone_the_same_alarm_never_changes():
    lab = MockAlone()
    try:
        import boto3

        session = boto3.Session("x", "x", region_name="us-east-1")
        sqs, cloudwatch = session.client("sqs"), session.client("cloudwatch")
        url = sqs.create_queue(QueueName="orders")["QueueUrl"]
        put_alarm(cloudwatch)
        send_many(sqs, url, 6)
        lab.clock.advance("3 min")
        assert alarm(cloudwatch)["StateValue"] == OK
        assert cloudwatch.list_metrics()["Metrics"] == []
    finally:
        lab.close()


def test_two_of_three_data_points_need_not_be_consecutive(lab, sqs, orders, cloudwatch):
    put_alarm(cloudwatch, EvaluationPeriods=3, DatapointsToAlarm=2, MetricName="NumberOfMessagesSent", Statistic="Sum")
    for sent in (9, 1, 9, 1, 1):
        send_many(sqs, orders, sent)
        lab.clock.advance("60 s")
    assert changes(cloudwatch) == [(2, OK), (3, ALARM), (4, OK)]
    assert alarm(cloudwatch)["StateReason"].startswith("Threshold Crossed: 2 out of the last 3 datapoints [1.0")


@pytest.mark.parametrize(
    ("treatment", "expected"),
    [("missing", INSUFFICIENT_DATA), ("ignore", ALARM), ("breaching", ALARM), ("notBreaching", OK)],
)
def test_missing_data_is_treated_as_the_alarm_says(lab, sqs, orders, cloudwatch, treatment, expected):
    put_alarm(cloudwatch, MetricName="NumberOfMessagesSent", Statistic="Sum", TreatMissingData=treatment)
    send_many(sqs, orders, 6)
    lab.clock.advance("60 s")
    assert alarm(cloudwatch)["StateValue"] == ALARM
    lab.clock.advance("10 min")
    assert alarm(cloudwatch)["StateValue"] == expected


def test_a_longer_period_slides_minute_by_minute(lab, sqs, orders, cloudwatch):
    put_alarm(
        cloudwatch, Period=300, MetricName="NumberOfMessagesSent", Statistic="Sum", TreatMissingData="notBreaching"
    )
    lab.clock.advance("2 min")
    send_many(sqs, orders, 6)
    lab.clock.advance("20 min")
    assert [at for at, state in changes(cloudwatch) if state == ALARM] == [3]


def test_an_alarm_on_metric_math(lab, sqs, orders, cloudwatch):
    stat = {
        "Metric": {"Namespace": "AWS/SQS", "MetricName": VISIBLE, "Dimensions": ORDERS},
        "Period": 60,
        "Stat": "Sum",
    }
    cloudwatch.put_metric_alarm(
        AlarmName="backlog",
        Metrics=[
            {"Id": "m1", "MetricStat": stat, "ReturnData": False},
            {"Id": "half", "Expression": "m1 / 2", "ReturnData": True},
        ],
        EvaluationPeriods=1,
        Threshold=4,
        ComparisonOperator="GreaterThanThreshold",
    )
    send_many(sqs, orders, 8)
    lab.clock.advance("60 s")
    send_many(sqs, orders, 1)
    lab.clock.advance("60 s")
    assert changes(cloudwatch) == [(1, OK), (2, ALARM)]


@pytest.mark.parametrize("returned", [(False, False), (True, True), (None, None), (True, None)])
def test_an_alarm_watches_the_one_query_that_returns_data(lab, cloudwatch, returned):
    metric = {"Namespace": "AWS/SQS", "MetricName": VISIBLE, "Dimensions": ORDERS}
    queries = [
        {"Id": "m1", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}},
        {"Id": "half", "Expression": "m1 / 2"},
    ]
    for query, value in zip(queries, returned, strict=True):
        query |= {} if value is None else {"ReturnData": value}
    given = {"EvaluationPeriods": 1, "Threshold": 4, "ComparisonOperator": "GreaterThanThreshold"}
    with pytest.raises(ClientError) as failure:
        cloudwatch.put_metric_alarm(AlarmName="backlog", Metrics=queries, **given)
    error = failure.value.response["Error"]
    words = "Exactly one element of the metrics list should return data."
    assert (error["Code"], error["Message"]) == ("ValidationError", words)
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []


def test_data_from_before_the_alarm_counts(lab, sqs, orders, cloudwatch):
    send_many(sqs, orders, 6)
    lab.clock.advance("150 s")
    put_alarm(cloudwatch, EvaluationPeriods=3)
    lab.clock.advance("30 s")
    assert changes(cloudwatch) == [(3, ALARM)]


def test_a_changed_alarm_keeps_its_state_until_it_is_evaluated(lab, sqs, orders, cloudwatch):
    put_alarm(cloudwatch)
    send_many(sqs, orders, 6)
    lab.clock.advance("60 s")
    put_alarm(cloudwatch, Threshold=10)
    assert alarm(cloudwatch)["StateValue"] == ALARM
    lab.clock.advance("60 s")
    assert alarm(cloudwatch)["StateValue"] == OK
    kinds = [item["HistorySummary"] for item in cloudwatch.describe_alarm_history()["AlarmHistoryItems"]]
    assert [kind for kind in kinds if 'Alarm "' in kind] == ['Alarm "backlog" updated', 'Alarm "backlog" created']


def test_a_topic_is_told_once_in_awss_form(lab, sqs, orders, cloudwatch, inbox):
    topic, told = inbox
    put_alarm(cloudwatch, AlarmActions=[topic], AlarmDescription="Too many orders wait.")
    send_many(sqs, orders, 6)
    lab.clock.advance("5 min")
    (envelope,) = told()
    assert envelope["Subject"] == 'ALARM: "backlog" in US East (N. Virginia)'
    message = json.loads(envelope["Message"])
    assert message["NewStateValue"] == ALARM
    assert message["OldStateValue"] == INSUFFICIENT_DATA
    assert message["StateChangeTime"] == "2026-01-01T00:01:00.000+0000"
    assert message["Trigger"]["Dimensions"] == [{"value": "orders", "name": "QueueName"}]
    assert message["NewStateReason"].endswith("was greater than the threshold (5.0).")


def test_disabled_actions_do_nothing(lab, sqs, orders, cloudwatch, inbox):
    topic, told = inbox
    put_alarm(cloudwatch, AlarmActions=[topic])
    cloudwatch.disable_alarm_actions(AlarmNames=["backlog"])
    send_many(sqs, orders, 6)
    lab.clock.advance("2 min")
    assert alarm(cloudwatch)["StateValue"] == ALARM
    assert told() == []


def test_an_action_that_does_not_exist_fails_in_the_history_only(lab, sqs, orders, cloudwatch):
    actions = ["arn:aws:sns:us-east-1:123456789012:gone", "arn:aws:autoscaling:us-east-1:123456789012:scalingPolicy:x"]
    put_alarm(cloudwatch, AlarmActions=[*actions, "arn:aws:swf:us-east-1:123456789012:action/actions/AWS_EC2.Reboot"])
    send_many(sqs, orders, 6)
    lab.clock.advance("2 min")
    done = cloudwatch.describe_alarm_history(HistoryItemType="Action")["AlarmHistoryItems"]
    assert len(done) == 3
    assert all(item["HistorySummary"].startswith("Failed to execute action") for item in done)


def test_a_set_state_acts_and_lasts_until_the_next_evaluation(lab, sqs, orders, cloudwatch, inbox):
    topic, told = inbox
    put_alarm(cloudwatch, AlarmActions=[topic])
    lab.clock.advance("90 s")
    cloudwatch.set_alarm_state(AlarmName="backlog", StateValue=ALARM, StateReason="testing")
    assert alarm(cloudwatch)["StateReason"] == "testing"
    assert len(told()) == 1
    lab.clock.advance("1 min")
    assert changes(cloudwatch) == [(1, OK), (1.5, ALARM), (2, OK)]


def test_a_deleted_alarm_is_not_evaluated(lab, sqs, orders, cloudwatch):
    put_alarm(cloudwatch)
    cloudwatch.delete_alarms(AlarmNames=["backlog"])
    lab.clock.advance("3 min")
    assert lab.scheduler.timers.next is None


def test_the_history_of_the_lab_tells_what_cloudwatch_did(lab, sqs, orders, cloudwatch):
    put_alarm(cloudwatch)
    send_many(sqs, orders, 6)
    lab.clock.advance("1 min")
    (event,) = [call for call in lab.history.calls() if call.by == "CloudWatch"]
    assert (event.resource, event.answer) == ("backlog", "INSUFFICIENT_DATA -> ALARM")


def test_a_run_without_an_end_ends_although_an_alarm_is_there(lab, sqs, orders, cloudwatch):
    put_alarm(cloudwatch)
    lab.start(lambda: sqs.send_message(QueueUrl=orders, MessageBody="order-1"))
    lab.run()
    assert lab.clock.now() < minute(1)


def test_alarms_of_two_labs_stay_apart(lab, sqs, orders, cloudwatch):
    put_alarm(cloudwatch)
    with Lab() as inner:
        inner.clock.advance("5 min")
        assert inner.client("cloudwatch").describe_alarms()["MetricAlarms"] == []
    lab.clock.advance("1 min")
    assert changes(cloudwatch) == [(1, OK)]
