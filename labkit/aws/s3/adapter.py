"""The S3 adapter: event notifications are checked, written and delivered as S3 does it; all else is moto's."""

from __future__ import annotations

from typing import Any

from labkit.aws.adapter import Adapter, Replacement
from labkit.causes import Result


class S3Adapter(Adapter):
    """See `Adapter` for the methods. moto's S3 is imported with the first client."""

    needed_by = frozenset({"s3", "cloudformation"})

    def replacements(self) -> list[Replacement]:
        """What a bucket is told of its destinations, and how it tells them."""
        from moto.s3 import notifications
        from moto.s3.models import FakeBucket
        from moto.s3.responses import S3Response

        from labkit.aws.s3 import events

        return [
            (FakeBucket, "set_notification_configuration", events.set_configuration),
            (S3Response, "_notification_config_from_body", events.read_configuration),
            (notifications, "send_event", events.send),
        ]

    def describe(
        self, operation: str, parameters: dict[str, Any], answer: dict[str, Any]
    ) -> tuple[str, Result | None, list[str]]:
        """A call by its bucket and key."""
        named = [str(parameters[name]) for name in ("Bucket", "Key") if name in parameters]
        return "/".join(named), None, []
