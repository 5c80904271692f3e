"""An answer on its way out, with AWS's own names."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.core.serialize import DefaultAttributePicker


class Answer(ActionResult):
    """A dict whose keys are AWS's names, so that moto need not try other spellings of each."""

    def execute_result(self, context: Any) -> Any:
        """Write the answer as moto's `ActionResult` does."""
        serializer = context.serializer_class(
            operation_model=context.operation_model, value_picker=DefaultAttributePicker()
        )
        written = serializer.serialize(self.result)
        return written["status_code"], written["headers"], written["body"]
