"""Topics with a KMS key: who publishes needs the key too, and so does SNS for what it has archived (row 77)."""

import json

import pytest

from labkit.causes import Step
from tests.aws.letting import key_policy
from tests.aws.sns.test_archives import RAW, TOPIC, policy, status, take

NEEDED = ["kms:GenerateDataKey*", "kms:Decrypt"]
THEIRS = "111111111111"


def lets(*principals, action=NEEDED, **more):
    """Statements of a key's policy."""
    return [{"Effect": "Allow", "Principal": one, "Action": action, "Resource": "*", **more} for one in principals]


@pytest.fixture
def kms(lab):
    return lab.client("kms")


@pytest.fixture
def key(kms):
    return kms.create_key(Policy=key_policy())["KeyMetadata"]["KeyId"]


@pytest.fixture
def encrypt(sns, topic):
    """Encrypt the topic with a key, or another topic."""

    def encrypt(name, arn=topic):
        sns.set_topic_attributes(TopicArn=arn, AttributeName="KmsMasterKeyId", AttributeValue=name)

    return encrypt


def test_row_77_whoever_publishes_needs_a_key_that_can_be_used(sns, kms, topic, key, encrypt, queues, refused):
    queues.subscribe(topic, "orders", **RAW)
    encrypt(key)
    given = {"TopicArn": topic, "Message": "order-1"}
    sns.publish(**given)
    kms.disable_key(KeyId=key)
    assert refused(sns.publish, **given)[0] == "KMSDisabled"
    entries = [{"Id": "1", "Message": "order-2"}]
    assert refused(sns.publish_batch, TopicArn=topic, PublishBatchRequestEntries=entries)[0] == "KMSDisabled"
    kms.schedule_key_deletion(KeyId=key)
    assert refused(sns.publish, **given)[0] == "KMSInvalidState"
    encrypt("alias/none")
    assert refused(sns.publish, **given)[0] == "KMSNotFound"
    encrypt("alias/aws/sns")
    sns.publish(TopicArn=topic, Message="order-3")
    encrypt("")
    sns.publish(TopicArn=topic, Message="order-4")
    assert queues.bodies("orders") == ["order-1", "order-3", "order-4"]


def test_a_key_policy_that_leaves_out_the_account_keeps_its_own_programs_out(sns, kms, topic, key, encrypt, refused):
    encrypt(key)
    only = {"Version": "2012-10-17", "Statement": lets({"Service": "sns.amazonaws.com"})}
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(only))
    code, text = refused(sns.publish, TopicArn=topic, Message="order-1")
    assert (code, "kms:GenerateDataKey" in text) == ("KMSAccessDenied", True)


def test_another_account_needs_the_topics_policy_and_the_keys(lab, sns, kms, topic, key, encrypt, refused):
    their_sns = lab.client("sns", account=THEIRS)
    sns.add_permission(TopicArn=topic, Label="partner", AWSAccountId=[THEIRS], ActionName=["Publish"])
    given = {"TopicArn": topic, "Message": "order-1"}
    for name in (key, "alias/aws/sns"):
        encrypt(name)
        assert refused(their_sns.publish, **given)[0] == "KMSAccessDenied"
    encrypt(key)
    root = {"AWS": f"arn:aws:iam::{THEIRS}:root"}
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=key_policy(*lets(root, action="kms:Decrypt")))
    assert refused(their_sns.publish, **given)[0] == "KMSAccessDenied"
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=key_policy(*lets(root)))
    their_sns.publish(**given)


@pytest.fixture
def alarmed(lab, topic):
    """Let an alarm go off; whether its action succeeded, as its history tells."""
    cloudwatch = lab.client("cloudwatch")

    def alarmed():
        cloudwatch.put_metric_alarm(
            AlarmName="lost", Namespace="shop", MetricName="orders", Statistic="Sum", Period=60, EvaluationPeriods=1,
            Threshold=0, ComparisonOperator="GreaterThanThreshold", AlarmActions=[topic],
        )  # fmt: skip
        cloudwatch.set_alarm_state(AlarmName="lost", StateValue="ALARM", StateReason="a test")
        found = cloudwatch.describe_alarm_history(AlarmName="lost", HistoryItemType="Action")["AlarmHistoryItems"]
        cloudwatch.delete_alarms(AlarmNames=["lost"])
        return found[0]["HistorySummary"].split()[0]

    return alarmed


def test_an_alarm_is_silent_at_a_topic_whose_key_does_not_let_cloudwatch_in(kms, key, encrypt, alarmed):
    assert alarmed() == "Successfully"
    for name in ("alias/aws/sns", key):
        encrypt(name)
        assert alarmed() == "Failed"
    allowed = lets({"Service": "cloudwatch.amazonaws.com"})
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=key_policy(*allowed))
    assert alarmed() == "Successfully"


def test_an_alarm_is_silent_at_a_topic_whose_own_policy_has_forgotten_it(sns, topic, alarmed):
    """A policy that takes the place of a new topic's own has to name the services that publish."""
    mine = {"Sid": "1", "Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "SNS:Publish",
            "Resource": topic}  # fmt: skip
    of_alarms = {"ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:*:123456789012:alarm:*"}}
    named = mine | {"Sid": "2", "Principal": {"Service": "cloudwatch.amazonaws.com"}, "Condition": of_alarms}
    for statements, outcome in (([mine], "Failed"), ([mine, named], "Successfully")):
        text = json.dumps({"Version": "2012-10-17", "Statement": statements})
        sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=text)
        assert alarmed() == outcome


def test_what_was_archived_with_a_key_is_replayed_if_the_key_lets_sns_in(lab, sns, kms, key, encrypt, queues):
    fifo = sns.create_topic(Name="orders.fifo", Attributes=TOPIC)["TopicArn"]
    encrypt(key, fifo)
    sns.publish(TopicArn=fifo, Message="order-1", MessageGroupId="Ann")
    start = policy("2026-01-01T00:00:00.000Z")
    failed = queues.subscribe(fifo, "early", ReplayPolicy=start, **RAW)
    lab.clock.advance("1 min")
    assert (status(sns, failed), take(queues, "early")) == ("Failed", [])
    allowed = lets({"Service": "sns.amazonaws.com"})
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=key_policy(*allowed))
    replayed = queues.subscribe(fifo, "late", ReplayPolicy=start, **RAW)
    lab.clock.advance("1 min")
    assert (status(sns, replayed), take(queues, "late")) == ("Completed", ["order-1"])
    sns.publish(TopicArn=fifo, Message="order-2", MessageGroupId="Ann")  # the failed replay holds back nothing new
    assert (take(queues, "early"), take(queues, "late")) == (["order-2"], ["order-2"])
    assert [one.step for one in lab.history.deliveries() if one.endpoint == "late"] == [Step.REPLAYED, Step.DELIVERED]
