"""The archive of a FIFO topic, and a replay of it to one subscription: what is kept, for how long, and what is held."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from labkit.ledger import quota
from labkit.rules.kept import Kept
from labkit.rules.message import SECOND

DAY = 86_400
# days
SHORTEST, LONGEST = (quota(f"sns.archive.{which}_retention") // DAY for which in ("shortest", "longest"))
PENDING, IN_PROGRESS, COMPLETED, FAILED = "Pending", "In progress", "Completed", "Failed"
# AWS says that a replay is pending at first, and not for how long.
PENDING_FOR = SECOND
NO_JSON = "failed to parse JSON."


class Archive:
    """The messages of one FIFO topic since its archive policy was set. Instants are microseconds since 1970.

    `days` is the retention that holds at a call; what it once let go, no longer one brings back. [archive-retention]
    """

    def __init__(self, now: int) -> None:
        self._from = now
        self._kept: Kept[tuple[int, Any]] = Kept(itemgetter(0))

    def settle(self, now: int, days: int) -> None:
        """Let go of what is older than the retention."""
        self._from = self.beginning(now, days)
        self._kept.let_go(self._from)

    def beginning(self, now: int, days: int) -> int:
        """The earliest instant from which messages can be replayed."""
        return max(self._from, now - days * DAY * SECOND)

    def keep(self, now: int, days: int, message: Any) -> None:
        """Keep a message that is published now."""
        self.settle(now, days)
        self._kept.append((now, message))

    def between(self, start: int, end: int | None, now: int, days: int) -> list[Any]:
        """What was published from `start` on and before `end`, in that order; up to now where there is no end."""
        self.settle(now, days)
        return [message for _, message in self._kept.between(start, end)]


@dataclass(slots=True)
class Replay:
    """What a subscription has asked of the archive; `under_way` counts its messages that have not ended yet."""

    start: int
    end: int | None
    status: str = PENDING
    under_way: int = 0

    @property
    def pauses(self) -> bool:
        """Whether new messages are held back: from a replay with an end on, until another without one. [replay-end]"""
        return self.end is not None

    @property
    def brings_new(self) -> bool:
        """Whether what is published now comes with the replay itself, in its order."""
        return self.end is None and self.status == PENDING

    def ended(self) -> None:
        """One of its messages has been delivered, or given up."""
        self.under_way -= 1
        if not self.under_way:
            self.status = COMPLETED


# Policies. Their values are documented; the wording of what is refused is ours, the codes are SNS's.


def days_of(policy: str) -> int | None:
    """The retention that an archive policy asks for; None for an empty one, which ends the archive."""
    fields = json.loads(policy or "{}")
    return int(fields["MessageRetentionPeriod"]) if fields else None


def reason_against_archive(policy: str) -> str | None:
    """Why SNS does not take an archive policy; None when it does."""
    fields = _fields(policy)
    if fields is None:  # an empty text is refused, an empty object ends the archive (reported: terraform, issue 38885)
        return f"ArchivePolicy: {NO_JSON}"
    if not fields:
        return None
    days = fields.get("MessageRetentionPeriod")
    is_number = isinstance(days, str | int) and not isinstance(days, bool) and str(days).isdecimal()
    if is_number and SHORTEST <= int(str(days)) <= LONGEST:
        return None
    return f"ArchivePolicy: MessageRetentionPeriod must be between {SHORTEST} and {LONGEST} days."


def replay_of(policy: str) -> Replay | None:
    """The replay that a replay policy asks for; None for an empty one, which ends it."""
    fields = _fields(policy)
    if not fields:
        return None
    start, end = (_instant(fields.get(name)) for name in ("StartingPoint", "EndingPoint"))
    return Replay(start or 0, end)


def reason_against_replay(policy: str, beginning: int | None, now: int) -> str | None:
    """Why SNS does not take a replay policy of a topic whose archive begins at `beginning`; None when it does.

    Open: whether AWS takes an end that is still to come; it is refused here.
    """
    fields = _fields(policy or "{}")
    if fields is None:
        return f"ReplayPolicy: {NO_JSON}"
    if not fields:
        return None
    if fields.get("PointType") != "Timestamp":
        return "ReplayPolicy: PointType must be Timestamp."
    if beginning is None:
        return "ReplayPolicy: the topic has no ArchivePolicy."
    start = _instant(fields.get("StartingPoint"))
    if start is None or not beginning <= start <= now:
        return "ReplayPolicy: StartingPoint must be a time between BeginningArchiveTime and now."
    if "EndingPoint" in fields:
        end = _instant(fields["EndingPoint"])
        if end is None or not start <= end <= now:
            return "ReplayPolicy: EndingPoint must be a time between StartingPoint and now."
    return None


def _fields(policy: str) -> dict[str, Any] | None:
    try:
        fields = json.loads(policy)
    except ValueError:
        return None
    return fields if isinstance(fields, dict) else None


def _instant(text: Any) -> int | None:
    """Microseconds since 1970 of a time as SNS writes it; None for anything else."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if moment.tzinfo is None else round(moment.timestamp() * SECOND)
