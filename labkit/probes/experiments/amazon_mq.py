"""Amazon MQ's control plane: deployment modes, endpoints, passwords. Brokers themselves take seconds: no probe."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import SplitResult, urlsplit

from labkit.ledger import quota
from labkit.probes.bench import Bench
from labkit.probes.registry import probe
from labkit.probes.worlds import MOCK_ALONE, World

MODES = ("SINGLE_INSTANCE", "ACTIVE_STANDBY_MULTI_AZ", "CLUSTER_MULTI_AZ")
PAIR = MODES[1]
REFUSED = "BadRequestException"
HOST = re.compile(r"b-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(-[12])?\.mq\.us-east-1\.amazonaws\.com")
SHORTEST = quota("mq.password.minimum_length")
DIFFERENT = quota("mq.password.minimum_different")
BROKER = {
    "EngineType": "ACTIVEMQ",
    "EngineVersion": "5.19",
    "HostInstanceType": "mq.m5.large",
    "PubliclyAccessible": False,
    "AutoMinorVersionUpgrade": True,
}
NOT_ASKED_FOR = World("the same experiment without a choice, which means one broker", instead={"mode": MODES[0]})


def _instances(bench: Bench, properties: dict[str, Any]) -> list[list[SplitResult]]:
    """Create a broker and return the addresses of each instance that DescribeBroker lists."""
    mq = bench.client("mq")
    made = mq.create_broker(**properties)
    described = mq.describe_broker(BrokerId=made["BrokerId"])["BrokerInstances"]
    return [[urlsplit(endpoint) for endpoint in instance["Endpoints"]] for instance in described]


def _properties(mode: str, password: str = "a-long-password", **changes: Any) -> dict[str, Any]:
    users = [{"Username": "orders", "Password": password}]
    return {**BROKER, "BrokerName": f"orders-{mode}", "DeploymentMode": mode, "Users": users, **changes}


def _endpoints(bench: Bench, mode: str, **changes: Any) -> list[SplitResult]:
    return [address for each in _instances(bench, _properties(mode, **changes)) for address in each]


@probe(
    "missing-mq-deployment",
    "ActiveMQ as one broker / a pair / a cluster: {activemq}; RabbitMQ: {rabbitmq}",
    wrong=MOCK_ALONE,
)
def deployment_modes(bench: Bench) -> None:
    for engine, expected in (("ACTIVEMQ", [True, True, False]), ("RABBITMQ", [True, False, True])):
        given = [_properties(mode, EngineType=engine, BrokerName=f"{engine}-{mode}") for mode in MODES]
        answers = [bench.answer("create_broker", "mq", **properties) for properties in given]
        wanted = ["accepted" if allowed else REFUSED for allowed in expected]
        bench.see(engine.lower(), answers, wanted)


@probe(
    "mq-3",
    "Addresses for OpenWire, created as one broker: {single}; in the mode that was chosen: {chosen}",
    wrong=NOT_ASKED_FOR,
)
def chosen_mode(bench: Bench, mode: str = PAIR) -> None:
    for name, chosen, expected in (("single", MODES[0], 1), ("chosen", mode, 2)):
        found = _endpoints(bench, chosen, BrokerName=name)
        bench.see(name, len({one.hostname for one in found if one.scheme == "ssl"}), expected)


@probe(
    "mq-endpoints",
    "Protocols of the endpoints: {schemes}; hosts of the form that AWS gives them: {hosts}",
    wrong=MOCK_ALONE,
)
def endpoints(bench: Bench) -> None:
    found = _endpoints(bench, PAIR)
    schemes = ["amqp+ssl", "mqtt+ssl", "ssl", "stomp+ssl", "wss"]
    bench.see("schemes", sorted({one.scheme for one in found}), schemes)
    bench.see("hosts", all(HOST.fullmatch(str(one.hostname)) for one in found), True)


@probe("mq-two-endpoints", "A pair: its two hosts end in {ends} and differ in nothing else: {same}", wrong=MOCK_ALONE)
def two_endpoints(bench: Bench) -> None:
    names = sorted({str(one.hostname).partition(".")[0] for one in _endpoints(bench, PAIR)})
    bench.see("ends", [name[-2:] for name in names], ["-1", "-2"])
    bench.see("same", len({name[:-2] for name in names}) == 1, True)


@probe(
    "mq-password",
    "Passwords of 11 and 12 characters, with a comma, with 3 different characters: {answers}",
    wrong=MOCK_ALONE,
)
def passwords(bench: Bench) -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    given = (letters[: SHORTEST - 1], letters[:SHORTEST], letters[:SHORTEST] + ",", letters[: DIFFERENT - 1] * SHORTEST)
    answers = [
        bench.answer("create_broker", "mq", **_properties(PAIR, password, BrokerName=f"orders-{number}"))
        for number, password in enumerate(given)
    ]
    bench.see("answers", answers, [REFUSED, "accepted", REFUSED, REFUSED])


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
ACTIVEMQ_PAIR = {"EngineType": "ACTIVEMQ", "EngineVersion": "5.19", "DeploymentMode": "ACTIVE_STANDBY_MULTI_AZ"}
ACTIVEMQ_INSTEAD = World("the same experiment with ActiveMQ and its pair", instead={"changes": ACTIVEMQ_PAIR})


@probe(
    "mqr-one-name",
    "Instances of a cluster that DescribeBroker lists: {instances}; ports of their endpoints: {ports}",
    wrong=ACTIVEMQ_INSTEAD,
)
def one_name_for_three_nodes(bench: Bench, changes: dict[str, str] | None = None) -> None:
    found = _instances(bench, CLUSTER | (changes or {}))
    bench.see("instances", len(found), 1)
    bench.see("ports", sorted({str(address.port) for each in found for address in each}), ["5671"])


@probe("mqr-amqp-alone", "Protocols of the endpoints: {schemes}", wrong=ACTIVEMQ_INSTEAD)
def amqp_alone(bench: Bench, changes: dict[str, str] | None = None) -> None:
    found = _instances(bench, CLUSTER | (changes or {}))
    bench.see("schemes", sorted({address.scheme for each in found for address in each}), ["amqps"])
