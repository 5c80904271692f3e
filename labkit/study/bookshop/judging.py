"""Judges the bookshop's days by what happened: every order paid and sent once, the broken one set aside and back."""

from __future__ import annotations

from collections import defaultdict

from labkit.history import StateChange
from labkit.study.bookshop import reasons
from labkit.study.bookshop.playing import MOST_EVENTS, POISON, Bookshop, Payment
from labkit.study.evidence import first_calls
from labkit.study.exercise import Problem
from labkit.study.record import Record
from labkit.study.shift import repeated
from labkit.study.shift.judging import Judge, first_of
from labkit.words import dead_letters as words
from labkit.words import say


def day() -> Judge:
    """Every good order paid once and sent once, the broken one in the dead-letter queue."""
    return first_of(_nothing, _paid_twice, _sent_twice, _good, _endless, _aside)


def repaired() -> Judge:
    """As on a day, and the broken order is paid once and sent once after the repair."""
    return first_of(_nothing, _paid_twice, _sent_twice, _good, _back)


def night() -> Judge:
    """Nothing lost and nobody charged twice; a duplicate may be sent again."""
    return first_of(_nothing, _paid_twice, _good)


def _nothing(record: Record, shop: Bookshop) -> Problem | None:
    if shop.jobs or shop.payments:
        return None
    received = any(call.messages for call in record.calls if call.operation == "ReceiveMessage")
    why = words.WHY_NOT_PAID if received else words.WHY_NOT_RECEIVED
    return Problem(first_calls(record), [say(words.NOTHING_DONE)], _all(shop), say(why), belief=False)


def _paid_twice(record: Record, shop: Bookshop) -> Problem | None:
    charged: defaultdict[str, list[Payment]] = defaultdict(list)
    for payment in shop.payments:
        if payment.key not in {one.key for one in charged[payment.order]}:
            charged[payment.order].append(payment)
        if len(charged[payment.order]) > 1:
            first, second = charged[payment.order]
            lines = [
                say(sentence, at=record.seconds(one.at), by=one.by, order=one.order, key=one.key[:12])
                for sentence, one in ((words.PAID, first), (words.PAID_AGAIN, second))
            ]
            called = reasons.receives_until(record, first.order, second.at)
            return Problem(called, lines, say(words.ONCE), reasons.of_keys(record, first, second))
    return None


def _sent_twice(record: Record, shop: Bookshop) -> Problem | None:
    found = repeated(shop.sent())
    if found is None:
        return None
    first, second = found
    lines = [
        say(words.SENT, at=record.seconds(first.began), by=first.by, order=first.name),
        say(words.SENT_AGAIN, at=record.seconds(second.began), by=second.by, order=first.name),
    ]
    called = reasons.receives_until(record, first.name, second.began)
    return Problem(called, lines, _all(shop), reasons.of_repeat(record, first, second))


def _good(record: Record, shop: Bookshop) -> Problem | None:
    sent = {job.name for job in shop.sent()}
    for order in shop.good:
        changes = changes_of(record, order)
        if order in sent or not changes:
            continue
        where = _where(changes[-1])
        called = reasons.receives_until(record, order, changes[-1].at)[-4:] or first_calls(record)
        came = [say(words.NOT_SENT, order=order, where=where)]
        return Problem(called, came, _all(shop), reasons.of_missing(record, changes))
    return None


def _endless(record: Record, shop: Bookshop) -> Problem | None:
    if len(record.events) <= MOST_EVENTS:
        return None
    at = record.seconds(record.events[-1].at)
    lines = [say(words.STOPPED, calls=len(record.calls), at=at)]
    return Problem(first_calls(record), lines, say(words.ASIDE), say(words.WHY_ENDLESS), belief=False)


def _aside(record: Record, shop: Bookshop) -> Problem | None:
    changes = changes_of(record, POISON)
    latest = [change for change in changes if change.message == _newest(changes)]
    if latest[-1].queue == "dead-orders" and latest[-1].after == "visible":
        return None
    called = reasons.receives_until(record, POISON, changes[-1].at)[-4:]
    came = [say(words.NOT_ASIDE, order=POISON, where=_where(latest[-1]))]
    return Problem(called, came, say(words.ASIDE), reasons.of_staying(shop, changes, latest[-1]))


def _back(record: Record, shop: Bookshop) -> Problem | None:
    if any(job.name == POISON for job in shop.sent()):
        return None
    changes = changes_of(record, POISON)
    latest = [change for change in changes if change.message == _newest(changes)]
    called = reasons.receives_until(record, POISON, changes[-1].at)[-4:]
    came = [say(words.NOT_BACK, order=POISON, where=_where(latest[-1]))]
    return Problem(called, came, say(words.BACK), reasons.of_no_return(record, changes))


def changes_of(record: Record, order: str) -> list[StateChange]:
    """Return the changes of an order's messages."""
    return [change for change in record.changes if change.body == order]


def _newest(changes: list[StateChange]) -> str:
    """The id of the message that came last."""
    return next(change.message for change in reversed(changes) if change.before is None)


def _where(change: StateChange) -> str:
    if change.queue == "dead-orders" and change.after == "visible":
        return say(words.IN_DEAD_LETTERS)
    return say(words.WHERE, state=change.after, queue=change.queue)


def _all(shop: Bookshop) -> str:
    return say(words.ALL, count=len(shop.good))
