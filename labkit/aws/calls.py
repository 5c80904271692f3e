"""One API call in a lab: checked, made at its instant of lab time, recorded."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from labkit.aws.adapter import Origin
from labkit.aws.adapters import adapters
from labkit.aws.attempts import CallName
from labkit.aws.current import current_lab
from labkit.aws.door import door, make_call
from labkit.aws.records import Records
from labkit.clock.guard import guard
from labkit.clock.switch import switch
from labkit.history import Call
from labkit.words import LabError, error, say
from labkit.words import lab as words
from labkit.words import time as time_words

Parameters = dict[str, Any]


def make_api_call(client: Any, operation: str, parameters: Parameters) -> Any:
    """What stands in for `BaseClient._make_api_call`: it brings every call to the innermost lab."""
    lab = current_lab()
    real_call = getattr(vars(client).get("_labkit_lab"), "call", None)
    if real_call is not None:  # a lab on another endpoint, whichever of its threads calls
        return real_call(client, operation, parameters)
    if not switch.in_lab_thread():
        return _call_in_thread(client, operation, parameters)
    # Ctrl-C is held back while a call changes things. Held already means that labkit or moto itself calls, inside a
    # call: that is no call of anybody's in the history and takes no time of its own.
    was = guard.hold()
    try:
        if was:
            return make_call(client, operation, parameters)
        if switch.is_on:
            return _call(lab, client, operation, parameters)
        with switch.shown():
            return _call(lab, client, operation, parameters)
    finally:
        guard.restore(was)


def _call_in_thread(client: Any, operation: str, parameters: Parameters) -> Any:
    """A service of moto may call from a thread of its own, such as a state machine's; a learner's thread may not."""
    if not switch.in_service_thread():
        raise error(time_words.THREAD, what=say(words.THREAD_CLIENT))
    return make_call(client, operation, parameters)


def _call(lab: Records, client: Any, operation: str, parameters: Parameters) -> Any:
    # An actor of an outer lab may call here while that lab closes: it has to end before it changes anything.
    switch.check_alive()
    lab.check_client(client)
    scheduler = lab.scheduler
    actor = scheduler.current()
    scheduler.count_call(actor)
    began = scheduler.now
    # All of a call's latency passes before the service acts, and a long poll waits before moto is entered: so no actor
    # is ever suspended inside moto or botocore, whose state is shared by all.
    if actor is not None and lab.latency:
        scheduler.sleep(lab.latency)
    by = "you" if actor is None else actor.name
    model = client.meta.service_model
    service = model.service_name
    adapter = adapters().get(service)
    if adapter is not None:
        adapter.before_call(lab, Origin(client._labkit_account, client.meta.region_name), operation, parameters)
    # A waiter's or a hook's call is made within another of the same actor, which goes on afterwards.
    outer = lab.calls_now.get(actor)
    token = bool(model.operation_model(operation).idempotent_members)
    lab.calls_now[actor] = CallName(lab.seed, by, service, operation, lab.nth_call(by, service, operation), token)
    try:
        return _make(lab, client, operation, parameters, began, lab.calls_now[actor])
    finally:
        if outer is None:
            del lab.calls_now[actor]
        else:
            lab.calls_now[actor] = outer


def _make(lab: Records, client: Any, operation: str, parameters: Parameters, began: int, name: CallName) -> Any:
    # The place in the history is taken now: what the call changes comes after the call itself.
    when_and_who = (lab.scheduler.now, lab.history.next_order(), name.by, began)
    name.begin()
    answer: dict[str, Any] = {}
    code = None
    lab.effects.clear()
    try:
        answer = make(lab, client, name, parameters)
    except ClientError as failure:
        code = failure.response.get("Error", {}).get("Code", "Unknown")
        raise
    except (BotoCoreError, LabError) as failure:
        code = type(failure).__name__
        raise
    finally:
        record(lab, name.service, operation, parameters, answer, code, when_and_who)
    return answer


def make(lab: Records, client: Any, name: CallName, parameters: Parameters) -> Any:
    """Make a call through a door. Raises `ClientError` (InternalFailure) where the mock of the service fails itself."""
    try:
        return door.call(lab, client, name, parameters)
    except (BotoCoreError, ClientError, LabError):
        raise
    except Exception as failure:
        lab.surfaced(failure)
        raise _mock_failed(name.service, name.operation, failure) from failure


def _mock_failed(service: str, operation: str, failure: Exception) -> ClientError:
    reason = f"{type(failure).__name__}: {failure}"
    message = say(words.FAILED_MOCK, service=service, operation=operation, reason=reason)
    return ClientError({"Error": {"Code": "InternalFailure", "Message": message}}, operation)


def record(
    lab: Records,
    service: str,
    operation: str,
    parameters: Parameters,
    answer: dict[str, Any],
    code: str | None,
    when_and_who: tuple[int, int, str, int],
) -> None:
    at, order, by, began = when_and_who
    adapter = adapters().get(service)
    resource, result, messages = "", None, list[str]()
    if adapter is not None:
        resource, result, messages = adapter.describe(operation, parameters, answer)
    effects = tuple(lab.effects)
    messages += [done.message for done in effects if done.message is not None]
    named, given = tuple(messages), dict(parameters)
    lab.history.events.append(
        Call(at, order, by, service, operation, resource, code, named, given, began, result, effects)
    )
