"""The sentences that causes, effects and results are told in: why a message changed, and what a call answered."""

from __future__ import annotations

from collections.abc import Sequence

from labkit.causes import (
    Accepted,
    Batch,
    Cause,
    Done,
    Effect,
    Instances,
    Obstacle,
    Received,
    ReceivedRecords,
    Result,
    StateUpdated,
    Step,
)
from labkit.words import say

WHY = {
    Cause.SENT: "sent",
    Cause.DELAY_ENDED: "the delay ended",
    Cause.RECEIVED: "received, time {receives}",
    Cause.RECEIVED_NOT_HIDDEN: "received, time {receives}, and not hidden",
    Cause.RECEIVED_REMOVED: "received, and so removed",
    Cause.TIMEOUT_ENDED: "the visibility timeout ended",
    Cause.TIMEOUT_CHANGED: "visibility timeout set to {seconds} s",
    Cause.GIVEN_BACK: "visibility timeout set to 0 s",
    Cause.CONSUMER_CRASHED: "{other} crashed",
    Cause.DELETED: "deleted",
    Cause.EXPIRED: "the retention period ended",
    Cause.PURGED: "the queue was purged",
    Cause.EXHAUSTED: "received {receives} times, so the next receive moves it to {other}",
    Cause.MOVED_IN: "moved from {other}",
    Cause.REDRIVEN_OUT: "a move task sent it to {other}",
    Cause.REDRIVEN_IN: "redriven from {other}",
}
EXHAUSTED_ONCE = "received 1 time, so the next receive moves it to {other}"

DID = {
    Effect.DELETED: "deleted",
    Effect.NOTHING_TO_DELETE: "nothing to delete: the message is gone",
    Effect.OLD_RECEIPT: "nothing deleted: the receipt handle is not the latest",
    Effect.COPY_KEPT: "deleted, but a server that was away keeps a copy",
    Effect.DELETED_AT_TIMEOUT: "deleted once the visibility timeout ends",
    Effect.TIMEOUT_CHANGED: "visibility timeout changed",
    Effect.TIMEOUT_HAD_ENDED: "nothing changed: the visibility timeout had ended",
    Effect.DUPLICATE: "not stored: a message with this deduplication id was accepted less than {minutes} minutes ago",
}
STEPS = {
    Step.PUBLISHED: "the topic took it",
    Step.REPEATED: "a message with this deduplication id was taken before: it is not delivered again",
    Step.FILTERED: "the filter policy of {endpoint} keeps it back: {reason}",
    Step.DELIVERED: "delivered to {endpoint}",
    Step.REPLAYED: "delivered to {endpoint} from the topic's archive",
    Step.PAUSED: "not delivered to {endpoint}: a replay with an end has paused the subscription",
    Step.RETRIED: "not delivered to {endpoint}, to be tried again: {reason}",
    Step.DEAD_LETTERED: "not delivered to {endpoint}, moved to {other}: {reason}",
    Step.DISCARDED: "not delivered to {endpoint}, discarded: {reason}",
}
TAKEN_DIRECTLY = "SNS took it"
OBSTACLES = {
    Obstacle.NO_QUEUE: "there is no such queue",
    Obstacle.NOT_ALLOWED: "the queue's policy does not allow SNS to send for this topic",
    Obstacle.KEY_NOT_ALLOWED: "the queue's KMS key does not allow SNS to use it",
    Obstacle.TOO_MANY_ATTRIBUTES: "more than 10 message attributes cannot be delivered raw",
    Obstacle.REFUSED: "refused with {detail}",
    Obstacle.UNAVAILABLE: "the endpoint failed ({detail})",
    Obstacle.UNREACHABLE: "nobody answers there",
    Obstacle.TIMED_OUT: "the endpoint did not answer in time",
    Obstacle.NOT_TRUSTED: "the endpoint's certificate is not trusted",
    Obstacle.ELSEWHERE: "a lab reaches this machine only, and {detail} is another",
    Obstacle.OPTED_OUT: "the number has opted out of text messages",
    Obstacle.TOO_LONG: "it is too long for a text message",
    Obstacle.DISABLED: "the platform endpoint is disabled",
    Obstacle.NO_ENDPOINT: "there is no such platform endpoint",
    Obstacle.NO_FUNCTION: "there is no such function",
}
OK = "ok"
ONE_MESSAGE = "1 message"
MESSAGES = "{number} messages"
ONE_RECORD = "1 record"
RECORDS = "{number} records"
BATCH = "{done} done, {failed} failed"
STATE_UPDATED = "{before} -> {after}"


def why(cause: Cause, receives: int, seconds: int | None, other: str | None) -> str:
    """Return why a message's state changed."""
    once = cause is Cause.EXHAUSTED and receives == 1
    return say(EXHAUSTED_ONCE if once else WHY[cause], receives=receives, seconds=seconds, other=other)


def step(step: Step, endpoint: str | None, other: str | None, reason: str) -> str:
    """Return what became of a published message, with the reason if it did not arrive."""
    if step is Step.PUBLISHED and endpoint is not None:
        return say(TAKEN_DIRECTLY)
    return say(STEPS[step], endpoint=endpoint, other=other, reason=reason)


def obstacle(obstacle: Obstacle, detail: str | None) -> str:
    """Return what stood in the way of a delivery."""
    return say(OBSTACLES[obstacle], detail=detail)


def answer(result: Result | None, effects: Sequence[Done]) -> str:
    """Return what a call answered; what it did to a message only when it did something to one alone."""
    told = [] if result is None else [_result(result)]
    if len(effects) == 1 and effects[0].effect in DID:
        told.append(say(DID[effects[0].effect], minutes=(effects[0].seconds or 0) // 60))
    return ", ".join(told)


def _result(result: Result) -> str:
    match result:
        case Accepted():
            return say(OK)
        case ReceivedRecords(messages=number):
            return say(ONE_RECORD if number == 1 else RECORDS, number=number)
        case Received(messages=number):
            return say(ONE_MESSAGE if number == 1 else MESSAGES, number=number)
        case Batch(done=done, failed=failed):
            return say(BATCH, done=done, failed=failed)
        case Instances(ids=ids):
            return ", ".join(ids)
        case StateUpdated(before=before, after=after):
            return say(STATE_UPDATED, before=before, after=after)
