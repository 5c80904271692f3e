"""Labkit: a private AWS in virtual time, for a course in which every statement is executed.

Everything a learner uses is imported from here; nothing is loaded before its first use.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

from labkit import _skip_slow_grammars as _skip_slow_grammars

if TYPE_CHECKING:
    from labkit.aws.lab import Lab as Lab
    from labkit.brokers import AmazonMQ as AmazonMQ
    from labkit.brokers import AmazonRabbitMQ as AmazonRabbitMQ
    from labkit.brokers import OnPremises as OnPremises
    from labkit.brokers import OnPremisesRabbitMQ as OnPremisesRabbitMQ
    from labkit.brokers import broker_or_recording as broker_or_recording
    from labkit.databases import Database as Database
    from labkit.fleet import Fleet as Fleet
    from labkit.interleavings import Story as Story
    from labkit.interleavings.every_order import every_order as every_order
    from labkit.ledger import price as price
    from labkit.pictures import calls_over_time as calls_over_time
    from labkit.pictures import fan_out as fan_out
    from labkit.pictures import filter_matrix as filter_matrix
    from labkit.pictures import fleet_size as fleet_size
    from labkit.pictures import group_lanes as group_lanes
    from labkit.pictures import hash_ring as hash_ring
    from labkit.pictures import outcomes_over_time as outcomes_over_time
    from labkit.pictures import pauses as pauses
    from labkit.pictures import queue_depth as queue_depth
    from labkit.pictures import readers_over_time as readers_over_time
    from labkit.pictures import retries as retries
    from labkit.pictures import shard_lineage as shard_lineage
    from labkit.pictures import swimlanes as swimlanes
    from labkit.pictures import what_if as what_if
    from labkit.probes import claims_of as claims_of
    from labkit.rules import Faults as Faults
    from labkit.study.check import check as check
    from labkit.study.course.lessons import lessons as lessons
    from labkit.study.course.progress import progress as progress
    from labkit.study.hints import hint as hint
    from labkit.study.hints import solution as solution
    from labkit.study.predict import predict as predict
    from labkit.study.try_policy import try_policy as try_policy
    from labkit.words import LabError as LabError

_HOMES = {
    "AmazonMQ": "labkit.brokers",
    "AmazonRabbitMQ": "labkit.brokers",
    "Database": "labkit.databases",
    "Faults": "labkit.rules",
    "Fleet": "labkit.fleet",
    "Lab": "labkit.aws.lab",
    "LabError": "labkit.words",
    "OnPremises": "labkit.brokers",
    "OnPremisesRabbitMQ": "labkit.brokers",
    "Story": "labkit.interleavings",
    "every_order": "labkit.interleavings",
    "broker_or_recording": "labkit.brokers",
    "calls_over_time": "labkit.pictures",
    "fan_out": "labkit.pictures",
    "filter_matrix": "labkit.pictures",
    "group_lanes": "labkit.pictures",
    "fleet_size": "labkit.pictures",
    "hash_ring": "labkit.pictures",
    "outcomes_over_time": "labkit.pictures",
    "pauses": "labkit.pictures",
    "queue_depth": "labkit.pictures",
    "readers_over_time": "labkit.pictures",
    "retries": "labkit.pictures",
    "shard_lineage": "labkit.pictures",
    "swimlanes": "labkit.pictures",
    "check": "labkit.study.check",
    "hint": "labkit.study.hints",
    "lessons": "labkit.study.course.lessons",
    "predict": "labkit.study.predict",
    "progress": "labkit.study.course.progress",
    "solution": "labkit.study.hints",
    "try_policy": "labkit.study.try_policy",
    "claims_of": "labkit.probes",
    "price": "labkit.ledger",
    "what_if": "labkit.pictures",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"labkit has no {name!r}; it has {', '.join(__all__)}")
    value = getattr(import_module(_HOMES[name]), name)
    if os.environ.get("LABKIT_COURSE"):
        import_module("labkit.study.course.place").remember()
    if name == "Lab":
        _let_passports_be_drawn()
    globals()[name] = value
    return value


def _let_passports_be_drawn() -> None:
    """History may not import pictures, so the two meet here."""
    from labkit.history.fan_out import FanOut
    from labkit.history.passport import Passport

    def draw(passport: Passport) -> str:
        from labkit.pictures.swimlanes import passport_picture

        return passport_picture(passport).image()

    def draw_copies(published: FanOut) -> str:
        from labkit.pictures.fan_out import published_picture

        return published_picture(published).image()

    Passport.drawn_by = staticmethod(draw)
    FanOut.drawn_by = staticmethod(draw_copies)


def __dir__() -> list[str]:
    return __all__
