"""What a service's own model does not allow is answered with 400 and a code, in every protocol, and changes nothing."""

import json
import re

import pytest
from moto.core.parse import PROTOCOL_PARSERS
from werkzeug.test import Client

from labkit.aws.served import reading
from labkit.aws.served.application import application
from labkit.aws.served.lab import ServedLab
from tests.aws.served.malformed import SERVICES, cases

CODES = {
    "sqs": ("MissingParameter", "SerializationException", "MalformedInput"),
    "cloudwatch": ("MissingParameter", "SerializationException", "MalformedInput"),
    "autoscaling": ("ValidationError", "MalformedInput"),
    "dynamodb": ("ValidationException", "SerializationException"),
    "mq": ("BadRequestException",),
}
RENAMED = {"ReceiptHandle": "MessageHandle", "Attributes": "Attribute.Name", "Entries": "RequestEntry.1.Id"}
PYTHON = re.compile(r"\b(Key|Type|Value|Attribute|Index|Runtime|NotImplemented)Error\b|Traceback|NoneType")
LEAST = {"sqs": 200, "cloudwatch": 600, "autoscaling": 180, "dynamodb": 250, "mq": 150}


def code_of(answer):
    """The error's code, however the protocol writes it."""
    if answer.mimetype == "text/xml":
        return re.search("<Code>(.*)</Code>", answer.text)[1]
    query = answer.headers.get("x-amzn-query-error", "")
    return query.partition(";")[0] or json.loads(answer.text)["__type"].rpartition("#")[2]


def problem(client, case):
    """What is wrong with the answer to a malformed request, or None."""
    answer = client.open(case.request())
    if answer.status_code != 400:
        return f"{case} was answered with {answer.status_code}: {answer.text[:300]}"
    code, text = code_of(answer), answer.text
    if code not in CODES[case.service] or PYTHON.search(text):
        return f"{case} was answered with {code}: {text[:300]}"
    lacks = case.wrong in ("missing", "null")
    if lacks != (code not in ("SerializationException", "MalformedInput")) and case.service != "mq":
        return f"{case} was answered with {code}"
    names = (case.name.lower(), RENAMED.get(case.name, case.name).lower())
    return None if not lacks or any(name in text.lower() for name in names) else f"{case} is not named in {text[:300]}"


def problems(service):
    """All that is wrong with the answers of a served lab, how many requests were made, and what it changed."""
    with ServedLab() as lab:
        client, made = Client(application(lab)), list(cases(service))
        found = [one for one in (problem(client, case) for case in made) if one is not None]
        return found, len(made), list(lab.history.changes())


@pytest.mark.parametrize("service", SERVICES)
def test_what_the_model_does_not_allow_is_refused_with_a_code(service):
    found, number, changes = problems(service)
    assert found == []
    assert (number >= LEAST[service], changes) == (True, [])


def test_the_generated_requests_find_a_door_that_looks_at_nothing(monkeypatch):
    for protocol, parser in PROTOCOL_PARSERS.items():
        monkeypatch.setitem(reading.PARSERS, protocol, parser)
    monkeypatch.setattr(reading, "faults", lambda operation, given: [])
    found, number, _ = problems("sqs")
    assert len(found) > number / 2, found


def test_the_requests_are_the_same_each_time():
    assert list(cases("sqs")) == list(cases("sqs")) != list(cases("sqs", seed=10))
    assert json.dumps([case.given for case in cases("mq")])
