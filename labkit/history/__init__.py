"""What happened in a lab: every API call and every change of a message's state, and who slept when."""

from labkit.history.log import Call, Delivery, Event, History, Slept, StateChange

__all__ = ["Call", "Delivery", "Event", "History", "Slept", "StateChange"]
