"""A door that comes out differently in one particular is found by the comparison: it proves something."""

import pytest
from botocore.endpoint import Endpoint

from labkit.aws import attempts, shapes, usual, way
from labkit.aws.lab import Lab
from tests.aws.door import calls, test_both_doors
from tests.aws.door.twins import told

structure = shapes.WRITE["structure"]


def unnamed_attempt(one, lab, asked, name):
    """An attempt that tells nobody who calls."""
    name.begin_attempt()
    return one._answer(lab, asked), None


def reversed_structure(shape, inner):
    """An answer whose keys come in another order."""
    write = structure(shape, inner)
    return lambda value: dict(reversed(write(value).items()))


def all_members(shape, inner):
    """An answer with members that its shape hasn't, or with None."""
    return lambda value: dict(value)


def without(metadata, key):
    """Metadata that lacks one thing."""

    def shorter(*args):
        told = metadata(*args)
        del told[key]
        return told

    return shorter


def read_any_text(shape, inner):
    """A reader that lets everything pass as text."""
    return lambda value: value


def read_members_as_given(shape, inner):
    """A reader that keeps the order in which members were given, and what no shape knows."""
    return lambda value: dict(value) if type(value) is dict else value


def losing(lab, call):
    """A call whose first answer gets lost, for a door that doesn't know."""
    sqs, url = calls.orders(lab)
    for number in range(20):
        call(sqs.send_message, QueueUrl=url, MessageBody=f"order-{number}")


def counted(lab, call):
    """Deleting by an old receipt handle is refused, and told in the history, once a call."""
    sqs, url = calls.orders(lab, FifoQueue="true", ContentBasedDeduplication="true")
    call(sqs.send_message, QueueUrl=url, MessageBody="order-1", MessageGroupId="Ann")
    first = call(sqs.receive_message, QueueUrl=url, VisibilityTimeout=0)["Messages"][0]["ReceiptHandle"]
    call(sqs.receive_message, QueueUrl=url)
    call(sqs.delete_message, QueueUrl=url, ReceiptHandle=first)


WRONG = {
    "keys in another order": (shapes.WRITE, "structure", reversed_structure, calls.receiving),
    "members that no shape has": (shapes.WRITE, "structure", all_members, calls.many_items),
    "numbers as they are": (shapes.WRITE, "integer", lambda shape, inner: str, calls.many_items),
    "any text": (shapes.READ, "string", read_any_text, calls.sending),
    "any blob": (shapes.READ, "blob", read_any_text, calls.sending),
    "any boolean": (shapes.READ, "boolean", read_any_text, calls.items),
    "any list": (shapes.READ, "list", read_any_text, calls.sending),
    "any structure": (shapes.READ, "structure", read_members_as_given, calls.sending),
    "half a letter": (vars(shapes), "_can_be_encoded", lambda text: True, calls.sending),
    "no status": (vars(way), "_metadata", without(way._metadata, "HTTPStatusCode"), calls.looking),
    "another checksum": (vars(way), "_checksum", lambda answer: "1", calls.items),
    "another date": (vars(way), "_date", lambda second: way.http_date(second + 1), calls.looking),
    "no handlers after": (vars(usual), "AFTER", (), calls.resources),
    "no tokens": (usual.KEPT_FOR, "botocore.handlers.generate_idempotent_uuid", lambda model: False, calls.many_items),
    "errors that stay": (vars(way), "deepcopy", lambda known: known, calls.errors_kept),
}
WRONG_METHODS = {
    "nobody calls": (way.Way, "_attempt", unnamed_attempt, calls.resources),
    "unnamed chance": (attempts.CallName, "begin", lambda name: None, calls.looking),
    "answers never lost": (Lab, "loses_response", lambda lab, call: False, losing),
    "one attempt alone": (Endpoint, "_needs_retry", lambda *_: False, losing),
    "the action runs twice": (attempts.CallName, "refusal", property(lambda _: None, lambda *_: None), counted),
}


@pytest.mark.parametrize("name", [*WRONG, *WRONG_METHODS])
def test_a_wrong_door_is_found(monkeypatch, name):
    place, what, wrong, play = (WRONG | WRONG_METHODS)[name]
    options = {"faults": test_both_doors.FEW_LOSSES} if play is losing else {}
    over_http, right = told(play, through_http=True, **options), told(play, through_http=False, **options)
    with monkeypatch.context() as patch:
        patch.setattr(shapes, "_operations", {})
        if name in WRONG:
            patch.setitem(place, what, wrong)
        else:
            patch.setattr(place, what, wrong)
        in_process = told(play, through_http=False, **options)
    assert in_process.same() != over_http.same()
    assert right.same() == over_http.same()
