"""What was reached in the shop's hours, in one sentence each."""

from __future__ import annotations

from collections.abc import Callable

from labkit.study.record import Record
from labkit.study.shift import SECOND
from labkit.study.shift.judging import count_calls
from labkit.study.shop.judging import slowest
from labkit.study.shop.playing import Shop
from labkit.words import quiet_worker as words
from labkit.words import say

Teller = Callable[[Record, Shop], str]


def quiet_hour(budget: int) -> Teller:
    """Say how soon orders were begun and how many calls it took."""

    def tell(record: Record, shop: Shop) -> str:
        calls = sum(count_calls(record).values())
        return say(words.TOLD_QUIET, orders=len(shop.names), slowest=slowest(shop), calls=calls, budget=budget)

    return tell


def stop(sentence: str) -> Teller:
    """Say how soon the worker was gone."""

    def tell(record: Record, shop: Shop) -> str:
        assert shop.gone_at is not None
        assert shop.told_at is not None
        return say(sentence, seconds=(shop.gone_at - shop.told_at) / SECOND, slowest=slowest(shop))

    return tell
