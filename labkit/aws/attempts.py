"""One call and the SDK's attempts at it: their name decides all chance inside."""

from __future__ import annotations

from dataclasses import dataclass

from labkit.aws import seeding
from labkit.rules import draw


@dataclass
class CallName:
    """What names one call of a lab: the caller's nth call of the operation, and the SDK's attempt at it.

    `refusal` is what the service has refused the call with already, for the way over HTTP to say once more.
    """

    seed: int
    by: str
    service: str
    operation: str
    nth: int
    carries_token: bool = False
    attempt: int = 0
    refusal: Exception | None = None

    def begin(self) -> None:
        """Name what is drawn before the first attempt, such as the SDK's own tokens."""
        seeding.begin_attempt(self.seed, self.by, self.service, self.operation, self.nth, self.attempt)

    def begin_attempt(self) -> None:
        """Count one request of the SDK and name its chance."""
        self.attempt += 1
        self.begin()

    def loses_response(self, rate: float) -> bool:
        """Whether chance lets the answer to this attempt get lost on its way.

        Never with a client token: AWS answers its retry as it did the first time, and moto's services do it again.
        """
        if self.carries_token or not rate:
            return False
        names = (self.by, self.service, self.operation, self.nth, self.attempt)
        return draw(self.seed, "lost response", *names) < rate
