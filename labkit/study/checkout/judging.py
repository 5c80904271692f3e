"""Judges the checkout by its payments; a schedule that goes wrong is told as it was found."""

from __future__ import annotations

from labkit.interleavings import Checked
from labkit.study.checkout.playing import MOST_EVENTS, Checkout, counted
from labkit.study.evidence import call_line, first_calls
from labkit.study.exercise import Problem
from labkit.study.record import Record
from labkit.words import charge_once as words
from labkit.words import say

SHOWN = 6


def payments(record: Record, checkout: Checkout) -> Problem | None:
    """One payment for each order and nothing left, when the orders came through boto3."""
    return (
        _without_order(record, checkout)
        or _nothing(record, checkout)
        or _uneven(record, checkout)
        or _left(record, checkout)
    )


def schedules(record: Record, checked: Checked) -> Problem | None:
    """No schedule that goes wrong."""
    if checked.wrong is None:
        return None
    *steps, verdict = checked.sentences
    return Problem(steps, [verdict], say(words.ONCE), _why(checked), replay=checked.replay)


def _why(checked: Checked) -> str:
    """The reason by what the schedule shows: what is wrong at the end, and which calls were made."""
    called = [operation.signature.rsplit(" ", 1)[-1] for operation in checked.operations]
    wrong = str(checked.wrong or "")
    if wrong.endswith("has no payment"):
        return say(words.WHY_NOTE_FIRST if "PutItem" in called else words.WHY_DELETE_FIRST)
    if "payments" not in wrong:
        return say(words.WHY_STUCK)
    if len(checked.sent) > len(set(checked.sent)):
        return say(words.WHY_MESSAGE_ID)
    return say(words.WHY_NOTE_AFTER if "GetItem" in called else words.WHY_NEW_KEY)


def _without_order(record: Record, checkout: Checkout) -> Problem | None:
    if not any(order not in checkout.names for order in counted(checkout.payments)):
        return None
    return _problem(record, words.WITHOUT_ORDER, words.WHY_ORDER_ID, belief=False)


def _nothing(record: Record, checkout: Checkout) -> Problem | None:
    if checkout.payments:
        return None
    received = any(call.messages for call in record.calls if call.operation == "ReceiveMessage")
    wrong = say(words.NONE, order=checkout.names[0])
    if len(record.events) > MOST_EVENTS:
        wrong = say(words.TOO_MANY_CALLS, calls=len(record.calls))
    return _problem(record, wrong, words.WHY_NO_PAYMENT if received else words.WHY_NOT_RECEIVED, belief=False)


def _uneven(record: Record, checkout: Checkout) -> Problem | None:
    paid = counted(checkout.payments)
    for order in checkout.names:
        if paid[order] != 1:
            wrong = say(words.COUNTED if paid[order] else words.NONE, order=order, count=paid[order])
            sends = [change for change in record.changes if change.before is None and change.by != "you"]
            return _problem(record, wrong, words.WHY_SENT if sends else words.WHY_NIGHT, order)
    return None


def _left(record: Record, checkout: Checkout) -> Problem | None:
    for order in checkout.names:
        if [change for change in record.changes if change.body == order][-1].after != "deleted":
            return _problem(record, say(words.LEFT, order=order), words.WHY_NO_DELETE, order)
    return None


def _problem(record: Record, wrong: str, why: str, order: str = "", belief: bool = True) -> Problem:
    about = {change.message for change in record.changes if change.body == order}
    calls = [call for call in record.calls if call.by != "you" and about.intersection(call.messages)]
    shown = [call_line(record, call) for call in calls[:SHOWN]] if order else first_calls(record)
    return Problem(shown or first_calls(record), [say(wrong)], say(words.ONCE), say(why), belief=belief)
