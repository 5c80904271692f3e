"""What Amazon MQ refuses when a broker or a user is made, and moto doesn't.

The rules are the API reference's. The wording is AWS's own where a message has been recorded (marked), else ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from moto.mq.exceptions import BadRequestException, ConflictException

from labkit.ledger import quota

MODES = {
    "ACTIVEMQ": ("SINGLE_INSTANCE", "ACTIVE_STANDBY_MULTI_AZ"),
    "RABBITMQ": ("SINGLE_INSTANCE", "CLUSTER_MULTI_AZ"),
}
SUBNETS = {"SINGLE_INSTANCE": 1, "ACTIVE_STANDBY_MULTI_AZ": 2}
NAME = re.compile(r"[\w-]{1,50}", re.ASCII)
USER_NAME = {
    "ACTIVEMQ": re.compile(r"[\w.~-]{2,100}", re.ASCII),
    "RABBITMQ": re.compile(r"(?!guest$)[\w.-]{2,100}", re.ASCII),
}
SHORTEST, LONGEST = quota("mq.password.minimum_length"), quota("mq.password.maximum_length")
UNIQUE_CHARACTERS = quota("mq.password.minimum_different")
NOT_IN_PASSWORDS = set(",:=")


def check_broker(properties: dict[str, Any]) -> None:
    """Raise AWS's error for properties of a new broker that it does not take."""
    engine, mode = properties["engine_type"].upper(), properties["deployment_mode"]
    if engine not in MODES:
        raise _refused(f"Broker engine type [{properties['engine_type']}] is invalid.", "engineType")
    if not NAME.fullmatch(properties["broker_name"]):
        raise _refused("Broker name must be 1-50 letters, numbers, dashes and underscores.", "brokerName")
    if mode not in MODES[engine]:
        raise _refused(f"Deployment mode [{mode}] is not valid for engine type [{engine}].", "deploymentMode")
    subnets = properties["subnet_ids"]
    if subnets and len(subnets) != SUBNETS.get(mode, len(subnets)):
        raise _refused(f"Deployment mode [{mode}] requires exactly {SUBNETS[mode]} subnet(s).", "subnetIds")
    check_users(engine, properties["users"])


def check_users(engine: str, users: list[dict[str, Any]]) -> None:
    """Raise AWS's error for the users of a new broker."""
    if engine == "RABBITMQ" and len(users) != 1:
        raise _refused("Specify exactly one user for engine type [RABBITMQ].", "users")  # recorded, 2021-03-19
    for user in users:
        check_user(engine, user)


def check_user(engine: str, user: dict[str, Any]) -> None:
    """Raise AWS's error for a user's name or password."""
    if not USER_NAME[engine.upper()].fullmatch(user["Username"] or ""):
        raise _refused(f"Username [{user['Username']}] is invalid.", "username")
    password = user["Password"] or ""
    if not SHORTEST <= len(password) <= LONGEST:  # recorded, 2019-09-08
        raise _refused(f"Password is invalid. Enter a password {SHORTEST} to {LONGEST} characters long.", "password")
    if NOT_IN_PASSWORDS & set(password):  # recorded, 2019-09-08
        raise _refused("Make sure your password doesn't contain invalid characters [, :=].", "password")
    if len(set(password)) < UNIQUE_CHARACTERS:
        raise _refused(
            f"Password is invalid. It must contain at least {UNIQUE_CHARACTERS} unique characters.", "password"
        )


def check_name_is_free(name: str, taken: Iterable[str]) -> None:
    """Raise AWS's error for a name that another broker of this account and Region has."""
    if name in taken:
        conflict = ConflictException(f"Broker with name [{name}] already exists.")
        conflict.error_attribute = "brokerName"
        raise conflict


def _refused(message: str, attribute: str) -> BadRequestException:
    refusal = BadRequestException(message)
    refusal.error_attribute = attribute
    return refusal
