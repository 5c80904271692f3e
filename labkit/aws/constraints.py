"""What a service's own model says of parameters beyond their types: lengths, ranges, patterns, the values of a list."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from botocore.loaders import Loader
from botocore.model import ServiceModel

from labkit.rules import Refused

MOST_TOLD = 10
Keeps = Callable[[Any], bool]


@cache
def _model(service: str) -> ServiceModel:
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


@cache
def _operation(service: str, operation: str) -> tuple[Any, Keeps]:
    """The shape of an operation's parameters, and whether parameters keep it: the quick way, compiled once."""
    shape = _model(service).operation_model(operation).input_shape
    return shape, _compiled(shape)


def _compiled(shape: Any) -> Keeps:
    if shape is None:
        return lambda value: True
    if shape.type_name == "structure":
        members = {name: _compiled(member) for name, member in shape.members.items()}
        required = tuple(shape.required_members)
        return lambda value: (
            all(value.get(name) is not None for name in required)
            and all(one is None or members[name](one) for name, one in value.items())
        )
    own = _compiled_limits(shape.metadata, shape.type_name)
    if shape.type_name != "list":
        return own
    each = _compiled(shape.member)
    return lambda value: own(value) and all(map(each, value))


def _compiled_limits(limits: dict[str, Any], kind: str) -> Keeps:
    least, most = limits.get("min", float("-inf")), limits.get("max", float("inf"))
    if "pattern" in limits or "enum" in limits:
        return lambda value: next(_unmet(limits, kind, value), None) is None
    if "min" not in limits and "max" not in limits:
        return lambda value: True
    if kind in ("integer", "long"):
        return lambda value: least <= value <= most
    return lambda value: least <= len(value) <= most


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def check(service: str, operation: str, given: dict[str, Any]) -> None:
    """Raise `Refused` (ValidationException) where parameters break what the model states, in AWS's usual words."""
    shape, keeps = _operation(service, operation)
    if not keeps(given):
        found = list(_broken(shape, given, ""))
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
