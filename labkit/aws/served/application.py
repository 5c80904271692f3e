"""What stands between HTTP and moto's server application: who may ask, one call at a time, failures in words."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from labkit.aws.gate import is_loopback
from labkit.aws.served.lab import ServedLab
from labkit.aws.served.reading import FORM
from labkit.aws.served.refusals import UNREADABLE, UNREADABLE_FORM
from labkit.clock.switch import switch
from labkit.history.table import Table
from labkit.words import LabError, say
from labkit.words import serve as words

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
SHOWN_EVENTS = 1_000
CERTIFICATES = "/SimpleNotificationService-"
# What the links in SNS's messages do, and where they name the Region.
SNS_LINKS = {"ConfirmSubscription": "TopicArn", "Unsubscribe": "SubscriptionArn"}
REGION = re.compile(r"[a-z0-9-]+")
NOT_TRIED_AGAIN = "501 Not Implemented"


def application(lab: ServedLab) -> Application:
    """Return the WSGI application that answers AWS's API for programs on this machine, and for nobody else."""
    moto = Dispatcher(create_backend_app)

    def answer(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        refusal = refused(environ)
        if refusal is not None:
            return _text(start_response, "403 Forbidden", refusal)
        path = environ["PATH_INFO"].rstrip("/")
        if path in PAGES:
            return _text(start_response, "200 OK", *PAGES[path](lab))
        if path.startswith(CERTIFICATES):
            return _certificate(start_response, path)
        if path in MOTO_DASHBOARD:
            return _text(start_response, "404 Not Found", say(words.NO_DASHBOARD))
        lab.called_by(_program(environ))
        with switch.as_service(), lab.acting():
            try:
                answered = moto(environ, start_response)
                lab.record_unnamed(environ["REQUEST_METHOD"], environ["PATH_INFO"])
                return answered
            except UnicodeDecodeError:
                return _unreadable(start_response, environ)
            except Exception as failure:
                lab.surfaced(failure)
                return _failed(start_response, environ, failure)
            finally:
                _tell_swallowed(lab, environ)

    return answer


class Dispatcher(DomainDispatcherApplication):
    """moto's, which finds a request's service, made ready for what programs send that are no SDK of today."""

    def infer_service_region_host(self, environ: Environ, path: str) -> str | None:
        """The host of the service that is meant; DynamoDB's is found by a version in a header that may be missing."""
        link = sns_host(environ)
        if link is not None:
            environ["HTTP_HOST"] = link
            return link
        try:
            host: str | None = super().infer_service_region_host(environ, path)
        except (KeyError, IndexError):
            return "dynamodb"
        return host

    def get_application(self, environ: Environ) -> Any:
        """The application of the service; AWS's own examples end a queue's address with a slash."""
        found = super().get_application(environ)
        if found.service == "sqs":
            environ["PATH_INFO"] = environ["PATH_INFO"].rstrip("/") or "/"
        return found


def sns_host(environ: Environ) -> str | None:
    """Whom an unsigned link means that SNS has sent to a subscriber, by the ARN in it; None for any other request."""
    if environ["REQUEST_METHOD"] != "GET" or environ.get("HTTP_AUTHORIZATION"):
        return None
    query = dict(parse_qsl(environ.get("QUERY_STRING", "")))
    parts = query.get(SNS_LINKS.get(query.get("Action", ""), ""), "").split(":")
    return f"sns.{parts[3]}.amazonaws.com" if len(parts) >= 6 and REGION.fullmatch(parts[3]) else None


def _tell_swallowed(lab: ServedLab, environ: Environ) -> None:
    """Say on the server's own terminal what moto swallowed, for the client does not hear of it."""
    try:
        lab.raise_swallowed(_asked_for(environ))
    except LabError as problem:
        print(problem, file=sys.stderr, flush=True)


def refused(environ: Environ) -> str | None:
    """Why a request is not answered, or None: a web page of another site may only pretend to be on this machine."""
    host = environ.get("HTTP_HOST", "")
    if not is_loopback(host):
        return say(words.HOST, host=host)
    origin = environ.get("HTTP_ORIGIN")
    if origin is not None and not is_loopback(origin):
        return say(words.ORIGIN, origin=origin)
    return None


def _program(environ: Environ) -> str:
    """The name with which a client introduces itself, such as aws-cli or Boto3."""
    return str(environ.get("HTTP_USER_AGENT", "")).partition("/")[0] or say(words.SOMEBODY)


def _about(lab: ServedLab) -> tuple[str, str]:
    """What a program needs to know of this server: its time and speed."""
    facts = {"service": "labkit", "now": lab.clock.now().isoformat(), "speed": lab.speed, "seed": lab.seed}
    return json.dumps(facts), "application/json"


def _history(lab: ServedLab) -> tuple[str, str]:
    """What was called and what happened, for a person to read."""
    with lab.acting():
        lab.settle()
        table = Table(lab.history.in_order(), lab.history.start)
        return f"{table[-SHOWN_EVENTS:].all()}\n", "text/plain"


def _certificate(start_response: Callable[..., Any], path: str) -> Iterable[bytes]:
    """The certificate of what SNS signs, at the address that its messages name."""
    from labkit.aws.sns import signing

    if path != f"/{signing.certificate_name()}":
        return _text(start_response, "404 Not Found", "")
    return _text(start_response, "200 OK", signing.certificate().decode(), "application/x-pem-file")


def _outbox(lab: ServedLab) -> tuple[str, str]:
    """What SNS has sent to people, for a person to read: the texts whole, with the links that confirm."""
    with lab.acting():
        texts = [f"{one.to}\n{one.text}" for one in lab.outbox]
        return "\n\n".join([f"{lab.outbox}\n", *texts, ""]), "text/plain"


def _asked_for(environ: Environ) -> str:
    return str(environ.get("HTTP_X_AMZ_TARGET") or environ["PATH_INFO"])


def _failed(start_response: Callable[..., Any], environ: Environ, failure: Exception) -> Iterable[bytes]:
    sentence = say(words.NOT_IN_MOCK, what=_asked_for(environ))
    if not isinstance(failure, NotImplementedError):
        reason = f"{type(failure).__name__}: {failure}"
        sentence = say(words.FAILED_MOCK, what=_asked_for(environ), reason=reason)
    return _error(start_response, environ, NOT_TRIED_AGAIN, "InternalFailure", sentence)


def _unreadable(start_response: Callable[..., Any], environ: Environ) -> Iterable[bytes]:
    """Refuse a body that is no text at all, before moto can say whose it is."""
    code = UNREADABLE_FORM.code if _is_form(environ) else UNREADABLE.name
    return _error(start_response, environ, "400 Bad Request", code, say(words.NO_UTF_8))


def _error(start: Callable[..., Any], environ: Environ, status: str, code: str, sentence: str) -> Iterable[bytes]:
    """An error in the protocol of the request."""
    if not _is_form(environ):
        body = json.dumps({"__type": code, "message": sentence})
        return _text(start, status, body, "application/x-amz-json-1.0")
    kind = "Sender" if status.startswith("4") else "Receiver"
    error = f"<Error><Type>{kind}</Type><Code>{code}</Code><Message>{escape(sentence)}</Message></Error>"
    return _text(start, status, f"<ErrorResponse>{error}</ErrorResponse>", "text/xml")


def _is_form(environ: Environ) -> bool:
    return str(environ.get("CONTENT_TYPE", "")).startswith(FORM)


def _text(start_response: Callable[..., Any], status: str, text: str, kind: str = "text/plain") -> Iterable[bytes]:
    body = text.encode()
    start_response(status, [("Content-Type", f"{kind}; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]


PAGES = {"/labkit": _about, "/labkit/history": _history, "/labkit/outbox": _outbox}
# moto's own page reads the message store that the rules replace.
MOTO_DASHBOARD = ("/moto-api", "/moto-api/data.json")
