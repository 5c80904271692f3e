"""The live forms of predictions, hints and filter policies, which need no mouse. Without a notebook there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from labkit.jupyter import running_shell
from labkit.study.page import WIDGET
from labkit.words import hints as hint_words
from labkit.words import say
from labkit.words import study as words
from labkit.words import try_policy as policy_words

if TYPE_CHECKING:
    from labkit.study.hints import Hint
    from labkit.study.predict import Prediction
    from labkit.study.try_policy import Tried


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
    return _view(form)


def steps_of(hint: Hint) -> dict[str, Any]:
    """Return the widget's view of an exercise's hints, beginning with this one."""
    if not has_kernel():
        return {}
    from labkit.study.form.widget import Steps
    from labkit.study.hints import Hint, note_step

    texts = [say(text) for text in hint.exercise.hints]
    steps = Steps(
        titles=[Hint(hint.exercise, number).title() for number in range(1, len(texts) + 1)],
        texts=texts,
        labels=[say(hint_words.PREVIOUS_BUTTON), say(hint_words.NEXT_BUTTON)],
        step=hint.step,
    )
    steps.on_msg(lambda _, content, __: note_step(hint.exercise.id, int(content["step"])))
    return _view(steps)


def policy_of(tried: Tried) -> dict[str, Any]:
    """Return the widget's view of a filter policy that is typed; the rules alone answer, so any thread may."""
    if not has_kernel():
        return {}
    from labkit.study.form.widget import PolicyForm

    form = PolicyForm(
        policy=tried.policy,
        scope=tried.scope,
        scopes=list(policy_words.SCOPES),
        labels={name: say(text) for name, text in policy_words.LABELS.items()},
        messages=tried.shown(),
        answer=tried.answer(tried.policy, tried.scope),
    )

    def typed(_: Any, content: dict[str, Any], __: Any) -> None:
        form.answer = tried.answer(str(content["policy"]), str(content["scope"]))

    form.on_msg(typed)
    return _view(form)


def _view(widget: Any) -> dict[str, Any]:
    return {WIDGET: {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}}


def has_kernel() -> bool:
    """Whether this code runs in a Jupyter kernel."""
    return getattr(running_shell(), "kernel", None) is not None
