"""`time.sleep` in lab time, however a program has got hold of it.

`from time import sleep`, a default argument, a closure and a class attribute all keep the one built-in function object.
While labs are open, that object calls labkit: its two fields "which C function" and "bound to what" are exchanged, as
time-machine does for `time.time`. Where the object does not look as CPython builds it, the modules' names are replaced.
"""

from __future__ import annotations

import ctypes
import sys
import threading
import time
from collections.abc import Callable
from types import BuiltinFunctionType
from typing import Any

from labkit.clock.length import SECOND
from labkit.words import error
from labkit.words import time as words

METH_O = 8
_slept: Callable[[float], None] = time.sleep


class _Method(ctypes.Structure):
    """CPython's PyMethodDef."""

    _fields_ = (("name", ctypes.c_char_p), ("call", ctypes.c_void_p), ("flags", ctypes.c_int), ("doc", ctypes.c_char_p))


class Sleep:
    """Makes `time.sleep` lab time where `sleep_in_lab` says yes; in other threads, for example, it really sleeps."""

    def __init__(self, sleep_in_lab: Callable[[int], bool]) -> None:
        self._sleep_in_lab = sleep_in_lab
        self._replacement = self._make()
        self._switch = _BuiltIn(self._replacement) if _is_as_cpython_builds_it() else _Names(self._replacement)

    def _make(self) -> Callable[[float], None]:
        def sleep(seconds: float, /) -> None:
            """Wait for the given number of seconds; in lab time while a lab is open."""
            if not isinstance(seconds, (int, float)) or not 0 <= seconds < 1e12:
                return self._switch.real(seconds)
            if getattr(threading.current_thread(), "started_in_lab", False):
                raise error(words.THREAD, what="time.sleep")
            if not self._sleep_in_lab(round(seconds * SECOND)):
                self._switch.real(seconds)
            return None

        return sleep

    def install(self) -> None:
        """From now on `time.sleep` is lab time."""
        self._switch.install()

    def remove(self) -> None:
        """From now on `time.sleep` is what it was."""
        self._switch.remove()


class _BuiltIn:
    """Exchanges the two fields inside the built-in function object itself."""

    def __init__(self, replacement: Callable[[float], None]) -> None:
        self._fields = _fields_of(_slept)
        self._before = tuple(self._fields)
        call = ctypes.cast(ctypes.pythonapi.PyObject_CallOneArg, ctypes.c_void_p).value
        self._method = _Method(b"sleep", call, METH_O, None)
        self._after = (ctypes.addressof(self._method), id(replacement))
        self._replacement = replacement
        make = ctypes.pythonapi.PyCFunction_NewEx
        make.argtypes, make.restype = (ctypes.c_void_p, ctypes.py_object, ctypes.c_void_p), ctypes.py_object
        self.real: Callable[[float], None] = make(self._before[0], time, None)

    def install(self) -> None:
        self._exchange(self._replacement, time, self._after)

    def remove(self) -> None:
        self._exchange(time, self._replacement, self._before)

    def _exchange(self, held: object, released: object, fields: tuple[Any, ...]) -> None:
        # The object owns what it is bound to, so that CPython's garbage collector counts right at every moment.
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(held))
        self._fields[:] = fields
        ctypes.pythonapi.Py_DecRef(ctypes.py_object(released))


class _Names:
    """Exchanges the function in every module that holds it by name; what else keeps it really sleeps."""

    def __init__(self, replacement: Callable[[float], None]) -> None:
        self.real = _slept
        self._replacement = replacement

    def install(self) -> None:
        _replace(self.real, self._replacement)

    def remove(self) -> None:
        _replace(self._replacement, self.real)


def _fields_of(function: Callable[..., Any]) -> Any:
    """The two adjacent pointers after the object's header: the method's description and what it is bound to."""
    return (ctypes.c_void_p * 2).from_address(id(function) + object.__basicsize__)


def _is_as_cpython_builds_it() -> bool:
    if sys.implementation.name != "cpython" or not isinstance(_slept, BuiltinFunctionType):
        return False
    method, bound_to = _fields_of(_slept)
    if bound_to != id(time) or not method:
        return False
    described = _Method.from_address(method)
    return bool(described.name == b"sleep" and described.flags == METH_O)


def _replace(old: Any, new: Any) -> None:
    for module in list(sys.modules.values()):
        names = getattr(module, "__dict__", None)
        if isinstance(names, dict):
            for name in [name for name, value in names.items() if value is old]:
                names[name] = new
