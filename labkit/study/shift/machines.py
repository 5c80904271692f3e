"""Makes a machine differ from every other as real ones do: its hash seed, its name, what its modules drew at import."""

from __future__ import annotations

import ast
import builtins
import linecache
import os
import platform
import socket
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import FunctionType, ModuleType
from typing import Any

from labkit.interleavings.machine import machines
from labkit.study.exercise import Function


def processes(function: Function, host: str) -> Callable[[], Function]:
    """Return a function that starts the answer in a new process of this machine, which keeps nothing."""
    started: list[int] = []

    def become(memory: dict[str, Any]) -> None:
        started.append(len(started))
        _give_own_names(memory, host, len(started))
        _draw_again(memory, function)

    return machines(function, become)


def _give_own_names(memory: dict[str, Any], host: str, number: int) -> None:
    """A hash seed, a host name and a process id of its own, however the answer gets at them."""
    seed = hash((host, number))
    own: list[tuple[Any, Any]] = [
        (builtins.hash, lambda value: _salted(value, seed)),
        (socket.gethostname, lambda: host),
        (platform.node, lambda: host),
        (os.getpid, lambda: seed % 30_000 + 2),
        (uuid.getnode, lambda: seed % (1 << 48)),
    ]
    copies: list[tuple[Any, Any]] = [(module, _like(module, own)) for module in (socket, platform, os, uuid)]

    def own_import(name: str, *more: Any, **others: Any) -> Any:
        return _own(builtins.__import__(name, *more, **others), copies)

    for name, value in list(memory.items()):
        memory[name] = _own(value, own + copies)
    memory["__builtins__"] = vars(builtins) | {"hash": own[0][1], "__import__": own_import}


def _salted(value: object, seed: int) -> int:
    """As Python does: texts and bytes hash anew in each process, and what holds them."""
    if isinstance(value, (str, bytes, tuple, frozenset)):
        return hash((seed, value))
    return hash(value)


def _like(module: ModuleType, own: list[tuple[Any, Any]]) -> ModuleType:
    copied = ModuleType(module.__name__)
    vars(copied).update(vars(module))
    names = {id(theirs): name for name, theirs in vars(module).items()}
    vars(copied).update({names[id(theirs)]: mine for theirs, mine in own if id(theirs) in names})
    return copied


def _own(value: Any, own: list[tuple[Any, Any]]) -> Any:
    return next((mine for theirs, mine in own if value is theirs), value)


def _draw_again(memory: dict[str, Any], function: Function) -> None:
    """Run again what the answer's module computed at import: another process computes it for itself."""
    if not isinstance(function, FunctionType):
        return
    for name, value in _computed(function.__code__.co_filename):
        if name in memory:
            # A value whose parts are gone from the notebook meanwhile stays as it was drawn.
            with suppress(Exception):
                memory[name] = eval(compile(ast.Expression(value), function.__code__.co_filename, "eval"), memory)


def _computed(file: str) -> Iterator[tuple[str, ast.expr]]:
    """The assignments at the top of a cell or file whose values are computed by a call."""
    try:
        tree = ast.parse("".join(linecache.getlines(file)))
    except SyntaxError:  # a cell with a magic
        return
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and any(isinstance(part, ast.Call) for part in ast.walk(statement.value)):
            yield from ((one.id, statement.value) for one in statement.targets if isinstance(one, ast.Name))
