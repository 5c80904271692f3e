"""Which error a tag demands, and when the raised one is it."""

import nbformat
import pytest

from labkit.builder.named_errors import error_problem, wanted_error

STALE = "An error occurred (ReceiptHandleIsInvalid) when calling the ChangeMessageVisibility operation: gone"


def cell(tag: str | None, name: str | None, value: str = STALE):
    outputs = [nbformat.v4.new_output("error", ename=name, evalue=value)] if name else []
    return nbformat.v4.new_code_cell("x", metadata={"tags": [tag] if tag else []}, outputs=outputs)


@pytest.mark.parametrize(
    ("tag", "name", "value"),
    [
        (None, None, ""),
        ("raises-KeyError", "KeyError", "'order-2'"),
        ("raises-ClientError", "ClientError", STALE),
        ("raises-ClientError:ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid", STALE),
        ("raises-ReceiptHandleIsInvalid:ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid", STALE),
    ],
)
def test_the_named_error_satisfies_its_tag(tag, name, value):
    """By its class; ClientError also covers the classes botocore makes from a service model."""
    assert error_problem(cell(tag, name, value)) is None


@pytest.mark.parametrize(
    ("tag", "name", "value"),
    [
        ("raises-KeyError", None, ""),
        (None, "KeyError", "'order-2'"),
        ("raises-exception", "KeyError", "'order-2'"),
        ("raises-KeyError", "IndexError", "2"),
        ("raises-ClientError:QueueDoesNotExist", "ClientError", STALE),
        ("raises-ClientError", "KeyError", "'order-2'"),
        ("raises-KeyError:ReceiptHandleIsInvalid", "KeyError", "'ReceiptHandleIsInvalid'"),
    ],
)
def test_another_error_none_or_an_unnamed_one_does_not(tag, name, value):
    """A wrong class, a wrong AWS code, no error, and Jupyter's bare tag are problems."""
    assert error_problem(cell(tag, name, value))


def test_jupyters_own_tag_names_nothing():
    """raises-exception alone is no demand."""
    assert wanted_error(["raises-exception"]) is None
