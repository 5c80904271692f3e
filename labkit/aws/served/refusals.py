"""How a service refuses a request that its own model does not allow: the error's code, its shape and its words.

The words are AWS's where a public report or AWS's documentation shows them (marked `seen`), plain where none does. All
services share one framework, which words its checks alike; SQS, CloudWatch and Amazon MQ have words of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from moto.core.errors import ErrorLookupFactory, ErrorShape, get_error_model
from moto.core.exceptions import ServiceException

from .lacking import Fault, Key, Path

FORMS = ("query", "ec2")
FRAMEWORK = "com.amazon.coral.service"


class Kind(NamedTuple):
    """An error: its code for who reads XML and in the history, and the name of its shape in JSON."""

    code: str
    name: str
    namespace: str = FRAMEWORK
    status: int = 400


MISSING = Kind("MissingParameter", "MissingRequiredParameterException")
INVALID = Kind("ValidationException", "ValidationException", "com.amazon.coral.validate")
INVALID_FORM = Kind("ValidationError", "ValidationError")
BAD_REQUEST = Kind("BadRequestException", "BadRequestException")
# The code is that of SQS's common errors; the name is what SQS answers (seen: aws-sdk-rust issue 957).
NO_ACTION = Kind("InvalidAction", "UnknownOperationException")
NO_ROUTE = NO_ACTION._replace(status=404)
ACTION_MISSING = Kind("MissingAction", "UnknownOperationException")
UNREADABLE = Kind("SerializationException", "SerializationException")
UNREADABLE_FORM = Kind("MalformedInput", "SerializationException")


class Refusal(ServiceException):
    """A request refused at the door, before the service's own rules looked at it."""

    def __init__(self, kind: Kind, message: str, attribute: str = "") -> None:
        super().__init__(kind.code, message)
        self.kind = kind
        self.error_attribute = attribute or None  # Amazon MQ's errors name the parameter

    def shape(self) -> ErrorShape:
        """What moto's serializers ask about an error that is in no service's model."""
        code, name, namespace, status = self.kind
        error = {"code": code, "httpStatusCode": status, "senderFault": True, "namespace": namespace}
        return ErrorShape(name, {"type": "structure", "members": {}, "exception": True, "error": error})


def error_model(error: Exception, service: Any) -> ErrorShape:
    """What stands in for moto's look-up of an error's shape."""
    if not isinstance(error, Refusal):
        return get_error_model(error, service)
    known = ErrorLookupFactory().for_service(service).from_code(error.kind.name)
    return known or error.shape()


class Dialect:
    """The words in which most services refuse."""

    def unreadable(self, protocol: str, text: str) -> Refusal:
        """For a request that cannot be read."""
        return Refusal(UNREADABLE_FORM if protocol in FORMS else UNREADABLE, text)

    def no_action(self, protocol: str, action: str | None, version: str) -> Refusal:
        """For an action that is in no model, or for none at all."""
        if not action and protocol.startswith("rest"):
            return Refusal(NO_ROUTE, "There is no operation with this method and path.")
        if not action:
            return Refusal(ACTION_MISSING, "The request must contain the parameter Action.")
        return Refusal(NO_ACTION, f"Could not find operation {action} for version {version}")  # seen

    def lacking(self, protocol: str, operation: str, faults: Sequence[Fault]) -> Refusal:
        """For parameters that aren't there, or are less than the least that is allowed."""
        kind = INVALID_FORM if protocol in FORMS else INVALID
        return Refusal(kind, detected(faults))

    def mismatch(self, shape: Any, value: Any) -> str:
        """What is said of a JSON value of another type than its shape asks for (seen: SQS, Athena, Kinesis)."""
        if type(value) is list:
            return "Start of list found where not expected"
        if type(value) is dict:
            return "Start of structure or map found where not expected."
        if shape.type_name in COLLECTIONS:
            return COLLECTIONS[shape.type_name]
        return f"{_token(value)} can not be converted to {TYPES.get(shape.type_name, 'a String')}"


COLLECTIONS = {"list": "Expected list or null", "map": "Expected map or null", "structure": "Expected null"}
TYPES = {"integer": "an Integer", "long": "a Long", "boolean": "a Boolean", "blob": "a Blob", "double": "a Double",
         "float": "a Float", "timestamp": "a Timestamp"}  # fmt: skip


def _token(value: Any) -> str:
    return {True: "TRUE_VALUE", False: "FALSE_VALUE"}[value] if type(value) is bool else (
        "STRING_VALUE" if type(value) is str else "NUMBER_VALUE"
    )  # fmt: skip


def detected(faults: Sequence[Fault]) -> str:
    """The framework's own sentence (seen: DynamoDB, Auto Scaling, Kinesis)."""
    plural = "" if len(faults) == 1 else "s"
    return f"{len(faults)} validation error{plural} detected: {'; '.join(map(_constraint, faults))}"


def _constraint(fault: Fault) -> str:
    value = "null" if fault.value is None else f"'{fault.value}'"
    what = "must not be null"
    if fault.least is not None:
        measure = "value" if isinstance(fault.value, int | float) else "length"
        what = f"must have {measure} greater than or equal to {fault.least}"
    return f"Value {value} at '{lower_camel(fault.path)}' failed to satisfy constraint: Member {what}"


def lower_camel(path: Path) -> str:
    """A path as the framework writes it: `keySchema.1.member.keyType`."""
    return ".".join(f"{step}.member" if isinstance(step, int | Key) else step[:1].lower() + step[1:] for step in path)


def numbered(path: Path) -> str:
    """A path as the query protocol writes it: `MetricData.member.1.MetricName`."""
    return ".".join(f"member.{step}" if isinstance(step, int) else str(step) for step in path)


class Sqs(Dialect):
    """Amazon SQS names the first parameter that is missing, by the name that it has inside SQS."""

    names = {  # noqa: RUF012 - seen: aws-sdk-js-v3 issues 5478 and 6092, ack community issue 2139
        ("DeleteMessage", "ReceiptHandle"): "MessageHandle",
        ("SetQueueAttributes", "Attributes"): "Attribute.Name",
    }

    def no_action(self, protocol: str, action: str | None, version: str) -> Refusal:
        """For an action that SQS does not have (seen: aws-lib issue 8)."""
        if not action:
            return super().no_action(protocol, action, version)
        return Refusal(NO_ACTION, f"The action {action} is not valid for this endpoint.")

    def lacking(self, protocol: str, operation: str, faults: Sequence[Fault]) -> Refusal:
        """For missing parameters; SQS's model knows no least value."""
        first, *rest = faults[0].path
        entry = f"{operation}RequestEntry"
        if first == "Entries":  # seen: wtsqs issue 7, aws-sdk-js issue 2388
            name = ".".join([entry, *(str(step) for step in rest or (1, "Id"))])
        else:
            name = self.names.get((operation, str(first))) or ".".join(map(str, (first, *rest)))
        return Refusal(MISSING, f"The request must contain the parameter {name}.")


class CloudWatch(Dialect):
    """Amazon CloudWatch names every parameter that is missing, a line each."""

    def lacking(self, protocol: str, operation: str, faults: Sequence[Fault]) -> Refusal:
        """For missing parameters (seen: sidekiq-cloudwatchmetrics issue 42, s3auth issue 134)."""
        missing = [fault for fault in faults if fault.least is None]
        if not missing:
            return super().lacking("query", operation, faults)
        return Refusal(MISSING, "\n".join(f"The parameter {numbered(one.path)} is required." for one in missing))


class DynamoDB(Dialect):
    """Amazon DynamoDB has words of its own for types, and for a table that is not named."""

    def lacking(self, protocol: str, operation: str, faults: Sequence[Fault]) -> Refusal:
        """For missing parameters (seen: the AWS IoT SDK's tests)."""
        if faults[0].path == ("TableName",) and faults[0].value is None:
            return Refusal(INVALID, "The parameter 'TableName' is required but was not present in the request")
        return super().lacking(protocol, operation, faults)

    def mismatch(self, shape: Any, value: Any) -> str:
        """What DynamoDB says of a value of another type (seen: dynalite's tests against AWS)."""
        kind = TYPES.get(shape.type_name, "a String").split()[1]
        if type(value) is dict:
            return "Start of structure or map found where not expected"
        if shape.type_name in COLLECTIONS:
            return "Unexpected field type"
        if type(value) is list:
            return f"Unrecognized collection type class java.lang.{kind}"
        if shape.type_name == "blob":
            return "only base-64-encoded strings are convertible to bytes"
        token = "DECIMAL_VALUE" if type(value) is float else _token(value)
        return f"{token} cannot be converted to {kind}"


class Mq(Dialect):
    """Amazon MQ's errors name the parameter in a field of their own."""

    def lacking(self, protocol: str, operation: str, faults: Sequence[Fault]) -> Refusal:
        """For missing parameters."""
        return Refusal(BAD_REQUEST, detected(faults), lower_camel(faults[0].path))

    def unreadable(self, protocol: str, text: str) -> Refusal:
        """For a request that cannot be read."""
        return Refusal(BAD_REQUEST, text)


class Ec2(Dialect):
    """Amazon EC2 names the first parameter that is missing."""

    def lacking(self, protocol: str, operation: str, faults: Sequence[Fault]) -> Refusal:
        """For missing parameters."""
        return Refusal(MISSING, f"The request must contain the parameter {numbered(faults[0].path)}")


DIALECTS: dict[str, Dialect] = {
    "sqs": Sqs(), "cloudwatch": CloudWatch(), "dynamodb": DynamoDB(), "mq": Mq(), "ec2": Ec2(),
}  # fmt: skip
USUAL = Dialect()


def dialect(service: str) -> Dialect:
    """How a service words its refusals, by its name in boto3."""
    return DIALECTS.get(service, USUAL)
