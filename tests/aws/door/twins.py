"""The same calls through both doors, and everything that must come out the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from unittest.mock import patch

from botocore.exceptions import BotoCoreError, ClientError
from moto.core.models import botocore_stubber
from moto.dynamodb.models import dynamodb_backends

from labkit import Lab
from labkit.aws.door import door
from labkit.aws.sqs.stores import all_queues, rules_of
from labkit.words import LabError


@dataclass
class Told:
    """What a run of calls shows: each call's outcome, the history, what is left, the time, and the requests sent."""

    outcomes: list = field(default_factory=list)
    history: list = field(default_factory=list)
    state: list = field(default_factory=list)
    requests: list = field(default_factory=list)

    def same(self):
        """All of it but the numbers of requests, as text in which the order of keys shows."""
        return json.dumps([self.outcomes, self.history, self.state], default=repr, indent=1)


@contextmanager
def counting() -> Iterator[list]:
    """The requests that reach moto within the `with`."""
    sent: list = []
    process_request = botocore_stubber.process_request

    def noting(request):
        sent.append(request.url)
        return process_request(request)

    with patch.object(botocore_stubber, "process_request", noting):
        yield sent


def outcome(action: Callable[[], object]):
    """What a call returns, metadata and all, or its error in every particular."""
    try:
        return action()
    except ClientError as error:
        return [type(error).__name__, str(error), error.response, error.operation_name]
    except (BotoCoreError, LabError) as error:
        return [type(error).__name__, str(error)]


def state(lab):
    """Every message and every item that is left."""
    queues = [
        [
            queue.name,
            [vars_of(message) for message in rules_of(queue, lab).stored()],
            rules_of(queue, lab).counts(now(lab)),
        ]
        for queue in all_queues()
    ]
    tables = [
        [name, [item.to_json() for item in table.all_items()]]
        for _, _, backend in dynamodb_backends.iter_backends()
        for name, table in backend.tables.items()
    ]
    return [queues, tables, now(lab), quotas(lab)]


def quotas(lab):
    """How many more tries each client of the lab has, which success gives back."""
    checkers = [
        getattr(handler, "__self__", None)
        for client in lab._clients
        for handler in client.meta.events._emitter._handlers.prefix_search("after-call.any")
    ]
    return sorted(one._quota.available_capacity for one in checkers if hasattr(one, "_quota"))


def now(lab):
    return lab.scheduler.now


def vars_of(message):
    """All that a message holds."""
    return {name: repr(value) for name, value in vars(message).items()}


def told(play, through_http: bool, **options) -> Told:
    """Let `play(lab, call)` run in a lab of its own, where `call(method, **parameters)` makes a call and notes it."""
    result = Told()
    with door.shut() if through_http else nullcontext(), Lab(**({"seed": 7} | options)) as lab, counting() as sent:

        def call(method, **parameters):
            before = len(sent)
            answer = outcome(lambda: method(**parameters))
            result.requests.append((method.__name__, len(sent) - before))
            result.outcomes.append(json.loads(json.dumps([method.__name__, answer], default=repr)))
            return answer if isinstance(answer, dict) else {}

        play(lab, call)
        lab.settle()
        result.history = [repr(event) for event in lab.history.in_order()]
        result.state = state(lab)
    return result


def through_both(play, **options) -> tuple[Told, Told]:
    """What `play` shows in process and over HTTP; asserts that it is the same."""
    in_process, over_http = told(play, False, **options), told(play, True, **options)
    assert in_process.same() == over_http.same()
    return in_process, over_http
