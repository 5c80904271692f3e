"""An answer with a memory of its own for each run: what one run left in global variables must not reach the next."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from types import CodeType, FunctionType
from typing import Any

CONTAINERS = (list, dict, set)


def separate(function: Any) -> Any:
    """Return the same function with copies of the global lists, dicts and sets that it or its helpers use.

    What is no plain function, and what cannot be copied, stays as it is.
    """
    if not isinstance(function, FunctionType):
        return function
    own = function.__globals__
    memory = dict(own)
    for name in _used(function, set()):
        value = own.get(name)
        if isinstance(value, FunctionType) and value.__globals__ is own:
            memory[name] = _on(value, memory)
        elif isinstance(value, CONTAINERS):
            memory[name] = _copied(value)
    return _on(function, memory)


def _used(function: FunctionType, seen: set[str]) -> set[str]:
    for name in _names(function.__code__):
        if name not in seen:
            seen.add(name)
            helper = function.__globals__.get(name)
            if isinstance(helper, FunctionType) and helper.__globals__ is function.__globals__:
                _used(helper, seen)
    return seen


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _on(function: FunctionType, memory: dict[str, Any]) -> FunctionType:
    same = FunctionType(function.__code__, memory, function.__name__, function.__defaults__, function.__closure__)
    same.__kwdefaults__ = function.__kwdefaults__
    return same


def _copied(value: Any) -> Any:
    try:
        return deepcopy(value)
    except Exception:  # a list of clients, for example
        return value
