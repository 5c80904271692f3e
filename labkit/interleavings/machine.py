"""A machine of its own for each run of a function: its memory is shared with nobody and does not outlive it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from types import CellType, CodeType, FunctionType
from typing import Any

CONTAINERS = (list, dict, set)


def separate(function: Any) -> Any:
    """Return the same function with copies of the lists, dicts, sets and objects of its own that it or its helpers use.

    Copied are global variables, closures, default values and function attributes. What is no plain function, what
    cannot be copied, and what an imported module keeps, stays as it is.
    """
    return machines(function)()


def machines(function: Any, become: Callable[[dict[str, Any]], None] = lambda memory: None) -> Callable[[], Any]:
    """Return a function that makes such a copy at each call, from the memory as it is now.

    `become(memory)` may change each copy's global names before its functions are made of them.
    """
    if not isinstance(function, FunctionType):
        return lambda: function
    needed = _Needed(function)
    memory = {name: _copied(function.__globals__[name], function.__module__) for name in needed.values}
    return lambda: _Machine(function, needed, memory, become).function


class _Needed:
    """The global names that a function and its helpers use: those of functions, and those of values to copy."""

    def __init__(self, function: FunctionType) -> None:
        self._own = function.__globals__
        self._module = function.__module__
        self.functions: list[str] = []
        self.values: list[str] = []
        self._seen: set[str] = set()
        self._look_into(function)

    def _look_into(self, function: FunctionType) -> None:
        for name in [*_names(function.__code__), *_names_in_closure(function)]:
            if name not in self._seen:
                self._seen.add(name)
                self._note(name, self._own.get(name))

    def _note(self, name: str, value: Any) -> None:
        if isinstance(value, FunctionType) and value.__globals__ is self._own:
            self.functions.append(name)
            self._look_into(value)
        elif _is_memory(value, self._module):
            self.values.append(name)


class _Machine:
    """One copy of a function with everything that it needs; each thing is copied once, whoever uses it."""

    def __init__(
        self, function: FunctionType, needed: _Needed, memory: dict[str, Any], become: Callable[[dict[str, Any]], None]
    ) -> None:
        own = function.__globals__
        self._own, self._memory = own, dict(own)
        self._module = function.__module__
        self._functions: dict[int, FunctionType] = {}
        self._cells: dict[int, CellType] = {}
        for name in needed.values:
            self._memory[name] = self._copied(memory[name])
        become(self._memory)
        for name in needed.functions:
            self._memory[name] = self._on_it(own[name])
        self.function = self._on_it(function)

    def _on_it(self, function: FunctionType) -> FunctionType:
        if id(function) in self._functions:
            return self._functions[id(function)]
        defaults = function.__defaults__ and tuple(map(self._copied, function.__defaults__))
        closure = function.__closure__ and tuple(map(self._cell, function.__closure__))
        same = FunctionType(function.__code__, self._memory, function.__name__, defaults, closure)
        same.__kwdefaults__ = function.__kwdefaults__ and {
            k: self._copied(v) for k, v in function.__kwdefaults__.items()
        }
        same.__dict__.update({name: self._copied(value) for name, value in function.__dict__.items()})
        self._functions[id(function)] = same
        self._fill(function)
        return same

    def _copied(self, value: Any) -> Any:
        return _copied(value, self._module)

    def _cell(self, cell: CellType) -> CellType:
        return self._cells.setdefault(id(cell), CellType())

    def _fill(self, function: FunctionType) -> None:
        """Fill the closure's cells, now that a function that refers to itself has been made."""
        for cell in function.__closure__ or ():
            new = self._cells[id(cell)]
            if _is_empty(new) and not _is_empty(cell):
                value = cell.cell_contents
                helper = isinstance(value, FunctionType) and value.__globals__ is self._own
                new.cell_contents = self._on_it(value) if helper else self._copied(value)


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _names_in_closure(function: FunctionType) -> Iterator[str]:
    for cell in function.__closure__ or ():
        helper = None if _is_empty(cell) else cell.cell_contents
        if isinstance(helper, FunctionType) and helper is not function:
            yield from _names(helper.__code__)


def _is_empty(cell: CellType) -> bool:
    try:
        return bool(cell.cell_contents is cell)
    except ValueError:
        return True


def _is_memory(value: Any, module: str) -> bool:
    """Whether a value is a container, or an object of a class that stands beside the function."""
    return isinstance(value, CONTAINERS) or (type(value).__module__ == module and not isinstance(value, type))


def _copied(value: Any, module: str) -> Any:
    if not _is_memory(value, module):
        return value
    try:
        return deepcopy(value)
    except Exception:  # a list of clients, for example
        return value
