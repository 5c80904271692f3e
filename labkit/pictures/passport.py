"""The picture of a passport: one lane."""

from __future__ import annotations

from labkit.history import StateChange
from labkit.history.passport import Passport
from labkit.pictures.picture import Picture
from labkit.pictures.seen import Seen
from labkit.pictures.swimlanes import lanes_of


def passport_picture(passport: Passport) -> Picture:
    """Draw one message's life in a lane."""
    changes = [event for event in passport.events if isinstance(event, StateChange)]
    return lanes_of([passport.life], Seen(changes, [], passport.start, passport.now), None)
