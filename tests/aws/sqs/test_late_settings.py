"""Changed settings that take their time: up to a minute, the retention up to a quarter of an hour."""

import json

import pytest

from labkit import Faults, Lab
from labkit.causes import Cause
from labkit.history import StateChange
from tests.aws.sqs.labs import attributes_of, bodies, invalid, orders_queue, receive, refused

pytestmark = pytest.mark.usefixtures("either_door")
LATE = Faults(late_settings=1)
PARTNER = "111122223333"


def change(sqs, url, **attributes):
    sqs.set_queue_attributes(QueueUrl=url, Attributes=attributes)


def arrival(lab, sqs, url, name, value, most):
    """After how many seconds GetQueueAttributes shows a value; None when not within `most`."""
    for second in range(most + 1):
        if attributes_of(sqs, url, name) == {name: value}:
            return second
        lab.clock.advance(1)
    return None


@pytest.mark.parametrize("faults", [Faults.none(), Faults.documented()])
def test_settings_act_at_once_unless_a_lab_asks_for_late_ones(faults):
    with orders_queue(faults=faults) as (_, sqs, url):
        change(sqs, url, VisibilityTimeout="10", MessageRetentionPeriod="60")
        both = {"VisibilityTimeout": "10", "MessageRetentionPeriod": "60"}
        assert attributes_of(sqs, url, *both) == both


@pytest.mark.parametrize(
    ("name", "value", "longest"),
    [("VisibilityTimeout", "10", 60), ("DelaySeconds", "10", 60), ("MaximumMessageSize", "1024", 60),
     ("ReceiveMessageWaitTimeSeconds", "20", 60), ("MessageRetentionPeriod", "3600", 900)],
)  # fmt: skip
def test_a_late_setting_is_shown_within_the_time_that_aws_gives_itself(name, value, longest):
    seconds = []
    for seed in range(8):
        with orders_queue(faults=LATE, seed=seed) as (lab, sqs, url):
            before = attributes_of(sqs, url, name)
            change(sqs, url, **{name: value})
            assert attributes_of(sqs, url, name) == before
            seconds.append(arrival(lab, sqs, url, name, value, longest))
    assert all(one is not None and one > 0 for one in seconds)
    assert max(seconds) > longest / 2
    assert len(set(seconds)) > 4


def test_a_receive_hides_for_the_time_before_until_the_new_one_arrives():
    with orders_queue(faults=LATE) as (lab, sqs, url):
        sqs.send_message(QueueUrl=url, MessageBody="order-1")
        change(sqs, url, VisibilityTimeout="5")
        receive(sqs, url)
        lab.clock.advance("29 s")
        assert receive(sqs, url) == []
        lab.clock.advance("31 s")
        assert bodies(receive(sqs, url)) == ["order-1"]
        lab.clock.advance("5 s")
        assert bodies(receive(sqs, url)) == ["order-1"]


def test_the_queues_limit_and_its_long_polls_are_late_too():
    with orders_queue({"ReceiveMessageWaitTimeSeconds": "0"}, faults=LATE) as (lab, sqs, url):
        change(sqs, url, MaximumMessageSize="1024", ReceiveMessageWaitTimeSeconds="20")
        sqs.send_message(QueueUrl=url, MessageBody="x" * 1_025)
        sqs.purge_queue(QueueUrl=url)
        now = lab.clock.now()
        assert receive(sqs, url) == []
        assert lab.clock.now() == now
        lab.clock.advance("1 min")
        assert "shorter than 1024 bytes" in invalid(sqs.send_message, QueueUrl=url, MessageBody="x" * 1_025)
        assert receive(sqs, url) == []
        assert (lab.clock.now() - now).total_seconds() == 80


def test_old_messages_expire_when_a_shorter_retention_arrives_and_not_before():
    with orders_queue(faults=LATE) as (lab, sqs, url):
        sqs.send_message(QueueUrl=url, MessageBody="order-1")
        lab.clock.advance("1 h")
        changed = lab.scheduler.now
        change(sqs, url, MessageRetentionPeriod="60")
        assert attributes_of(sqs, url)["ApproximateNumberOfMessages"] == "1"
        lab.clock.advance("15 min")
        lab.settle()
        (end,) = [one for one in lab.history.in_order() if isinstance(one, StateChange) and one.cause == Cause.EXPIRED]
        assert changed < end.at <= changed + 900_000_000
        assert attributes_of(sqs, url)["ApproximateNumberOfMessages"] == "0"


def test_looking_often_changes_nothing_about_the_arrival():
    ends = []
    for step in (900, 7):
        with orders_queue(faults=LATE) as (lab, sqs, url):
            sqs.send_message(QueueUrl=url, MessageBody="order-1")
            lab.clock.advance("1 h")
            change(sqs, url, MessageRetentionPeriod="60")
            for _ in range(0, 900, step):
                lab.clock.advance(step)
                attributes_of(sqs, url)
            changes = [one for one in lab.history.in_order() if isinstance(one, StateChange)]
            ends.append([(one.at, one.cause) for one in changes])
    assert ends[0] == ends[1]


def test_a_long_poll_has_the_message_at_the_instant_at_which_a_shorter_delay_arrives():
    """On a FIFO queue a changed delay is for the messages that are delayed already."""
    attributes = {"FifoQueue": "true", "ContentBasedDeduplication": "true", "DelaySeconds": "900"}
    seconds = []
    for polls in (False, True):
        with Lab(seed=7, faults=LATE) as lab:
            sqs = lab.client("sqs")
            url = sqs.create_queue(QueueName="orders.fifo", Attributes=attributes)["QueueUrl"]
            sqs.send_message(QueueUrl=url, MessageBody="order-1", MessageGroupId="Ann")
            change(sqs, url, DelaySeconds="0")
            begun = lab.clock.now()
            if polls:
                while not receive(sqs, url, WaitTimeSeconds=20):
                    pass
            else:
                arrival(lab, sqs, url, "DelaySeconds", "0", 60)
            seconds.append((lab.clock.now() - begun).total_seconds())
    assert 0 <= seconds[0] - seconds[1] < 1
    assert 0 < seconds[1] < 60


@pytest.mark.parametrize("last", ["20", "30"])
def test_the_latest_change_wins_whichever_arrives_first(last):
    for seed in range(12):
        with orders_queue(faults=LATE, seed=seed) as (lab, sqs, url):
            change(sqs, url, VisibilityTimeout="10")
            change(sqs, url, VisibilityTimeout=last)
            change(sqs, url, DelaySeconds="1")
            seen = []
            for _ in range(61):
                lab.clock.advance(1)
                seen.append(attributes_of(sqs, url, "VisibilityTimeout")["VisibilityTimeout"])
            assert seen[-1] == last
            if last == "20":
                assert "10" not in seen[seen.index("20") :]


def test_a_policy_is_late_and_so_are_dead_letters_and_encryption():
    allow = {"Effect": "Allow", "Principal": {"AWS": PARTNER}, "Action": "sqs:SendMessage", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    with orders_queue(faults=LATE) as (lab, sqs, url):
        dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
        redrive = {"deadLetterTargetArn": attributes_of(sqs, dead)["QueueArn"], "maxReceiveCount": 1}
        partner = lab.client("sqs", account=PARTNER)
        change(sqs, url, Policy=policy, RedrivePolicy=json.dumps(redrive), KmsMasterKeyId="alias/none")
        sqs.send_message(QueueUrl=url, MessageBody="order-1")
        assert refused(partner.send_message, QueueUrl=url, MessageBody="order-2")[0] == "AccessDenied"
        assert not {"Policy", "RedrivePolicy", "KmsMasterKeyId"} & set(attributes_of(sqs, url))
        lab.clock.advance("1 min")
        assert json.loads(attributes_of(sqs, url, "Policy")["Policy"]) == json.loads(policy)
        assert json.loads(attributes_of(sqs, url, "RedrivePolicy")["RedrivePolicy"]) == redrive
        assert attributes_of(sqs, url)["KmsMasterKeyId"] == "alias/none"
        assert refused(partner.send_message, QueueUrl=url, MessageBody="order-2")[0] == "KmsNotFound"


def test_encryption_is_of_one_type_at_every_instant():
    with orders_queue({"KmsMasterKeyId": "alias/none"}, faults=LATE) as (lab, sqs, url):
        change(sqs, url, SqsManagedSseEnabled="true")
        seen = set()
        for _ in range(61):
            found = attributes_of(sqs, url)
            seen.add((found.get("KmsMasterKeyId"), found["SqsManagedSseEnabled"]))
            lab.clock.advance(1)
        assert seen == {("alias/none", "false"), (None, "true")}


def test_what_comes_late_reaches_no_other_queue_of_the_name():
    with orders_queue(faults=LATE) as (lab, sqs, url):
        change(sqs, url, MessageRetentionPeriod="60")
        sqs.delete_queue(QueueUrl=url)
        lab.clock.advance("61 s")
        sqs.create_queue(QueueName="orders")
        lab.clock.advance("15 min")
        assert attributes_of(sqs, url, "MessageRetentionPeriod") == {"MessageRetentionPeriod": "345600"}


def test_a_run_does_not_go_on_for_a_setting_on_its_way():
    with orders_queue(faults=LATE) as (lab, sqs, url):
        change(sqs, url, MessageRetentionPeriod="60")
        begun = lab.clock.now()
        lab.start(lambda: sqs.send_message(QueueUrl=url, MessageBody="order-1"), name="Ann")
        lab.run()
        assert (lab.clock.now() - begun).total_seconds() < 1


def test_what_aws_refuses_is_refused_at_once():
    with orders_queue(faults=LATE) as (lab, sqs, url):
        given = {"QueueUrl": url, "Attributes": {"VisibilityTimeout": "43201"}}
        assert refused(sqs.set_queue_attributes, **given)[0] == "InvalidAttributeValue"
        lab.clock.advance("1 min")
        assert attributes_of(sqs, url, "VisibilityTimeout") == {"VisibilityTimeout": "30"}
