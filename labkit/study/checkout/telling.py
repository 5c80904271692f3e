"""What was reached at the checkout, in one sentence each."""

from __future__ import annotations

from labkit.causes import RECEIVES
from labkit.interleavings import Checked
from labkit.study.checkout.playing import Checkout
from labkit.study.record import Record
from labkit.words import charge_once as words
from labkit.words import say


def morning(record: Record, checkout: Checkout) -> str:
    """Say how many payments there are."""
    return say(words.TOLD_ORDINARY, orders=len(checkout.names), payments=len(checkout.payments))


def every(record: Record, checked: Checked) -> str:
    """Say how many schedules were run."""
    return say(words.TOLD_EVERY, schedules=checked.schedules)


def sent_twice(record: Record, checked: Checked) -> str:
    """Say how many schedules were run with an order that was sent twice."""
    return say(words.TOLD_TWICE, schedules=checked.schedules)


def night(record: Record, checkout: Checkout) -> str:
    """Say how many deliveries came to how many payments."""
    deliveries = sum(change.cause in RECEIVES for change in record.changes)
    return say(words.TOLD_FAULTS, orders=len(checkout.names), deliveries=deliveries, payments=len(checkout.payments))
