"""Which parameters a request lacks by the service's model: what is required and isn't there, or is less than allowed.

An SDK in Python refuses to send such a request. Those of other languages send it, and the service has to look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple


class Key(str):
    """A key of a map in a path, where a plain text is the name of a structure's member."""


Path = tuple["str | int | Key", ...]


class Fault(NamedTuple):
    """Where something is missing (`value` None), or less than the model's `least`. Lists count from 1."""

    path: Path
    value: Any = None
    least: int | None = None


Check = Callable[[Any, Path], Iterator[Fault]]
_checks: dict[tuple[str, str, str], Check | None] = {}


def faults(operation: Any, given: dict[str, Any]) -> list[Fault]:
    """Everything that an operation's parameters lack."""
    model = operation.service_model
    name = (model.service_name, model.api_version, operation.name)
    if name not in _checks:
        _checks[name] = _compiled(operation.input_shape, {})
    check = _checks[name]
    return [] if check is None else list(check(given, ()))


def _compiled(shape: Any, known: dict[str, Check | None]) -> Check | None:
    """The check of a shape; None where nothing in it can be missing, so that an item's own values aren't walked."""
    if shape is None or not _has_rules(shape):
        return None
    if shape.name not in known:
        known[shape.name] = lambda value, path: _of(known, shape.name)(value, path)  # a shape may hold itself
        known[shape.name] = KINDS.get(shape.type_name, _check_least)(shape, lambda inner: _compiled(inner, known))
    return known[shape.name]


def _of(known: dict[str, Check | None], name: str) -> Check:
    check = known[name]
    return check if check is not None else _nothing


def _nothing(value: Any, path: Path) -> Iterator[Fault]:
    return iter(())


def _has_rules(shape: Any) -> bool:
    """Whether anything that the shape holds is required or has a least value."""
    seen: set[str] = set()
    waiting = [shape]
    while waiting:
        one = waiting.pop()
        if one.name in seen:
            continue
        seen.add(one.name)
        if getattr(one, "required_members", ()) or ("min" in one.metadata and one.type_name != "map"):
            return True
        waiting += _inside(one)
    return False


def _inside(shape: Any) -> list[Any]:
    parts = [getattr(shape, name, None) for name in ("member", "value")]
    return [*getattr(shape, "members", {}).values(), *(part for part in parts if part is not None)]


Compile = Callable[[Any], "Check | None"]


def _check_structure(shape: Any, compiled: Compile) -> Check:
    required = shape.required_members
    found = {name: compiled(member) for name, member in shape.members.items()}
    inner = {name: check for name, check in found.items() if check is not None}

    def check(value: Any, path: Path) -> Iterator[Fault]:
        for name in required:
            if value.get(name) is None:
                yield Fault((*path, name))
        for name, look in inner.items():
            if value.get(name) is not None:
                yield from look(value[name], (*path, name))

    return check


def _check_list(shape: Any, compiled: Compile) -> Check:
    least, look = shape.metadata.get("min", 0), compiled(shape.member) or _nothing

    def check(value: Any, path: Path) -> Iterator[Fault]:
        if len(value) < least:
            yield Fault(path, value, least)
        for number, one in enumerate(value, 1):
            yield from look(one, (*path, number))

    return check


def _check_map(shape: Any, compiled: Compile) -> Check:
    look = compiled(shape.value) or _nothing

    def check(value: Any, path: Path) -> Iterator[Fault]:
        for key, one in value.items():
            yield from look(one, (*path, Key(key)))

    return check


def _check_least(shape: Any, compiled: Compile) -> Check:
    least = shape.metadata["min"]

    def check(value: Any, path: Path) -> Iterator[Fault]:
        if (value if isinstance(value, int | float) else len(value)) < least:
            yield Fault(path, value, least)

    return check


KINDS: dict[str, Callable[[Any, Compile], Check]] = {
    "structure": _check_structure,
    "list": _check_list,
    "map": _check_map,
}
