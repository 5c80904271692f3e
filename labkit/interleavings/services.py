"""The quick way to a service: boto3's client and checks, moto's and the rules' own methods, no HTTP between them."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import partial
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, ParamValidationError
from botocore.validate import ParamValidator
from moto.dynamodb.responses import DynamoHandler
from moto.sqs.models import sqs_backends

from labkit.aws.adapters import Origin
from labkit.aws.sqs import SqsAdapter, responses
from labkit.aws.sqs.stores import rules_of
from labkit.clock.scheduler import Scheduler

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

Parameters = dict[str, Any]
Answer = dict[str, Any]
Way = Callable[[Parameters], Answer]
METADATA = {"HTTPStatusCode": 200, "HTTPHeaders": {}, "RetryAttempts": 0}
DYNAMODB = {
    "PutItem": "put_item",
    "GetItem": "get_item",
    "UpdateItem": "update_item",
    "DeleteItem": "delete_item",
    "TransactWriteItems": "transact_write_items",
}
MOST_KNOWN = 10_000
FLAT = (str, int, bool)
_validator = ParamValidator()
_valid: set[tuple[Any, ...]] = set()


class NotPlain(Exception):
    """Something that the wire would change, such as bytes: the call takes the long way."""


def check(client: Any, operation: str, parameters: Parameters) -> None:
    """Raise botocore's own ParamValidationError for parameters that boto3 would not send."""
    known = (operation, *parameters, *parameters.values(), *map(type, parameters.values()))
    try:
        if known in _valid:
            return
    except TypeError:  # a list or a dict among the values
        known = ()
    report = _validator.validate(parameters, client.meta.service_model.operation_model(operation).input_shape)
    if report.has_errors():
        raise ParamValidationError(report=report.generate_report())
    if known and len(_valid) < MOST_KNOWN and all(type(value) in (str, int) for value in parameters.values()):
        _valid.add(known)


class Quick:
    """Answers the calls of a quiet lab's clients; what it does not know, and each error's first time, boto3 answers."""

    def __init__(self, lab: Lab, by_boto3: Callable[[Any, str, Parameters], Answer]) -> None:
        self._lab = lab
        self._by_boto3 = by_boto3
        self._adapter = SqsAdapter()
        self._ways: dict[tuple[Any, str], Way | None] = {}
        self._errors: dict[tuple[object, ...], ClientError] = {}
        self._sqs = responses.answering(lambda: lab)
        self._dynamodb = DynamoHandler()
        self._dynamodb.current_account, self._dynamodb.region = lab.account, lab.region

    def answer(self, client: Any, operation: str, parameters: Parameters) -> Answer:
        """Return what boto3 would return, or raise what it would raise."""
        name = (client, operation)
        if name not in self._ways:
            self._ways[name] = self._way(client, operation)
        way = self._ways[name]
        if way is None:
            return self._by_boto3(client, operation, parameters)
        time = self._lab.scheduler
        assert isinstance(time, Scheduler)
        now = time.now
        try:
            answer = way(plain(parameters))
        except NotPlain:
            return self._by_boto3(client, operation, parameters)
        except Exception as failure:
            time.now = now
            raise self._error(failure, client, operation, parameters) from None
        answer["ResponseMetadata"] = dict(METADATA)
        return answer

    def _way(self, client: Any, operation: str) -> Way | None:
        service = client.meta.service_model.service_name
        if service == "dynamodb" and operation in DYNAMODB:
            known = client.meta.service_model.operation_model(operation).output_shape.members
            return partial(self._to_dynamodb, DYNAMODB[operation], frozenset(known))
        method = self._sqs.get(_method_name(operation)) if service == "sqs" else None
        if method is None or operation == "ListQueueTags":
            return None
        backend = sqs_backends[client._labkit_account][client.meta.region_name]
        if operation == "ReceiveMessage":
            return partial(self._receive, client, method, backend)
        return lambda given: _result(method(_Request(backend, given)))

    def _receive(self, client: Any, method: Callable[[Any], Any], backend: Any, given: Parameters) -> Answer:
        """A poll that would wait passes its time first."""
        queue = backend.queues.get(given["QueueUrl"].split("/")[-1])
        if queue is None or rules_of(queue, self._lab).next_visible(0) != 0:
            origin = Origin(client._labkit_account, client.meta.region_name)
            self._adapter.before_call(self._lab, origin, "ReceiveMessage", given)
        return _result(method(_Request(backend, given)))

    def _to_dynamodb(self, name: str, known: frozenset[str], given: Parameters) -> Answer:
        """moto's handler says more than the answer's shape has, which boto3 drops."""
        self._dynamodb.body = given
        result = getattr(self._dynamodb, name)().result
        return {key: copied(value) for key, value in result.items() if key in known}

    def _error(self, failure: Exception, client: Any, operation: str, parameters: Parameters) -> ClientError:
        """A refused call has changed nothing, so boto3 can make it again and say how the error looks; it is kept."""
        key = (operation, type(failure), str(failure), str(vars(failure)))
        if key not in self._errors:
            try:
                self._by_boto3(client, operation, parameters)
            except ClientError as refusal:
                self._errors[key] = refusal.with_traceback(None)
            else:
                raise failure
        known = self._errors[key]
        return type(known)(deepcopy(known.response), operation)


class _Request:
    """What the seam asks of moto's request."""

    def __init__(self, backend: Any, given: Parameters) -> None:
        self._get_param = given.get
        self._url = given["QueueUrl"]
        self.sqs_backend = backend

    def _get_queue_name(self) -> str:
        name: str = self._url.split("/")[-1]
        return name


def _method_name(operation: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in operation)[1:]


def _result(answered: Any) -> Answer:
    result = answered.result
    return copied(result) if result else {}


def copied(value: Any) -> Any:
    """Return a copy of an answer, which the caller may change."""
    if isinstance(value, dict):
        return {name: copied(inner) for name, inner in value.items()}
    return [copied(inner) for inner in value] if isinstance(value, list) else value


def plain(value: Any) -> Any:
    """Return a copy of parameters as the wire would carry them. Raises `NotPlain` where that differs."""
    kind = type(value)
    if kind is dict:
        return {name: inner if type(inner) in FLAT else plain(inner) for name, inner in value.items()}
    if kind is list:
        return [plain(inner) for inner in value]
    if kind in FLAT or value is None:
        return value
    raise NotPlain
