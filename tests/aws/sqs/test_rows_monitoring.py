"""The row about CloudWatch: what a queue publishes, through plain boto3."""

from tests.aws.monitored import data_points
from tests.aws.sqs.labs import orders_queue


def test_row_34_a_queue_publishes_its_metrics_each_minute():
    with orders_queue() as (lab, sqs, url):
        cloudwatch = lab.client("cloudwatch")
        sqs.send_message(QueueUrl=url, MessageBody="order-1")
        lab.clock.advance("2 min")
        assert data_points(cloudwatch) == {0: 1, 1: 1}
        assert data_points(cloudwatch, "NumberOfMessagesSent", "Sum") == {0: 1}
        assert data_points(cloudwatch, "ApproximateAgeOfOldestMessage") == {0: 60, 1: 120}


def test_row_34_an_empty_receive_is_counted():
    with orders_queue() as (lab, sqs, url):
        cloudwatch = lab.client("cloudwatch")
        sqs.receive_message(QueueUrl=url)
        lab.clock.advance("1 min")
        assert data_points(cloudwatch, "NumberOfEmptyReceives", "Sum") == {0: 1}
