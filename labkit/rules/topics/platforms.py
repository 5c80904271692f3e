"""Push services of mobile platforms: which there are, what an app must bring to use one, and what an endpoint holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from labkit.rules.refused import Refused
from labkit.rules.topics.publication import Publication, no_default, wrong

PLATFORMS = ("ADM", "APNS", "APNS_SANDBOX", "APNS_VOIP", "APNS_VOIP_SANDBOX", "BAIDU", "GCM", "MACOS", "MACOS_SANDBOX",
             "MPNS", "WNS")  # fmt: skip
# The one platform that knows its apps by a credential alone.
WITHOUT_PRINCIPAL = ("GCM",)
CREDENTIAL, PRINCIPAL = "PlatformCredential", "PlatformPrincipal"
NAME = re.compile(r"[A-Za-z0-9_.\-]{1,256}")
ENABLED, TOKEN, USER_DATA = "Enabled", "Token", "CustomUserData"
OF_ENDPOINT = (ENABLED, TOKEN, USER_DATA)
LONGEST_USER_DATA = 2_048
DISABLED = Refused("EndpointDisabled", "Endpoint is disabled")
NO_TARGET = wrong("TargetArn Reason: No endpoint found for the target arn specified")
NO_APPLICATION = Refused("NotFound", "PlatformApplication does not exist")
NO_ENDPOINT = Refused("NotFound", "Endpoint does not exist")


def check_application(name: str, platform: str, attributes: Mapping[str, str]) -> None:
    """Raise `Refused` for what makes no platform application. What is asked is documented, the wordings are ours.

    No platform is asked whether a credential is a true one.
    """
    if not NAME.fullmatch(name):
        raise wrong("Name Reason: use 1 to 256 letters, digits, underscores, hyphens and periods")
    if platform not in PLATFORMS:
        raise wrong(f"Platform Reason: {platform} is not supported")
    needed = (CREDENTIAL,) if platform in WITHOUT_PRINCIPAL else (PRINCIPAL, CREDENTIAL)
    for one in needed:
        if not attributes.get(one):
            raise wrong(f"Attributes Reason: {one} is required")


def endpoint_attributes(given: Mapping[str, str], where: str = "Attributes Reason: ") -> dict[str, str]:
    """The attributes of an endpoint as AWS answers them. Raises `Refused` for others, or other values."""
    for name, value in given.items():
        if name not in OF_ENDPOINT:
            raise wrong(f"{where}Invalid attribute name: {name}")  # the wordings are ours
        if name == ENABLED and value.lower() not in ("true", "false"):
            raise wrong(f"{where}Invalid value for attribute: Enabled: must be true or false")
        if name == USER_DATA and len(value.encode()) > LONGEST_USER_DATA:
            raise wrong(f"{where}Invalid value for attribute: CustomUserData: must be at most 2048 bytes long")
        if name == TOKEN and not value:
            raise wrong(f"{where}Invalid value for attribute: Token: must not be empty")
    return {name: value.lower() if name == ENABLED else value for name, value in given.items()}


def check_same(arn: str, existing: Mapping[str, str], asked: Mapping[str, str]) -> None:
    """Raise `Refused` where CreatePlatformEndpoint asks for a known token with other attributes. [public case n06]

    Apps read the ARN out of this sentence.
    """
    wanted = {ENABLED: "true", USER_DATA: ""} | dict(asked)
    if any(existing.get(name, "") != wanted[name] for name in (ENABLED, USER_DATA)):
        raise wrong(f"Token Reason: Endpoint {arn} already exists with the same Token, but different attributes.")


def payload(publication: Publication, platform: str) -> str:
    """What a push service is handed: its own text of a message, else the one for all. Raises `Refused` for neither.

    Open: how AWS writes a text for all into the JSON of each service; here it is handed on as it is.
    """
    texts = publication.texts
    if texts is not None and platform not in texts and "default" not in texts:
        raise no_default()
    return publication.text_for(platform)


def application_attributes(given: Mapping[str, Any]) -> dict[str, str]:
    """The attributes of a platform application as AWS answers them: never its credentials."""
    told = {name: str(value) for name, value in given.items() if name not in (CREDENTIAL, PRINCIPAL)}
    return {ENABLED: "true"} | told
