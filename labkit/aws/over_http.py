"""The door over HTTP: moto has read a request and calls the method of its operation, which asks the answer function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.validate import ParamValidator
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.core.serialize import DefaultAttributePicker
from moto.core.utils import camelcase_to_underscores, get_service_model

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
    if not response.automated_parameter_parsing:  # an older response of moto's, which reads the body piece by piece
        response.parse_parameters(response.normalized_request)
    return Asked(action, response.current_account, response.region, response.params, response.uri)


class InvalidParameters(ServiceException):
    """What AWS answers to parameters that its model does not allow; moto reads a class's module as its service."""

    code = "ValidationException"


def check(response: Any, question: Asked) -> None:
    """Raise AWS's error for parameters that botocore would refuse to send, as other programs may."""
    shape = get_service_model(response.boto3_service_name).operation_model(question.operation).input_shape
    report = ParamValidator().validate(question.given, shape)
    if report.has_errors():
        raise InvalidParameters(report.generate_report())


def methods(answers: dict[str, Answering]) -> dict[str, Method]:
    """Return the methods that take the place of moto's, by the names by which moto finds them."""
    return {camelcase_to_underscores(operation): _method(answer) for operation, answer in answers.items()}


def _method(answer: Answering) -> Method:
    def method(response: Any) -> Any:
        lab, question = current_lab(), asked(response)
        if not lab.answers_in_process:  # a client of boto3 has checked its own
            check(response, question)
        call = lab.call_now()
        if call is not None and call.refusal is not None and call.operation == question.operation:
            raise call.refusal
        return Answer(answer(lab, question))

    return method
