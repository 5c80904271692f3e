"""Instants and lengths of lab time as a reader wants them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

SECOND = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS = (("d", 86_400 * SECOND), ("h", 3_600 * SECOND), ("min", 60 * SECOND))


def moment(micros: int) -> datetime:
    """Return microseconds since 1970 as an aware datetime in UTC."""
    return _EPOCH + timedelta(microseconds=micros)


def since_start(micros: int) -> str:
    """Return a time since the lab's start as 00:00:30.000, with days before it from the first midnight on."""
    sign = "-" if micros < 0 else ""
    milliseconds = abs(micros) // 1_000
    seconds, milliseconds = divmod(milliseconds, 1_000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    clock = f"{hours:02}:{minutes:02}:{seconds:02}.{milliseconds:03}"
    return f"{sign}{days} d {clock}" if days else sign + clock


def span(micros: int) -> str:
    """Return a length of time in its own units: 30 s, 1 min 30 s, 12 h, 4 d."""
    parts = []
    for unit, size in _UNITS:
        number, micros = divmod(micros, size)
        if number:
            parts.append(f"{number} {unit}")
    if micros or not parts:
        parts.append(f"{micros / SECOND:.3f}".rstrip("0").rstrip(".") + " s")
    return " ".join(parts)
