"""Worlds in which queues let topics in otherwise: each is one belief, as what would come back if it were true."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote_plus

from labkit.aws.clients import ACCOUNT
from labkit.probes.worlds import Call, World

Parameters = dict[str, Any]
Statement = dict[str, Any]
SET = "SetQueueAttributes"


def _statements(policy: str) -> list[Statement]:
    found: list[Statement] = json.loads(policy)["Statement"]
    return found


def _policy(statements: list[Statement]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _confined(call: Call, operation: str, given: Parameters) -> Parameters:
    policy = given.get("Attributes", {}).get("Policy")
    if operation == SET and policy:
        own = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
        statements = [{"Condition": own} | one for one in _statements(policy)]
        given = given | {"Attributes": given["Attributes"] | {"Policy": _policy(statements)}}
    return call(operation, given)


class _Adds:
    """SetQueueAttributes keeps the statements that there were."""

    def __init__(self) -> None:
        self.had: dict[str, list[Statement]] = {}

    def __call__(self, call: Call, operation: str, given: Parameters) -> Parameters:
        policy = given.get("Attributes", {}).get("Policy")
        if operation == SET and policy:
            had = self.had.setdefault(given["QueueUrl"], [])
            had += _statements(policy)
            given = given | {"Attributes": {"Policy": _policy(had)}}
        return call(operation, given)


def _one_encryption(call: Call, operation: str, given: Parameters) -> Parameters:
    if operation == "CreateQueue" and "SqsManagedSseEnabled" in given.get("Attributes", {}):
        given = given | {"Attributes": {"KmsMasterKeyId": "alias/aws/sqs"}}
    return call(operation, given)


def _permits_nothing(call: Call, operation: str, given: Parameters) -> Parameters:
    return {} if operation == "AddPermission" else call(operation, given)


def _key_as_it_is(call: Call, operation: str, given: Parameters) -> Parameters:
    answer = call(operation, given)
    for message in answer.get("Messages", []):
        body = json.loads(message["Body"])
        event = json.loads(body["Message"])
        for record in event.get("Records", []):
            record["s3"]["object"]["key"] = unquote_plus(record["s3"]["object"]["key"])
        message["Body"] = json.dumps(body | {"Message": json.dumps(event)})
    return answer


def _no_consent(call: Call, operation: str, given: Parameters) -> Parameters:
    return {} if operation == "ConfirmSubscription" else call(operation, given)


CONFINED = World("a world in which a policy without a condition means the own account", answers=lambda: _confined)
ADDS = World("a world in which SetQueueAttributes adds to the policy", answers=_Adds)
ONE_ENCRYPTION = World("a world in which all encryption is KMS's", answers=lambda: _one_encryption)
PERMITS_NOTHING = World("a world in which AddPermission has no effect", answers=lambda: _permits_nothing)
KEY_AS_IT_IS = World("a world in which S3 writes keys as they are", answers=lambda: _key_as_it_is)
NO_CONSENT = World("a world in which nothing confirms a subscription", answers=lambda: _no_consent)
