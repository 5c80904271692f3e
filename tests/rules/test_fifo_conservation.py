"""A state machine that plays with a FIFO queue at random: nothing is lost, a group keeps its order, no send twice."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from labkit.causes import Effect
from labkit.rules import Refused
from tests.rules.fifo_queues import fifo
from tests.rules.queues import at

GROUPS = st.sampled_from("aab")
WINDOW = at(300)


class Fifo(RuleBasedStateMachine):
    """Orders and their dead-letter queue under every call that it knows, crashes and lost answers among them."""

    receipts = Bundle("receipts")

    def __init__(self):
        super().__init__()
        self.now = 0
        self.sent = []
        self.accepted = {}
        self.hidden_until = {}

    @initialize(
        scope=st.sampled_from(["queue", "messageGroup"]),
        receives=st.sampled_from([None, None, 1, 3]),
        limit=st.sampled_from([3, 120_000]),
        look_ahead=st.sampled_from([2, 5, 120_000]),
        delay=st.sampled_from([0, 0, 10]),
    )
    def open(self, scope, receives, limit, look_ahead, delay):
        self.look_ahead = look_ahead
        self.dead = fifo(name="dead.fifo", message_retention_period=400)
        self.orders = fifo(
            in_flight_limit=limit, look_ahead=look_ahead, message_retention_period=350, delay_seconds=delay,
            deduplication_scope=scope, max_receive_count=receives, dead_letter_queue=self.dead,
        )  # fmt: skip
        for group in "abab":
            self.send(group, 1 + 2 * len(self.sent), 2)

    @rule(seconds=st.sampled_from([0, 1, 5, 10, 29, 90, 269]))
    def wait(self, seconds):
        self.now += at(seconds)

    @rule(group=GROUPS, first=st.integers(1, 40), number=st.integers(1, 4))
    def send(self, group, first, number):
        for id in range(first, first + number):
            self.send_one(group, id)

    def send_one(self, group, id):
        """Also what a producer does whose answer was lost: it sends the same again."""
        sent = self.orders.send("order", self.now, group=group, deduplication=f"id-{id}")
        scope = (id,) if self.orders.settings.deduplication_scope == "queue" else (id, group)
        last = self.accepted.get(scope)
        repeats = last is not None and self.now < last[0] + WINDOW
        assert (sent.effect is not None) == repeats, "a duplicate stored, or a new message refused"
        if repeats:
            assert sent.message is last[1]
        else:
            self.accepted[scope] = (self.now, sent.message)
            self.sent.append(sent.message)

    @rule(target=receipts, limit=st.integers(1, 10), timeout=st.sampled_from([None, 0, 5, 60]))
    def receive(self, limit, timeout):
        stored = self.by_group()
        got = self.orders.receive(self.now, limit, timeout).messages
        assert len(got) <= limit
        groups = list(dict.fromkeys(message.group for message in got))
        assert [message.group for message in got] == [m.group for g in groups for m in got if m.group == g]
        for group in groups:
            handed = [message for message in got if message.group == group]
            left = [message for message in stored[group] if message in self.orders.stored()]
            assert handed == left[: len(handed)], "not from the head of its group"
        for message in got:
            assert self.hidden_until.get(message.id, 0) <= self.now, "handed out while hidden"
            self.hidden_until[message.id] = self.now + at(30 if timeout is None else timeout)
        return multiple(*(message.receipt for message in got))

    @rule(receipt=receipts)
    def delete(self, receipt):
        held = self.is_held(receipt)
        try:
            answered = self.orders.delete(receipt, self.now)
        except Refused:
            assert held is False
            return
        assert held is not False
        assert answered.effect is (Effect.DELETED if held else Effect.NOTHING_TO_DELETE)

    @rule(group=GROUPS)
    def give_the_head_back(self, group):
        """What a consumer does that cannot work now: the first of its batch becomes visible, the others do not."""
        head = next(iter(self.by_group().get(group, [])), None)
        if head is not None and head.state == "in flight":
            self.change_visibility(head.receipt, 0)

    @rule(receipt=receipts, timeout=st.sampled_from([0, 10, 50]))
    def change_visibility(self, receipt, timeout):
        held = self.is_held(receipt)
        try:
            answered = self.orders.change_visibility(receipt, timeout, self.now)
        except Refused:
            assert not held
            return
        assert held
        self.hidden_until[answered.message.id] = self.now + at(timeout)

    @rule(id=st.integers(1, 2))
    def receive_twice_with_an_attempt_id(self, id):
        """What a consumer does whose answer was lost: the same attempt brings the same messages and receipts."""
        first = self.orders.receive(self.now, 5, 20, attempt=f"try-{id}").messages
        handed = [(message, message.receipt) for message in first]
        again = self.orders.receive(self.now, 5, 20, attempt=f"try-{id}").messages
        if handed:
            assert [(message, message.receipt) for message in again] == handed
        for message in again:
            self.hidden_until[message.id] = self.now + at(20)

    @rule()
    def crash(self):
        assert self.orders.crash("you", self.now) == []

    @rule(really=st.sampled_from([True] + 7 * [False]))
    def purge(self, really):
        if not really:
            return
        try:
            self.orders.purge(self.now)
        except Refused:
            return
        self.accepted.clear()

    @rule(delay=st.sampled_from([0, 10, 40]), retention=st.sampled_from([200, 350]))
    def change_settings(self, delay, retention):
        self.orders.settle(self.now)
        self.orders.settings.delay_seconds = delay
        self.orders.settings.message_retention_period = retention
        self.orders.settle(self.now)

    def is_held(self, receipt):
        """True: in flight by this receipt; False: stored, but no longer so; None: gone."""
        self.orders.settle(self.now)
        message = next((one for one in self.orders.stored() if one.number == receipt.number), None)
        if message is None:
            return None
        return message.state == "in flight" and message.receives == receipt.receive

    def by_group(self):
        self.orders.settle(self.now)
        groups = {}
        for message in self.orders.stored():
            groups.setdefault(message.group, []).append(message)
        return groups

    @invariant()
    def nothing_is_lost(self):
        if not hasattr(self, "orders"):
            return
        for one in (self.orders, self.dead):
            numbers, _ = one.counts(self.now)
            totals = one.totals
            came = totals["sent"] + totals["redriven in"]
            went = totals["deleted"] + totals["expired"] + totals["purged"] + totals["redriven out"]
            assert came == len(one.stored()) + went
            states = [message.state for message in one.stored()]
            assert numbers == {state: states.count(state) for state in ("visible", "in flight", "delayed")}
        assert self.orders.totals["redriven out"] == self.dead.totals["redriven in"]

    @invariant()
    def it_tells_what_it_can_hand_out(self):
        """As the plain rule says it: the head of a group is visible and among the first stored messages."""
        if not hasattr(self, "orders"):
            return
        heads = [messages[0] for messages in self.by_group().values()]
        seen = self.orders.stored()[: self.look_ahead]
        is_open = any(head.state == "visible" and head in seen for head in heads)
        room = self.orders.counts(self.now)[0]["in flight"] < self.orders.in_flight_limit
        told = self.orders.next_visible(self.now)
        assert (told == self.now) == (is_open and room)

    def teardown(self):
        """Whatever is still there comes out in the end, each group in its order of sending."""
        if not hasattr(self, "orders"):
            return
        self.now += at(61)
        self.orders.settings.max_receive_count = None
        left = self.by_group()
        got = {group: [] for group in left}
        while batch := self.orders.receive(self.now, 10, 3_600).messages:
            for message in batch:
                got[message.group].append(message)
                self.orders.delete(message.receipt, self.now)
        assert got == left
        assert all(in_group == sorted(in_group, key=self.sent.index) for in_group in got.values())


Fifo.TestCase.settings = settings(derandomize=True, max_examples=60, stateful_step_count=40, deadline=None)
test_fifo_conservation = Fifo.TestCase
