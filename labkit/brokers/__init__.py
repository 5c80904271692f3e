"""Real message brokers on loopback, in real time: the old one on premises, and those behind a lab's Amazon MQ."""

from labkit.brokers.amazon_mq import AmazonMQ
from labkit.brokers.amazon_rabbitmq import AmazonRabbitMQ, OnPremisesRabbitMQ
from labkit.brokers.deployment import Settings
from labkit.brokers.on_premises import OnPremises

__all__ = ["AmazonMQ", "AmazonRabbitMQ", "OnPremises", "OnPremisesRabbitMQ", "Settings"]
