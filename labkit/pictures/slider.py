"""The slider under `what_if` as a small widget; imported only when one is shown, because widgets load slowly."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any, Protocol

import anywidget
import traitlets

from labkit.words import pictures, say


class Comparison(Protocol):
    """What the slider shows: `what_if`'s result."""

    setting: str
    values: list[Any]
    at_once: int

    def trial(self, place: int) -> dict[str, Any]:
        """Return the pictures and sentences for one value."""


class Slider(anywidget.AnyWidget):
    """Sends the trials that are there with itself, so that the browser needs no kernel to switch; others on demand."""

    _esm = Path(__file__).with_name("slider.js")
    labels: Any = traitlets.List().tag(sync=True)
    trials: Any = traitlets.List().tag(sync=True)
    words: Any = traitlets.Dict().tag(sync=True)

    def __init__(self, comparison: Comparison) -> None:
        base = comparison.values[0]
        super().__init__(
            labels=[str(value) for value in comparison.values],
            trials=[comparison.trial(place) for place in range(comparison.at_once)],
            words={
                "setting": comparison.setting,
                "base": say(pictures.WITH_VALUE, setting=comparison.setting, value=base),
                "guide": say(pictures.SLIDER_GUIDE, setting=comparison.setting, base=base),
                "running": say(pictures.RUNNING),
            },
        )
        self._comparison = comparison
        self._home = (threading.get_ident(), _running_loop())
        self.on_msg(self._asked)

    def _asked(self, _: Any, message: dict[str, Any], __: Any) -> None:
        """JupyterLab may ask from a thread of its own (a subshell), where no lab can run: answer where cells run."""
        thread, loop = self._home
        place = int(message["place"])
        if loop is None or threading.get_ident() == thread:
            self._answer(place)
        else:
            loop.call_soon_threadsafe(self._answer, place)

    def _answer(self, place: int) -> None:
        try:
            trial = self._comparison.trial(place)
        except Exception as failure:
            sentence = say(pictures.FAILED_VALUE, error=type(failure).__name__, message=failure)
            trial = {"place": place, "sentence": sentence, "heading": "", "above": "", "below": ""}
        self.send(trial)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
