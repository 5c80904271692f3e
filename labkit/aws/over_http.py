"""The door over HTTP: moto has read a request and calls the method of its operation, which asks the answer function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.core.serialize import DefaultAttributePicker
from moto.core.utils import camelcase_to_underscores

from labkit.aws.asked import Answering, Asked
from labkit.aws.current import current_lab

SIGNED_LINK = "X-Amz-Signature="
Method = Callable[[Any], Any]


class Answer(ActionResult):
    """A dict whose keys are AWS's names, so that moto need not try other spellings of each."""

    def execute_result(self, context: Any) -> Any:
        """Write the answer as moto's `ActionResult` does."""
        model = context.operation_model
        _name(model)
        serializer = context.serializer_class(operation_model=model, value_picker=DefaultAttributePicker())
        written = serializer.serialize(self.result)
        return written["status_code"], written["headers"], written["body"]


def _name(operation: Any) -> None:
    """Give an answer in XML the names of SQS's other answers, which moto does not know of message move tasks."""
    shape = operation.output_shape
    if shape is None or "resultWrapper" in shape.serialization or not operation.service_model.is_query_compatible:
        return
    shape.serialization["resultWrapper"] = f"{operation.name}Result"
    for member in shape.members.values():
        if member.type_name == "list":
            member.member.serialization.setdefault("locationNameForQueryCompatibility", member.member.name)


def asked(response: Any) -> Asked:
    """What a request asks for, as moto has read it."""
    action = response._get_action()
    if not response.automated_parameter_parsing:  # an older response of moto's, which reads the body piece by piece
        response.parse_parameters(response.normalized_request)
    signed = bool(response.headers.get("Authorization")) or SIGNED_LINK in response.uri
    return Asked(action, response.current_account, response.region, response.params, response.uri, signed)


def methods(answers: dict[str, Answering]) -> dict[str, Method]:
    """Return the methods that take the place of moto's, by the names by which moto finds them."""
    return {camelcase_to_underscores(operation): _method(answer) for operation, answer in answers.items()}


def _method(answer: Answering) -> Method:
    def method(response: Any) -> Any:
        lab, question = current_lab(), asked(response)
        call = lab.call_now()
        if call is not None and call.refusal is not None and call.operation == question.operation:
            raise call.refusal
        return Answer(answer(lab, question))

    return method
