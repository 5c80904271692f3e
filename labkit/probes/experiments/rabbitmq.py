"""Amazon MQ for RabbitMQ as DescribeBroker tells it: one name, one protocol."""

from __future__ import annotations

from labkit.probes.bench import Bench
from labkit.probes.broker_bench import instances
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
ACTIVEMQ_INSTEAD = World("the same experiment with ActiveMQ and its pair", instead={"changes": PAIR})


@probe(
    "mqr-one-name",
    "Instances of a cluster that DescribeBroker lists: {instances}; ports of their endpoints: {ports}",
    wrong=ACTIVEMQ_INSTEAD,
)
def one_name_for_three_nodes(bench: Bench, changes: dict[str, str] | None = None) -> None:
    found = instances(bench, CLUSTER | (changes or {}))
    bench.see("instances", len(found), 1)
    bench.see("ports", sorted({str(address.port) for each in found for address in each}), ["5671"])


@probe("mqr-amqp-alone", "Protocols of the endpoints: {schemes}", wrong=ACTIVEMQ_INSTEAD)
def amqp_alone(bench: Bench, changes: dict[str, str] | None = None) -> None:
    found = instances(bench, CLUSTER | (changes or {}))
    bench.see("schemes", sorted({address.scheme for each in found for address in each}), ["amqps"])
