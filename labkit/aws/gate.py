"""The class-level gate on botocore's HTTP: a request reaches moto or loopback, never the network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError
from botocore.httpsession import URLLib3Session
from moto.core.botocore_stubber import MockRawResponse
from moto.core.models import botocore_stubber

from labkit.aws.acting import acting_as
from labkit.aws.attempts import CallName
from labkit.aws.current import current_lab
from labkit.aws.records import Records
from labkit.words import error
from labkit.words import lab as words

LOOPBACK = ("localhost", "127.0.0.1", "::1")
_send = URLLib3Session.send


def is_loopback(address: str) -> bool:
    """Whether an address, with or without its scheme, is this machine's own."""
    try:
        name = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:
        return False
    return name in LOOPBACK or name.endswith(".localhost")


@contextmanager
def attempting(lab: Records) -> Iterator[CallName | None]:
    """The call whose request arrives now, made by its caller; None for one that no call of the lab has made.

    Other actors may have run since the attempt before.
    """
    call = lab.call_now()
    if call is None:
        yield None
        return
    with acting_as(lab, call.by):
        call.begin_attempt()
        yield call


def send(session: Any, request: Any) -> Any:
    """What stands in for `URLLib3Session.send`: it answers from moto and refuses everything but loopback."""
    lab = current_lab()
    if is_loopback(request.url) or lab.reaches(request.url):
        return _send(session, request)
    with attempting(lab) as attempt, lab.acting():
        answer = botocore_stubber.process_request(request)
    if answer is None:
        raise error(words.NETWORK, host=urlsplit(request.url).hostname or "")
    if attempt is not None and lab.loses_response(attempt):
        raise ConnectionClosedError(endpoint_url=request.url)
    status, headers, body = answer
    return AWSResponse(request.url, status, headers, MockRawResponse(body))
