"""Apps on mobile devices: platform applications, their endpoints, and pushes to them; moto keeps the first two."""

from __future__ import annotations

from moto.sns.models import PlatformApplication, PlatformEndpoint, Subscription

from labkit.aws.asked import Asked, Given
from labkit.aws.records import Records
from labkit.causes import Obstacle
from labkit.rules.topics import platforms as rules
from labkit.rules.topics import publication
from labkit.rules.topics.platforms import ENABLED, TOKEN, USER_DATA

from .errors import PARTS, parts_of
from .notices import Notice
from .outbox import Outbox
from .outcomes import Arrived, Failed, Outcome
from .stores import ACCOUNT, backend_of

OF_ENDPOINTS = "endpoint/"
YES, NO = "true", "false"


def create_platform_application(lab: Records, asked: Asked) -> Given:
    """CreatePlatformApplication: of a name and platform that are there, its attributes are set anew."""
    name, platform, attributes = asked.given["Name"], asked.given["Platform"], asked.given.get("Attributes") or {}
    rules.check_application(name, platform, attributes)
    backend = backend_of(asked.account, asked.region)
    made = PlatformApplication(asked.account, asked.region, name, platform, dict(attributes))
    existing = backend.applications.setdefault(made.arn, made)
    existing.attributes.update(attributes)
    return {"PlatformApplicationArn": made.arn}


def get_platform_application_attributes(lab: Records, asked: Asked) -> Given:
    """GetPlatformApplicationAttributes."""
    return {"Attributes": rules.application_attributes(_application(asked).attributes)}


def set_platform_application_attributes(lab: Records, asked: Asked) -> Given:
    """SetPlatformApplicationAttributes."""
    _application(asked).attributes.update(asked.given.get("Attributes") or {})
    return {}


def delete_platform_application(lab: Records, asked: Asked) -> Given:
    """DeletePlatformApplication with its endpoints; of one that is not there, nothing."""
    backend, arn = backend_of(asked.account, asked.region), asked.given["PlatformApplicationArn"]
    backend.applications.pop(arn, None)
    for endpoint in backend.list_endpoints_by_platform_application(arn):
        backend.delete_endpoint(endpoint.arn)
    return {}


def _application(asked: Asked) -> PlatformApplication:
    arn = asked.given["PlatformApplicationArn"]
    parts_of(arn, "PlatformApplicationArn")
    found = backend_of(asked.account, asked.region).applications.get(arn)
    if found is None:
        raise rules.NO_APPLICATION
    return found


# Endpoints


def create_platform_endpoint(lab: Records, asked: Asked) -> Given:
    """CreatePlatformEndpoint: the endpoint of that token, made if there is none. [public case n06]"""
    application, token, given = _application(asked), asked.given["Token"], dict(asked.given.get("Attributes") or {})
    if asked.given.get(USER_DATA):
        given[USER_DATA] = asked.given[USER_DATA]
    given = rules.endpoint_attributes(given | {TOKEN: token}, where="")
    backend = backend_of(asked.account, asked.region)
    for existing in backend.list_endpoints_by_platform_application(application.arn):
        if existing.attributes[TOKEN] == token:
            rules.check_same(existing.arn, existing.attributes, given)
            return {"EndpointArn": existing.arn}
    attributes = {ENABLED: YES} | given
    made = PlatformEndpoint(asked.account, asked.region, application, given.get(USER_DATA, ""), token, attributes)
    backend.platform_endpoints[made.arn] = made
    return {"EndpointArn": made.arn}


def get_endpoint_attributes(lab: Records, asked: Asked) -> Given:
    """GetEndpointAttributes."""
    return {"Attributes": dict(_endpoint(asked).attributes)}


def set_endpoint_attributes(lab: Records, asked: Asked) -> Given:
    """SetEndpointAttributes: also how an app brings a new token, and turns its endpoint on again."""
    endpoint = _endpoint(asked)
    endpoint.attributes.update(rules.endpoint_attributes(asked.given.get("Attributes") or {}))
    return {}


def _endpoint(asked: Asked) -> PlatformEndpoint:
    arn = asked.given["EndpointArn"]
    parts_of(arn, "EndpointArn")
    found = endpoint_of_arn(arn)
    if found is None:
        raise rules.NO_ENDPOINT
    return found


def endpoint_of_arn(arn: str) -> PlatformEndpoint | None:
    """The endpoint of an ARN, whichever account's it is; None when there is none."""
    parts = arn.split(":")
    if len(parts) < PARTS or not ACCOUNT.fullmatch(parts[4]):
        return None
    found: PlatformEndpoint | None = backend_of(parts[4], parts[3]).platform_endpoints.get(arn)
    return found


# Pushes


def is_endpoint(target: str | None) -> bool:
    """Whether a TargetArn is that of an endpoint, which topics have not."""
    return target is not None and target.split(":")[-1].startswith(OF_ENDPOINTS)


def target_of(given: Given) -> tuple[PlatformEndpoint, publication.Publication]:
    """The endpoint that Publish means, and the message for it. Raises `Refused` as SNS does."""
    found = endpoint_of_arn(given["TargetArn"])
    if found is None:
        raise rules.NO_TARGET
    taken = publication.read(given, publication.LARGEST, needs_default=False)
    rules.payload(taken, found.application.platform)
    if found.attributes[ENABLED] != YES:
        raise rules.DISABLED
    return found, taken


def push(lab: Records, notice: Notice, subscription: Subscription) -> Outcome:
    """Hand a message to the push service of a device; one that no longer knows the token turns the endpoint off."""
    endpoint, outbox = endpoint_of_arn(subscription.endpoint), lab.part(Outbox)
    if endpoint is None:
        return Failed(Obstacle.NO_ENDPOINT)
    token, platform = endpoint.attributes[TOKEN], endpoint.application.platform
    if outbox.is_invalid(token):
        endpoint.attributes[ENABLED] = NO
    if endpoint.attributes[ENABLED] != YES:
        return Failed(Obstacle.DISABLED)
    if outbox.is_refusing(token):
        return Failed(Obstacle.UNREACHABLE)
    outbox.put(token, platform, None, _text(notice, platform), notice.id)
    return Arrived()


def _text(notice: Notice, platform: str) -> str:
    return rules.payload(notice.publication, platform)
