"""CloudWatch's metrics of a stream: what was put and read, what was refused, and how far behind a reader is."""

from datetime import UTC, datetime

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

DAY = {"StartTime": datetime(2026, 1, 1, tzinfo=UTC), "EndTime": datetime(2026, 1, 2, tzinfo=UTC), "Period": 86_400}


@pytest.fixture
def kinesis(lab):
    """A client that tries once."""
    return boto3.client("kinesis", config=Config(retries={"total_max_attempts": 1}))


@pytest.fixture
def watched(lab):
    """A metric of the stream over the first day."""
    cloudwatch = lab.client("cloudwatch")

    def watched(metric, statistic="Sum"):
        points = cloudwatch.get_metric_statistics(
            Namespace="AWS/Kinesis", MetricName=metric, Statistics=[statistic],
            Dimensions=[{"Name": "StreamName", "Value": "clicks"}], **DAY,
        )["Datapoints"]  # fmt: skip
        return points[0][statistic] if points else None

    return watched


@pytest.fixture
def put(kinesis, stream):
    def put(*texts):
        return kinesis.put_records(
            StreamName="clicks", Records=[{"Data": text, "PartitionKey": "user"} for text in texts]
        )

    return put


def test_a_minute_counts_when_it_is_over(lab, kinesis, put, watched):
    put(b"tea", b"honey")
    kinesis.put_record(StreamName="clicks", Data=b"milk", PartitionKey="user")
    lab.clock.advance("59 s")
    assert watched("IncomingRecords") is None
    lab.clock.advance("1 s")
    sums = {metric: watched(metric) for metric in (
        "IncomingRecords", "IncomingBytes", "PutRecords.Bytes", "PutRecord.Bytes", "PutRecords.TotalRecords",
    )}  # fmt: skip
    # Bytes are those of data and partition key.
    assert sums == {
        "IncomingRecords": 3, "IncomingBytes": 12 + 3 * 4, "PutRecords.Bytes": 8 + 2 * 4, "PutRecord.Bytes": 4 + 4,
        "PutRecords.TotalRecords": 2,
    }  # fmt: skip
    assert watched("WriteProvisionedThroughputExceeded", "Maximum") == 0
    assert watched("IncomingRecords", "Maximum") == 2  # each put is a value


def test_records_that_a_shard_refused_are_counted_apart(lab, kinesis, put, watched):
    megabyte = b"x" * 500_000

    def program():
        assert put(megabyte, megabyte, megabyte)["FailedRecordCount"] == 1
        with pytest.raises(ClientError, match="ProvisionedThroughputExceededException"):
            kinesis.put_record(StreamName="clicks", Data=megabyte, PartitionKey="user")

    lab.start(program)
    lab.run("1 min")
    assert watched("WriteProvisionedThroughputExceeded") == 2
    assert (watched("PutRecords.SuccessfulRecords"), watched("PutRecords.ThrottledRecords")) == (2, 1)
    assert (watched("PutRecords.Success", "Average"), watched("PutRecord.Success", "Average")) == (1, 0)


def test_the_iterator_age_tells_how_far_behind_a_reader_is(lab, kinesis, put, iterator, watched):
    put(b"old", b"newer")
    lab.clock.advance("1 h")
    read = kinesis.get_records(ShardIterator=iterator(), Limit=1)
    lab.clock.advance("1 min")
    assert watched("GetRecords.IteratorAgeMilliseconds", "Maximum") == 3_600_000
    kinesis.get_records(ShardIterator=read["NextShardIterator"])
    lab.clock.advance("1 min")
    assert watched("GetRecords.IteratorAgeMilliseconds", "Minimum") == 0  # this reader has caught up
    assert watched("GetRecords.Records") == 2


def test_the_sixth_read_of_a_second_is_counted_as_too_many(lab, kinesis, put, iterator, watched):
    put(b"tea")

    def program():
        for _ in range(5):
            kinesis.get_records(ShardIterator=iterator())
        with pytest.raises(ClientError, match="ProvisionedThroughputExceededException"):
            kinesis.get_records(ShardIterator=iterator())

    lab.start(program)
    lab.run("1 min")
    assert watched("ReadProvisionedThroughputExceeded") == 1
    assert watched("GetRecords.Success", "Average") == pytest.approx(5 / 6)


def test_an_alarm_watches_a_reader(lab, kinesis, put, iterator):
    cloudwatch = lab.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="late", Namespace="AWS/Kinesis", MetricName="GetRecords.IteratorAgeMilliseconds",
        Dimensions=[{"Name": "StreamName", "Value": "clicks"}], Statistic="Maximum", Period=60, EvaluationPeriods=1,
        Threshold=60_000, ComparisonOperator="GreaterThanThreshold", TreatMissingData="notBreaching",
    )  # fmt: skip
    put(b"old", b"newer")
    lab.clock.advance("10 min")
    assert cloudwatch.describe_alarms()["MetricAlarms"][0]["StateValue"] == "OK"
    kinesis.get_records(ShardIterator=iterator(), Limit=1)
    lab.clock.advance("2 min")
    states = [one["HistorySummary"] for one in cloudwatch.describe_alarm_history()["AlarmHistoryItems"]]
    assert "Alarm updated from OK to ALARM" in states


def test_streams_metrics_are_listed_by_name(lab, put):
    put(b"tea")
    lab.clock.advance("1 min")
    found = lab.client("cloudwatch").list_metrics(Namespace="AWS/Kinesis")["Metrics"]
    assert {"IncomingBytes", "IncomingRecords", "PutRecords.Success"} <= {one["MetricName"] for one in found}
    assert {one["Dimensions"][0]["Value"] for one in found} == {"clicks"}
