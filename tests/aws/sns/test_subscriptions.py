"""Topics and subscriptions as they are made, changed and ended (public cases n08, n10; rows 59 to 63, 67, 74)."""

import json

import pytest

QUEUE = "arn:aws:sqs:us-east-1:123456789012:payments"
FIFO = {"FifoTopic": "true"}
AGAIN = "Invalid parameter: Attributes Reason: Subscription already exists with different attributes"


def test_subscribing_again_is_the_same_subscription_unless_it_asks_for_something_else(sns, topic, refused):
    given = {"TopicArn": topic, "Protocol": "sqs", "Endpoint": QUEUE}
    arn = sns.subscribe(**given, Attributes={"RawMessageDelivery": "True"})["SubscriptionArn"]
    assert sns.subscribe(**given)["SubscriptionArn"] == arn
    assert sns.subscribe(**given, Attributes={"RawMessageDelivery": "true"})["SubscriptionArn"] == arn
    assert refused(sns.subscribe, **given, Attributes={"RawMessageDelivery": "false"}) == ("InvalidParameter", AGAIN)
    assert len(sns.list_subscriptions()["Subscriptions"]) == 1


def test_ending_twice_is_accepted(sns, topic, refused):
    arn = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=QUEUE)["SubscriptionArn"]
    for _ in range(2):
        sns.unsubscribe(SubscriptionArn=arn)
    for _ in range(2):
        sns.delete_topic(TopicArn=topic)
    code, message = refused(sns.unsubscribe, SubscriptionArn="pending confirmation")
    assert (code, message.partition(" Reason")[0]) == ("InvalidParameter", "Invalid parameter: SubscriptionArn")


def test_a_deleted_topic_takes_its_subscriptions_along(sns, topic):
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=QUEUE)
    sns.delete_topic(TopicArn=topic)
    assert sns.list_subscriptions()["Subscriptions"] == []
    assert sns.create_topic(Name="orders")["TopicArn"] == topic
    assert sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"] == []


def test_counts_of_a_topic_are_live(sns, topic):
    def counts():
        given = sns.get_topic_attributes(TopicArn=topic)["Attributes"]
        return tuple(given[f"Subscriptions{what}"] for what in ("Confirmed", "Pending", "Deleted"))

    arn = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=QUEUE)["SubscriptionArn"]
    assert counts() == ("1", "0", "0")
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="ann@example.com")
    assert counts() == ("1", "1", "0")
    sns.unsubscribe(SubscriptionArn=arn)
    assert counts() == ("0", "1", "1")


def test_the_attributes_of_a_topic_are_awss(sns):
    arn = sns.create_topic(Name="a.fifo", Attributes=FIFO | {"DisplayName": "A", "SignatureVersion": "2"})["TopicArn"]
    given = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
    assert set(given) == {
        "ContentBasedDeduplication", "DisplayName", "EffectiveDeliveryPolicy", "FifoTopic", "Owner", "Policy",
        "SignatureVersion", "SubscriptionsConfirmed", "SubscriptionsDeleted", "SubscriptionsPending", "TopicArn",
    }  # fmt: skip
    assert (given["ContentBasedDeduplication"], given["DisplayName"], given["SignatureVersion"]) == ("false", "A", "2")
    assert json.loads(given["EffectiveDeliveryPolicy"])["http"]["defaultHealthyRetryPolicy"]["numRetries"] == 3


def test_creating_again_is_the_same_topic_unless_it_asks_for_something_else(sns, refused):
    given = {"DisplayName": "Orders", "DeliveryPolicy": '{"http": {}}'}
    arn = sns.create_topic(Name="orders", Attributes=given, Tags=[{"Key": "team", "Value": "shop"}])["TopicArn"]
    assert sns.create_topic(Name="orders")["TopicArn"] == arn
    assert sns.create_topic(Name="orders", Attributes=given | {"DeliveryPolicy": '{"http":{}}'})["TopicArn"] == arn
    code, message = refused(sns.create_topic, Name="orders", Attributes={"DisplayName": "Other"})
    assert (code, message[-46:]) == ("InvalidParameter", "Topic already exists with different attributes")
    code, message = refused(sns.create_topic, Name="orders", Tags=[{"Key": "team", "Value": "mail"}])
    assert (code, message) == (
        "InvalidParameter", "Invalid parameter: Tags Reason: Topic already exists with different tags",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "attributes"),
    [("orders", FIFO), ("orders.fifo", {}), ("or ders", {}), ("", {}), ("o" * 257, {}), ("o" * 252 + ".fifo", FIFO)],
)
def test_names_fit_the_type_of_the_topic(sns, refused, name, attributes):
    assert refused(sns.create_topic, Name=name, Attributes=attributes)[0] == "InvalidParameter"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Unknown", "1"), ("SignatureVersion", "3"), ("MaximumMessageSize", "1023"), ("MaximumMessageSize", "1048577"),
        ("MaximumMessageSize", "x"), ("FifoTopic", "true"), ("ContentBasedDeduplication", "true"),
        ("FifoThroughputScope", "MessageGroup"), ("DeliveryPolicy", "{"), ("TracingConfig", "Maybe"),
    ],
)  # fmt: skip
def test_a_topic_refuses_what_it_does_not_know(sns, topic, refused, name, value):
    before = sns.get_topic_attributes(TopicArn=topic)["Attributes"]
    given = {"TopicArn": topic, "AttributeName": name, "AttributeValue": value}
    assert refused(sns.set_topic_attributes, **given)[0] == "InvalidParameter"
    assert sns.get_topic_attributes(TopicArn=topic)["Attributes"] == before


@pytest.mark.parametrize(
    ("protocol", "endpoint", "sentence"),
    [
        ("test-protocol", QUEUE, "Invalid parameter: Amazon SNS does not support this protocol string: test-protocol"),
        ("sqs", "https://sqs.us-east-1.amazonaws.com/123456789012/payments", "Invalid parameter: SQS endpoint ARN"),
        ("http", "https://example.com", "Invalid parameter: Endpoint must match the specified protocol"),
        ("sms", "NAA+15551234567", "Invalid SMS endpoint: NAA+15551234567"),
        ("sqs", QUEUE + ".fifo", "Invalid parameter: Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be "
         "subscribed to standard SNS topics"),
    ],
)  # fmt: skip
def test_endpoints_are_refused_in_awss_words(sns, topic, refused, protocol, endpoint, sentence):
    given = {"TopicArn": topic, "Protocol": protocol, "Endpoint": endpoint}
    assert refused(sns.subscribe, **given) == ("InvalidParameter", sentence)


@pytest.mark.parametrize("protocol", ["http", "email", "sms", "lambda", "firehose"])
def test_a_fifo_topic_has_queues_as_subscribers(sns, refused, protocol):
    arn = sns.create_topic(Name="orders.fifo", Attributes=FIFO)["TopicArn"]
    endpoint = {"http": "http://127.0.0.1/", "email": "ann@example.com", "sms": "+14155550100"}.get(protocol, QUEUE)
    assert refused(sns.subscribe, TopicArn=arn, Protocol=protocol, Endpoint=endpoint)[0] == "InvalidParameter"


ATTRIBUTES = {
    ("fake", "a"): "AttributeName",
    ("RawMessageDelivery", "test-ValUe"): "RawMessageDelivery: Invalid value [test-ValUe]. Must be true or false.",
    ("RawMessageDelivery", ""): "RawMessageDelivery: Invalid value []. Must be true or false.",
    ("RedrivePolicy", '{"deadLetterTargetArn": "fake"}'): "RedrivePolicy: deadLetterTargetArn is an invalid arn",
    ("FilterPolicyScope", "Body"): "FilterPolicyScope: Invalid value [Body]. Please use either MessageBody or "
    "MessageAttributes",
}


@pytest.mark.parametrize("case", ATTRIBUTES, ids=str)
def test_a_subscriptions_attributes_are_refused_in_awss_words(sns, topic, refused, case):
    name, value = case
    arn = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=QUEUE)["SubscriptionArn"]
    given = {"SubscriptionArn": arn, "AttributeName": name, "AttributeValue": value}
    reason = ATTRIBUTES[case]
    assert refused(sns.set_subscription_attributes, **given) == ("InvalidParameter", f"Invalid parameter: {reason}")
    given = {"TopicArn": topic, "Protocol": "sqs", "Endpoint": QUEUE + "-2", "Attributes": {name: value}}
    where = "Invalid parameter: Attributes Reason: "
    assert refused(sns.subscribe, **given) == ("InvalidParameter", where + reason)


def test_what_a_subscription_is_asked_for_is_awss(sns, topic, refused):
    arn = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=QUEUE)["SubscriptionArn"]
    given = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert given == {
        "ConfirmationWasAuthenticated": "true", "Endpoint": QUEUE, "Owner": "123456789012",
        "PendingConfirmation": "false", "Protocol": "sqs", "RawMessageDelivery": "false", "SubscriptionArn": arn,
        "SubscriptionPrincipal": "arn:aws:iam::123456789012:root", "TopicArn": topic,
    }  # fmt: skip
    policy = {"SubscriptionArn": arn, "AttributeName": "FilterPolicy"}
    sns.set_subscription_attributes(**policy, AttributeValue='{"store": ["book"]}')
    given = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert given["FilterPolicyScope"] == "MessageAttributes"
    sns.set_subscription_attributes(**policy, AttributeValue="")
    assert "FilterPolicy" not in sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    sns.unsubscribe(SubscriptionArn=arn)
    absent = ("NotFound", "Subscription does not exist")
    assert refused(sns.get_subscription_attributes, SubscriptionArn=arn) == absent
    assert refused(sns.set_subscription_attributes, **policy) == absent


def test_a_changed_scope_acts(sns, topic, queues):
    """Row 74."""
    arn = queues.subscribe(topic, "payments", RawMessageDelivery="true", FilterPolicy={"store": ["book"]})
    store = {"store": {"DataType": "String", "StringValue": "book"}}
    sns.publish(TopicArn=topic, Message='{"store": "tea"}', MessageAttributes=store)
    given = {"SubscriptionArn": arn, "AttributeName": "FilterPolicyScope", "AttributeValue": "MessageBody"}
    sns.set_subscription_attributes(**given)
    sns.publish(TopicArn=topic, Message='{"store": "book"}')
    sns.publish(TopicArn=topic, Message='{"store": "tea"}', MessageAttributes=store)
    assert queues.bodies("payments") == ['{"store": "tea"}', '{"store": "book"}']


def test_a_filter_policy_is_checked_before_anything_is_made(sns, topic, refused):
    given = {"TopicArn": topic, "Protocol": "sqs", "Endpoint": QUEUE}
    code, _ = refused(sns.subscribe, **given, Attributes={"FilterPolicy": '{"store": []}'})
    assert code == "InvalidParameter"
    assert sns.list_subscriptions()["Subscriptions"] == []


def test_only_the_token_that_was_sent_confirms(lab, sns, topic, refused):
    from labkit.aws.sns.confirming import token_of
    from labkit.aws.sns.stores import subscription_of

    answer = sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="ann@example.com")
    assert answer["SubscriptionArn"] == "pending confirmation"
    again = sns.subscribe(
        TopicArn=topic, Protocol="email", Endpoint="ann@example.com", ReturnSubscriptionArn=True
    )["SubscriptionArn"]  # fmt: skip
    assert sns.get_subscription_attributes(SubscriptionArn=again)["Attributes"]["PendingConfirmation"] == "true"
    assert refused(sns.confirm_subscription, TopicArn=topic, Token="ab" * 144)[0] == "InvalidParameter"
    token = token_of(lab, subscription_of(again, "us-east-1"))
    assert len(token) == 288
    for _ in range(2):
        assert sns.confirm_subscription(TopicArn=topic, Token=token)["SubscriptionArn"] == again
    assert sns.get_subscription_attributes(SubscriptionArn=again)["Attributes"]["PendingConfirmation"] == "false"


def test_one_that_waits_for_its_confirmation_has_no_arn_in_lists(sns, topic):
    """Recorded: localstack's tests of 2025-10-06."""
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="ann@example.com")
    for found in (sns.list_subscriptions(), sns.list_subscriptions_by_topic(TopicArn=topic)):
        assert [one["SubscriptionArn"] for one in found["Subscriptions"]] == ["PendingConfirmation"]


def test_cloudformation_makes_a_topic_with_its_subscription(lab, sns):
    template = {"Resources": {"Orders": {"Type": "AWS::SNS::Topic", "Properties": {
        "TopicName": "orders.fifo", "FifoTopic": True, "ContentBasedDeduplication": True,
        "Subscription": [{"Endpoint": QUEUE, "Protocol": "sqs"}]}}}}  # fmt: skip
    lab.client("cloudformation").create_stack(StackName="shop", TemplateBody=json.dumps(template))
    (topic,) = sns.list_topics()["Topics"]
    given = sns.get_topic_attributes(TopicArn=topic["TopicArn"])["Attributes"]
    assert (given["FifoTopic"], given["ContentBasedDeduplication"]) == ("true", "true")
    assert [one["Endpoint"] for one in sns.list_subscriptions()["Subscriptions"]] == [QUEUE]
