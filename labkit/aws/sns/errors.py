"""What SNS refuses, on the wire: moto's exception with AWS's code, status and wording."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from moto.sns.exceptions import SNSException

from labkit.rules import Refused
from labkit.rules.topics.publication import wrong

# SNS as policies name it.
SERVICE = "sns.amazonaws.com"
# Codes in no model of botocore's, of which moto would warn.
PARTS = 6
UNMODELLED = ("BatchRequestTooLong", "ValidationError")
NO_TOPIC = Refused("NotFound", "Topic does not exist")
NO_SUBSCRIPTION = Refused("NotFound", "Subscription does not exist")


def as_service_error(refused: Refused) -> SNSException:
    """Return what AWS refuses as the exception that moto puts on the wire."""
    error = SNSException(refused.message)
    error.code = refused.code
    return error


def refusing(method: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function answer AWS's error where the rules refuse."""

    @wraps(method)
    def refuse(*args: Any, **kwargs: Any) -> Any:
        try:
            return method(*args, **kwargs)
        except Refused as refused:
            raise as_service_error(refused) from None

    return refuse


def parts_of(arn: str, parameter: str) -> list[str]:
    """The parts of an ARN. Raises `Refused` where a parameter has too few."""
    parts = arn.split(":")
    if len(parts) < PARTS:
        raise wrong(f"{parameter} Reason: An ARN must have at least {PARTS} elements, not {len(parts)}")
    return parts
