"""What real clients have sent is answered as it was when they were content with the answers."""

import json

import pytest
from werkzeug.test import Client

from labkit.aws.served.application import application
from labkit.aws.served.lab import ServedLab
from tests.aws.served.clients.exchanges import Exchange, Places, told
from tests.aws.served.clients.found import CLIENTS, UNRECORDED
from tests.aws.served.clients.record import FOLDER
from tests.aws.served.in_process import SIGNED

BASE = "http://127.0.0.1:4566"
FORM, JSON = "application/x-www-form-urlencoded", "application/x-amz-json-1.0"
SPOKEN = {"boto3-1.26": FORM, "aws-sdk-2-of-2023": FORM, "aws-sdk-2": JSON, "client-sqs-3": JSON,
          "celery-of-2023": FORM, "celery": JSON}  # fmt: skip


def exchanges(name):
    """A client's recorded exchanges."""
    lines = (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [Exchange(*json.loads(line)) for line in lines]


def replayed(recorded):
    """Send recorded requests to a lab of their own; returns the exchanges with the answers of now."""
    places, found = Places(BASE), []
    with ServedLab() as lab:
        client = Client(application(lab))
        for one in recorded:
            headers = {"User-Agent": one.agent, "Authorization": SIGNED.format(one.service)}
            headers |= {"X-Amz-Target": one.target} if one.target else {}
            body = places.put_in(one.body).encode()
            answer = client.open(one.path, base_url=BASE, method=one.method, headers=headers, data=body,
                                 content_type=one.kind or None)  # fmt: skip
            places.note(answer.text)
            status, code, names = told(answer.status_code, answer.headers, answer.text)
            found.append(one._replace(status=status, code=code, names=names))
    return found


def test_every_client_is_recorded():
    assert CLIENTS.keys() - set(UNRECORDED) == SPOKEN.keys() == {path.stem for path in FOLDER.glob("*.jsonl")}


@pytest.mark.parametrize("name", SPOKEN)
def test_a_real_clients_requests_are_answered_as_they_were(name):
    recorded = exchanges(name)
    assert {one.kind.partition(";")[0] for one in recorded} == {SPOKEN[name]}
    for was, is_now in zip(recorded, replayed(recorded), strict=True):
        assert was == is_now


@pytest.mark.parametrize("name", [name for name in SPOKEN if "celery" not in name])
def test_the_recordings_hold_what_no_sdk_of_python_sends(name):
    refused = [one.code for one in exchanges(name) if one.status == 400]
    assert refused.count("MissingParameter") >= 3
    assert "InvalidParameterValue" in refused


def test_a_different_answer_is_noticed():
    recorded = exchanges("client-sqs-3")
    changed = [one._replace(body=one.body.replace('"DelaySeconds":901', '"DelaySeconds":9')) for one in recorded]
    assert [one.code for one in replayed(changed)] != [one.code for one in recorded]


def test_recordings_name_no_machine():
    for name in SPOKEN:
        assert not any(word in (FOLDER / f"{name}.jsonl").read_text("utf-8") for word in ("/tmp", "/root", "/home"))
