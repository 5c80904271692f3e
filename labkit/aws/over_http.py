"""The door over HTTP: moto has read a request and calls the method of its operation, which asks the answer function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.core.serialize import DefaultAttributePicker
from moto.core.utils import camelcase_to_underscores

from labkit.aws.asked import Answering, Asked
from labkit.aws.current import current_lab

Method = Callable[[Any], Any]


class Answer(ActionResult):
    """A dict whose keys are AWS's names, so that moto need not try other spellings of each."""

    def execute_result(self, context: Any) -> Any:
        """Write the answer as moto's `ActionResult` does."""
        serializer = context.serializer_class(
            operation_model=context.operation_model, value_picker=DefaultAttributePicker()
        )
        written = serializer.serialize(self.result)
        return written["status_code"], written["headers"], written["body"]


def asked(response: Any) -> Asked:
    """What a request asks for, as moto has read it."""
    action = response._get_action()
    return Asked(action, response.current_account, response.region, response.params, response.uri)


def methods(answers: dict[str, Answering]) -> dict[str, Method]:
    """Return the methods that take the place of moto's, by the names by which moto finds them."""
    return {camelcase_to_underscores(operation): _method(answer) for operation, answer in answers.items()}


def _method(answer: Answering) -> Method:
    def method(response: Any) -> Any:
        lab, question = current_lab(), asked(response)
        refusal = lab.refusal_of(question.operation)
        if refusal is not None:
            raise refusal
        return Answer(answer(lab, question))

    return method
