"""What a call to SQS was about and what it brought, for the history."""

from __future__ import annotations

from typing import Any

from labkit.causes import Accepted, Batch, Received, Result


def describe(operation: str, parameters: dict[str, Any], answer: dict[str, Any]) -> tuple[str, Result, list[str]]:
    """Return the queue's name, what came back and the ids of the messages that the answer names."""
    url = (
        str(parameters.get("SourceArn", "")).rsplit(":", 1)[-1]
        or parameters.get("QueueUrl")
        or answer.get("QueueUrl")
        or parameters.get("QueueName")
        or ""
    )
    messages = answer.get("Messages") or answer.get("Successful") or []
    ids = [message["MessageId"] for message in messages if "MessageId" in message]
    if "MessageId" in answer:
        ids = [answer["MessageId"]]
    return str(url).rsplit("/", 1)[-1], _result(operation, answer), ids


def _result(operation: str, answer: dict[str, Any]) -> Result:
    if operation == "ReceiveMessage":
        return Received(len(answer.get("Messages", [])))
    if operation.endswith("Batch"):
        return Batch(len(answer.get("Successful", [])), len(answer.get("Failed", [])))
    return Accepted()
