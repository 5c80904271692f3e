"""The SNS adapter: which of moto's methods the rules replace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

from labkit.aws import over_http
from labkit.aws.adapter import Adapter, Replacement
from labkit.aws.asked import Answering, Asked, Given
from labkit.aws.records import Records
from labkit.causes import Accepted, Batch, Result


class SnsAdapter(Adapter):
    """Puts the rules of topics behind moto's SNS; see `Adapter` for the methods.

    moto's SNS is imported with the first client that can make a topic.
    """

    needed_by = frozenset({"sns", "cloudformation"})

    @property
    def answers(self) -> Mapping[str, Answering]:
        """Topics, subscriptions and what is published."""
        return _answers()

    def install(self, patches: ExitStack) -> None:
        """Replace moto's deliveries and validation."""
        import moto.core.errors

        from labkit.aws.sns import errors

        known = [*moto.core.errors.COMMON_ERROR_CODES, *errors.UNMODELLED]
        patches.enter_context(patch("moto.core.errors.COMMON_ERROR_CODES", known))
        super().install(patches)

    def replacements(self) -> list[Replacement]:
        """What callers ask of SNS, and what moto's other services do."""
        from moto.sns.models import SNSBackend, Subscription, Topic
        from moto.sns.responses import SNSResponse

        from labkit.aws.sns import publishing, subscriptions, topics

        return [
            *((SNSResponse, name, method) for name, method in over_http.methods(dict(_answers())).items()),
            (SNSBackend, "create_topic", topics.make),
            (SNSBackend, "subscribe", subscriptions.make_for_service),
            (Topic, "publish", publishing.publish_for_service),
            (Subscription, "publish", _unused),
        ]

    def describe(self, operation: str, parameters: Given, answer: Given) -> tuple[str, Result | None, list[str]]:
        """A call by the name of its topic, and the ids of what was published."""
        arn = parameters.get("TopicArn") or parameters.get("TargetArn") or answer.get("TopicArn") or ""
        named = str(arn).split(":")[5] if str(arn).count(":") >= 5 else str(parameters.get("Name", ""))
        entries = answer.get("Successful") or ([answer] if "MessageId" in answer else [])
        result: Result = Accepted()
        if operation == "PublishBatch":
            result = Batch(len(entries), len(answer.get("Failed", [])))
        return named, result, [one["MessageId"] for one in entries]


def _unused(*_: Any, **__: Any) -> None:
    raise RuntimeError("moto's Subscription.publish was reached, but the rules deliver")


def _answers() -> dict[str, Answering]:
    from labkit.aws.sns import access, listing, platforms, publishing, subscriptions, to_people, topics
    from labkit.aws.sns.errors import refusing

    functions: dict[str, Callable[[Records, Asked], Given]] = {
        "CreateTopic": topics.create_topic,
        "DeleteTopic": topics.delete_topic,
        "GetTopicAttributes": topics.get_topic_attributes,
        "SetTopicAttributes": topics.set_topic_attributes,
        "Subscribe": subscriptions.subscribe,
        "ConfirmSubscription": subscriptions.confirm_subscription,
        "Unsubscribe": subscriptions.unsubscribe,
        "ListSubscriptions": listing.list_subscriptions,
        "ListSubscriptionsByTopic": listing.list_subscriptions_by_topic,
        "GetSubscriptionAttributes": subscriptions.get_subscription_attributes,
        "SetSubscriptionAttributes": subscriptions.set_subscription_attributes,
        "AddPermission": access.add_permission,
        "RemovePermission": access.remove_permission,
        "CreatePlatformApplication": platforms.create_platform_application,
        "GetPlatformApplicationAttributes": platforms.get_platform_application_attributes,
        "SetPlatformApplicationAttributes": platforms.set_platform_application_attributes,
        "DeletePlatformApplication": platforms.delete_platform_application,
        "CreatePlatformEndpoint": platforms.create_platform_endpoint,
        "GetEndpointAttributes": platforms.get_endpoint_attributes,
        "SetEndpointAttributes": platforms.set_endpoint_attributes,
        "CheckIfPhoneNumberIsOptedOut": to_people.check_if_phone_number_is_opted_out,
        "ListPhoneNumbersOptedOut": to_people.list_phone_numbers_opted_out,
        "OptInPhoneNumber": to_people.opt_in_phone_number,
        "Publish": publishing.publish,
        "PublishBatch": publishing.publish_batch,
    }
    return {name: refusing(function) for name, function in functions.items()}
