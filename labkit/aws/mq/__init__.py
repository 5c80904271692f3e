"""Amazon MQ: the control plane is moto's, with AWS's endpoints and rules; the brokers are real (`labkit.brokers`)."""

from .adapter import MqAdapter
from .made import Made

__all__ = ["Made", "MqAdapter"]
