"""What Kinesis refuses, on the wire: moto's exception with AWS's code and wording."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from moto.core.exceptions import JsonRESTError

from labkit.aws import constraints
from labkit.aws.asked import Answering, Asked, Given
from labkit.aws.records import Records
from labkit.rules import Refused
from labkit.rules.streams.stream import IN_USE, INVALID, NOT_FOUND

VALIDATION, LIMIT, DENIED = "ValidationException", "LimitExceededException", "AccessDeniedException"


def as_service_error(refused: Refused) -> JsonRESTError:
    """Return what AWS refuses as the exception that moto puts on the wire."""
    return JsonRESTError(refused.code, refused.message)


def refusing(method: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function answer AWS's error where the rules refuse."""

    @wraps(method)
    def refuse(*args: Any, **kwargs: Any) -> Any:
        try:
            return method(*args, **kwargs)
        except Refused as refused:
            raise as_service_error(refused) from None

    return refuse


def checked(answer: Answering) -> Answering:
    """Answer a call whose parameters keep what the model states: AWS asks that before it looks for anything."""

    @wraps(answer)
    @refusing
    def check(lab: Records, asked: Asked) -> Given:
        constraints.check("kinesis", asked.operation, asked.given)
        return answer(lab, asked)

    return check


def invalid(text: str) -> Refused:
    """An argument that no other argument makes right."""
    return Refused(INVALID, text)


def missing(text: str) -> Refused:
    """Something that is not there."""
    return Refused(NOT_FOUND, text)


def in_use(text: str) -> Refused:
    """Something that is there already, or not in a state for it."""
    return Refused(IN_USE, text)
