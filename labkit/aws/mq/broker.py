"""The methods that take the place of moto's own for Amazon MQ."""

from __future__ import annotations

from typing import Any

from moto.moto_api._internal import mock_random
from moto.mq.models import Broker, MQBackend
from moto.mq.responses import MQResponse

from labkit.aws.adapter import Replacement
from labkit.aws.current import current_lab

from . import checks, endpoints
from .made import Made

_make, _create, _create_user = Broker.__init__, MQBackend.create_broker, MQResponse.create_user
_delete = MQBackend.delete_broker


def create_broker(backend: Any, **properties: Any) -> tuple[str, str]:
    """CreateBroker, under AWS's rules; the passwords are kept, which moto forgets."""
    checks.check_broker(properties)
    checks.check_name_is_free(properties["broker_name"], [broker.name for broker in backend.list_brokers()])
    arn, broker_id = _create(backend, **properties)
    for user in properties["users"]:
        _made().note_user(broker_id, user["Username"], user["Password"])
    return arn, broker_id


def create_user(response: Any) -> Any:
    """CreateUser, under AWS's rules."""
    broker = response.mq_backend.describe_broker(response._get_param("BrokerId"))
    user = {name: response._get_param(name) for name in ("Username", "Password")}
    checks.check_user(broker.engine_type, user)
    answer = _create_user(response)
    _made().note_user(broker.id, user["Username"], user["Password"])
    return answer


def reboot_broker(backend: Any, broker_id: str) -> None:
    """RebootBroker, which reaches the real brokers where there are some."""
    backend.describe_broker(broker_id)
    _made().reboot(broker_id)


def delete_broker(backend: Any, broker_id: str) -> None:
    """DeleteBroker, with the real brokers behind it."""
    backend.describe_broker(broker_id)
    _delete(backend, broker_id)
    _made().delete(broker_id)


def _made() -> Made:
    return current_lab().part(Made)


def make(broker: Any, **properties: Any) -> None:
    """A broker with an id, an ARN and endpoints in AWS's form."""
    _make(broker, **properties)
    broker.id = f"b-{mock_random.uuid4()}"
    broker.arn = ":".join([*broker.arn.split(":")[:6], broker.name, broker.id])
    region = properties["region"]
    broker.instances = endpoints.instances(broker.engine_type, broker.deployment_mode, broker.id, region)


REPLACED: list[Replacement] = [
    (Broker, "__init__", make),
    (MQBackend, "create_broker", create_broker),
    (MQBackend, "reboot_broker", reboot_broker),
    (MQBackend, "delete_broker", delete_broker),
    (MQResponse, "create_user", create_user),
]
