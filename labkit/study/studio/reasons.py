"""Why a studio's evening went wrong: the calls that explain it, what came back, and the reason in words."""

from __future__ import annotations

from labkit.history import Call, StateChange
from labkit.study.evidence import call_line, calls_of, cause, effects
from labkit.study.record import Record
from labkit.study.studio.playing import SECOND, Take
from labkit.words import heartbeat as words
from labkit.words import say

Changes = list[StateChange]
Explained = tuple[list[str], list[str], str]
EXTEND = "ChangeMessageVisibility"


def first_calls(record: Record, most: int = 4) -> list[str]:
    """Return the workers' first calls as lines."""
    return [call_line(record, call) for call in record.calls if call.by != "you"][:most] or [say(words.NO_CALLS)]


def of_repeat(record: Record, changes: Changes, first: Take, second: Take) -> Explained:
    """Explain why a video was rendered a second time."""
    received = _receive_before(changes, first.began)
    again = _receive_before(changes, second.began)
    back = next((c for c in changes if c.before == "in flight" and c.after == "visible" and _within(c, first, second)), None)
    progress = say(words.FINISHED, at=record.seconds(first.finished), by=first.by, video=first.video) if (
        first.finished is not None and back is not None and first.finished <= back.at
    ) else None
    came_back = [progress] if progress else []
    if back is not None:
        came_back.append(_shown(record, back))
    came_back.append(say(words.BEGAN_AGAIN, at=record.seconds(second.began), by=second.by, video=second.video))
    called = [call_line(record, call) for call in _calls_between(record, received, back, first, again)]
    return called, came_back, _why_repeat(record, changes, first, back)


def _within(change: StateChange, first: Take, second: Take) -> bool:
    return first.began <= change.at <= second.began


def _receive_before(changes: Changes, at: int) -> StateChange | None:
    found = [c for c in changes if c.after == "in flight" and c.before == "visible" and c.at <= at]
    return found[-1] if found else None


def _shown(record: Record, back: StateChange) -> str:
    return say(words.SHOWN, at=record.seconds(back.at), video=back.body, why=back.why)


def _calls_between(
    record: Record, received: StateChange | None, back: StateChange | None, first: Take, again: StateChange | None
) -> list[Call]:
    """The receive, the last extension before the message came back, a vain delete, and the second receive."""
    end = back.at if back else first.began
    beats = calls_of(record, EXTEND, first.by, first.began, end)[-1:]
    deletes = calls_of(record, "DeleteMessage", first.by, first.finished, again.at)[:1] if first.finished and again else []
    causes = [cause(record, change) for change in (received, again) if change is not None]
    found = [call for call in [*causes, *beats, *deletes] if call is not None]
    return sorted(found, key=lambda call: (call.at, call.order))


def _why_repeat(record: Record, changes: Changes, first: Take, back: StateChange | None) -> str:
    if back is None:
        return say(words.WHY_SENT)
    if back.why.startswith("visibility timeout set to 0"):
        return say(words.WHY_ZERO)
    if first.finished is not None and first.finished <= back.at:
        vain = calls_of(record, "DeleteMessage", first.by, first.finished, back.at + 1)
        return say(words.WHY_OLD_HANDLE if vain else words.WHY_NO_DELETE)
    beats = [c for c in changes if c.before == c.after == "in flight" and first.began <= c.at < back.at]
    if not beats:
        received = _receive_before(changes, first.began)
        seconds = (back.at - received.at) // SECOND if received else 30
        return say(words.WHY_NO_HEARTBEAT, timeout=seconds)
    return _why_late(record, beats[-1], first, back)


def _why_late(record: Record, beat: StateChange, first: Take, back: StateChange) -> str:
    later = calls_of(record, EXTEND, first.by, back.at, back.at + 3_600 * SECOND)
    in_time = first.finished is None or (later and later[0].at < first.finished)
    then = say(words.THEN_LATE, at=record.seconds(later[0].at)) if later and in_time else say(words.THEN_NONE)
    seconds = (back.at - beat.at) // SECOND
    at, end = record.seconds(beat.at), record.seconds(back.at)
    return say(words.WHY_HEARTBEAT_LATE, at=at, seconds=seconds, end=end, then=then)


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
    return _receives(record, changes), say(words.WHY_BACK if _was_deleted(record, changes) else words.WHY_NO_DELETE)


def _was_deleted(record: Record, changes: Changes) -> bool:
    holders = {c.by for c in changes if c.after == "in flight"}
    return any(call.operation.startswith("DeleteMessage") and call.by in holders for call in record.calls)


def _receives(record: Record, changes: Changes) -> list[str]:
    found = [cause(record, change) for change in changes if change.why.startswith("received")]
    return [call_line(record, call) for call in found if call is not None][-3:]


def of_late_recovery(record: Record, changes: Changes, dead: Take, again: Take | None) -> Explained:
    """Explain why nobody took a dead machine's video in time."""
    assert dead.died is not None
    died = say(words.DIED, at=record.seconds(dead.died), by=dead.by, video=dead.video)
    before = [change for change in changes if change.at <= dead.died]
    came_back = [died, *_until(record, changes, again)]
    holding = next((c for c in reversed(before) if c.after in ("in flight", "deleted")), None)
    found = cause(record, holding) if holding else None
    called = [call_line(record, found)] if found else []
    return called, came_back, _why_late_recovery(record, changes, holding, dead)


def _until(record: Record, changes: Changes, again: Take | None) -> list[str]:
    if again is not None:
        return [say(words.BEGAN_AGAIN, at=record.seconds(again.began), by=again.by, video=again.video)]
    return [say(words.NOBODY, video=changes[0].body)]


def _why_late_recovery(record: Record, changes: Changes, holding: StateChange | None, dead: Take) -> str:
    if holding is None:
        return say(words.WHY_LOST)
    if holding.after == "deleted":
        return say(words.WHY_DELETED_EARLY)
    back = next((c for c in changes if c.at > (dead.died or 0) and c.after == "visible"), None)
    if back is not None and back.at <= (dead.died or 0) + 60 * SECOND:
        return say(words.WHY_SLOW_POLL, at=record.seconds(back.at))
    call = cause(record, holding)
    seconds = call.parameters.get("VisibilityTimeout", 30) if call else 30
    return say(words.WHY_HIDDEN_LONG, seconds=seconds, at=record.seconds(holding.at))


__all__ = ["effects", "first_calls", "of_late_recovery", "of_left", "of_missing", "of_repeat"]
