"""Requests as AWS reads them: in the protocol that they speak, every value of the type that the service's model says.

moto's parsers read what boto3 has checked. Programs in other languages, and people with curl, send other things: here
each is refused before the service acts, where moto would take it or fail.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from binascii import Error
from collections.abc import Callable
from math import isfinite
from typing import Any, NoReturn

from botocore.exceptions import UnknownServiceError
from botocore.model import OperationNotFoundError
from moto.core.parse import (
    UNDEFINED,
    EC2QueryParser,
    JSONParser,
    QueryParser,
    RequestParser,
    RestJSONParser,
    RestXMLParser,
    default_timestamp_parser,
)
from moto.core.utils import get_service_model

from .lacking import Fault, faults
from .refusals import dialect

Given = dict[str, Any]
FORM = "application/x-www-form-urlencoded"
TYPED_JSON = ("application/x-amz-json-1.0", "application/x-amz-json-1.1")
JSON = "application/json"
# Old programs send a request to the queue's own address instead of naming the queue.
ADDRESSED = {"sqs": "QueueUrl"}
NUMBER = re.compile(r"[+-]?\d{1,30}", re.ASCII)
NAMED_NUMBERS = ("NaN", "Infinity", "-Infinity")
TIMESTAMP = "timestamp must follow ISO8601"  # seen: amazonka issue 495


class Unreadable(Exception):
    """A part of a request that cannot be read as its shape; the text is for who sent it."""


class Incomplete(Exception):
    """A part of a form that says only half, such as an attribute's name without its value."""


def read(response: Any, request: Any) -> Given:
    """Return a request's parameters. Raises `Refusal` for what its service's model does not allow."""
    service = get_service_model(response.boto3_service_name)
    protocol, action, words = protocol_of(service, request), response._get_action(), dialect(service.service_name)
    try:
        operation = service.operation_model(action)
    except OperationNotFoundError:
        raise words.no_action(protocol, action, service.api_version) from None
    parser: RequestParser = PARSERS[protocol](operation, map_type=response.PROTOCOL_PARSER_MAP_TYPE)
    try:
        given: Given = parser.parse(_parts(response, request))
    except Unreadable as unreadable:
        raise words.unreadable(protocol, str(unreadable)) from None
    except Incomplete as half:
        raise words.lacking(protocol, action, [Fault((str(half),))]) from None
    _address(service.service_name, operation, request, given)
    found = faults(operation, given)
    if found:
        raise words.lacking(protocol, action, found)
    return given


def has_model(response: Any) -> bool:
    """Whether a response of moto's is one of a service whose model says what a request may hold."""
    try:
        return get_service_model(response.boto3_service_name).protocol != "rest-xml"  # S3 reads bodies of any kind
    except UnknownServiceError:
        return False


def protocol_of(service: Any, request: Any) -> str:
    """The protocol that a request speaks: by its content, else the service's own."""
    spoken = service.metadata.get("protocols", [service.protocol])
    kind = (request.content_type or "").partition(";")[0].strip().lower()
    if service.protocol.startswith("rest"):
        return str(service.protocol)
    if kind == FORM or (kind not in (*TYPED_JSON, JSON) and "Action" in request.values):
        return "ec2" if "ec2" in spoken else "query"
    return "json" if "json" in spoken else str(spoken[-1])


def _parts(response: Any, request: Any) -> Given:
    return {
        "method": request.method,
        "values": request.values,
        "headers": request.headers,
        "body": request.data,
        "url_path": request.path,
        "url_params": response.uri_match,
    }


def _address(service: str, operation: Any, request: Any, given: Given) -> None:
    name = ADDRESSED.get(service, "")
    if name in getattr(operation.input_shape, "members", {}) and name not in given and request.path.strip("/"):
        given[name] = request.base_url.rstrip("/")


def _words(parser: Any, shape: Any, value: Any) -> NoReturn:
    raise Unreadable(dialect(parser.operation_model.service_model.service_name).mismatch(shape, value))


def _blob(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (Error, ValueError):
        raise Unreadable("A binary value must be encoded in Base64.") from None


def _timestamp(value: Any) -> Any:
    try:
        return default_timestamp_parser(value)
    except (ValueError, RuntimeError, OverflowError):
        raise Unreadable(TIMESTAMP) from None


# JSON


NUMBERS, TEXT = (int, float), (str,)
JSON_TYPES: dict[str, tuple[type, ...]] = {
    "string": TEXT, "blob": TEXT, "boolean": (bool,), "integer": NUMBERS, "long": NUMBERS, "list": (list,),
    "float": (*NUMBERS, str), "double": (*NUMBERS, str), "timestamp": (*NUMBERS, str), "map": (dict,),
    "structure": (dict,),
}  # fmt: skip


class TypedJSON(RequestParser):
    """What JSON's parsers of moto lack: a value of another type is refused, and null is as good as nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, timestamp_parser=_timestamp, blob_parser=_blob, **kwargs)

    def _parse_shape(self, shape: Any, node: Any) -> Any:
        kind = shape.type_name
        types = JSON_TYPES.get(kind)
        if types is not None and type(node) not in types and not getattr(shape, "is_document_type", False):
            _words(self, shape, node)
        parse: Any = getattr(self, f"_parse_{kind}", self._default_handle)
        return parse(shape, node)

    def _parse_list(self, shape: Any, node: Any) -> Any:
        return [self._parse_shape(shape.member, one) for one in node if one is not None]

    def _parse_map(self, shape: Any, value: Any) -> Any:
        return self.MAP_TYPE(
            (key, self._parse_shape(shape.value, one)) for key, one in value.items() if one is not None
        )

    def _parse_integer(self, shape: Any, value: Any) -> int:
        if type(value) is float and not isfinite(value):
            _words(self, shape, value)
        return int(value)  # AWS, too, cuts a fraction off

    _parse_long = _parse_integer

    def _parse_float(self, shape: Any, value: Any) -> float:
        if type(value) is str and value not in NAMED_NUMBERS:
            _words(self, shape, value)
        return float(value)

    _parse_double = _parse_float

    def _parse_body_as_json(self, body: bytes) -> Any:
        if not body:
            return {}
        try:
            return json.loads(body, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise Unreadable("The body of the request is not JSON.") from None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


class Json(TypedJSON, JSONParser):
    """The JSON protocols 1.0 and 1.1."""


class RestJson(TypedJSON, RestJSONParser):
    """JSON in the body; what stands in the path, the query or a header is text."""

    def _parse_shape(self, shape: Any, node: Any) -> Any:
        if "location" not in shape.serialization:
            return super()._parse_shape(shape, node)
        if type(node) is str and shape.type_name in FROM_TEXT:
            return FROM_TEXT[shape.type_name](node)
        return RestJSONParser._parse_shape(self, shape, node)

    def _parse_list(self, shape: Any, node: Any) -> Any:
        return super()._parse_list(shape, node.split(",") if type(node) is str else node)  # of a header


# Forms: the query protocol


def _integer(text: str) -> int:
    if not NUMBER.fullmatch(text):
        raise Unreadable(f"{text[:50]!r} is not a number.")
    return int(text)


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Unreadable(f"{text[:50]!r} is not a number.") from None


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise Unreadable(f"{text[:50]!r} is neither true nor false.")
    return text.lower() == "true"


FROM_TEXT: dict[str, Callable[[str], Any]] = {
    "integer": _integer, "long": _integer, "float": _float, "double": _float, "boolean": _boolean, "blob": _blob,
    "timestamp": _timestamp,
}  # fmt: skip


NESTED = ("structure", "list", "map")
# A name in forms that no model knows and that Celery sends.
OF_OLD = {"MessageSystemAttributeNames": "MessageSystemAttributeName"}


class Form(QueryParser):
    """The query protocol, with its lists and maps as AWS's own examples write them, numbered or not."""

    def _parse_shape(self, shape: Any, node: Any, prefix: str = "") -> Any:
        convert = FROM_TEXT.get(shape.type_name)
        if convert is None:
            return super()._parse_shape(shape, node, prefix)
        text = self._default_handle(shape, node, prefix)
        return convert(text) if type(text) is str else text

    def _parse_list(self, shape: Any, node: Any, prefix: str = "") -> Any:
        if node.get(prefix, UNDEFINED) == "":
            return []
        for places in self._list_places(shape, prefix):
            found = [self._parse_shape(shape.member, node, one) for one in _numbered(node, places)]
            if not found and shape.member.type_name not in NESTED:  # `AttributeName=All`, as in AWS's own example
                found = [self._parse_shape(shape.member, {places: text}, places) for text in node.getlist(places)]
            found = [one for one in found if one is not UNDEFINED]
            if found:
                return found
        return UNDEFINED

    def _list_places(self, shape: Any, prefix: str) -> tuple[str, ...]:
        name = self._get_serialized_name(shape.member, None if shape.is_flattened else "member")
        if not shape.is_flattened:
            return (f"{prefix}.{name}",)
        if name is None:
            return prefix, OF_OLD.get(prefix, prefix)
        return (".".join([*prefix.split(".")[:-1], name]),)

    def _parse_map(self, shape: Any, node: Any, prefix: str = "") -> Any:
        places = prefix if self._is_shape_flattened(shape) else f"{prefix}.entry"
        names = (self._get_serialized_name(shape.key, "key"), self._get_serialized_name(shape.value, "value"))
        parsed = self.MAP_TYPE()
        for place in (*_numbered(node, places), places):  # `Attribute.Name`, as in AWS's example, last
            key, value = (
                self._parse_shape(inner, node, f"{place}.{name}")
                for inner, name in zip((shape.key, shape.value), names, strict=True)
            )
            if key is not UNDEFINED and value is UNDEFINED:
                raise Incomplete(f"{place}.{names[1]}")
            if key is not UNDEFINED:
                parsed[key] = value
        return parsed or UNDEFINED


def _numbered(node: Any, places: str) -> list[str]:
    """The places of a list or a map that a form names, such as `Attribute.2`, in the order of their numbers."""
    start = f"{places}."
    numbers = {name[len(start) :].partition(".")[0] for name in node if name.startswith(start)}
    return [f"{start}{number}" for number in sorted(filter(_is_number, numbers), key=int)]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 5


class Ec2Form(Form, EC2QueryParser):
    """The same with EC2's names and lists."""

    def _list_places(self, shape: Any, prefix: str) -> tuple[str, ...]:
        return (prefix,)


PARSERS: dict[str, type[RequestParser]] = {
    "json": Json, "rest-json": RestJson, "query": Form, "ec2": Ec2Form, "rest-xml": RestXMLParser,
}  # fmt: skip
