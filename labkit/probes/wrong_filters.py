"""Worlds in which SNS filters otherwise: each is one belief, as what would pass if it were true."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from botocore.exceptions import ClientError

from labkit.probes.worlds import Answering, Call, World

Parameters = dict[str, Any]
Policy = dict[str, Any]


def _other_policy(change: Callable[[Policy], Policy]) -> Answering:
    """Subscriptions whose policies SNS takes for others."""

    def answering(call: Call, operation: str, given: Parameters) -> Parameters:
        attributes = given.get("Attributes", {})
        if operation == "Subscribe" and "FilterPolicy" in attributes:
            policy = json.dumps(change(json.loads(attributes["FilterPolicy"])))
            given = given | {"Attributes": attributes | {"FilterPolicy": policy}}
        return call(operation, given)

    return answering


def _other_attributes(change: Callable[[Parameters], Parameters]) -> Answering:
    """Messages whose attributes SNS takes for others."""

    def answering(call: Call, operation: str, given: Parameters) -> Parameters:
        if operation == "Publish" and "MessageAttributes" in given:
            changed = {name: change(one) for name, one in given["MessageAttributes"].items()}
            given = given | {"MessageAttributes": changed}
        return call(operation, given)

    return answering


def _of_attributes(call: Call, operation: str, given: Parameters) -> Parameters:
    if operation == "Subscribe":
        attributes = {name: one for name, one in given["Attributes"].items() if name != "FilterPolicyScope"}
        given = given | {"Attributes": attributes}
    return call(operation, given)


def _nothing_without(call: Call, operation: str, given: Parameters) -> Parameters:
    if operation == "Subscribe" and given["Attributes"].get("FilterPolicy", "{}") == "{}":
        given = given | {"Attributes": given["Attributes"] | {"FilterPolicy": '{"nobody": [{"exists": true}]}'}}
    return call(operation, given)


def _never_refused(call: Call, operation: str, given: Parameters) -> Parameters:
    if operation not in ("Subscribe", "SetSubscriptionAttributes"):
        return call(operation, given)
    with suppress(ClientError):
        return call(operation, given)
    return {"SubscriptionArn": "none"}


def _any_key(policy: Policy) -> Policy:
    groups = [{name: rules} for name, rules in policy.items()]
    return {"$or": groups} if len(groups) > 1 else policy


def _missing_passes(policy: Policy) -> Policy:
    return {name: [*rules, {"exists": False}] for name, rules in policy.items()}


def _folded(policy: Policy) -> Policy:
    return {
        name: [{"equals-ignore-case": rule} if isinstance(rule, str) else rule for rule in rules]
        for name, rules in policy.items()
    }


def _as_number(attribute: Parameters) -> Parameters:
    return attribute | {"DataType": "Number"} if attribute["StringValue"].isdigit() else attribute


def _as_text(attribute: Parameters) -> Parameters:
    return attribute | {"DataType": "String"}


def _policies(told: str, change: Callable[[Policy], Policy]) -> World:
    return World(told, answers=lambda: _other_policy(change))


NO_EFFECT = _policies("a world in which a filter policy has no effect", lambda policy: {})
ANY_KEY = _policies("a world in which one key of a policy is enough", _any_key)
MISSING_PASSES = _policies("a world in which a key that a message lacks is not compared", _missing_passes)
CASE_IGNORED = _policies("a world in which SNS ignores case", _folded)
OF_ATTRIBUTES = World("a world in which a policy looks at attributes alone", answers=lambda: _of_attributes)
NOTHING_WITHOUT = World(
    "a world in which a subscription without a policy gets nothing", answers=lambda: _nothing_without
)
DIGITS_ARE_NUMBERS = World(
    "a world in which SNS takes text made of digits for a number", answers=lambda: _other_attributes(_as_number)
)
NO_ARRAYS = World("a world in which an array is one text", answers=lambda: _other_attributes(_as_text))
NEVER_REFUSED = World("a world in which SNS accepts any policy", answers=lambda: _never_refused)
