"""Histories made by hand, so that what a test expects can be counted on fingers."""

from labkit.causes import Accepted, Cause, Received
from labkit.history import Call, History, StateChange

START = 1_767_225_600_000_000
SECOND = 1_000_000


class Written:
    """A history to which a test writes calls and changes at seconds since the start."""

    def __init__(self) -> None:
        self.history = History(START)

    def call(
        self, at: float, by: str, operation: str, *messages: str, received: int | None = None, error: str | None = None
    ):
        instant = START + round(at * SECOND)
        order = self.history.next_order()
        result = Accepted() if received is None else Received(received)
        self.history.events.append(
            Call(instant, order, by, "sqs", operation, "orders", error, messages, {}, instant, result)
        )
        return self

    def change(
        self, at: float, message: str, before: str | None, after: str, *,
        by: str = "you", receives: int = 0, until: float | None = None, queue: str = "orders",
        cause: Cause = Cause.RECEIVED,
    ):  # fmt: skip
        instant = START + round(at * SECOND)
        due = None if until is None else START + round(until * SECOND)
        order = self.history.next_order()
        body = message.replace("id-", "order-")
        self.history.events.append(
            StateChange(instant, order, by, queue, message, before, after, cause, body, receives, due)
        )
        return self

    def sent(self, at: float, message: str):
        return self.change(at, message, None, "visible", cause=Cause.SENT)

    def received(self, at: float, message: str, by: str, nth: int, until: float, queue: str = "orders"):
        return self.change(at, message, "visible", "in flight", by=by, receives=nth, until=until, queue=queue)

    def back(self, at: float, message: str, nth: int):
        return self.change(at, message, "in flight", "visible", by="time", receives=nth, cause=Cause.TIMEOUT_ENDED)

    def deleted(self, at: float, message: str, by: str, nth: int = 1):
        return self.change(at, message, "in flight", "deleted", by=by, receives=nth, cause=Cause.DELETED)
