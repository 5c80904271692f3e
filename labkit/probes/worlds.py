"""The worlds an experiment can run in: a lab, moto without our rules, or a lab in which a belief is true."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from unittest.mock import patch

import boto3
from moto import mock_aws
from moto.sqs.models import Queue

from labkit.aws.clients import ACCESS_KEY, ACCOUNT, REGION, SECRET_KEY
from labkit.aws.lab import START, Clock, Lab
from labkit.aws.options import read_until
from labkit.aws.process import process
from labkit.clock.length import SECOND, instant
from labkit.clock.scheduler import Scheduler
from labkit.clock.switch import switch

Call = Callable[[str, dict[str, Any]], dict[str, Any]]
Answering = Callable[[Call, str, dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class World:
    """How a wrong world differs: `told` is its sentence, with `values` for the names in it.

    `rules` replace those of SQS; `answers` stands between client and service; `instead` are other arguments for the
    experiment; `mock_alone` is moto without any rule of ours.
    """

    told: str
    rules: type | None = None
    answers: Callable[[], Answering] | None = None
    instead: dict[str, Any] = field(default_factory=dict)
    mock_alone: bool = False
    values: dict[str, Any] = field(default_factory=dict)

    def open(self, options: dict[str, Any]) -> Lab | MockAlone:
        """Open a fresh lab of this world."""
        if self.mock_alone:
            return MockAlone()
        rules = {"sqs": self.rules} if self.rules else {}
        return Lab(**{"latency": "0 s"} | options | {"rules": options.get("rules", {}) | rules})

    def client(self, service: str) -> Any:
        """Return a client of the lab that is open, whose answers are those of this world."""
        client = _session().client(service)
        if self.answers is not None:
            client._make_api_call = partial(self.answers(), client._make_api_call)
        return client


AS_DOCUMENTED = World("as documented")
MOCK_ALONE = World("moto without labkit's rules", mock_alone=True)
_sessions: list[Any] = []


def _session() -> Any:
    """One session for all labs: making one costs more than a whole experiment."""
    if not _sessions:
        _sessions.append(boto3.session.Session(ACCESS_KEY, SECRET_KEY, region_name=REGION))
    return _sessions[0]


class MockAlone:
    """moto without our rules, in lab time: what a learner would see who had only the mock."""

    def __init__(self) -> None:
        assert process.lab is None, "moto alone cannot run while a lab is open"
        self.scheduler = Scheduler(instant(START))
        self.clock = Clock(self.scheduler)
        self._open = ExitStack()
        self._open.enter_context(mock_aws())
        self._open.enter_context(patch.object(Queue, "wait_for_messages", self._wait))
        if "moto.ec2.models.amis" in sys.modules:
            from labkit.aws.autoscaling import images

            for kind, name, replacement in images.REPLACED:
                self._open.enter_context(patch.object(kind, name, replacement))
        switch.open(self.scheduler)
        self._open.callback(switch.close, self.scheduler)
        switch.on()

    def _wait(self, queue: Any) -> None:
        """moto's long poll looks once a second; here the second is one of lab time."""
        self.scheduler.sleep(SECOND)

    def start(self, function: Callable[..., Any], *args: Any, name: str | None = None) -> Any:
        """Start a function as an actor."""
        return self.scheduler.start(function, args, name or function.__name__)

    def start_on(self, group: str, function: Callable[..., Any], **_: Any) -> None:
        """Start a function as an actor on every instance that a group has now; the mock tells of no later ones."""
        from moto.autoscaling.models import autoscaling_backends

        from labkit.aws.autoscaling.workers import arguments

        for state in autoscaling_backends[ACCOUNT][REGION].autoscaling_groups[group].instance_states:
            self.start(function, *arguments(function, state.instance_id), name=state.instance_id)

    def run(self, until: Any = None) -> None:
        """Run the actors as `Lab.run` does."""
        self.scheduler.run(*read_until(until, self.scheduler.now))

    def close(self) -> None:
        """End all actors and forget all resources."""
        self.scheduler.end()
        self._open.close()
