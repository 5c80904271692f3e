"""Why a studio's evening went wrong: the calls that explain it, what came back, and the reason in words."""

from __future__ import annotations

from labkit.causes import RECEIVES, Cause
from labkit.history import Call, StateChange
from labkit.study.evidence import call_line, calls_of, cause, first_calls
from labkit.study.exercise import Problem
from labkit.study.record import Record
from labkit.study.shift import SECOND, Job
from labkit.words import heartbeat as words
from labkit.words import say

Changes = list[StateChange]
EXTEND, DELETE = "ChangeMessageVisibility", "DeleteMessage"
RECOVERY = 60
LONG = 10_000


class Repeat:
    """A video rendered a second time: its first take, what gave it back, its second take."""

    def __init__(self, record: Record, changes: Changes, first: Job, second: Job) -> None:
        self.record = record
        self.changes = changes
        self.first = first
        self.second = second
        self.received = _last_receive(changes, first.began, first.by)
        self.again = _last_receive(changes, second.began, second.by)
        self.sent = sum(change.before is None for change in changes)
        since = min(receive.order for receive in (self.received, self.again) if receive) if self.received else 0
        shown = [
            c
            for c in changes
            if c.before == "in flight" and c.after == "visible" and c.order > since and c.at <= second.began
        ]
        self.back = shown[0] if shown else None
        self.beats = [c for c in changes if c.before == c.after == "in flight" and self._is_meanwhile(c)]

    def _is_meanwhile(self, change: StateChange) -> bool:
        return self.back is not None and self.first.began <= change.at < self.back.at

    def is_held(self) -> bool:
        """Whether the second take came from an older receive than the first: it had waited in somebody's batch."""
        return bool(self.received and self.again and self.again.order < self.received.order)

    def finished_before(self) -> bool:
        """Whether the work was over when the message came back."""
        return self.back is not None and self.first.finished is not None and self.first.finished <= self.back.at

    def vain_deletes(self) -> list[Call]:
        """The deletes after the work that deleted nothing."""
        if self.first.finished is None or self.again is None:
            return []
        return self._calls(DELETE, self.first.finished, self.again.at)

    def late_call(self) -> Call | None:
        """The first extension after the message had come back, and before the same worker received it anew."""
        anew = [c.at for c in self.changes if _is_receive(c, self.first.by) and c.at > self.first.began]
        end = min(anew, default=self.record.events[-1].at + 1)
        calls = self._calls(EXTEND, self.back.at, end) if self.back else []
        return calls[0] if calls else None

    def _calls(self, operation: str, after: int, before: int) -> list[Call]:
        """The first worker's calls for this message."""
        message = self.received.message if self.received else ""
        calls = calls_of(self.record, operation, self.first.by, after, before)
        return [call for call in calls if message in call.messages]


def of_repeat(record: Record, changes: Changes, first: Job, second: Job) -> Problem:
    """Explain why a video was rendered a second time."""
    repeat = Repeat(record, changes, first, second)
    called = [call_line(record, call) for call in _calls_of_repeat(repeat)]
    return Problem(called, _what_came(repeat), say(words.ONCE), _why_repeat(repeat))


def _calls_of_repeat(repeat: Repeat) -> list[Call]:
    """The receive, the last extension in time, a vain delete, and the second receive."""
    causes = [cause(repeat.record, change) for change in (repeat.received, *repeat.beats[-1:], repeat.again) if change]
    found = [call for call in causes if call is not None] + repeat.vain_deletes()[:1]
    return sorted(found, key=lambda call: (call.at, call.order))


def _what_came(repeat: Repeat) -> list[str]:
    seconds, lines = repeat.record.seconds, []
    if repeat.finished_before():
        first = repeat.first
        lines.append(say(words.FINISHED, at=seconds(first.finished or 0), by=first.by, video=first.name))
    if repeat.back is not None:
        back = repeat.back
        lines.append(say(words.SHOWN, at=seconds(back.at), video=back.body, why=back.why))
    second = repeat.second
    return [*lines, say(words.BEGAN_AGAIN, at=seconds(second.began), by=second.by, video=second.name)]


def _why_repeat(repeat: Repeat) -> str:
    if repeat.sent > 1:
        return say(words.WHY_SENT)
    if repeat.back is None:
        return say(words.WHY_RENDERED_TWICE)
    if repeat.is_held() and repeat.again is not None:
        at, end = repeat.record.seconds(repeat.again.at), repeat.record.seconds(repeat.back.at)
        return say(words.WHY_HELD, by=repeat.second.by, at=at, end=end)
    if repeat.back.cause is Cause.GIVEN_BACK:
        return say(words.WHY_ZERO)
    if repeat.finished_before():
        return say(words.WHY_OLD_HANDLE if repeat.vain_deletes() else words.WHY_NO_DELETE)
    late = repeat.late_call()
    if repeat.beats:
        return _why_late(repeat, repeat.beats[-1], repeat.back, late)
    timeout = (repeat.back.at - repeat.received.at) // SECOND if repeat.received else 0
    if late is None:
        return say(words.WHY_NO_HEARTBEAT, timeout=timeout)
    end, at = repeat.record.seconds(repeat.back.at), repeat.record.seconds(late.at)
    return say(words.WHY_FIRST_LATE, timeout=timeout, end=end, at=at)


def _why_late(repeat: Repeat, beat: StateChange, back: StateChange, late: Call | None) -> str:
    seconds = repeat.record.seconds
    then = say(words.THEN_LATE, at=seconds(late.at)) if late else say(words.THEN_NONE)
    hidden = (back.at - beat.at) // SECOND
    return say(words.WHY_HEARTBEAT_LATE, at=seconds(beat.at), seconds=hidden, end=seconds(back.at), then=then)


def of_missing(record: Record, changes: Changes) -> tuple[list[str], str]:
    """Explain why a video was finished by nobody."""
    last = changes[-1]
    if last.after == "deleted":
        found = cause(record, last)
        return [call_line(record, found)] if found else [], say(words.WHY_DELETED_UNDONE)
    if not any(change.receives for change in changes):
        return first_calls(record), say(words.WHY_STOPPED)
    return _receives(record, changes), say(words.WHY_LOST)


def of_left(record: Record, changes: Changes) -> tuple[list[str], str]:
    """Explain why a video's message is still stored at the end."""
    calls = [call for call in record.calls if call.operation.startswith(DELETE)]
    return _receives(record, changes), say(words.WHY_BACK if calls else words.WHY_NO_DELETE)


def of_late_recovery(record: Record, changes: Changes, dead: Job, again: Job | None) -> Problem:
    """Explain why nobody took a dead machine's video in time."""
    died = dead.died or 0
    came_back = [say(words.DIED, at=record.seconds(died), by=dead.by, video=dead.name)]
    if again is None:
        came_back.append(say(words.NOBODY, video=dead.name))
    else:
        at = record.seconds(again.began)
        came_back.append(say(words.BEGAN_AGAIN, at=at, by=again.by, video=again.name))
    holding = [c for c in changes if c.at <= died and c.after in ("in flight", "deleted")][-1]
    call = cause(record, holding)
    back = next((c for c in changes if c.at > died and c.after == "visible"), None)
    why, belief = _why_late_recovery(record, changes, holding, call, back, died, again is not None)
    return Problem([call_line(record, call)] if call else [], came_back, say(words.IN_TIME), why, belief)


def _why_late_recovery(
    record: Record,
    changes: Changes,
    holding: StateChange,
    call: Call | None,
    back: StateChange | None,
    died: int,
    again: bool,
) -> tuple[str, bool]:
    if holding.after == "deleted":
        return say(words.WHY_DELETED_EARLY), True
    if any(c.at > died and c.cause in RECEIVES for c in changes) and not again:
        return say(words.WHY_LOST), False
    if back is not None and back.at <= died + RECOVERY * SECOND:
        return say(words.WHY_SLOW_POLL, at=record.seconds(back.at)), False
    seconds = call.parameters.get("VisibilityTimeout", 0) if call else 0
    if seconds >= LONG:
        return say(words.WHY_UNIT, seconds=seconds, hours=seconds / 3_600), False
    return say(words.WHY_HIDDEN_LONG, seconds=seconds, at=record.seconds(holding.at)), True


def _last_receive(changes: Changes, at: int, by: str) -> StateChange | None:
    found = [change for change in changes if _is_receive(change, by) and change.at <= at]
    return found[-1] if found else None


def _is_receive(change: StateChange, by: str) -> bool:
    return change.by == by and change.cause in RECEIVES


def _receives(record: Record, changes: Changes) -> list[str]:
    found = [cause(record, change) for change in changes if change.cause in RECEIVES]
    return [call_line(record, call) for call in found if call is not None][-3:]
