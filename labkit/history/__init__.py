"""What happened in a lab: every API call and every change of a message's state."""

from labkit.history.log import Call, Delivery, Event, History, StateChange

__all__ = ["Call", "Delivery", "Event", "History", "StateChange"]
