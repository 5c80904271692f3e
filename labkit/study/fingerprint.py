"""What tells one try from another: the code of an answer and of the learner's functions that it uses."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from types import CodeType, FunctionType
from typing import Any


def fingerprint(*functions: Any) -> str:
    """Return a short text that stays the same while only comments, spaces or line breaks change."""
    codes = [code for function in functions for code in _codes(function, set())]
    return blake2b(repr(codes).encode(), digest_size=8).hexdigest()


def _codes(function: Any, seen: set[int]) -> Iterator[object]:
    if not isinstance(function, FunctionType) or id(function) in seen:
        return
    seen.add(id(function))
    yield from _of(function.__code__)
    yield repr(function.__defaults__)
    for name in function.__code__.co_names:
        used = function.__globals__.get(name)
        if isinstance(used, FunctionType) and used.__module__ == function.__module__:
            yield from _codes(used, seen)
        elif isinstance(used, (bool, int, float, str, tuple)):
            yield name, used


def _of(code: CodeType) -> Iterator[object]:
    yield code.co_code, code.co_names, code.co_varnames
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _of(constant)
        else:
            yield repr(constant)
