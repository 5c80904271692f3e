"""Where a broker is reached on AWS: the host names, protocols and ports of both engines and all deployment modes."""

from __future__ import annotations

from typing import Any

ACTIVEMQ = ("ssl:61617", "amqp+ssl:5671", "stomp+ssl:61614", "mqtt+ssl:8883", "wss:61619")
RABBITMQ = ("amqps:5671",)
ACTIVEMQ_CONSOLE = ":8162"


def instances(engine: str, mode: str, broker_id: str, region: str) -> list[dict[str, Any]]:
    """What DescribeBroker lists: one entry for each ActiveMQ broker, one for all the nodes of a RabbitMQ cluster.

    The nodes of a cluster stand behind one name; of an active/standby pair each has its own, ending in -1 and -2.
    """
    domain = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    if engine.upper() == "RABBITMQ":
        host = f"{broker_id}.mq.{region}.{domain}"
        return [{"consoleURL": f"https://{host}", "endpoints": _addresses(RABBITMQ, host)}]
    count = 2 if mode == "ACTIVE_STANDBY_MULTI_AZ" else 1
    hosts = [f"{broker_id}-{number}.mq.{region}.{domain}" for number in range(1, count + 1)]
    return [
        {
            "consoleURL": f"https://{host}{ACTIVEMQ_CONSOLE}",
            "endpoints": _addresses(ACTIVEMQ, host),
            "ipAddress": f"10.0.{number}.10",
        }
        for number, host in enumerate(hosts, 1)
    ]


def _addresses(protocols: tuple[str, ...], host: str) -> list[str]:
    return [f"{scheme}://{host}:{port}" for scheme, _, port in (each.partition(":") for each in protocols)]
