"""One call and the SDK's attempts at it: their name decides all chance inside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.aws import seeding
from labkit.clock.switch import switch
from labkit.rules import draw

if TYPE_CHECKING:
    from labkit.aws.lab import Lab


@dataclass
class CallName:
    """What names one call, and with it all chance inside: the caller's nth call of the operation, and its attempt.

    `refusal` is what the service has refused the call with already, for the way over HTTP to say once more.
    """

    by: str
    service: str
    operation: str
    nth: int
    carries_token: bool = False
    attempt: int = 0
    refusal: Exception | None = None

    def begin(self, lab: Lab) -> None:
        """Name what is drawn before the first attempt, such as the SDK's own tokens."""
        seeding.begin_attempt(lab.seed, self.by, self.service, self.operation, self.nth, self.attempt)

    def begin_attempt(self, lab: Lab) -> None:
        """Count one request of the SDK and name its chance."""
        self.attempt += 1
        self.begin(lab)

    def loses_response(self, lab: Lab) -> bool:
        """Whether chance, where the lab's `Faults` allow it, lets the answer to this attempt get lost on its way.

        Never with a client token: AWS answers its retry as it did the first time, and moto's services do it again.
        """
        rate = 0 if self.carries_token else lab.faults.lost_response
        names = (self.by, self.service, self.operation, self.nth, self.attempt)
        return rate > 0 and draw(lab.seed, "lost response", *names) < rate


@contextmanager
def attempting(lab: Lab) -> Iterator[CallName | None]:
    """The call whose request arrives now, made by its caller; None for one that no call of the lab has made.

    Other actors may have run since the attempt before.
    """
    call = lab.calls_now.get(lab.scheduler.current()) if switch.in_lab_thread() else None
    if call is None:
        yield None
        return
    before, lab.caller = lab.caller, call.by
    call.begin_attempt(lab)
    try:
        yield call
    finally:
        lab.caller = before
