"""The live form of a prediction: radio buttons that need no mouse. Without a notebook there is none."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from labkit.study.page import WIDGET
from labkit.words import say
from labkit.words import study as words

if TYPE_CHECKING:
    from labkit.study.predict import Prediction


def form_of(prediction: Prediction) -> dict[str, Any]:
    """Return the widget's view for Jupyter; nothing where no kernel could carry it."""
    if not has_kernel():
        return {}
    from labkit.study.form.widget import Form

    form = Form(
        question=prediction.question,
        options=prediction.options,
        sureness=[say(word) for word in words.SURENESS],
        labels={"answer": say(words.PREDICTION), "sure": say(words.HOW_SURE), "commit": say(words.COMMIT)},
        status=say(words.CHOOSE) if prediction.is_open() else prediction.state(),
        locked=prediction.is_revealed(),
        committed=prediction.committed(),
    )

    def commit(_: Any, content: dict[str, Any], __: Any) -> None:
        form.status = prediction.commit(int(content["option"]), int(content["sure"]))
        form.locked = prediction.is_revealed()

    form.on_msg(commit)
    view: dict[str, Any] = {WIDGET: {"version_major": 2, "version_minor": 0, "model_id": form.model_id}}
    return view


def has_kernel() -> bool:
    """Whether this code runs in a Jupyter kernel."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return getattr(shell, "kernel", None) is not None
