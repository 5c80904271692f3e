"""How many shards and on-demand streams an account has, against how many it may have."""

from __future__ import annotations

from moto.kinesis.models import KinesisBackend

from labkit.aws.records import Records
from labkit.ledger import quota
from labkit.rules import Refused

from .errors import LIMIT
from .stores import Settings, present, rules_of

MOST_SHARDS, MOST_STREAMS = quota("kinesis.account.shards"), quota("kinesis.account.on_demand_streams")


def check_account(backend: KinesisBackend, lab: Records, more: int, is_on_demand: bool = False) -> None:
    """Raise `Refused` where an account would have too many open shards, or too many on-demand streams."""
    all_streams = present(backend, lab)
    if is_on_demand:
        if sum(Settings(stream).is_on_demand for stream in all_streams) >= MOST_STREAMS:
            raise Refused(LIMIT, f"This request would exceed the limit of {MOST_STREAMS} on-demand streams.")
        return
    there = sum(len(rules_of(one, lab).open) for one in all_streams if not Settings(one).is_on_demand)
    if there + more > MOST_SHARDS:
        where = f"the account {backend.account_id} in {backend.region_name}"
        counts = f"Current shard count for the account: {there}. Limit: {MOST_SHARDS}."
        more_text = f"Number of additional shards that would have resulted from this request: {more}."
        raise Refused(LIMIT, f"This request would exceed the shard limit for {where}. {counts} {more_text}")
