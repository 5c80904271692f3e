"""A call to SQS in few words, for the history."""

from __future__ import annotations

from typing import Any


def describe(operation: str, parameters: dict[str, Any], answer: dict[str, Any]) -> tuple[str, str, list[str]]:
    """Return the queue's name, the answer in words and the ids of the messages that the answer names."""
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
    return str(url).rsplit("/", 1)[-1], _words(operation, answer), ids


def _words(operation: str, answer: dict[str, Any]) -> str:
    if operation == "ReceiveMessage":
        number = len(answer.get("Messages", []))
        return f"{number} message{'s' if number != 1 else ''}"
    if operation.endswith("Batch"):
        return f"{len(answer.get('Successful', []))} done, {len(answer.get('Failed', []))} failed"
    return "ok"
