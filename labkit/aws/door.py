"""The door in process: a client's call reaches its answer function without a request being built, signed and read.

Only what is known to come out the same goes this way; all else goes through botocore and moto whole. The same are: the
answer with the order of its keys, its metadata, the error, what botocore's own handlers do before and after, the
caller's name, random numbers, history and time.
"""

from __future__ import annotations

import json
import os
from base64 import b64encode
from binascii import crc32
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from botocore.client import BaseClient
from botocore.exceptions import ClientError
from moto.backends import get_backend
from moto.core.exceptions import ServiceException
from werkzeug.exceptions import HTTPException
from werkzeug.http import http_date

from labkit.aws import seeding, shapes, usual
from labkit.aws.adapters import adapters
from labkit.aws.asked import Answering, Asked, Given

if TYPE_CHECKING:
    from labkit.aws.attempts import CallName
    from labkit.aws.lab import Lab

make_call = BaseClient._make_api_call
# LABKIT_DOOR=http sends every call of a process over HTTP, so that all tests can be run through both doors.
HTTP_ALONE = "http"
MOST_REFUSALS = 1_000
PLAIN = (str, int, bool, type(None))
SECOND = 1_000_000


class _Success:
    """What botocore's handlers look at of an HTTP response."""

    status_code = 200


class Way:
    """How one operation of one client is answered in process. Raises `Unusual` or `Unsupported` where it isn't."""

    def __init__(self, client: Any, operation: str, answer: Answering, address: str) -> None:
        model = client.meta.service_model.operation_model(operation)
        service, region = client.meta.service_model.service_name, client.meta.region_name
        self._model = model
        self._answer = answer
        self._read, self._write = shapes.of_operation(model)
        self._before = usual.kept(client, model, usual.BEFORE)
        self._after = usual.kept(client, model, usual.AFTER)
        known_region = region in get_backend(service)[client._labkit_account].regions
        if model.endpoint is not None or not known_region or usual.kept(client, model, usual.BETWEEN):
            raise usual.Unusual
        self._place = (client._labkit_account, region, address)
        self._says_checksum = adapters()[service].says_checksum
        self._content_type = f"application/x-amz-json-{client.meta.service_model.metadata['jsonVersion']}"
        self._refusals: dict[str, ClientError] = {}

    def take(self, lab: Lab, client: Any, parameters: Given, name: CallName) -> Given:
        """Answer a call, or raise what AWS's refusal raises over HTTP; `NotPlain` before anything has happened."""
        context = {"client_config": client.meta.config}
        built = parameters
        for handler, event in self._before:
            changed = handler(params=built, model=self._model, context=context, event_name=event)
            built = built if changed is None else changed
        account, region, address = self._place
        asked = Asked(self._model.name, account, region, self._read(built), address)
        try:
            with name.attempt_at(lab):
                answered = self._answer(lab, asked)
        except (ServiceException, HTTPException) as failure:
            refusal = failure.with_traceback(None)
        else:
            return self._finished(lab, self._write(answered), context)
        return self._refuse(lab, client, parameters, name, refusal)

    def _finished(self, lab: Lab, answer: Given, context: Given) -> Given:
        checksum = _checksum(answer) if self._says_checksum else None
        answer["ResponseMetadata"] = _metadata(lab, self._content_type, checksum)
        for handler, event in self._after:
            handler(http_response=_Success, parsed=answer, model=self._model, context=context, event_name=event)
        return answer

    def _refuse(self, lab: Lab, client: Any, parameters: Given, name: CallName, refusal: Exception) -> Any:
        """Raise what botocore makes of a refusal: it is raised again over HTTP, and the action doesn't run again.

        The SDK may try the call again and then get an answer. Where it doesn't, its error is kept for equal refusals.
        """
        key = _key(refusal)
        known = self._refusals.get(key) if key is not None else None
        if known is not None:
            raise _again(lab, known)
        name.refusal, name.attempt = refusal, 0
        try:
            return make_call(client, self._model.name, parameters)
        except ClientError as error:
            if key is not None and error.response["ResponseMetadata"]["RetryAttempts"] == 0:
                if len(self._refusals) >= MOST_REFUSALS:
                    self._refusals.clear()
                self._refusals[key] = _copy(error)
            raise
        finally:
            name.refusal = None


def _key(refusal: Exception) -> str | None:
    """What two refusals have in common that look the same; None for one that holds more than plain values."""
    held = vars(refusal)
    return f"{type(refusal)} {refusal} {held}" if _is_plain(held) else None


def _is_plain(value: Any) -> bool:
    if type(value) is dict:
        return all(map(_is_plain, value.values()))
    return all(map(_is_plain, value)) if type(value) in (list, tuple) else type(value) in PLAIN


def _copy(error: ClientError) -> ClientError:
    return type(error)(deepcopy(error.response), error.operation_name)


def _again(lab: Lab, known: ClientError) -> ClientError:
    error = _copy(known)
    metadata = error.response["ResponseMetadata"]
    told, headers = _metadata(lab, "", None), metadata["HTTPHeaders"]
    metadata["RequestId"] = headers["x-amzn-requestid"] = told["RequestId"]
    headers["date"] = told["HTTPHeaders"]["date"]
    return error


def _metadata(lab: Lab, content_type: str, checksum: str | None) -> Given:
    identity = seeding.request_id()
    headers = {
        "content-type": content_type,
        "server": "amazon.com",
        "date": _date(lab.scheduler.now // SECOND),
        "x-amzn-requestid": identity,
    }
    if checksum is not None:
        headers["x-amz-crc32"] = checksum
    return {"RequestId": identity, "HTTPStatusCode": 200, "HTTPHeaders": headers, "RetryAttempts": 0}


@lru_cache(maxsize=100)
def _date(second: int) -> str:
    return http_date(second)


def _checksum(answer: Given) -> str:
    """DynamoDB's checksum of the JSON that carries an answer."""
    return str(crc32(json.dumps(answer, default=lambda blob: b64encode(blob).decode()).encode()))


class ClientDoor:
    """The ways of one client's operations, looked for anew when its handlers change."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._answers = adapters()[client.meta.service_model.service_name].answers
        usual.check_client(client)
        self._address = usual.address(client)
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
            return None if answer is None else Way(self._client, operation, answer, self._address)
        except (usual.Unusual, shapes.Unsupported):
            return None


class Door:
    """Whether calls may take the door in process at all."""

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

    def call(self, lab: Lab, client: Any, name: CallName, parameters: Given) -> Any:
        """Make a call: in process where that comes out the same, else through botocore and moto."""
        way = self.way(lab, client, name.operation)
        if way is not None and not name.loses_first_response(lab):
            try:
                return way.take(lab, client, parameters, name)
            except shapes.NotPlain:
                pass  # nothing has happened yet; botocore says what is wrong, or sends what only it can write
        return make_call(client, name.operation, parameters)

    def way(self, lab: Lab, client: Any, operation: str) -> Way | None:
        """How an operation is answered in process now, or None."""
        if not (self.is_open and lab.answers_in_process and usual.is_process_usual()):
            return None
        known: ClientDoor | None = vars(client).get("_labkit_door")
        if known is None:
            try:
                known = ClientDoor(client)
            except (usual.Unusual, KeyError):  # or a service without an adapter
                known = NO_DOOR
            client._labkit_door = known
        return known.way(operation)


class _NoDoor(ClientDoor):
    """The door of a client that has none."""

    def __init__(self) -> None:
        self._client = None

    def way(self, operation: str) -> Way | None:
        """None: every call goes over HTTP."""
        return None


NO_DOOR = _NoDoor()
door = Door()
