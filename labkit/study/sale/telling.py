"""What was reached in the shop's nights, in one sentence each."""

from __future__ import annotations

from collections.abc import Callable

from labkit.study.record import Record
from labkit.study.sale.playing import HOUR, Sale
from labkit.words import no_order_lost as words
from labkit.words import say

Teller = Callable[[Record, Sale], str]


def rush(commits: int, refusals: int) -> Teller:
    """Say how many commits and refusals it took."""

    def tell(record: Record, sale: Sale) -> str:
        made, refused = len(sale.till.commits), sale.refusals
        return say(
            words.TOLD_RUSH,
            orders=len(sale.names),
            commits=made,
            most=commits,
            refusals=refused,
            most_refusals=refusals,
        )

    return tell


def death(when: str) -> Teller:
    """Say what the machine's death cost: nothing."""
    return lambda record, sale: say(words.TOLD_DEATH, when=when)


def outage(refusals: int) -> Teller:
    """Say how soon everything was stored after the outage."""

    def tell(record: Record, sale: Sale) -> str:
        last = max(record.seconds(commit.at) for commit in sale.till.commits if commit.rows)
        return say(words.TOLD_OUTAGE, refusals=sale.refusals, most=refusals, seconds=last - HOUR)

    return tell


def night() -> Teller:
    """Say that every order is there once."""
    return lambda record, sale: say(words.TOLD_FAULTS, orders=len(sale.names))
