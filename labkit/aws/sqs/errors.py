"""What AWS refuses, on the wire: moto's exception, the HTTP status and the name of the error's shape."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from moto.core.exceptions import ServiceException
from moto.sqs.exceptions import SQSException
from moto.sqs.responses import SQSResponse

from labkit.rules import Refused

STATUSES = {
    "ReceiptHandleIsInvalid": 404,
    "OverLimit": 403,
    "AccessDenied": 403,
    "RequestThrottled": 403,
    "ResourceNotFoundException": 404,
    "AWS.SimpleQueueService.PurgeQueueInProgress": 403,
}
SHAPES = {
    "InvalidParameterValue": "InvalidParameterValueException",
    "AccessDenied": "AccessDeniedException",
}
UNMODELLED = [*SHAPES, "ThrottlingException"]
_serialized = SQSResponse.serialized


def as_service_error(refused: Refused) -> SQSException:
    """Return what AWS refuses as the exception that moto puts on the wire."""
    return SQSException(refused.code, refused.message)


def refusing(method: Callable[..., Any]) -> Callable[..., Any]:
    """Let a method of moto's backend answer AWS's error where the rules refuse."""

    @wraps(method)
    def refuse(backend: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return method(backend, *args, **kwargs)
        except Refused as refused:
            raise as_service_error(refused) from None

    return refuse


def serialized(response: Any, action_result: Any) -> Any:
    """Write an answer as moto does, an error with AWS's status and AWS's name for a shape that is in no model."""
    status, headers, body = _serialized(response, action_result)
    error = action_result.result
    if isinstance(error, ServiceException):
        status = STATUSES.get(error.code, status)
        if error.code in SHAPES and "X-Amzn-Errortype" in headers:  # XML knows codes alone
            shape = SHAPES[error.code]
            headers["X-Amzn-Errortype"] = headers["X-Amzn-Errortype"].replace(error.code, shape)
            body = body.replace(f'{error.code}"', f'{shape}"', 1)
    return status, headers, body
