"""Archives of FIFO topics as calls set them, and replays as they reach a subscription."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from moto.sns.models import Subscription, Topic

from labkit.aws.acting import acting_as
from labkit.aws.records import Records
from labkit.rules.topics import archive as rules
from labkit.rules.topics.archive import Archive, Replay
from labkit.rules.topics.publication import wrong

from .delivering import SNS, Way, Ways, is_kept_back
from .encrypting import can_read_archive
from .notices import Notice
from .stores import TopicSettings, kept_of, replay_of


def put_archive_policy(topic: Topic, policy: str, now: int) -> str:
    """Begin, change or end a topic's archive; returns the policy as the topic then shows it. [archive-delete]"""
    kept, days = kept_of(topic), rules.days_of(policy)
    if days is None:
        kept.archive = None
        return ""
    if kept.archive is None:
        kept.archive = Archive(now)
    else:
        kept.archive.settle(now, TopicSettings(topic).archive_days)
    return policy


def keep(notice: Notice) -> None:
    """Keep a message that its topic has taken, if the topic has an archive."""
    archive = kept_of(notice.topic).archive
    if archive is not None:
        archive.keep(notice.at, TopicSettings(notice.topic).archive_days, notice)


def beginning_of(topic: Topic, now: int) -> int | None:
    """The earliest instant from which a topic can be replayed; None without an archive."""
    archive = kept_of(topic).archive
    return None if archive is None else archive.beginning(now, TopicSettings(topic).archive_days)


def check(lab: Records, topic: Topic, policy: str | None, where: str = "") -> None:
    """Raise `Refused` for a replay policy that a topic's archive cannot follow."""
    if policy is not None:
        now = lab.scheduler.now
        reason = rules.reason_against_replay(policy, beginning_of(topic, now), now)
        if reason is not None:
            raise wrong(f"{where}{reason}")


def begin(lab: Records, subscription: Subscription, policy: str | None) -> None:
    """Begin the replay that a policy asks for, in place of any other."""
    if policy is None:
        return
    replay = subscription.replay = rules.replay_of(policy)
    if replay is not None:
        lab.scheduler.timers.add(lab.scheduler.now + rules.PENDING_FOR, partial(_feed, lab, subscription, replay))


def _feed(lab: Records, subscription: Subscription, replay: Replay) -> None:
    """Bring a subscription what it has asked for, through its filter policy; nothing if it is gone or asks anew."""
    kept = kept_of(subscription.topic)
    if replay_of(subscription) is not replay or subscription.arn not in kept.subscribers:
        return
    if not can_read_archive(lab, subscription.topic):
        replay.status = rules.FAILED
        return
    replay.status, replay.under_way = rules.IN_PROGRESS, 1  # one for the loop itself, which ends last
    ways = lab.part(Ways)
    with acting_as(lab, SNS):
        for notice in _archived(lab, subscription.topic, replay):
            way = Way(replace(notice, replayed=True), subscription, replay=replay)
            if not is_kept_back(lab, way):
                replay.under_way += 1
                ways.begin(way)
    replay.ended()


def _archived(lab: Records, topic: Topic, replay: Replay) -> list[Notice]:
    archive = kept_of(topic).archive
    if archive is None:  # it was ended while the replay was pending
        return []
    return archive.between(replay.start, replay.end, lab.scheduler.now, TopicSettings(topic).archive_days)
