"""The quick way to a service: boto3's client and checks, moto's and the rules' own methods, no HTTP between them."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, ParamValidationError
from botocore.validate import ParamValidator
from moto.dynamodb.responses import DynamoHandler
from moto.sqs.models import sqs_backends

from labkit.aws.sqs import SqsAdapter, responses

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

Parameters = dict[str, Any]
Answer = dict[str, Any]
METADATA = {"HTTPStatusCode": 200, "HTTPHeaders": {}, "RetryAttempts": 0}
DYNAMODB = {
    "PutItem": "put_item",
    "GetItem": "get_item",
    "UpdateItem": "update_item",
    "DeleteItem": "delete_item",
    "TransactWriteItems": "transact_write_items",
}
_validator = ParamValidator()


class NotPlain(Exception):
    """Something that the wire would change, such as bytes: the call takes the long way."""


def check(client: Any, operation: str, parameters: Parameters) -> None:
    """Raise botocore's own ParamValidationError for parameters that boto3 would not send."""
    report = _validator.validate(parameters, _shape(client.meta.service_model, operation))
    if report.has_errors():
        raise ParamValidationError(report=report.generate_report())


@cache
def _shape(model: Any, operation: str) -> Any:
    return model.operation_model(operation).input_shape


class Quick:
    """Answers the calls of a quiet lab's clients; what it does not know, and each error's first time, boto3 answers."""

    def __init__(self, lab: Lab, by_boto3: Callable[[Any, str, Parameters], Answer]) -> None:
        self._lab = lab
        self._by_boto3 = by_boto3
        self._adapter = SqsAdapter()
        self._errors: dict[tuple[object, ...], ClientError] = {}
        self._sqs = responses.answering(lambda: lab)
        self._dynamodb = DynamoHandler()
        self._dynamodb.current_account, self._dynamodb.region = lab.account, lab.region

    def answer(self, client: Any, operation: str, parameters: Parameters) -> Answer:
        """Return what boto3 would return, or raise what it would raise."""
        way = self._way(client, operation)
        if way is None:
            return self._by_boto3(client, operation, parameters)
        now = self._lab.scheduler.now
        try:
            given = plain(parameters)
            answer: Answer = way(client, given)
        except NotPlain:
            return self._by_boto3(client, operation, parameters)
        except Exception as failure:
            self._lab.scheduler.now = now
            raise self._error(failure, client, operation, parameters) from None
        answer["ResponseMetadata"] = dict(METADATA)
        return answer

    def _way(self, client: Any, operation: str) -> Callable[[Any, Parameters], Answer] | None:
        service = client.meta.service_model.service_name
        if service == "sqs" and operation == "ReceiveMessage":
            return self._receive
        if service == "sqs":
            return self._to_sqs(client.meta.method_to_api_mapping, operation)
        name = DYNAMODB.get(operation) if service == "dynamodb" else None
        return None if name is None else lambda client, given: self._to_dynamodb(name, given)

    def _to_sqs(self, names: dict[str, str], operation: str) -> Callable[[Any, Parameters], Answer] | None:
        method = self._sqs.get(_method_name(operation))
        if method is None or operation == "ListQueueTags":
            return None
        return lambda client, given: _result(method(_Request(client, given)))

    def _receive(self, client: Any, given: Parameters) -> Answer:
        self._adapter.before_call(self._lab, client, "ReceiveMessage", given)
        return _result(self._sqs["receive_message"](_Request(client, given)))

    def _to_dynamodb(self, name: str, given: Parameters) -> Answer:
        self._dynamodb.body = given
        answer: Answer = copied(getattr(self._dynamodb, name)().result)
        for unasked in ("ConsumedCapacity", "ItemCollectionMetrics"):
            if unasked not in given and not answer.get(unasked, True):
                del answer[unasked]
        return answer

    def _error(self, failure: Exception, client: Any, operation: str, parameters: Parameters) -> ClientError:
        """A refused call has changed nothing, so boto3 can make it again and say how the error looks; it is kept."""
        key = (operation, type(failure), str(failure), str(vars(failure)))
        if key not in self._errors:
            try:
                self._by_boto3(client, operation, parameters)
            except ClientError as known:
                known.response["ResponseMetadata"]["HTTPHeaders"] = {}
                self._errors[key] = known.with_traceback(None)
            else:
                raise failure
        known = self._errors[key]
        return type(known)(deepcopy(known.response), operation)


class _Request:
    """What the seam asks of moto's request."""

    def __init__(self, client: Any, given: Parameters) -> None:
        self._get_param = given.get
        self._url = given["QueueUrl"]
        self.sqs_backend = sqs_backends[client._labkit_account][client.meta.region_name]

    def _get_queue_name(self) -> str:
        name: str = self._url.split("/")[-1]
        return name


@cache
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
        return {name: plain(inner) for name, inner in value.items()}
    if kind is list:
        return [plain(inner) for inner in value]
    if kind in (str, int, bool) or value is None:
        return value
    raise NotPlain
