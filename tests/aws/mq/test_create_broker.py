"""Amazon MQ's control plane: what a new broker looks like, and what is refused."""

import pytest
from botocore.exceptions import ClientError

from labkit import Lab
from tests.brokers.conftest import create

PASSWORD = "a-long-password-1"


@pytest.fixture
def lab():
    with Lab(seed=22) as lab:
        yield lab


def described(lab, **changes):
    return lab.client("mq").describe_broker(BrokerId=create(lab, **changes))


def users(*pairs):
    return [{"Username": name, "Password": password} for name, password in pairs]


def endpoints(broker, name):
    """Each instance's endpoints with the host's varying part written as NAME, so that forms can be compared."""
    return [[one.replace(name, "NAME") for one in each["Endpoints"]] for each in broker["BrokerInstances"]]


DOMAIN = "mq.us-east-1.amazonaws.com"


def activemq(suffix):
    places = ("ssl 61617", "amqp+ssl 5671", "stomp+ssl 61614", "mqtt+ssl 8883", "wss 61619")
    return [f"{scheme}://NAME-{suffix}.{DOMAIN}:{port}" for scheme, port in map(str.split, places)]


@pytest.mark.parametrize(
    ("engine", "mode", "wanted"),
    [
        ("ACTIVEMQ", "SINGLE_INSTANCE", [activemq(1)]),
        ("ACTIVEMQ", "ACTIVE_STANDBY_MULTI_AZ", [activemq(1), activemq(2)]),
        ("RABBITMQ", "SINGLE_INSTANCE", [[f"amqps://NAME.{DOMAIN}:5671"]]),
        ("RABBITMQ", "CLUSTER_MULTI_AZ", [[f"amqps://NAME.{DOMAIN}:5671"]]),
    ],
)
def test_endpoints_have_awss_form(lab, engine, mode, wanted):
    broker = described(lab, EngineType=engine, DeploymentMode=mode, Users=users(("orders", PASSWORD)))
    assert endpoints(broker, broker["BrokerId"]) == wanted
    assert broker["BrokerArn"] == f"arn:aws:mq:us-east-1:{lab.account}:broker:orders:{broker['BrokerId']}"


def test_a_brokers_id_is_the_same_for_the_same_seed_and_another_for_another():
    ids = []
    for seed in (1, 1, 2):
        with Lab(seed=seed) as lab:
            ids.append(create(lab))
    assert ids[0] == ids[1] != ids[2]


REFUSED = {
    "a cluster of ActiveMQ": ({"DeploymentMode": "CLUSTER_MULTI_AZ"}, "Deployment mode [CLUSTER_MULTI_AZ]"),
    "a pair of RabbitMQ": ({"EngineType": "RABBITMQ"}, "Deployment mode [ACTIVE_STANDBY_MULTI_AZ]"),
    "another engine": ({"EngineType": "KAFKA"}, "engine type [KAFKA]"),
    "a short password": ({"Users": users(("orders", "elevenchars"))}, "Enter a password 12 to 250 characters long."),
    "a long password": ({"Users": users(("orders", "abcde" * 51))}, "Enter a password 12 to 250 characters long."),
    "a comma": ({"Users": users(("orders", "twelve,chars"))}, "invalid characters [, :=]"),
    "a colon": ({"Users": users(("orders", "twelve:chars"))}, "invalid characters [, :=]"),
    "three characters": ({"Users": users(("orders", "abcabcabcabc"))}, "at least 4 unique characters"),
    "a short name": ({"Users": users(("o", PASSWORD))}, "Username [o] is invalid"),
    "one subnet for a pair": ({"SubnetIds": ["subnet-1"]}, "requires exactly 2 subnet(s)"),
    "a name with a blank": ({"BrokerName": "my orders"}, "Broker name must be"),
    "two users of RabbitMQ": (
        {"EngineType": "RABBITMQ", "DeploymentMode": "CLUSTER_MULTI_AZ"},
        "Specify exactly one user for engine type [RABBITMQ].",
    ),
    "guest of RabbitMQ": (
        {"EngineType": "RABBITMQ", "DeploymentMode": "CLUSTER_MULTI_AZ", "Users": users(("guest", PASSWORD))},
        "Username [guest] is invalid",
    ),
}


@pytest.mark.parametrize(("changes", "said"), REFUSED.values(), ids=REFUSED)
def test_what_amazon_mq_refuses_is_refused(lab, changes, said):
    with pytest.raises(ClientError) as refused:
        create(lab, **changes)
    assert refused.value.response["Error"]["Code"] == "BadRequestException"
    assert said in str(refused.value)
    assert lab.client("mq").list_brokers()["BrokerSummaries"] == []


def test_the_limits_themselves_are_allowed(lab):
    for number, password in enumerate(("abcdefghijkl", "abcde" * 50, "abcdabcdabcd")):
        create(lab, BrokerName=f"orders-{number}", Users=users(("or", password)))


def test_a_name_is_taken_once(lab):
    create(lab)
    with pytest.raises(ClientError, match="ConflictException"):
        create(lab)


def test_a_password_is_shown_nowhere(lab):
    broker = described(lab)
    assert [user["Username"] for user in broker["Users"]] == ["orders", "bridge"]
    assert PASSWORD not in f"{broker} {lab.table()}"


def test_a_later_user_has_the_same_rules(lab):
    mq, broker = lab.client("mq"), create(lab)
    with pytest.raises(ClientError, match="12 to 250"):
        mq.create_user(BrokerId=broker, Username="reports", Password="short")
    mq.create_user(BrokerId=broker, Username="reports", Password=PASSWORD)
    assert mq.describe_user(BrokerId=broker, Username="reports")["Username"] == "reports"


def test_reboot_and_delete_of_an_unknown_broker_are_not_found(lab):
    mq = lab.client("mq")
    for call in (mq.reboot_broker, mq.delete_broker):
        with pytest.raises(ClientError, match="NotFoundException"):
            call(BrokerId="b-1")
