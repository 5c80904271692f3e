"""Clients that belong to a lab: made with its region and made-up credentials, whatever the surroundings say."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from inspect import signature
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import UnknownServiceError

from labkit.aws.current import current_lab
from labkit.aws.records import Records
from labkit.clock.switch import switch
from labkit.words import error, say
from labkit.words import lab as words

ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE"
ACCOUNT = "123456789012"
REGION = "us-east-1"
SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
MADE_UP_KEYS = {"aws_access_key_id": ACCESS_KEY, "aws_secret_access_key": SECRET_KEY, "aws_session_token": None}
ENVIRONMENT = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_ACCESS_KEY_ID": ACCESS_KEY,
    "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_EC2_METADATA_DISABLED": "true",
}
_loader: list[Any] = []
_create_client = botocore.session.Session.create_client


@cache
def session() -> Any:
    """The session behind every `lab.client`, which nobody customizes, so that only the first lab pays for it."""
    return boto3.Session()


def creating(uses: Callable[[str], None]) -> Callable[..., Any]:
    """Return the `Session.create_client` that makes clients for the innermost lab; `uses` is told each service."""

    def create_client(session: Any, service: str, region_name: str | None = None, *args: Any, **kwargs: Any) -> Any:
        lab = current_lab()
        uses(service)
        if not switch.in_lab_thread():
            if switch.in_service_thread():
                kwargs.pop("endpoint_url", None)  # moto's services take a server on loopback for granted
            return _create(lab, session, service, region_name, args, kwargs)
        with switch.shown():
            return _create(lab, session, service, region_name, args, kwargs)

    create_client.__signature__ = signature(_create_client)  # type: ignore[attr-defined]
    return create_client


def _create(lab: Records, session: Any, service: str, region: str | None, args: Any, kwargs: dict[str, Any]) -> Any:
    region = region or session.instance_variables().get("region") or lab.region
    account = _account_that_issued(kwargs.get("aws_access_key_id") or getattr(session._credentials, "access_key", None))
    kwargs |= lab.client_options(account)
    config = kwargs.get("config") or Config()
    kwargs["config"] = config.merge(Config(ignore_configured_endpoint_urls=True, proxies={}))
    with _shared_models(session):
        try:
            client = _create_client(session, service, region, *args, **kwargs)
        except UnknownServiceError:
            raise unknown_service(service, session.get_available_services()) from None
    client._labkit_account = account or ACCOUNT
    lab.own(client)
    return client


def _account_that_issued(access_key: object) -> str | None:
    """The account of this lab whose IAM or STS gave out an access key; None for every other key, real ones first."""
    if "moto.iam.models" not in sys.modules or not access_key:
        return None
    from moto.iam.models import iam_backends

    keys = ((account, backend.access_keys) for account, _, backend in iam_backends.iter_backends())
    return next((account for account, issued in keys if access_key in issued), None)


def without_files() -> dict[str, Any]:
    """Return what replaces a session's view of ~/.aws: every profile exists and is empty, whatever was read before."""
    return {
        "full_config": property(lambda session: {"profiles": {}}),
        "get_scoped_config": lambda session: {},
        "_build_profile_map": lambda session: {},
    }


@contextmanager
def _shared_models(session: Any) -> Iterator[None]:
    """Let the session use the service models that the first one has read."""
    own = session.get_component("data_loader")
    if not _loader:
        _loader.append(own)
    session.register_component("data_loader", _loader[0])
    try:
        yield
    finally:
        session.register_component("data_loader", own)


def unknown_service(given: object, services: list[str]) -> Exception:
    """Return the LabError for a service name that boto3 does not know, with the nearest ones."""
    near = difflib.get_close_matches(str(given).lower(), services, 3)
    close = say(words.CLOSE_MATCH, names=", ".join(near)) if near else ""
    return error(words.SERVICE, given=given, close=close)


def use_account(client: Any, account: str) -> None:
    """Make every call of a client come from another account of the lab."""

    def add_account(request: Any, **_: Any) -> None:
        request.headers["x-moto-account-id"] = account

    client._labkit_account = account
    client.meta.events.register("before-sign", add_account)


def refusing(client: Any) -> Callable[..., Any]:
    """Return what stands in the place of a client's calls once its lab is closed."""
    service = client.meta.service_model.service_name

    def refuse(*_: Any, **__: Any) -> Any:
        raise error(words.CLOSED_CLIENT, service=service)

    return refuse
