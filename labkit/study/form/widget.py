"""The three anywidgets: a prediction's form, texts in steps, and a filter policy that is tried."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets

HERE = Path(__file__).parent


class Form(anywidget.AnyWidget):
    """A question with radio buttons; a commit arrives as a message {"option": from 1, "sure": from 1}."""

    _esm = HERE / "form.js"
    question = traitlets.Unicode().tag(sync=True)
    options = traitlets.List(traitlets.Unicode()).tag(sync=True)
    sureness = traitlets.List(traitlets.Unicode()).tag(sync=True)
    labels = traitlets.Dict().tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)
    locked = traitlets.Bool().tag(sync=True)
    committed = traitlets.List(traitlets.Int()).tag(sync=True)


class Steps(anywidget.AnyWidget):
    """Texts with buttons for back and next; the number of the text shown arrives as a message {"step": from 1}."""

    _esm = HERE / "steps.js"
    titles = traitlets.List(traitlets.Unicode()).tag(sync=True)
    texts = traitlets.List(traitlets.Unicode()).tag(sync=True)
    labels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    step = traitlets.Int().tag(sync=True)


class PolicyForm(anywidget.AnyWidget):
    """A filter policy to type; a change arrives as {"policy": text, "scope": a word}, `answer` is what it makes."""

    _esm = HERE / "policy.js"
    policy = traitlets.Unicode().tag(sync=True)
    scope = traitlets.Unicode().tag(sync=True)
    scopes = traitlets.List(traitlets.Unicode()).tag(sync=True)
    labels = traitlets.Dict().tag(sync=True)
    messages = traitlets.List(traitlets.List(traitlets.Unicode())).tag(sync=True)
    answer = traitlets.Dict().tag(sync=True)
