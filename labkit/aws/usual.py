"""Whether a client, its handlers and the process are as botocore and the lab made them.

What somebody has added to the way of a call over HTTP must be met there: a stubber, a handler, a log, another address.
The lists say what is known to do nothing, or the same in process; whatever stands in no list is not usual.
"""

from __future__ import annotations

import logging
import os
from operator import attrgetter
from typing import Any

import moto.settings
from botocore.history import get_global_history_recorder
from botocore.hooks import EventAliaser, HierarchicalEmitter
from botocore.serialize import JSONSerializer, QuerySerializer
from botocore.validate import ParamValidationDecorator
from moto.core.config import default_user_config
from moto.core.responses import BaseResponse
from moto.moto_api import recorder

from labkit.aws.clients import ACCESS_KEY

# Handlers that only look at a request, or at an answer that is an error. By their full names: "botocore." is no
# sign that a handler is harmless, for botocore's own Stubber answers in the service's place.
PASSED = {
    "botocore.handlers._handle_sqs_compatible_error",
    "botocore.handlers._set_auth_scheme_preference_signer",
    "botocore.handlers.add_recursion_detection_header",
    "botocore.handlers.add_retry_headers",
    "botocore.handlers.inject_api_version_header_if_needed",
    "botocore.handlers.set_operation_specific_signer",
    "botocore.retries.standard.MaxAttemptsSeeder.seed_max_attempts",
    "botocore.retries.standard.RetryHandler.needs_retry",
    "botocore.signers.RequestSigner.handler",
    "botocore.useragent.UserAgentString.rebuild_and_replace_user_agent_handler",
    "labkit.aws.clients.use_account.<locals>.add_account",
}
# Objects that are handlers, by their class: moto's, which labs switch off.
PASSED_OBJECTS = {
    "moto.core.botocore_stubber.BotocoreStubber",
}
# Handlers that are called in process too.
KEPT = {
    "boto3.dynamodb.transform.TransformationInjector.inject_attribute_value_input",
    "boto3.dynamodb.transform.TransformationInjector.inject_attribute_value_output",
    "boto3.dynamodb.transform.TransformationInjector.inject_condition_expressions",
    "boto3.dynamodb.transform.copy_dynamodb_params",
    "botocore.retries.standard.RetryQuotaChecker.release_retry_quota",
}
# Kept only where the operation's model has something for them.
KEPT_FOR = {
    "botocore.handlers.generate_idempotent_uuid": lambda model: model.idempotent_members,
    "botocore.handlers._handle_request_validation_mode_member": lambda model: model.http_checksum,
    "botocore.discovery.block_endpoint_discovery_required_operations": lambda model: (
        model.endpoint_discovery or {}
    ).get("required"),
}
SIGNATURE = "v4"
# The protocols whose ways are known, with what writes a request in each.
SERIALIZERS = {"json": JSONSerializer, "query": QuerySerializer}
BEFORE = ("provide-client-params", "before-parameter-build")
BETWEEN = ("before-endpoint-resolution", "before-call", "request-created", "choose-signer", "before-sign",
           "before-send", "response-received", "before-parse", "needs-retry", "after-call-error")  # fmt: skip
AFTER = ("after-call",)
# Where botocore and moto write what a request looks like, for who has asked for it.
HISTORY = get_global_history_recorder()
BOTOCORE = logging.getLogger("botocore")
LOGGERS = [
    logging.getLogger(f"botocore.{name}")
    for name in ("auth", "client", "endpoint", "handlers", "hooks", "httpsession", "parsers", "regions",
                 "retries.standard", "retryhandler", "utils")
]  # fmt: skip

_own_level = attrgetter("level")


class Unusual(Exception):
    """Something on the way of a call that only the way over HTTP meets."""


def emitter(client: Any) -> HierarchicalEmitter:
    """The registry of a client's handlers. It begins a new lookup cache at each change: so one sees it."""
    events = client.meta.events
    inner = events._emitter if type(events) is EventAliaser else None
    if type(inner) is not HierarchicalEmitter:
        raise Unusual
    return inner


def kept(client: Any, model: Any, moments: tuple[str, ...]) -> list[tuple[Any, str]]:
    """The handlers of an operation at these moments that do something, with the event's name. Raises `Unusual`."""
    found = []
    for moment in moments:
        event = f"{moment}.{model.service_model.service_id.hyphenize()}.{model.name}"
        for handler in emitter(client)._handlers.prefix_search(event):
            name = _name(handler)
            needed = KEPT_FOR.get(name, lambda model, name=name: name in KEPT)
            if needed(model):
                found.append((handler, event))
            elif name not in PASSED and name not in KEPT_FOR and _name(type(handler)) not in PASSED_OBJECTS:
                raise Unusual
    return found


def _name(handler: Any) -> str:
    return f"{getattr(handler, '__module__', '')}.{getattr(handler, '__qualname__', '')}"


def check_client(client: Any) -> None:
    """Raise `Unusual` for a client that asks for more than the lab's own options, or is who IAM knows."""
    config, resolver = client.meta.config, client._ruleset_resolver
    builtins = {builtin.value: value for builtin, value in resolver._builtins.items()} if resolver else {}
    if (
        type(client._serializer) is not ParamValidationDecorator
        or type(client._serializer._serializer) is not SERIALIZERS.get(client.meta.service_model.resolved_protocol)
        or builtins.get("AWS::UseFIPS") is not False
        or builtins.get("AWS::UseDualStack") is not False
        or builtins.get("SDK::Endpoint", "") is not None
        or config.signature_version != SIGNATURE
        or BaseResponse.region_from_useragent_regex.search(client._user_agent_creator.to_string())
        or config.retries != {"mode": "standard"}
        or getattr(client._request_signer._credentials, "access_key", None) != ACCESS_KEY
        or client._request_signer._credentials.account_id is not None
    ):
        raise Unusual


def content_type(client: Any) -> str:
    """How moto calls the body of an answer in the protocol of this client."""
    service = client.meta.service_model
    if service.resolved_protocol == "query":
        return "text/xml"
    return f"application/x-amz-json-{service.metadata['jsonVersion']}"


def address(client: Any, model: Any) -> str:
    """Where an operation's requests go whose parameters name no other place. Raises `Unusual`."""
    service = client.meta.service_model
    others = map(service.operation_model, service.operation_names)
    # What looks for a place inside its parameters can't be asked without any; its neighbours are sent there too.
    plain = next((one for one in (model, *others) if not one.operation_context_parameters), None)
    found: str = "" if plain is None else client._resolve_endpoint_ruleset(plain, {}, {})[0]
    if not found.startswith("https://"):
        raise Unusual
    return f"{found}/"


def is_process_usual() -> bool:
    """Whether nobody records, logs or stops the process's requests now."""
    core = default_user_config["core"]
    return not (
        "MOTO_ACCOUNT_ID" in os.environ
        or recorder._user_enabled
        or HISTORY._enabled
        or float("inf") != moto.settings.INITIAL_NO_AUTH_ACTION_COUNT
        or core["service_whitelist"] is not None
        or core["passthrough"]["services"]
        or core["passthrough"]["urls"]
        or BOTOCORE.isEnabledFor(logging.DEBUG)
        or any(map(_own_level, LOGGERS))
    )
