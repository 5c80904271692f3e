"""Amazon MQ for RabbitMQ as DescribeBroker tells it: one name, one protocol."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from labkit.probes.bench import Bench
from labkit.probes.registry import probe
from labkit.probes.worlds import World

CLUSTER = {
    "BrokerName": "orders",
    "EngineType": "RABBITMQ",
    "EngineVersion": "4.2",
    "HostInstanceType": "mq.m7g.large",
    "DeploymentMode": "CLUSTER_MULTI_AZ",
    "PubliclyAccessible": False,
    "AutoMinorVersionUpgrade": True,
    "Users": [{"Username": "orders", "Password": "a-long-password"}],
}
PAIR = {"EngineType": "ACTIVEMQ", "EngineVersion": "5.19", "DeploymentMode": "ACTIVE_STANDBY_MULTI_AZ"}
ACTIVEMQ_INSTEAD = World("activemq instead", instead={"changes": PAIR})


def _instances(bench: Bench, changes: dict[str, str] | None) -> list[list[SplitResult]]:
    """The addresses of each instance of a broker."""
    mq = bench.client("mq")
    made = mq.create_broker(**(CLUSTER | (changes or {})))
    described = mq.describe_broker(BrokerId=made["BrokerId"])["BrokerInstances"]
    return [[urlsplit(endpoint) for endpoint in instance["Endpoints"]] for instance in described]


@probe("mqr-one-name", wrong=ACTIVEMQ_INSTEAD)
def one_name_for_three_nodes(bench: Bench, changes: dict[str, str] | None = None) -> None:
    instances = _instances(bench, changes)
    bench.see("instances", len(instances), 1)
    bench.see("ports", sorted({str(address.port) for each in instances for address in each}), ["5671"])


@probe("mqr-amqp-alone", wrong=ACTIVEMQ_INSTEAD)
def amqp_alone(bench: Bench, changes: dict[str, str] | None = None) -> None:
    instances = _instances(bench, changes)
    bench.see("schemes", sorted({address.scheme for each in instances for address in each}), ["amqps"])
