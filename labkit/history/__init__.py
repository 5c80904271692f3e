"""What happened in a lab: every API call and every change of a message's state."""

from labkit.history.log import Call, Event, History, StateChange

__all__ = ["Call", "Event", "History", "StateChange"]
