"""The quick way to a service: boto3's client and checks, moto's and the rules' own methods, no HTTP between them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ParamValidationError
from botocore.validate import ParamValidator

if TYPE_CHECKING:
    pass

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
