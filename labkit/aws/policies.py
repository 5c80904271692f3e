"""The policies of queues and topics, as moto keeps them, compiled for decisions."""

from __future__ import annotations

from typing import Any

from labkit.rules.policy import Policy

NO_POLICY = Policy(())


def policy_of(holder: Any) -> Policy:
    """The policy of one of moto's queues or topics, compiled once each time it is set; nobody changes it in place."""
    given = holder._policy_json
    kept: tuple[Any, Policy] | None = vars(holder).get("compiled_policy")
    if kept is None or kept[0] is not given:
        kept = holder.compiled_policy = (given, Policy.of(given))
    return kept[1]
