"""The process of one program of an answer, which begins with `main`; its settings are the first line of its input.

It asks the check before each use of a line or the books, one line of JSON each, and waits for one line of answer.
"""

from __future__ import annotations

import base64
import io
import json
import linecache
import logging
import os
import sys
import threading
from collections.abc import Callable
from typing import Any

import cloudpickle

from labkit.brokers.names import names
from labkit.study.programs.line import Books, Connect


class Check:
    """The check at the other end of this process's input and output."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._out = os.fdopen(os.dup(1), "w", encoding="utf-8")

    def __call__(self, call: str, **about: Any) -> Any:
        """Tell what is about to happen and return what the check wants. Does not return when the check is gone."""
        with self._turn:
            print(json.dumps({"call": call, **about}), file=self._out, flush=True)
            answer = sys.stdin.readline()
        if not answer:
            os._exit(0)
        return json.loads(answer)["answer"]


class Printed(io.TextIOBase):
    """What the answer prints, on its way to the check."""

    def __init__(self, check: Check) -> None:
        self._check = check

    def write(self, text: str) -> int:
        """Pass it on."""
        self._check("print", text=text)
        return len(text)


def main() -> None:
    """Run one function of the answer to its end, and tell how it ended."""
    settings = json.loads(sys.stdin.readline())
    check = Check()
    sys.stdout = Printed(check)
    logging.getLogger("stomp.py").addHandler(logging.NullHandler())
    for lead in settings["leads"]:
        names.lead(*lead)
    for file, lines in settings["sources"].items():
        linecache.cache[file] = (sum(map(len, lines)), None, lines, file)
    try:
        function: Callable[..., object] = cloudpickle.loads(base64.b64decode(settings["function"]))
        connect = Connect(check, *settings["broker"])
        function(connect, *given(settings, check))
        connect.close()
    except BaseException as failure:
        announced = isinstance(failure, ConnectionError)
        check("crashed", is_announced=announced, **crashed(failure, settings["signature"]))
    else:
        check("returned")
    os._exit(0)


def given(settings: dict[str, Any], check: Check) -> list[Any]:
    """What a program gets beside `connect`: a producer its orders, a consumer the books."""
    orders = settings["orders"]
    return [Books(check)] if orders is None else [[tuple(order) for order in orders]]


def crashed(failure: BaseException, signature: str) -> dict[str, Any]:
    """An exception in words, as the check shows it."""
    from labkit.study.crash import crash, is_not_attempted

    told = crash(failure, signature)
    about = {"told": told.told, "line": told.line, "number": told.number, "code": told.code.name}
    return about | {"is_not_attempted": is_not_attempted(failure)}
