"""The door in process: a client's call reaches its answer function without a request being built, signed and read.

Only what is known to come out the same goes this way; all else goes through botocore and moto whole. The same are: the
answer with the order of its keys, its metadata, the error, what botocore's own handlers do before and after, the SDK's
retries, the caller's name, random numbers, history and time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.client import BaseClient

from labkit.aws import shapes, usual
from labkit.aws.adapters import adapters
from labkit.aws.asked import Answering, Given
from labkit.aws.attempts import CallName
from labkit.aws.records import Records
from labkit.aws.way import Way

make_call = BaseClient._make_api_call
# LABKIT_DOOR=http sends every call of a process over HTTP, so that all tests can be run through both doors.
HTTP_ALONE = "http"


class ClientDoor:
    """The ways of one client's operations, looked for anew when its handlers change. Raises `Unusual`."""

    def __init__(self, client: Any) -> None:
        self._client = client
        adapter = adapters().get(client.meta.service_model.service_name)
        self._answers: Mapping[str, Answering] = adapter.answers if adapter is not None else {}
        if not self._answers:
            raise usual.Unusual
        usual.check_client(client)
        self._emitter = usual.emitter(client)
        self._seen = self._emitter._lookup_cache
        self._ways: dict[str, Way | None] = {}

    def way(self, operation: str) -> Way | None:
        """How an operation is answered in process now, or None."""
        if self._emitter._lookup_cache is not self._seen:
            self._seen = self._emitter._lookup_cache
            self._ways.clear()
        if operation not in self._ways:
            self._ways[operation] = self._find(operation)
        return self._ways[operation]

    def _find(self, operation: str) -> Way | None:
        answer = self._answers.get(operation)
        try:
            return None if answer is None else Way(self._client, operation, answer)
        except (usual.Unusual, shapes.Unsupported):
            return None


class Door:
    """Whether calls may take the door in process, and the way that they take."""

    def __init__(self) -> None:
        self.is_open = os.environ.get("LABKIT_DOOR") != HTTP_ALONE

    @contextmanager
    def shut(self) -> Iterator[None]:
        """Within the `with` every call goes over HTTP."""
        was, self.is_open = self.is_open, False
        try:
            yield
        finally:
            self.is_open = was

    def call(self, lab: Records, client: Any, name: CallName, parameters: Given) -> Any:
        """Make a call: in process where that comes out the same, else through botocore and moto."""
        way = self._way(lab, client, name.operation)
        if way is not None:
            try:
                return way.take(lab, parameters, name)
            except shapes.NotPlain:
                pass  # nothing has happened yet: botocore says what is wrong, or sends what only it can write
        return make_call(client, name.operation, parameters)

    def _way(self, lab: Records, client: Any, operation: str) -> Way | None:
        if not (self.is_open and lab.answers_in_process and usual.is_process_usual()):
            return None
        held = vars(client)
        if "_labkit_door" not in held:
            try:
                held["_labkit_door"] = ClientDoor(client)
            except usual.Unusual:
                held["_labkit_door"] = None
        known: ClientDoor | None = held["_labkit_door"]
        return None if known is None else known.way(operation)


door = Door()
