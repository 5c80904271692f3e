"""What a service's own model says of parameters beyond their types: lengths, ranges, patterns, the values of a list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from botocore.loaders import Loader
from botocore.model import ServiceModel

from labkit.rules import Refused

MOST_TOLD = 10


@cache
def _model(service: str) -> ServiceModel:
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def check(service: str, operation: str, given: dict[str, Any]) -> None:
    """Raise `Refused` (ValidationException) where parameters break what the model states, in AWS's usual words."""
    shape = _model(service).operation_model(operation).input_shape
    found = list(_broken(shape, given, "")) if shape is not None else []
    if found:
        number = f"{len(found)} validation error{'s' * (len(found) > 1)} detected"
        raise Refused("ValidationException", f"{number}: {'; '.join(found[:MOST_TOLD])}")


def _broken(shape: Any, value: Any, where: str) -> Iterator[str]:
    kind = shape.type_name
    if kind == "structure":
        for name, member in shape.members.items():
            place = f"{where}.{_lower(name)}" if where else _lower(name)
            if value.get(name) is not None:
                yield from _broken(member, value[name], place)
            elif name in shape.required_members:
                yield f"Value null at '{place}' failed to satisfy constraint: Member must not be null"
    else:
        told = f"Value '{_told(kind, value)}' at '{where}' failed to satisfy constraint: Member must "
        yield from (told + words for words in _unmet(shape.metadata, kind, value))
        if kind == "list":
            for nth, one in enumerate(value, start=1):
                yield from _broken(shape.member, one, f"{where}.{nth}.member")


def _unmet(limits: dict[str, Any], kind: str, value: Any) -> Iterator[str]:
    what, size = ("have value", value) if kind in ("integer", "long") else ("have length", _length(value))
    least, most, pattern, values = (limits.get(name) for name in ("min", "max", "pattern", "enum"))
    if most is not None and size > most:
        yield f"{what} less than or equal to {most}"
    if least is not None and size < least:
        yield f"{what} greater than or equal to {least}"
    if pattern is not None and not _pattern(pattern).fullmatch(value):
        yield f"satisfy regular expression pattern: {pattern}"
    if values is not None and value not in values:
        yield f"satisfy enum value set: [{', '.join(values)}]"


def _length(value: Any) -> int:
    return len(value) if hasattr(value, "__len__") else 0


def _told(kind: str, value: Any) -> str:
    """A value as AWS's servers print it."""
    if kind == "blob":
        return f"java.nio.HeapByteBuffer[pos=0 lim={len(value)} cap={len(value)}]"
    return str(value)


def _lower(name: str) -> str:
    """A member's name as AWS's messages write it: streamName, streamARN."""
    return name[:1].lower() + name[1:]
