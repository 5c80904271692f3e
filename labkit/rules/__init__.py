"""What each service promises, as plain state machines: no AWS SDK, no clock, no network, no files."""

from labkit.rules.answers import Answered, HandedOut, Sent
from labkit.rules.chance import draw, identifier
from labkit.rules.change import Change
from labkit.rules.faults import Faults
from labkit.rules.fifo import FifoQueue
from labkit.rules.message import SECOND, Message, Receipt
from labkit.rules.move_task import MoveTask
from labkit.rules.queue import StandardQueue
from labkit.rules.refused import Refused
from labkit.rules.settings import QueueSettings, Settings

__all__ = [
    "SECOND",
    "Answered",
    "Change",
    "Faults",
    "FifoQueue",
    "HandedOut",
    "Message",
    "MoveTask",
    "QueueSettings",
    "Receipt",
    "Refused",
    "Sent",
    "Settings",
    "StandardQueue",
    "draw",
    "identifier",
]
