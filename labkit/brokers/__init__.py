"""Real message brokers on loopback, in real time: the old one on premises, and those behind a lab's Amazon MQ.

Nothing is loaded before its first use: who asks whether a broker can run here needs neither boto3 nor moto.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labkit.brokers.amazon_mq import AmazonMQ as AmazonMQ
    from labkit.brokers.amazon_mq import OnPremises as OnPremises
    from labkit.brokers.amazon_rabbitmq import AmazonRabbitMQ as AmazonRabbitMQ
    from labkit.brokers.amazon_rabbitmq import OnPremisesRabbitMQ as OnPremisesRabbitMQ
    from labkit.brokers.deployment import ConnectionSettings as ConnectionSettings
    from labkit.brokers.engines import broker_or_recording as broker_or_recording

_HOMES = {
    "AmazonMQ": "amazon_mq",
    "AmazonRabbitMQ": "amazon_rabbitmq",
    "OnPremises": "amazon_mq",
    "OnPremisesRabbitMQ": "amazon_rabbitmq",
    "ConnectionSettings": "deployment",
    "broker_or_recording": "engines",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"labkit.brokers has no {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
