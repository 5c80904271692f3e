"""Real message brokers on loopback, in real time: the old one on premises, and those behind a lab's Amazon MQ."""

from labkit.brokers.amazon_mq import AmazonMQ
from labkit.brokers.deployment import Settings
from labkit.brokers.on_premises import OnPremises
from labkit.brokers.recorded import broker_or_recording

__all__ = ["AmazonMQ", "OnPremises", "Settings", "broker_or_recording"]
