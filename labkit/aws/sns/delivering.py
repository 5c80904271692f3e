"""One message on its way to all subscribers of a topic: each by itself, tried again as its kind of endpoint is."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from moto.sns.models import Subscription

from labkit.aws.acting import acting_as
from labkit.aws.records import Records
from labkit.aws.sqs.stores import queue_of_arn
from labkit.causes import TRIED_AGAIN, Step
from labkit.history import Delivery
from labkit.rules.message import SECOND
from labkit.rules.topics import MANAGED, PEOPLE, DeliveryPolicy
from labkit.rules.topics.archive import Replay

from . import platforms, to_function, to_http, to_people, to_queue
from .notices import Notice
from .outcomes import Arrived, Failed, Outcome, Underway
from .stores import dead_letter_queue_of, filter_of, kept_of, replay_of

SNS = "SNS"
Deliver = Callable[[Records, Notice, Subscription], Outcome | Underway]
PolicyOf = Callable[[Subscription], DeliveryPolicy]


def _always(policy: DeliveryPolicy) -> PolicyOf:
    return lambda subscription: policy


ENDPOINTS: dict[str, tuple[Deliver, PolicyOf]] = {
    "sqs": (to_queue.deliver, _always(MANAGED)),
    "lambda": (to_function.deliver, _always(MANAGED)),
    "http": (to_http.deliver, to_http.policy_of),
    "https": (to_http.deliver, to_http.policy_of),
    "email": (to_people.mail, _always(PEOPLE)),
    "email-json": (to_people.mail, _always(PEOPLE)),
    "sms": (to_people.text, _always(PEOPLE)),
    "application": (platforms.push, _always(PEOPLE)),
}


@dataclass(slots=True)
class Way:
    """One message on its way to one subscriber; `attempt` counts the tries from 1, `replay` is what asked for it."""

    notice: Notice
    subscription: Subscription
    attempt: int = 1
    replay: Replay | None = None


class Ways:
    """What of a lab's messages is still on its way: of a FIFO topic the later ones of a group wait behind the first."""

    def __init__(self, lab: Records) -> None:
        self._lab = lab
        self._behind: dict[tuple[str, str], deque[Way]] = {}
        # When the next POST may go, by the subscription whose delivery policy sets a pace.
        self._free_at: dict[str, int] = {}

    def begin(self, way: Way) -> None:
        """Try a delivery for the first time, unless an earlier one of its group is still tried."""
        line = self._line(way)
        if line is not None and line in self._behind:
            self._behind[line].append(way)
        else:
            self._try(way)

    def _line(self, way: Way) -> tuple[str, str] | None:
        group = way.notice.publication.group
        return (way.subscription.arn, group) if group and way.notice.sequence is not None else None

    def _try(self, way: Way) -> None:
        """One try when its turn has come; what follows from its end."""
        turn = self._turn(way)
        if turn > self._lab.scheduler.now:
            self._lab.scheduler.timers.add(turn, partial(self._again, way, self._deliver), recurring=True)
        else:
            self._deliver(way)

    def _turn(self, way: Way) -> int:
        """The instant from which a try may be made: where a delivery policy sets a pace, evenly apart."""
        now = self._lab.scheduler.now
        most = to_http.most_a_second(way.subscription) if way.subscription.protocol in to_http.PORTS else None
        if most is None or not way.notice.was_published:
            return now
        turn = max(now, self._free_at.get(way.subscription.arn, now))
        self._free_at[way.subscription.arn] = turn + SECOND // most
        return turn

    def _deliver(self, way: Way) -> None:
        deliver, _ = ENDPOINTS[way.subscription.protocol]
        outcome = deliver(self._lab, way.notice, way.subscription)
        if isinstance(outcome, Underway):
            self._beside(way, outcome)
        else:
            self._tried(way, outcome)

    def _beside(self, way: Way, underway: Underway) -> None:
        """Let the lab go on while an endpoint thinks: it may itself call the lab before it answers."""

        def wait() -> None:
            outcome = underway.wait()
            with self._lab.acting(), acting_as(self._lab, SNS):
                if self._lab.is_open:
                    self._tried(way, outcome)

        thread: Any = threading.Thread(target=wait, name="SNS delivery", daemon=True)
        thread.started_by_service = True
        thread.start()

    def _tried(self, way: Way, outcome: Outcome) -> None:
        """What follows from the end of one try."""
        if isinstance(outcome, Arrived):
            arrived = Step.DELIVERED if way.replay is None else Step.REPLAYED
            note(self._lab, way, arrived, copy=outcome.copy)
            return self._ended(way)
        name = (self._lab.seed, way.subscription.arn, way.notice.id)
        policy = ENDPOINTS[way.subscription.protocol][1](way.subscription)
        pause = policy.pause(way.attempt, *name) if outcome.obstacle in TRIED_AGAIN else None
        if pause is None:
            give_up(self._lab, way, outcome)
            return self._ended(way)
        at = self._lab.scheduler.now + pause + outcome.took
        note(self._lab, way, Step.RETRIED, outcome, until=at)
        if (line := self._line(way)) is not None:
            self._behind.setdefault(line, deque())
        way.attempt += 1
        self._lab.scheduler.timers.add(at, partial(self._again, way, self._try), recurring=True)
        return None

    def _again(self, way: Way, go_on: Callable[[Way], None]) -> None:
        """Go on with a way, unless the subscription has been deleted since."""
        if way.notice.outlives or way.subscription.arn in kept_of(way.notice.topic).subscribers:
            with acting_as(self._lab, SNS):
                go_on(way)
        else:
            self._ended(way)

    def _ended(self, way: Way) -> None:
        """Let the next of the same group go."""
        if way.replay is not None:
            way.replay.ended()
        line = self._line(way)
        if line is None or line not in self._behind:
            return
        for one in self._behind.pop(line):
            self.begin(one)


def fan_out(lab: Records, notice: Notice) -> None:
    """Deliver a message to all subscribers; no failure of one is felt by another, nor by who published. [fanout-5]"""
    ways = lab.part(Ways)
    with acting_as(lab, SNS):
        for subscription in list(kept_of(notice.topic).subscribers.values()):
            way = Way(notice, subscription)
            if subscription.protocol in ENDPOINTS and not _is_held(lab, way) and not is_kept_back(lab, way):
                ways.begin(way)


def _is_held(lab: Records, way: Way) -> bool:
    """Whether a replay stands before it: one with an end has paused the subscription, or one will bring it itself."""
    replay = replay_of(way.subscription)
    if replay is None:
        return False
    if replay.pauses:
        note(lab, way, Step.PAUSED)
        return True
    return replay.brings_new and kept_of(way.notice.topic).archive is not None


def is_kept_back(lab: Records, way: Way) -> bool:
    """Whether the subscriber is not confirmed, or its filter policy does not let the message pass. [filter-2]"""
    if not way.subscription.confirmed:
        return True
    policy, seen = filter_of(way.subscription), way.notice.filtered
    if policy is None or policy.passes(seen):
        return False
    failing = policy.decide(seen).failing[0]
    filtering = policy.filtering(failing, seen)
    note(lab, way, Step.FILTERED, detail=failing.key, mismatch=failing.why, found=failing.found, filtering=filtering)
    return True


def give_up(lab: Records, way: Way, failed: Failed) -> None:
    """Move a message that cannot be delivered to the subscription's dead-letter queue, or discard it."""
    arn = dead_letter_queue_of(way.subscription) if way.notice.was_published else None
    queue = None if arn is None else queue_of_arn(arn)
    if queue is None:
        return note(lab, way, Step.DISCARDED, failed, other=None if arn is None else short(arn))
    entry = to_queue.entry_for(way.notice, way.subscription, queue)
    moved = to_queue.send(lab, way.notice.topic, queue, entry)
    if isinstance(moved, Arrived):
        return note(lab, way, Step.DEAD_LETTERED, failed, copy=moved.copy, other=queue.name)
    return note(lab, way, Step.DISCARDED, failed, other=queue.name)


def note(lab: Records, way: Way, step: Step, failed: Failed | None = None, **more: Any) -> None:
    """Write into the history what became of a message on its way to one subscriber."""
    subscription, notice = way.subscription, way.notice
    obstacle, detail = (None, None) if failed is None else (failed.obstacle, failed.detail)
    write(
        lab, notice, step, protocol=subscription.protocol, endpoint=short(subscription.endpoint),
        attempt=way.attempt, obstacle=obstacle, replayed=way.replay is not None,
        was_published=notice.was_published, **({"detail": detail} | more),
    )  # fmt: skip


def write(lab: Records, notice: Notice, step: Step, **more: Any) -> None:
    """Write one step of a published message into the history."""
    history, by = lab.history, lab.who()
    history.events.append(
        Delivery(
            lab.scheduler.now, history.next_order(), by, notice.topic.name, notice.id, step,
            notice.publication.message, group=notice.publication.group, **more,
        )
    )  # fmt: skip
    lab.scheduler.changed += 1


def short(endpoint: str) -> str:
    """An endpoint as people call it: the last part of an ARN, else the address or number itself."""
    return endpoint.rsplit(":", 1)[-1] if endpoint.startswith("arn:") else endpoint
