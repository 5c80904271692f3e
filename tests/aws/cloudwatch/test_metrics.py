"""Metrics of queues and groups through plain boto3: what is published, and how queries answer."""

import time

import pytest
from botocore.exceptions import ClientError

from labkit import Lab
from tests.aws.monitored import ORDERS, VISIBLE, create_group, data_points, minute, send_many

SENT, RECEIVED, EMPTY = "NumberOfMessagesSent", "NumberOfMessagesReceived", "NumberOfEmptyReceives"
DELETED, SIZE, AGE = "NumberOfMessagesDeleted", "SentMessageSize", "ApproximateAgeOfOldestMessage"


@pytest.fixture
def cloudwatch(lab):
    return lab.client("cloudwatch")


def test_every_metric_of_a_queue_follows_what_happened_to_it(lab, sqs, orders, cloudwatch):
    sqs.send_message(QueueUrl=orders, MessageBody="order-1", DelaySeconds=60)
    sqs.send_message(QueueUrl=orders, MessageBody="order-22")
    lab.clock.advance("70 s")
    got = sqs.receive_message(QueueUrl=orders, MaxNumberOfMessages=10, VisibilityTimeout=300)["Messages"]
    sqs.receive_message(QueueUrl=orders)
    lab.clock.advance("5 s")
    sqs.delete_message(QueueUrl=orders, ReceiptHandle=got[0]["ReceiptHandle"])
    lab.clock.advance("2 min")
    assert data_points(cloudwatch, SENT, "Sum") == {0: 2}
    assert data_points(cloudwatch, SIZE, "Average") == {0: 7.5}
    assert data_points(cloudwatch, "ApproximateNumberOfMessagesDelayed") == {0: 1}
    assert data_points(cloudwatch, RECEIVED, "Sum") == {1: 2}
    assert data_points(cloudwatch, EMPTY, "Sum") == {1: 1}
    assert data_points(cloudwatch, DELETED, "Sum") == {1: 1}
    assert data_points(cloudwatch, "ApproximateNumberOfMessagesNotVisible") == {1: 1, 2: 1}
    assert data_points(cloudwatch) == {0: 1, 1: 0, 2: 0}
    assert data_points(cloudwatch, AGE) == {0: 60, 1: 120, 2: 180}


def test_batches_count_what_succeeded(lab, sqs, orders, cloudwatch):
    entries = [{"Id": str(n), "MessageBody": body} for n, body in enumerate(["a", "bb", "\x00"])]
    entries[1]["MessageAttributes"] = {"kind": {"DataType": "String", "StringValue": "book"}}
    assert len(sqs.send_message_batch(QueueUrl=orders, Entries=entries)["Failed"]) == 1
    got = sqs.receive_message(QueueUrl=orders, MaxNumberOfMessages=10)["Messages"]
    handles = [{"Id": str(n), "ReceiptHandle": one["ReceiptHandle"]} for n, one in enumerate(got)]
    sqs.delete_message_batch(QueueUrl=orders, Entries=[*handles, {"Id": "9", "ReceiptHandle": "nonsense"}])
    lab.clock.advance("1 min")
    assert data_points(cloudwatch, SENT, "Sum") == {0: 2}
    assert data_points(cloudwatch, SIZE, "Maximum") == {0: 2 + len("kindStringbook")}
    assert data_points(cloudwatch, DELETED, "Sum") == {0: 2}


def test_a_move_to_a_dead_letter_queue_is_no_message_sent(lab, sqs, orders, cloudwatch):
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = f'{{"deadLetterTargetArn": "{arn}", "maxReceiveCount": "1"}}'
    sqs.set_queue_attributes(QueueUrl=orders, Attributes={"RedrivePolicy": policy, "VisibilityTimeout": "0"})
    sqs.send_message(QueueUrl=orders, MessageBody="order-1")
    lab.clock.advance("90 s")
    sqs.receive_message(QueueUrl=orders)
    sqs.receive_message(QueueUrl=orders)
    lab.clock.advance("1 min")
    of_dead = {"Dimensions": [{"Name": "QueueName", "Value": "dead"}]}
    assert data_points(cloudwatch, **of_dead) == {0: 0, 1: 1}
    assert data_points(cloudwatch, SENT, "Sum", **of_dead) == {}
    assert data_points(cloudwatch, AGE, **of_dead) == {1: 30}


def test_an_inactive_queue_publishes_nothing(lab, sqs, orders, cloudwatch):
    lab.clock.advance("7 h")
    published = data_points(cloudwatch, end=420)
    assert (len(published), set(published.values()), max(published)) == (359, {0}, 358)
    sqs.get_queue_attributes(QueueUrl=orders, AttributeNames=["All"])
    lab.clock.advance("2 min")
    assert set(data_points(cloudwatch, start=410, end=430)) == {420, 421}


def test_a_longer_period_adds_up_from_the_start_of_the_query(lab, sqs, orders, cloudwatch):
    for _ in range(6):
        sqs.send_message(QueueUrl=orders, MessageBody="order")
        lab.clock.advance("1 min")
    assert data_points(cloudwatch, SENT, "Sum", start=1, period=120) == {1: 2, 3: 2, 5: 1}
    assert data_points(cloudwatch, SENT, "Sum", start=1.7, period=300) == {1: 5}
    assert data_points(cloudwatch, statistic="Average", start=0, period=180) == {0: 2, 3: 5}


def test_the_end_of_a_query_is_not_included_and_the_running_minute_neither(lab, sqs, orders, cloudwatch):
    lab.clock.advance("150 s")
    assert list(data_points(cloudwatch, end=1)) == [0]
    assert list(data_points(cloudwatch, end=60)) == [0, 1]


def test_the_unit_is_answered_and_asked_for(lab, sqs, orders, cloudwatch):
    sqs.send_message(QueueUrl=orders, MessageBody="order-1")
    lab.clock.advance("1 min")
    assert data_points(cloudwatch, SIZE, "Sum", Unit="Bytes") == {0: 7}
    assert data_points(cloudwatch, SIZE, "Sum", Unit="Seconds") == {}
    answer = cloudwatch.get_metric_statistics(
        Namespace="AWS/SQS", MetricName=SIZE, Dimensions=ORDERS, StartTime=minute(0), EndTime=minute(5), Period=60,
        Statistics=["Sum"],
    )  # fmt: skip
    assert answer["Datapoints"][0]["Unit"] == "Bytes"


@pytest.mark.parametrize("period", [7, 45, 90])
def test_a_period_that_is_no_multiple_of_a_minute_is_refused(lab, cloudwatch, period):
    with pytest.raises(ClientError, match="Period"):
        data_points(cloudwatch, period=period)


def test_the_metrics_that_have_data_are_listed(lab, sqs, orders, cloudwatch):
    assert cloudwatch.list_metrics()["Metrics"] == []
    sqs.send_message(QueueUrl=orders, MessageBody="order-1")
    lab.clock.advance("1 min")
    listed = cloudwatch.list_metrics(Namespace="AWS/SQS")["Metrics"]
    assert {one["MetricName"] for one in listed} == {SENT, SIZE, VISIBLE, AGE}
    assert all(one["Dimensions"] == ORDERS for one in listed)


def test_metric_data_divides_one_metric_by_another(lab, sqs, orders, cloudwatch):
    create_group(lab, desired=2)
    send_many(sqs, orders, 30)
    lab.clock.advance("3 min")
    workers = [{"Name": "AutoScalingGroupName", "Value": "workers"}]
    queries = [
        {"Id": "backlog", "Expression": "messages / instances", "Label": "backlog per instance"},
        _query("messages", "AWS/SQS", VISIBLE, ORDERS),
        _query("instances", "AWS/AutoScaling", "GroupInServiceInstances", workers),
    ]
    given = {"MetricDataQueries": queries, "StartTime": minute(0), "EndTime": minute(9)}
    (answer,) = cloudwatch.get_metric_data(**given)["MetricDataResults"]
    assert answer["Label"] == "backlog per instance"
    assert [(one.minute, value) for one, value in zip(answer["Timestamps"], answer["Values"], strict=True)] == [
        (2, 15),
        (1, 15),
    ]
    (answer,) = cloudwatch.get_metric_data(**given, ScanBy="TimestampAscending")["MetricDataResults"]
    assert [one.minute for one in answer["Timestamps"]] == [1, 2]


def _query(id, namespace, name, dimensions):
    metric = {"Namespace": namespace, "MetricName": name, "Dimensions": dimensions}
    return {"Id": id, "MetricStat": {"Metric": metric, "Stat": "Sum", "Period": 60}, "ReturnData": False}


def test_custom_metrics_answer_by_all_their_dimensions(lab, cloudwatch):
    for minutes, size in ((0, "small"), (1, "large")):
        for value in (1, 5):
            cloudwatch.put_metric_data(
                Namespace="Shop",
                MetricData=[
                    {
                        "MetricName": "Orders",
                        "Value": value,
                        "Timestamp": minute(minutes),
                        "Dimensions": [{"Name": "Size", "Value": size}],
                    }
                ],
            )
    small = {"Namespace": "Shop", "Dimensions": [{"Name": "Size", "Value": "small"}]}
    assert data_points(cloudwatch, "Orders", "Average", **small) == {0: 3}
    assert data_points(cloudwatch, "Orders", "SampleCount", **small) == {0: 2}
    assert data_points(cloudwatch, "Orders", "Sum", **(small | {"Dimensions": []})) == {}


def test_the_metrics_of_a_group_show_its_launches_by_minute(lab, cloudwatch):
    autoscaling = create_group(lab, desired=1)
    lab.clock.advance("150 s")
    autoscaling.set_desired_capacity(AutoScalingGroupName="workers", DesiredCapacity=3)
    lab.clock.advance("150 s")
    of = {"Namespace": "AWS/AutoScaling", "Dimensions": [{"Name": "AutoScalingGroupName", "Value": "workers"}]}
    assert data_points(cloudwatch, "GroupInServiceInstances", **of) == {0: 0, 1: 1, 2: 1, 3: 3, 4: 3}
    assert data_points(cloudwatch, "GroupPendingInstances", **of) == {0: 1, 1: 0, 2: 2, 3: 0, 4: 0}
    assert data_points(cloudwatch, "GroupDesiredCapacity", **of) == {0: 1, 1: 1, 2: 3, 3: 3, 4: 3}


def test_fourteen_days_cost_nothing_in_a_lab_that_asks_for_no_metrics(lab, sqs, orders):
    send_many(sqs, orders, 100)
    lab.client("cloudwatch")

    def fourteen_days():
        began = time.process_time()
        lab.clock.advance("14 days")
        return time.process_time() - began

    # The least of five: a collection of garbage that happens to fall into one is none of its cost.
    assert min(fourteen_days() for _ in range(5)) < 0.05


def test_the_same_seed_gives_the_same_metrics_and_instances():
    def story():
        with Lab(seed=3) as lab:
            autoscaling = create_group(lab)
            lab.clock.advance("5 min")
            lab.client("sqs").create_queue(QueueName="orders")
            return autoscaling.describe_auto_scaling_groups()["AutoScalingGroups"][0]["Instances"]

    assert story() == story()
