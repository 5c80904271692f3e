"""Lambda functions as subscribers: the event, when they run, and whose business their errors are (row 75)."""

import json
import time

import pytest

from labkit import Lab, LabError
from labkit.causes import Obstacle, Step
from tests.aws.letting import let_sns


@pytest.fixture
def events(lab, sns, topic):
    """Subscribe a function that notes its events and when they came."""
    seen = []

    def charge(event, context):
        seen.append((lab.clock.now(), event, context))

    arn = lab.function("charge", charge)
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=arn)
    return seen


def invocations(lab):
    return [one for one in lab.history.calls() if one.operation == "Invoke"]


def seconds(lab, calls):
    return [(one.at - lab.history.start) / 1_000_000 for one in calls]


def test_the_event_has_the_documented_fields(lab, sns, topic, events):
    number = {"DataType": "Number", "StringValue": "7.50"}
    id = sns.publish(TopicArn=topic, Message="order-1", MessageAttributes={"total": number})["MessageId"]
    assert events == []  # Publish has answered, and nobody's time has gone on
    lab.run()
    ((_, event, context),) = events
    (record,) = event["Records"]
    (subscription,) = sns.list_subscriptions()["Subscriptions"]
    assert (record["EventSource"], record["EventVersion"]) == ("aws:sns", "1.0")
    assert record["EventSubscriptionArn"] == subscription["SubscriptionArn"]
    assert set(record["Sns"]) == {
        "SignatureVersion", "Timestamp", "Signature", "SigningCertUrl", "MessageId", "Message", "MessageAttributes",
        "Type", "UnsubscribeUrl", "TopicArn", "Subject",
    }  # fmt: skip
    told = record["Sns"]
    assert (told["MessageId"], told["Message"], told["Subject"], told["Type"]) == (id, "order-1", None, "Notification")
    assert told["MessageAttributes"] == {"total": {"Type": "Number", "Value": "7.50"}}
    assert told["SignatureVersion"] == "1"
    assert (context.function_name, context.invoked_function_arn) == ("charge", subscription["Endpoint"])
    json.dumps(event)


def test_sns_has_delivered_what_lambda_has_taken_and_history_tells_both(lab, sns, topic, events):
    id = sns.publish(TopicArn=topic, Message="order-1")["MessageId"]
    lab.run()
    assert [one.step for one in lab.history.deliveries()] == [Step.PUBLISHED, Step.DELIVERED]
    (call,) = invocations(lab)
    assert (call.by, call.service, call.resource, call.error, call.messages) == (
        "Lambda",
        "lambda",
        "charge",
        None,
        (id,),
    )
    assert "Invoke" in str(lab.passport(id).table())


def test_an_error_is_lambdas_to_try_twice_more_after_one_and_two_minutes(lab, sns, sqs, topic):
    url = sqs.create_queue(QueueName="dead")["QueueUrl"]

    def fails(event, context):
        raise ValueError(event)

    redrive = json.dumps({"deadLetterTargetArn": let_sns(sqs, url, topic)})
    arn = lab.function("fails", fails)
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=arn, Attributes={"RedrivePolicy": redrive})
    sns.publish(TopicArn=topic, Message="order-1")
    lab.run()
    tried = [(one.error, one.parameters["Attempt"]) for one in invocations(lab)]
    assert tried == [("ValueError", 1), ("ValueError", 2), ("ValueError", 3)]
    assert seconds(lab, invocations(lab)) == [0, 60, 180]
    assert [one.step for one in lab.history.deliveries()] == [Step.PUBLISHED, Step.DELIVERED]
    assert "Messages" not in sqs.receive_message(QueueUrl=url)


def test_one_that_works_again_gets_the_same_event(lab, sns, topic):
    seen = []

    def fails_once(event, context):
        seen.append((event, context.aws_request_id))
        if len(seen) == 1:
            raise KeyError("down")

    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=lab.function("fails_once", fails_once))
    sns.publish(TopicArn=topic, Message="order-1")
    lab.clock.advance("1 h")
    assert len(seen) == 2
    assert seen[0] == seen[1]


def test_functions_run_beside_each_other_in_lab_time_and_call_aws_as_themselves(lab, sns, sqs, topic):
    url = sqs.create_queue(QueueName="charged")["QueueUrl"]

    def slow(event, context):
        time.sleep(10)
        sqs.send_message(QueueUrl=url, MessageBody=event["Records"][0]["Sns"]["Message"])

    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=lab.function("slow", slow))
    for number in range(3):
        sns.publish(TopicArn=topic, Message=f"order-{number}")
    lab.clock.advance("11 s")
    sent = [one for one in lab.history.calls() if one.operation == "SendMessage"]
    assert [one.by for one in sent] == ["slow", "slow 2", "slow 3"]
    assert len(sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]) == 3


def test_an_arn_of_no_function_is_an_error_of_the_setup(lab, sns, sqs, topic):
    url = sqs.create_queue(QueueName="dead")["QueueUrl"]
    redrive = json.dumps({"deadLetterTargetArn": let_sns(sqs, url, topic)})
    arn = "arn:aws:lambda:us-east-1:123456789012:function:none"
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=arn, Attributes={"RedrivePolicy": redrive})
    sns.publish(TopicArn=topic, Message="order-1")
    last = lab.history.deliveries()[-1]
    assert (last.step, last.obstacle, last.attempt) == (Step.DEAD_LETTERED, Obstacle.NO_FUNCTION, 1)
    assert len(sqs.receive_message(QueueUrl=url)["Messages"]) == 1


def test_the_same_name_gets_other_code_and_keeps_its_arn(lab, sns, topic, events):
    seen = []
    arn = lab.function("charge", lambda event, context: seen.append(event))
    assert arn.endswith(":function:charge")
    sns.publish(TopicArn=topic, Message="order-1")
    lab.run()
    assert (len(seen), events) == (1, [])


@pytest.mark.parametrize(
    ("name", "handler"), [("a b", lambda event, context: None), (None, print), ("charge", lambda: 0), ("charge", 7)]
)
def test_what_is_no_function_is_told_in_a_sentence(lab, name, handler):
    with pytest.raises(LabError):
        lab.function(name, handler)


def test_a_labs_own_refusal_inside_a_function_is_shown_and_not_tried_again(lab, sns, topic):
    def waits(event, context):
        lab.run()

    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=lab.function("waits", waits))
    sns.publish(TopicArn=topic, Message="order-1")
    with pytest.raises(LabError):
        lab.run()


def test_the_same_seed_invokes_the_same():
    def told():
        with Lab(seed=3) as lab:
            sns = lab.client("sns")
            topic = sns.create_topic(Name="orders")["TopicArn"]
            seen = []
            arn = lab.function("charge", lambda event, context: seen.append((event, context)))
            sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=arn)
            sns.publish(TopicArn=topic, Message="order-1")
            lab.run()
            return repr(seen)

    assert told() == told() != "[]"
