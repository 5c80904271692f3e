"""The way of one operation's calls in process: what botocore does around a request, without the request."""

from __future__ import annotations

import json
from base64 import b64encode
from binascii import crc32
from functools import lru_cache
from typing import Any, ClassVar

from botocore.exceptions import ClientError, ConnectionClosedError
from moto.backends import get_backend
from moto.core.exceptions import ServiceException
from werkzeug.exceptions import HTTPException
from werkzeug.http import http_date

from labkit.aws import seeding, shapes, usual
from labkit.aws.adapters import adapters
from labkit.aws.asked import Answering, Asked, Given
from labkit.aws.attempts import CallName
from labkit.aws.records import Records

MOST_REFUSALS = 1_000
PLAIN = (str, int, bool, type(None))
SECOND = 1_000_000
REFUSALS = (ServiceException, HTTPException)
# An HTTP response and what botocore has read of it.
Response = tuple[Any, Given]


class _Success:
    """What botocore's handlers look at of an HTTP response that is no error; a checksum would be right anyway."""

    status_code = 200
    headers: ClassVar[dict[str, str]] = {}


class Way:
    """How one operation of one client is answered in process. Raises `Unusual` or `Unsupported` where it isn't."""

    def __init__(self, client: Any, operation: str, answer: Answering) -> None:
        model = client.meta.service_model.operation_model(operation)
        service, region = client.meta.service_model.service_name, client.meta.region_name
        self._client, self._model, self._answer = client, model, answer
        self._read, self._write = shapes.of_operation(model)
        self._before = usual.kept(client, model, usual.BEFORE)
        self._after = usual.kept(client, model, usual.AFTER)
        known_region = region in get_backend(service)[client._labkit_account].regions
        if model.endpoint is not None or not known_region or usual.kept(client, model, usual.BETWEEN):
            raise usual.Unusual
        self._who, self._region, self._address = client._labkit_account, region, usual.address(client, model)
        self._says_checksum = adapters()[service].says_checksum
        self._content_type = usual.content_type(client)
        self._known: dict[str, Response] = {}

    def take(self, lab: Records, parameters: Given, name: CallName) -> Given:
        """Answer a call, or raise what botocore raises over HTTP; `NotPlain` before anything has happened."""
        context = {"client_region": self._region, "client_config": self._client.meta.config}
        for handler, event in self._before:
            changed = handler(params=parameters, model=self._model, context=context, event_name=event)
            parameters = parameters if changed is None else changed
        asked = Asked(self._model.name, self._who, self._region, self._read(parameters), self._address)
        http, answer = self._attempts(lab, asked, parameters, name, context)
        if http is not _Success:
            raise self._error(http, answer, context)
        for handler, event in self._after:
            handler(http_response=http, parsed=answer, model=self._model, context=context, event_name=event)
        return answer

    def _attempts(self, lab: Records, asked: Asked, parameters: Given, name: CallName, context: Given) -> Response:
        """The SDK's attempts, of which botocore says whether one more is due, as in its `Endpoint._send_request`.

        It isn't asked after a first attempt that succeeds, for that is never made again.
        """
        endpoint, request = self._client._endpoint, {"context": context}
        while True:
            answer, refusal = self._attempt(lab, asked, name)
            response = lost = None
            if lab.loses_response(name):
                lost = ConnectionClosedError(endpoint_url=asked.address)
            elif refusal is not None:
                response = self._told(lab, refusal, parameters, name, context)
            else:
                response = self._finished(lab, answer)
            succeeds_at_once = name.attempt == 1 and response is not None and refusal is None
            if not succeeds_at_once and endpoint._needs_retry(name.attempt, self._model, request, response, lost):
                continue
            if response is None:
                raise lost or AssertionError
            response[1]["ResponseMetadata"]["RetryAttempts"] = name.attempt - 1
            return response

    def _attempt(self, lab: Records, asked: Asked, name: CallName) -> tuple[Given, Exception | None]:
        before, lab.caller = lab.caller, name.by
        name.begin_attempt()
        try:
            return self._answer(lab, asked), None
        except REFUSALS as refusal:
            return {}, refusal.with_traceback(None)
        finally:
            lab.caller = before

    def _finished(self, lab: Records, answered: Given) -> Response:
        answer: Given = self._write(answered)
        checksum = _checksum(answer) if self._says_checksum else None
        answer["ResponseMetadata"] = _metadata(lab, self._content_type, checksum)
        return _Success, answer

    # Refusals

    def _told(self, lab: Records, refusal: Exception, parameters: Given, name: CallName, context: Given) -> Response:
        """What botocore reads of a refusal. The first of its kind is raised once more over HTTP, to be known then."""
        key = _key(refusal)
        if key is None or key not in self._known:
            response = self._over_http(refusal, parameters, name, context)
            if key is not None:
                if len(self._known) >= MOST_REFUSALS:
                    self._known.clear()
                self._known[key] = response[0], copied(response[1])
            return response
        http, error = self._known[key][0], copied(self._known[key][1])
        metadata, told = error["ResponseMetadata"], _metadata(lab, "", None)
        metadata["RequestId"] = metadata["HTTPHeaders"]["x-amzn-requestid"] = told["RequestId"]
        metadata["HTTPHeaders"]["date"] = told["HTTPHeaders"]["date"]
        return http, error

    def _over_http(self, refusal: Exception, parameters: Given, name: CallName, context: Given) -> Response:
        """Let the same attempt arrive over HTTP, where it is refused at once: the action doesn't run a second time."""
        model, client = self._model, self._client
        name.refusal, name.attempt = refusal, name.attempt - 1
        try:
            sent = dict(context, auth_type=model.resolved_auth_type, has_streaming_input=False)
            address, headers, _ = client._resolve_endpoint_ruleset(model, parameters, sent)
            built = client._convert_to_request_dict(parameters, model, address, sent, headers)
            request = client._endpoint.create_request(built, model)
            response, failure = client._endpoint._do_get_response(request, model, sent)
        finally:
            name.refusal = None
        if failure is not None:
            raise failure
        told: Response = response
        return told

    def _error(self, http: Any, parsed: Given, context: Given) -> ClientError:
        """The error that botocore's `_make_api_call` raises of a response."""
        event = f"after-call.{self._model.service_model.service_id.hyphenize()}.{self._model.name}"
        self._client.meta.events.emit(event, http_response=http, parsed=parsed, model=self._model, context=context)
        code = context.get("error_code_override") or parsed["Error"].get("Code")
        error: ClientError = self._client.exceptions.from_code(code)(parsed, self._model.name)
        return error


def copied(value: Any) -> Any:
    """Copy what JSON can hold; of anything else there is nothing in an answer that its receiver may change."""
    if type(value) is dict:
        return {name: copied(one) for name, one in value.items()}
    return [copied(one) for one in value] if type(value) is list else value


def _key(refusal: Exception) -> str | None:
    """What two refusals have in common that look the same; None for one that holds more than plain values."""
    held = vars(refusal)
    return f"{type(refusal)} {refusal} {held}" if _is_plain(held) else None


def _is_plain(value: Any) -> bool:
    if type(value) is dict:
        return all(map(_is_plain, value.values()))
    return all(map(_is_plain, value)) if type(value) in (list, tuple) else type(value) in PLAIN


def _metadata(lab: Records, content_type: str, checksum: str | None) -> Given:
    identity = seeding.request_id()
    headers = {
        "content-type": content_type,
        "server": "amazon.com",
        "date": _date(lab.scheduler.now // SECOND),
        "x-amzn-requestid": identity,
    }
    if checksum is not None:
        headers["x-amz-crc32"] = checksum
    return {"RequestId": identity, "HTTPStatusCode": 200, "HTTPHeaders": headers}


@lru_cache(maxsize=100)
def _date(second: int) -> str:
    return http_date(second)


def _checksum(answer: Given) -> str:
    """DynamoDB's checksum of the JSON that carries an answer."""
    return str(crc32(json.dumps(answer, default=lambda blob: b64encode(blob).decode()).encode()))
