"""A cell that fails on purpose names its error: tags=["raises-ClientError:ReceiptHandleIsInvalid"].

The name is the exception's class (ClientError also covers botocore's classes made from a service model), the part
after the colon the AWS error code. The builder adds Jupyter's own tag `raises-exception`.
"""

import re
from typing import Any

_TAG = re.compile(r"raises-(?P<name>[A-Z]\w*)(?::(?P<code>[\w.]+))?")
_AWS_MESSAGE = re.compile(r"An error occurred \((?P<code>[\w.]+)\) when calling the ")


def wanted_error(tags: list[str]) -> str | None:
    """The error that the tags demand, "ClientError:ReceiptHandleIsInvalid", or None."""
    named = [tag.removeprefix("raises-") for tag in tags if _TAG.fullmatch(tag)]
    return named[0] if named else None


def raised_error(outputs: list[Any]) -> Any:
    """The error among a cell's outputs, or None."""
    return next((output for output in outputs if output.output_type == "error"), None)


def error_problem(cell: Any) -> str | None:
    """What is wrong between the error that a cell's tags demand and the one in its outputs; None when they agree."""
    wanted, raised = wanted_error(cell.metadata.get("tags", [])), raised_error(cell.outputs)
    if raised is None:
        return f"it was to raise {wanted}, but raised nothing" if wanted else None
    shown = f"{raised.ename}: {raised.evalue}"
    if wanted is None:
        return f'it raised {shown!r}; if that is meant, tag it tags=["raises-{raised.ename}"]'
    return None if _agrees(wanted, raised) else f"it was to raise {wanted}, but raised {shown!r}"


def _agrees(wanted: str, raised: Any) -> bool:
    name, _, code = wanted.partition(":")
    aws = _AWS_MESSAGE.match(raised.evalue)
    of_that_class = name == raised.ename or (name == "ClientError" and aws is not None)
    return of_that_class and (not code or (aws is not None and aws["code"] == code))
