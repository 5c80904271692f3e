"""Turns against the lab's own scheduler: the same consumers act at the same instants in the same order."""

from hypothesis import given, settings
from hypothesis import strategies as some

from labkit.clock.scheduler import Scheduler
from labkit.fleet.turns import Listen, Turns
from labkit.rules import Settings, StandardQueue

TICK = 1_000_000
HIDDEN = 4


class WithTurns:
    """A queue, those who send to it and those who listen to it, as generators."""

    def __init__(self):
        self.log = []
        self.queue = StandardQueue("orders", Settings(visibility_timeout=HIDDEN))
        self.turns = Turns(0, self.next_visible)

    def next_visible(self):
        self.queue.settle(self.turns.now)
        return self.queue.next_visible(self.turns.now)

    def sender(self, name, pauses):
        for pause, number in pauses:
            yield self.turns.now + pause * TICK
            for _ in range(number):
                self.queue.send(name, self.turns.now)
                self.turns.notify()
            self.log.append((self.turns.now, name))

    def listener(self, name, wait, work, limit):
        while True:
            yield self.turns.now + TICK
            yield Listen(self.turns.now + wait * TICK)
            got = self.queue.receive(self.turns.now, limit, long_poll=True).messages
            self.log.append((self.turns.now, name, len(got)))
            if got and work is not None:
                receipts = [message.receipt for message in got]
                yield self.turns.now + work * TICK
                for receipt in receipts:
                    self.queue.delete(receipt, self.turns.now)

    def play(self, senders, listeners):
        for place, wait in enumerate(listeners):
            self.turns.start(self.listener(f"listener {place}", *wait))
        for place, pauses in enumerate(senders):
            self.turns.start(self.sender(f"sender {place}", pauses))
        self.turns.run(60 * TICK)
        return self.log


class WithActors:
    """The same with the scheduler of labs, waiting as the SQS adapter does."""

    def __init__(self):
        self.log = []
        self.queue = StandardQueue("orders", Settings(visibility_timeout=HIDDEN))
        self.scheduler = Scheduler(0)

    def sender(self, name, pauses):
        for pause, number in pauses:
            self.scheduler.sleep(pause * TICK)
            for _ in range(number):
                self.queue.send(name, self.scheduler.now)
                self.scheduler.notify("orders")
            self.log.append((self.scheduler.now, name))

    def long_poll(self, wait):
        deadline = self.scheduler.now + wait * TICK
        while self.scheduler.now < deadline:
            self.queue.settle(self.scheduler.now)
            visible = self.queue.next_visible(self.scheduler.now)
            if visible is not None and visible <= self.scheduler.now:
                return
            self.scheduler.wait("orders", deadline if visible is None else min(visible, deadline))

    def listener(self, name, wait, work, limit):
        while True:
            self.scheduler.sleep(TICK)
            self.long_poll(wait)
            got = self.queue.receive(self.scheduler.now, limit, long_poll=True).messages
            self.log.append((self.scheduler.now, name, len(got)))
            if got and work is not None:
                receipts = [message.receipt for message in got]
                self.scheduler.sleep(work * TICK)
                for receipt in receipts:
                    self.queue.delete(receipt, self.scheduler.now)

    def play(self, senders, listeners):
        for place, wait in enumerate(listeners):
            self.scheduler.start(self.listener, (f"listener {place}", *wait), f"listener {place}")
        for place, pauses in enumerate(senders):
            self.scheduler.start(self.sender, (f"sender {place}", pauses), f"sender {place}")
        self.scheduler.run(60 * TICK)
        self.scheduler.end()
        return self.log


SENDERS = some.lists(some.lists(some.tuples(some.integers(0, 6), some.integers(1, 4)), max_size=12), max_size=3)
LISTENERS = some.lists(
    some.tuples(some.integers(1, 9), some.sampled_from([None, 0, 1, 2, 5, 7]), some.integers(1, 3)),
    min_size=1,
    max_size=7,
)


@settings(deadline=None, max_examples=60, derandomize=True)
@given(senders=SENDERS, listeners=LISTENERS)
def test_everybody_acts_when_the_labs_scheduler_lets_them(senders, listeners):
    """Many things happen at the same whole second here, so that first come, first served is what counts."""
    assert WithTurns().play(senders, listeners) == WithActors().play(senders, listeners)


def test_a_message_for_a_thousand_listeners_costs_as_much_as_for_one():
    """Only the first of them looks at the queue; the others stay where they are."""

    def looks(listeners):
        story, looked = WithTurns(), []
        seen = story.next_visible
        story.turns._next_visible = lambda: looked.append(1) or seen()
        for place in range(listeners):
            story.turns.start(story.listener(f"listener {place}", 500, 0, 1))
        story.turns.run(2 * TICK)
        looked.clear()
        story.turns.start(story.sender("sender", [(2, 1)] * 50))
        story.turns.run(200 * TICK)
        return len(looked)

    assert looks(1_000) < 2 * looks(10)
