"""Makes a machine differ from every other as real ones do: its hash seed, its names, its random numbers, its imports.

Not separated, because no exercise needs it and it would cost a real process for each start (0.4 s instead of 1 ms):
files and the environment, what imported modules keep, and names that a module of the learner's own has taken from
`os`, `socket` or `random`. What `uuid` and `secrets` draw is the operating system's, and differs everywhere anyway.
"""

from __future__ import annotations

import ast
import builtins
import linecache
import os
import platform
import random
import socket
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cache
from types import CodeType, FunctionType, ModuleType
from typing import Any

from labkit.interleavings.machine import machines
from labkit.study.exercise import Function


def processes(function: Function, host: str) -> Callable[[], Function]:
    """Return a function that starts the answer in a new process of this machine, which keeps nothing."""
    started: list[int] = []
    drawn = _drawn(function)

    def become(memory: dict[str, Any]) -> None:
        started.append(len(started))
        _give_own_names(memory, host, len(started))
        _draw_again(memory, drawn)

    return machines(function, become)


def _give_own_names(memory: dict[str, Any], host: str, number: int) -> None:
    """A hash seed, random numbers, names and a process id of its own, however the answer gets at them."""
    seed = random.Random(f"{host} {number}").getrandbits(40)
    own: list[tuple[Any, Any]] = [
        (builtins.hash, lambda value: _salted(value, seed)),
        (socket.gethostname, lambda: host),
        (platform.node, lambda: host),
        (platform.uname, lambda: platform.uname()._replace(node=host)),
        (os.getpid, lambda: seed % 30_000 + 2),
        (uuid.getnode, lambda: random.Random(host).getrandbits(48)),
        *_own_random(f"{host} {number}"),
    ]
    if hasattr(os, "uname"):  # not on Windows
        own.append((os.uname, lambda: _uname_of(host)))
    copies: list[tuple[Any, Any]] = [(module, _like(module, own)) for module in (socket, platform, os, uuid, random)]

    def own_import(name: str, *more: Any, **others: Any) -> Any:
        return _own(builtins.__import__(name, *more, **others), copies)

    for name, value in list(memory.items()):
        memory[name] = _own(value, own + copies)
    memory["__builtins__"] = vars(builtins) | {"hash": own[0][1], "__import__": own_import}


def _own_random(seed: str) -> Iterator[tuple[Any, Any]]:
    """The functions of `random` with a generator of its own, so that a seed given at import draws the same anywhere."""
    theirs, mine = vars(random)["_inst"], random.Random(seed)
    for name, value in vars(random).items():
        if getattr(value, "__self__", None) is theirs:
            yield value, getattr(mine, name)


def _uname_of(host: str) -> Any:
    real = os.uname()
    return type(real)((real[0], host, *real[2:]))


def _salted(value: object, seed: int) -> int:
    """As Python does: texts and bytes hash anew in each process, and what holds them; here the same in every check."""
    if isinstance(value, (str, bytes)):
        data = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
        return random.Random(b"%d %b" % (seed, data)).getrandbits(60)
    if isinstance(value, (tuple, frozenset)):
        parts = (_salted(one, seed) for one in value)
        return hash(tuple(parts) if isinstance(value, tuple) else frozenset(parts))
    return hash(value)


def _like(module: ModuleType, own: list[tuple[Any, Any]]) -> ModuleType:
    copied = ModuleType(module.__name__)
    vars(copied).update(vars(module))
    names = {id(theirs): name for name, theirs in vars(module).items()}
    vars(copied).update({names[id(theirs)]: mine for theirs, mine in own if id(theirs) in names})
    return copied


def _own(value: Any, own: list[tuple[Any, Any]]) -> Any:
    return next((mine for theirs, mine in own if value is theirs), value)


def _draw_again(memory: dict[str, Any], drawn: Iterable[tuple[CodeType, frozenset[str]]]) -> None:
    """Run again what the answer's module drew at import: another process computes it for itself."""
    for code, names in drawn:
        if names <= memory.keys():
            # A value whose parts are gone from the notebook meanwhile stays as it was drawn.
            with suppress(Exception):
                exec(code, memory)


def _drawn(function: Function) -> Iterable[tuple[CodeType, frozenset[str]]]:
    if not isinstance(function, FunctionType):
        return ()
    file = function.__code__.co_filename
    return _draws(file, "".join(linecache.getlines(file)), frozenset(_names(function.__code__)))


@cache
def _draws(file: str, text: str, used: frozenset[str]) -> list[tuple[CodeType, frozenset[str]]]:
    """What stands at the top of a cell or file, computes by a call, and is used: each statement and what it sets."""
    try:
        statements = ast.parse(text).body
    except SyntaxError:  # a cell with a magic
        return []
    needed = _needed(statements, used)
    found = [(one, _set_by(one)) for one in statements if _is_computed(one)]
    return [
        (compile(ast.Module([one], []), file, "exec"), names)
        for one, names in found
        if names & needed or (not names and _is_seeding(one))
    ]


def _needed(statements: list[ast.stmt], used: frozenset[str]) -> set[str]:
    """The names that are used, also by helpers and by what other values are computed from."""
    needs = [(_set_by(one), {part.id for part in ast.walk(one) if isinstance(part, ast.Name)}) for one in statements]
    needed, before = set(used), 0
    while len(needed) > before:
        before = len(needed)
        needed.update(*(parts for names, parts in needs if names & needed))
    return needed


def _set_by(statement: ast.stmt) -> frozenset[str]:
    if isinstance(statement, ast.FunctionDef):
        return frozenset([statement.name])
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", ast.Pass())]
    return frozenset(part.id for one in targets for part in ast.walk(one) if isinstance(part, ast.Name))


def _is_computed(statement: ast.stmt) -> bool:
    is_set = isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is not None
    calls = any(isinstance(part, ast.Call) for part in ast.walk(statement))
    return calls and (is_set or _is_seeding(statement))


def _is_seeding(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
        return False
    called = statement.value.func
    return getattr(called, "attr", getattr(called, "id", "")) == "seed"


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
