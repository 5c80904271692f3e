"""A state machine that plays with two queues at random: no message is lost, none appears from nowhere."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, precondition, rule

from labkit.causes import Effect
from labkit.rules import Faults, MoveTask, Refused
from tests.rules.queues import at, queue

SECONDS = st.integers(0, 90)


class TwoQueues(RuleBasedStateMachine):
    """Orders and their dead-letter queue under every call that a standard queue knows, and move tasks between them."""

    receipts = Bundle("receipts")

    def __init__(self):
        super().__init__()
        self.now = 0
        self.hidden_until = {}
        self.living = set()
        self.task = None

    @initialize(
        faults=st.sampled_from([Faults.none(), Faults.documented(), Faults(duplicate=0.5, undelete=0.5, reorder=0.5)]),
        receives=st.sampled_from([None, 1, 2, 5]),
        limit=st.sampled_from([3, 120_000]),
    )
    def open(self, faults, receives, limit):
        self.dead = queue(name="dead-orders", message_retention_period=400, faults=faults)
        self.orders = queue(
            faults=faults, in_flight_limit=limit, message_retention_period=300, visibility_timeout=30,
            max_receive_count=receives, dead_letter_queue=self.dead,
        )  # fmt: skip
        self.faults = faults

    @rule(seconds=SECONDS)
    def wait(self, seconds):
        self.now += at(seconds)
        self.let_the_task_move()

    def let_the_task_move(self):
        for change in self.task.settle(self.now) if self.task else ():
            if change.message.earlier is not None and change.before is None:
                self.living = self.living - {change.message.earlier} | {change.message.id}

    @rule(rate=st.sampled_from([None, 1, 3, 500]), back=st.booleans())
    def start_move_task(self, rate, back):
        if self.task is None or not self.task.is_active:
            source, target = (self.dead, self.orders) if back else (self.orders, self.dead)
            source.settle(self.now)
            self.task = MoveTask(lambda: source, lambda message: target, self.now, rate)

    @precondition(lambda self: self.task is not None and self.task.status == "RUNNING")
    @rule()
    def cancel_move_task(self):
        assert self.task.cancel() <= self.task.to_move

    @rule(number=st.integers(1, 5), delay=st.sampled_from([None, 0, 20]))
    def send(self, number, delay):
        for _ in range(number):
            message = self.orders.send("order", self.now, delay=delay).message
            self.living.add(message.id)

    @rule(
        target=receipts,
        limit=st.integers(1, 10),
        timeout=st.sampled_from([None, 0, 5, 60]),
        long_poll=st.booleans(),
    )
    def receive(self, limit, timeout, long_poll):
        full = self.orders.counts(self.now)[0]["in flight"] == self.orders.in_flight_limit
        if full and not long_poll:
            with pytest.raises(Refused, match="OverLimit"):
                self.orders.receive(self.now, limit, timeout)
            return multiple()
        got = self.orders.receive(self.now, limit, timeout, long_poll=long_poll).messages
        assert len(got) <= limit
        for message in got:
            assert message.id in self.living
            if self.faults == Faults.none():
                assert self.hidden_until.get(message.id, 0) <= self.now, "handed out while hidden"
            self.hidden_until[message.id] = self.now + at(30 if timeout is None else timeout)
        return multiple(*(message.receipt for message in got))

    @rule(receipt=receipts)
    def delete(self, receipt):
        answered = self.orders.delete(receipt, self.now)
        if answered.effect is Effect.DELETED:
            self.living.discard(answered.message.id)

    @rule(receipt=receipts, timeout=st.sampled_from([0, 10, 50]))
    def change_visibility(self, receipt, timeout):
        try:
            answered = self.orders.change_visibility(receipt, timeout, self.now)
        except Refused:
            assert receipt.number not in {message.number for message in self.orders.stored()}
            return
        if answered.effect is Effect.TIMEOUT_CHANGED:
            self.hidden_until[answered.message.id] = self.now + at(timeout)

    @rule()
    def purge(self):
        try:
            purged = self.orders.purge(self.now)
        except Refused:
            return
        self.living -= {change.message.id for change in purged if change.after == "purged"}

    @rule(timeout=st.sampled_from([10, 30, 60]), retention=st.sampled_from([100, 300, 500]))
    def change_settings(self, timeout, retention):
        self.orders.settle(self.now)
        self.orders.settings.visibility_timeout = timeout
        self.orders.settings.message_retention_period = retention
        self.orders.settle(self.now)
        self.orders.settings.visibility_timeout = 30

    @invariant()
    def nothing_is_lost(self):
        if not hasattr(self, "orders"):
            return
        for one in (self.orders, self.dead):
            one.settle(self.now)
            totals = one.totals
            came = totals["sent"] + totals["redriven in"]
            went = totals["deleted"] + totals["expired"] + totals["purged"] + totals["redriven out"]
            assert came == len(one.stored()) + went
        out, came_in = (
            [one.totals[way] for one in (self.orders, self.dead)] for way in ("redriven out", "redriven in")
        )
        assert out == came_in[::-1]

    @invariant()
    def counts_are_those_of_the_stored_messages(self):
        if not hasattr(self, "orders"):
            return
        for one in (self.orders, self.dead):
            numbers, _ = one.counts(self.now)
            states = [message.state for message in one.stored()]
            assert numbers == {state: states.count(state) for state in ("visible", "in flight", "delayed")}

    def teardown(self):
        """Whatever is still there comes out in the end, each message once, when nothing goes wrong by chance."""
        if not hasattr(self, "orders") or self.faults != Faults.none():
            return
        self.now += at(61)
        self.let_the_task_move()
        self.orders.settle(self.now)
        stored = {message.id for message in self.orders.stored()}
        self.orders.settings.max_receive_count = None
        got = []
        while batch := self.orders.receive(self.now, self.orders.in_flight_limit, 3_600, long_poll=True).messages:
            got += [message.id for message in batch]
            for message in batch:
                self.orders.delete(message.receipt, self.now)
        delayed = {message.id for message in self.orders.stored()}
        assert sorted(got) == sorted(stored - delayed)


TwoQueues.TestCase.settings = settings(derandomize=True, max_examples=60, stateful_step_count=40, deadline=None)
test_conservation = TwoQueues.TestCase
