"""Judges the shop's nights by what is in the table, on the shelf and in the queues."""

from __future__ import annotations

from collections import Counter

from labkit.history import StateChange
from labkit.study.evidence import first_calls
from labkit.study.exercise import Problem
from labkit.study.record import Record
from labkit.study.sale import reasons
from labkit.study.sale.playing import MOST_EVENTS, MOST_TRANSACTIONS, Sale
from labkit.study.shift.judging import Judge, count_calls, first_of
from labkit.words import no_order_lost as words
from labkit.words import say


def rush(commits: int, refusals: int) -> Judge:
    """Every order stored once, within budgets of commits and of refused transactions."""
    return first_of(_nothing, _refused_too_often(refusals), _endless, _all_right, _too_many_commits(commits))


def death() -> Judge:
    """Every order stored once, although a machine died."""
    return first_of(_nothing, _endless, _all_right)


def outage(refusals: int) -> Judge:
    """Every order stored once after the outage, and the database left in peace during it."""
    return first_of(_refused_too_often(refusals), _endless, _all_right)


def night() -> Judge:
    """Every order stored once, whatever AWS's answers were."""
    return first_of(_nothing, _endless, _all_right)


def _all_right(record: Record, sale: Sale) -> Problem | None:
    return first_of(_unknown, _repeated, _missing, _stock, _left)(record, sale)


def _once(sale: Sale) -> str:
    return say(words.ONCE, count=len(sale.names))


def _nothing(record: Record, sale: Sale) -> Problem | None:
    if sale.till.names or sale.refusals:
        return None
    received = [call for call in record.calls if call.operation == "ReceiveMessage" and call.messages]
    if any(change.after == "deleted" for change in record.changes):
        return None
    why = words.WHY_NOT_INSERTED if received else words.WHY_NOT_RECEIVED
    return Problem(first_calls(record), [say(words.NOTHING_STORED)], _once(sale), say(why), belief=False)


def _refused_too_often(most: int) -> Judge:
    def judge(record: Record, sale: Sale) -> Problem | None:
        if sale.refusals <= most:
            return None
        lines = [say(words.COUNTED_REFUSALS, refusals=sale.refusals, at=sale.till.transactions[-1].at)]
        expected = say(words.REFUSALS, most=most)
        return Problem(first_calls(record), lines, expected, say(words.WHY_HOT), belief=False)

    return judge


def _endless(record: Record, sale: Sale) -> Problem | None:
    """So many transactions or calls that the night was stopped, although hardly a transaction was refused."""
    transactions, rows = len(sale.till.transactions), len(sale.till.names)
    at = record.seconds(record.events[-1].at)
    if transactions > MOST_TRANSACTIONS:
        lines = [say(words.COUNTED_TRANSACTIONS, transactions=transactions, at=at, rows=rows)]
        return Problem(first_calls(record), lines, _once(sale), say(words.WHY_ENDLESS), belief=False)
    if len(record.events) > MOST_EVENTS:
        lines = [say(words.COUNTED_CALLS, calls=sum(count_calls(record).values()), at=at, rows=rows)]
        return Problem(first_calls(record), lines, _once(sale), say(words.WHY_CALLS), belief=False)
    return None


def _unknown(record: Record, sale: Sale) -> Problem | None:
    unknown = next((row for commit in sale.till.commits for row in commit.rows if row[1] not in sale.names), None)
    if unknown is None:
        return None
    lines = [say(words.NO_ORDER, id=reasons.short(unknown[0]), name=reasons.short(unknown[1]))]
    return Problem(first_calls(record), lines, _once(sale), say(words.WHY_NO_ORDER), belief=False)


def _repeated(record: Record, sale: Sale) -> Problem | None:
    if not sale.has_repeat():
        return None
    name = next(name for name, number in Counter(sale.till.names).items() if number > 1)
    return reasons.of_repeat(record, sale, name, _once(sale))


def _missing(record: Record, sale: Sale) -> Problem | None:
    return reasons.of_missing(record, sale, sale.unfinished[0], _once(sale)) if sale.unfinished else None


def _stock(record: Record, sale: Sale) -> Problem | None:
    rows, sold = len(sale.till.names), sale.till.sold
    if rows == sold:
        return None
    why = words.WHY_STOCK_COUNTED if sold > rows else words.WHY_STOCK_FORGOTTEN
    lines = [say(words.SOLD, rows=rows, sold=sold)]
    return Problem(first_calls(record), lines, say(words.STOCK, count=rows), say(why), belief=False)


def _left(record: Record, sale: Sale) -> Problem | None:
    last: dict[str, StateChange] = {}
    for change in record.changes:
        if change.after != "dead-lettered":
            last[change.message] = change
    left = next((change for change in last.values() if change.after != "deleted"), None)
    return reasons.of_left(record, left) if left is not None else None


def _too_many_commits(most: int) -> Judge:
    def judge(record: Record, sale: Sale) -> Problem | None:
        commits = len(sale.till.commits)
        if commits <= most:
            return None
        lines = [say(words.COUNTED_COMMITS, commits=commits, rows=len(sale.till.names))]
        expected = say(words.COMMITS, most=most, count=len(sale.names))
        return Problem(first_calls(record), lines, expected, say(words.WHY_COMMITS), belief=False)

    return judge
