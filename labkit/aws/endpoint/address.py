"""Which endpoint a lab may use, with whose credentials, and what answers there."""

from __future__ import annotations

import json
from datetime import datetime
from http.client import HTTPException
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

import boto3

from labkit.aws.clients import MADE_UP_KEYS, REGION
from labkit.aws.gate import is_loopback
from labkit.clock.length import instant
from labkit.words import endpoint as words
from labkit.words import error

SECONDS = 5


class Endpoint(NamedTuple):
    """Where a lab's calls go and with what credentials; `start` and `speed` are those of the time there."""

    url: str
    region: str
    credentials: dict[str, Any]
    speed: float
    start: int | None
    forgets: bool

    @property
    def on_this_machine(self) -> bool:
        """Whether nobody else can answer there."""
        return is_loopback(self.url)


def reach(url: object, access: object = None) -> Endpoint:
    """Return the endpoint behind an address. Raises `LabError` for one that is not allowed or does not answer.

    On this machine the credentials are made up. Elsewhere they are those of `access`, a boto3.Session made for it.
    """
    if not isinstance(url, str) or urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise error(words.NOT_AN_ADDRESS, given=url)
    url = url.rstrip("/")
    if access is not None and not isinstance(access, boto3.Session):
        raise error(words.NO_SESSION, given=type(access).__name__)
    if not is_loopback(url):
        return _elsewhere(url, access)
    if access is not None:
        raise error(words.ACCESS_AT_HOME)
    told = _ask(url)
    start = instant(datetime.fromisoformat(told["now"])) if told else None
    speed = float(told.get("speed", 1))
    return Endpoint(url, REGION, MADE_UP_KEYS, speed, start, bool(told))


def _elsewhere(url: str, access: boto3.Session | None) -> Endpoint:
    if access is None:
        raise error(words.NO_ACCESS, url=url)
    found = access.get_credentials()
    if found is None or access.region_name is None:
        raise error(words.EMPTY_ACCESS)
    keys = found.get_frozen_credentials()
    credentials = {
        "aws_access_key_id": keys.access_key,
        "aws_secret_access_key": keys.secret_key,
        "aws_session_token": keys.token,
    }
    return Endpoint(url, access.region_name, credentials, 1, None, False)


def _ask(url: str) -> dict[str, Any]:
    """What `labkit serve` tells about itself; nothing if another program answers. Raises `LabError` if none does."""
    try:
        with build_opener(ProxyHandler({})).open(f"{url}/labkit", timeout=SECONDS) as answer:
            told = json.loads(answer.read())
    except (ValueError, HTTPException):
        return {}
    except OSError as problem:
        if getattr(problem, "code", None) is not None:  # it answered, with an error of HTTP
            return {}
        raise error(words.NOBODY_THERE, url=url, reason=getattr(problem, "reason", problem)) from None
    return told if isinstance(told, dict) and told.get("service") == "labkit" else {}
