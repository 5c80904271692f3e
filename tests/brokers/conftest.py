"""A broker needs a Java that starts: who tests one is marked `live`, and waits for conditions, never for seconds."""

import pytest

from labkit import Lab
from labkit.brokers import AmazonMQ, OnPremises, wheels

USERS = [{"Username": "orders", "Password": "a-long-password-1"}, {"Username": "bridge", "Password": "another-long-1"}]


def pytest_collection_modifyitems(items):
    if wheels.missing():
        for item in items:
            if "brokers" in item.path.parts and "rabbitmq" not in item.path.name and item.get_closest_marker("live"):
                item.add_marker(pytest.mark.skip(reason=f"ActiveMQ is not installed: {', '.join(wheels.missing())}"))


def create(lab, **changes):
    """The id of a broker that the lab's API made, an active/standby ActiveMQ if nothing else is said."""
    properties = {
        "BrokerName": "orders",
        "EngineType": "ACTIVEMQ",
        "EngineVersion": "5.19",
        "HostInstanceType": "mq.m5.large",
        "DeploymentMode": "ACTIVE_STANDBY_MULTI_AZ",
        "PubliclyAccessible": False,
        "AutoMinorVersionUpgrade": True,
        "Users": USERS,
    }
    return lab.client("mq").create_broker(**properties | changes)["BrokerId"]


@pytest.fixture
def pair():
    """An active and a standby broker behind one that a lab made; the lab is closed."""
    with Lab(seed=22) as lab:
        brokers = AmazonMQ(lab, create(lab))
    with brokers:
        yield brokers


@pytest.fixture
def old():
    with OnPremises() as broker:
        yield broker
