"""Which brokers can run on this machine, and why not; a cell that needs one says so by a tag."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from labkit.brokers import wheels
from labkit.brokers.rabbitmq_found import installed
from labkit.words import LabError, say
from labkit.words import brokers as words

TAG = "needs-"


def why_not(engine: str) -> str:
    """Return why no broker of an engine ("activemq" or "rabbitmq") can run here, in one sentence; "" where one can."""
    return REASONS[engine]()


def why_not_run(cells: Iterable[Mapping[str, Any]]) -> str:
    """Return the reason of the first engine that these cells' tags name and that cannot run here, or ""."""
    tags = {tag for cell in cells for tag in cell["metadata"].get("tags", [])}
    wanted = sorted(tag.removeprefix(TAG) for tag in tags if tag.startswith(TAG))
    return next((reason for engine in wanted if (reason := why_not(engine))), "")


def _activemq() -> str:
    if os.name == "nt":
        return say(words.NOT_ON_WINDOWS)
    missing = wheels.missing()
    return say(words.NO_ACTIVEMQ, missing=", ".join(missing)) if missing else ""


def _rabbitmq() -> str:
    try:
        installed()
    except LabError as missing:
        return str(missing)
    return ""


REASONS: dict[str, Callable[[], str]] = {"activemq": _activemq, "rabbitmq": _rabbitmq}
