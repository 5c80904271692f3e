"""The class-level gate on botocore's HTTP: a request reaches moto or loopback, never the network."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError
from botocore.httpsession import URLLib3Session
from moto.core.botocore_stubber import MockRawResponse
from moto.core.models import botocore_stubber

from labkit.aws.attempts import attempting
from labkit.words import error
from labkit.words import lab as words

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

LOOPBACK = ("localhost", "127.0.0.1", "::1")
_send = URLLib3Session.send


def is_loopback(address: str) -> bool:
    """Whether an address, with or without its scheme, is this machine's own."""
    try:
        name = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:
        return False
    return name in LOOPBACK or name.endswith(".localhost")


def sending(lab: Callable[[], Lab | None]) -> Callable[..., Any]:
    """Return the `URLLib3Session.send` that answers from moto and refuses everything but loopback."""

    def send(session: Any, request: Any) -> Any:
        current = lab()
        assert current is not None
        if is_loopback(request.url) or current.reaches(request.url):
            return _send(session, request)
        with attempting(current) as attempt, current.acting():
            answer = botocore_stubber.process_request(request)
        if answer is None:
            raise error(words.NETWORK, host=urlsplit(request.url).hostname or "")
        if attempt is not None and current.loses_response(attempt):
            raise ConnectionClosedError(endpoint_url=request.url)
        status, headers, body = answer
        return AWSResponse(request.url, status, headers, MockRawResponse(body))

    return send
