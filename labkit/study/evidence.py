"""Reading a record: calls and changes as short lines, and which change belongs to which call."""

from __future__ import annotations

from labkit.history import Call, StateChange
from labkit.study.record import Record

LONGEST = 17
SHOWN = ("TableName", "VisibilityTimeout", "WaitTimeSeconds", "MaxNumberOfMessages", "ReceiptHandle", "Entries",
         "Endpoint", "Message", "MessageGroupId", "MessageDeduplicationId", "TopicArn", "TargetArn", "EndpointArn",
         "Token")  # fmt: skip


def call_line(record: Record, call: Call) -> str:
    """Return one API call as a line: when, who, what, and what came back."""
    parts = [f"{name}={_short(call.parameters[name])}" for name in SHOWN if name in call.parameters]
    bodies = {change.message: change.body for change in record.changes}
    named = ", ".join(_short(bodies[id]) for id in call.messages if id in bodies)
    answer = f"{call.answer}: {named}" if named else call.answer or "ok"
    return f"at {record.seconds(call.at):.2f} s: {call.by}: {call.operation}({', '.join(parts)}) -> {answer}"


def _short(value: object) -> str:
    text = repr(_called(value) if isinstance(value, str) and value.startswith("arn:") else value)
    return text if len(text) <= LONGEST else f"{text[:9]}...{text[-1]}"


def _called(arn: str) -> str:
    """What an ARN names; of a device's endpoint the platform tells more than its number."""
    name = arn.rsplit(":", 1)[-1]
    return "/".join(name.split("/")[:2]) if name.startswith("endpoint/") else name


def cause(record: Record, change: StateChange) -> Call | None:
    """Return the call that caused a change, if one did."""
    earlier = [call for call in record.calls if call.at == change.at and call.order < change.order]
    return earlier[-1] if earlier and earlier[-1].by == change.by else None


# A call that nobody makes who believes in the myth.
AGAINST = {"receive-removes": "DeleteMessage"}


def contradicts(record: Record, myth: str) -> bool:
    """Whether the answer's own calls contradict a belief."""
    operation = AGAINST.get(myth)
    own = (call.operation for call in record.calls if call.by not in ("you", "customers"))
    return operation is not None and any(name.startswith(operation) for name in own)
