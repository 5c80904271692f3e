"""The lab behind `labkit serve`: real time, one call at a time, calls that come in by HTTP."""

from __future__ import annotations

import threading
from collections import deque
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from moto.core.responses import ActionResult, BaseResponse

from labkit.aws.adapter import Origin
from labkit.aws.adapters import adapters
from labkit.aws.calls import record
from labkit.aws.lab import Lab
from labkit.aws.process import process
from labkit.aws.served import reading, refusals
from labkit.causes import Done
from labkit.clock.real_scheduler import RealScheduler
from labkit.history import Call, History
from labkit.rules import Faults

KEPT_EVENTS = 100_000
_call_action = BaseResponse.call_action


class ServedLab(Lab):
    """A lab whose clients are other programs. Its clock shows the real time, or runs `speed` times as fast from now on.

    One call acts at a time, and a long poll lets the others in while it waits. The history keeps the latest 100,000
    events, so that a server that is left running does not fill the memory.
    """

    answers_in_process = False

    def __init__(self, *, seed: int = 7, speed: float = 1, faults: Faults | None = None) -> None:
        self.speed = speed
        self._now = threading.local()
        self._http = ExitStack()
        super().__init__(seed, start=datetime.now(UTC), faults=faults)

    def _begin_time(self, start: int) -> RealScheduler:
        self._real = RealScheduler(start, self.speed, seen_by_all=True)
        return self._real

    def _begin_history(self, start: int) -> History:
        return History(start, deque(maxlen=KEPT_EVENTS))

    def _open(self) -> None:
        super()._open()
        for kind in (BaseResponse, *BaseResponse.__subclasses__()):
            if "serialized" in vars(kind):
                self._http.enter_context(patch.object(kind, "serialized", self._noting_result(kind.serialized)))
        replaced = {"call_action": self._answering(), "parse_parameters": parse_parameters,
                    "determine_response_protocol": response_protocol}  # fmt: skip
        for name, method in replaced.items():
            self._http.enter_context(patch.object(BaseResponse, name, method))
        self._http.enter_context(patch("moto.core.serialize.get_error_model", refusals.error_model))

    def _close_quietly(self) -> None:
        with self._real.acting():
            self._http.close()
            super()._close_quietly()

    # One call

    def acting(self) -> AbstractContextManager[None]:
        """Within the `with` nobody else acts, and lab time stands still except for waiting."""
        return self._real.acting()

    @property
    def effects(self) -> list[Done]:
        """What the call of this thread did to single messages."""
        if not hasattr(self._now, "effects"):
            self._now.effects = []
        found: list[Done] = self._now.effects
        return found

    def who(self) -> str:
        """The program whose request this thread answers."""
        return str(getattr(self._now, "caller", "a service"))

    def called_by(self, program: str) -> None:
        """Say whose request this thread answers from now on."""
        self._now.caller, self._now.recorded = program, False

    def record_unnamed(self, method: str, path: str) -> None:
        """Record a request that moto answered without saying which operation it was, as it does for S3."""
        if not self._now.recorded:
            at, order = self.scheduler.now, self.history.next_order()
            call = Call(at, order, self.who(), "", f"{method} {path}", "", None, (), {}, at)
            self.history.events.append(call)

    def _answering(self) -> Any:
        lab = self

        def call_action(response: Any) -> Any:
            with lab.acting():
                return lab._answer(response)

        return call_action

    def _answer(self, response: Any) -> Any:
        """Let a call wait for what it waits for, let moto and the rules answer it, and record it."""
        service, operation = response.boto3_service_name, response._get_action()
        process.uses(service)
        refusal = refusal_of(response)
        parameters = dict(response.params) if response.automated_parameter_parsing and refusal is None else {}
        began = self.scheduler.now
        adapter = adapters().get(service)
        if adapter is not None and refusal is None:
            origin = Origin(response.current_account, response.region)
            adapter.before_call(self, origin, operation, parameters)
        when_and_who = (self.scheduler.now, self.history.next_order(), self.who(), began)
        self.effects.clear()
        self._now.result, self._now.recorded = {}, True
        code: str | None = "InternalFailure"
        try:
            answer = _call_action(response) if refusal is None else refused(response, refusal)
            code = getattr(self._now.result, "code", None)
        finally:
            result = self._now.result if isinstance(self._now.result, dict) else {}
            record(self, service, operation or "", parameters, result, code, when_and_who)
        return answer

    def _noting_result(self, serialized: Any) -> Any:
        """Keep what an answer says before it is written as JSON or XML."""
        lab = self

        def noting(response: Any, action_result: Any) -> Any:
            lab._now.result = action_result.result
            return serialized(response, action_result)

        return noting


def parse_parameters(response: Any, request: Any) -> None:
    """Read a request by its service's model, and keep for the answer why it cannot be read."""
    response.params, response.refusal = {}, None
    try:
        response.params = reading.read(response, request)
    except refusals.Refusal as refusal:
        response.refusal = refusal


def refusal_of(response: Any) -> refusals.Refusal | None:
    """Why a request is refused before the service acts, or None. moto reads some requests late, some not at all."""
    if not hasattr(response, "refusal"):
        if not reading.has_model(response):
            return None
        params = getattr(response, "params", None)
        parse_parameters(response, response.normalized_request)
        response.params = response.params if params is None else params
    found: refusals.Refusal | None = response.refusal
    return found


def refused(response: Any, refusal: refusals.Refusal) -> Any:
    """Write a refusal as moto writes an error of its own."""
    status, headers, body = response.serialized(ActionResult(refusal))
    written = {**response.response_headers, **headers, "status": status}
    return status, *response._enrich_response(written, body)


def response_protocol(response: Any, service: Any) -> str:
    """The protocol of the request, in which it is answered."""
    protocol = reading.protocol_of(service, response.normalized_request)
    return "query-json" if protocol == "query" and response.request_json else protocol
