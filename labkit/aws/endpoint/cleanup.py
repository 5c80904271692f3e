"""`labkit cleanup`: deletes what labs on another endpoint had no time to delete."""

from __future__ import annotations

import argparse

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from labkit.aws.endpoint.address import Endpoint, reach
from labkit.aws.endpoint.deleting import delete_queues
from labkit.aws.endpoint.journal import Left, left_behind
from labkit.aws.gate import is_loopback
from labkit.words import LabError, say
from labkit.words import endpoint as words


def main(arguments: list[str]) -> int:
    """List and delete; 1 when something is still left behind. On this machine nothing is asked, elsewhere --yes is."""
    try:
        options = _parser().parse_args(arguments)
    except SystemExit as stopped:
        return int(stopped.code or 0)
    found = list(left_behind())
    if not found:
        print(say(words.NOTHING_LEFT))
    remaining = sum(not _clean(left, options.yes, options.profile) for left in found)
    return int(remaining > 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("labkit cleanup", description=say(words.USAGE))
    parser.add_argument("--yes", action="store_true", help=say(words.YES_MEANING))
    parser.add_argument("--profile", metavar="NAME", help=say(words.PROFILE_MEANING))
    return parser


def _clean(left: Left, yes: bool, profile: str | None) -> bool:
    """Delete what one lab left behind and forget its journal; False where it stays."""
    if left.queues:
        print(say(words.FOUND, url=left.url))
    for name in left.queues:
        print(say(words.QUEUE, name=name))
    if left.queues and not is_loopback(left.url) and not (yes and profile):
        print(say(words.SAY_YES, url=left.url))
        return False
    try:
        told = _delete(left, profile) if left.queues else ""
    except (BotoCoreError, ClientError, LabError) as problem:
        print(say(words.UNREACHABLE, url=left.url, reason=str(problem).rstrip(".")))
        return False
    if told:
        print(told)
    left.path.unlink(missing_ok=True)
    return True


def _delete(left: Left, profile: str | None) -> str:
    """Delete the queues and say how many there were; a stopped `labkit serve` has kept none."""
    try:
        endpoint = _endpoint(left, profile)
    except LabError:
        if left.forgets:
            return say(words.GONE, url=left.url)
        raise
    return say(words.DELETED, count=delete_queues(endpoint, list(left.queues)), all=len(left.queues))


def _endpoint(left: Left, profile: str | None) -> Endpoint:
    if is_loopback(left.url):
        return reach(left.url)
    return reach(left.url, boto3.Session(profile_name=profile, region_name=left.region))
