"""Made-up calls come out the same through both doors, and parameters are read as JSON and moto would read them."""

import json
from collections import Counter
from urllib.parse import parse_qsl, urlencode

import botocore.session
import pytest
from botocore.exceptions import BotoCoreError
from botocore.serialize import create_serializer
from hypothesis import given, settings
from hypothesis import strategies as st
from moto.core.parse import JSONParser, QueryParser
from moto.core.utils import get_service_model

from labkit.aws import shapes
from labkit.aws.adapters import adapters
from tests.aws.door import calls
from tests.aws.door.fuzz import calls as made_up
from tests.aws.door.fuzz import method_name, of_shape, replaced
from tests.aws.door.twins import through_both, told
from tests.aws.letting import let_sns

FUZZED = settings(derandomize=True, database=None, deadline=None, max_examples=60)


def playing(service, made):
    """A player that makes these calls where there are two messages, one of them in flight, and an item."""

    def play(lab, call):
        sqs, url = calls.orders(lab)
        places = {"url": url, "url-2": f"{url}-2"}
        for number in range(2):
            call(sqs.send_message, QueueUrl=url, MessageBody=f"order-{number}")
        client = sqs if service == "sqs" else lab.client("sns") if service == "sns" else calls.payments(lab)
        if service == "dynamodb":
            call(client.put_item, **calls.PUT)
        if service == "sns":
            arn = client.create_topic(Name="orders")["TopicArn"]
            queue = let_sns(sqs, url, arn)
            places |= {"topic": arn, "queue": queue}
            places["subscription"] = client.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue)["SubscriptionArn"]
        answers = [call(sqs.receive_message, QueueUrl=url)]
        for operation, parameters in made:
            for message in answers.pop().get("Messages", []):
                places[f"handle {len(places) - 2}"] = message["ReceiptHandle"]
            answers.append(call(getattr(client, method_name(operation)), **_named(replaced(parameters, places))))

    return play


def _named(parameters):
    return parameters if isinstance(parameters, dict) else {"odd": parameters}


@FUZZED
@given(made_up("sqs"))
def test_calls_to_sqs(made):
    through_both(playing("sqs", made))


@FUZZED
@given(made_up("dynamodb"))
def test_calls_to_dynamodb(made):
    through_both(playing("dynamodb", made))


@FUZZED
@given(made_up("sns"))
def test_calls_to_sns(made):
    through_both(playing("sns", made))


SESSION = botocore.session.get_session()
OPERATIONS = [
    (service, operation) for service in ("sqs", "dynamodb", "sns") for operation in adapters()[service].answers
]


def by_wire(model, parameters):
    """What moto reads of what botocore writes; None where botocore refuses to write it."""
    protocol = model.service_model.resolved_protocol
    try:
        written = create_serializer(protocol).serialize_to_request(parameters, model)["body"]
    except BotoCoreError:
        return None
    if protocol == "query":
        mocks = get_service_model(model.service_model.service_name).operation_model(model.name)
        return QueryParser(mocks).parse({"values": dict(parse_qsl(urlencode(written), keep_blank_values=True))})
    return JSONParser(model).parse({"body": json.loads(json.dumps(written.decode()))})


@pytest.mark.parametrize(("service", "operation"), OPERATIONS)
def test_parameters_are_read_as_botocore_writes_and_moto_reads_them(service, operation):
    model = SESSION.get_service_model(service).operation_model(operation)
    read = shapes.of_operation(model)[0]
    seen = Counter()

    @settings(FUZZED, max_examples=200)
    @given(of_shape(model.input_shape))
    def compare(parameters):
        try:
            mine = read(parameters)
        except shapes.NotPlain:
            seen["over HTTP"] += 1
            return
        seen["in process"] += 1
        assert json.dumps(mine, default=repr) == json.dumps(by_wire(model, parameters), default=repr)

    compare()
    assert min(seen["in process"], seen["over HTTP"]) >= 2, seen


def test_most_made_up_calls_are_answered_in_process():
    seen = Counter()

    @FUZZED
    @given(st.sampled_from(["sqs", "dynamodb"]).flatmap(lambda one: st.tuples(st.just(one), made_up(one))))
    def count(made):
        in_process = told(playing(*made), through_http=False)
        for _, number in in_process.requests:
            seen["over HTTP" if number else "in process"] += 1

    count()
    assert seen["in process"] > seen["over HTTP"] > 20, seen
