"""Who worked on which message, and when: an actor's sleep between taking a message and letting it go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from labkit.history.log import Call, Slept

RECEIVE = "ReceiveMessage"


@dataclass
class Work:
    """One actor's work on one message that it received from `queue`; instants are microseconds since 1970."""

    by: str
    message: str
    queue: str
    began: int
    ended: int


def works(calls: Iterable[Call], sleeps: Sequence[Slept], now: int) -> list[Work]:
    """Return the work on each message, by the instant at which it began; what goes on ends now.

    SQS sees none of it, so none of it is in the changes: a sleep is work on the messages that the actor's next call
    names, of those that it had received. Where it makes no such call, on those that its last receive brought.
    """
    of: dict[str, list[Call]] = defaultdict(list)
    for call in calls:
        of[call.by].append(call)
    actors = {slept.by: _Actor(slept.by, of[slept.by]) for slept in sleeps}
    for slept in sleeps:
        actors[slept.by].sleep(slept, now)
    return sorted((work for actor in actors.values() for work in actor.found), key=lambda work: work.began)


@dataclass
class _Actor:
    """One actor's calls, followed up to a sleep.

    `held` says of each message from which queue it came, `latest` are those that the last receive brought.
    """

    by: str
    calls: list[Call]
    found: list[Work] = field(default_factory=list)
    held: dict[str, str] = field(default_factory=dict)
    latest: tuple[str, ...] = ()
    goes_on: dict[str, Work] = field(default_factory=dict)
    place: int = 0

    def sleep(self, slept: Slept, now: int) -> None:
        while self.place < len(self.calls) and self.calls[self.place].at <= slept.began:
            self._follow(self.calls[self.place])
            self.place += 1
        ended = min(slept.ended, now)
        for message in self._worked_on() if ended > slept.began else ():
            # A heartbeat between two sleeps interrupts no work; another receive does.
            if message not in self.goes_on:
                self.goes_on[message] = Work(self.by, message, self.held[message], slept.began, ended)
                self.found.append(self.goes_on[message])
            self.goes_on[message].ended = ended

    def _follow(self, call: Call) -> None:
        if call.operation == RECEIVE:
            self.held |= dict.fromkeys(call.messages, call.resource)
            self.latest = call.messages
            self.goes_on.clear()
        elif call.operation.startswith("DeleteMessage"):
            # Also where nothing was deleted: the actor believes that it is done.
            for message in call.messages:
                self.held.pop(message, None)
                self.goes_on.pop(message, None)

    def _worked_on(self) -> list[str]:
        """The messages that a sleep now is work on; none where the actor holds nothing and only pauses."""
        following = self.calls[self.place] if self.place < len(self.calls) else None
        named = following.messages if following is not None and following.operation != RECEIVE else ()
        return [one for one in self.held if one in named] or [one for one in self.held if one in self.latest]
