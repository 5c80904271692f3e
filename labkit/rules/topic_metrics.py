"""The metrics that SNS publishes about a topic each minute."""

from __future__ import annotations

from labkit.causes import Filtering
from labkit.rules.counted import Counted

PUBLISHED, SIZE = "NumberOfMessagesPublished", "PublishSize"
DELIVERED, FAILED = "NumberOfNotificationsDelivered", "NumberOfNotificationsFailed"
REPLAYED, REPLAY_FAILED = "NumberOfReplayedNotificationsDelivered", "NumberOfReplayedNotificationsFailed"
REDRIVEN, NOT_REDRIVEN = "NumberOfNotificationsRedrivenToDlq", "NumberOfNotificationsFailedToRedriveToDlq"
FILTERED = "NumberOfNotificationsFilteredOut"
# Open: whether what has no attributes, or invalid ones, counts in the first metric too, as it does here.
FILTERED_BY = {
    Filtering.ATTRIBUTES: f"{FILTERED}-MessageAttributes",
    Filtering.NO_ATTRIBUTES: f"{FILTERED}-NoMessageAttributes",
    Filtering.INVALID_ATTRIBUTES: f"{FILTERED}-InvalidAttributes",
    Filtering.BODY: f"{FILTERED}-MessageBody",
    Filtering.INVALID_BODY: f"{FILTERED}-InvalidMessageBody",
}
COUNTS = (
    *(PUBLISHED, DELIVERED, FAILED, REDRIVEN, NOT_REDRIVEN, REPLAYED, REPLAY_FAILED),
    *(FILTERED, *FILTERED_BY.values()),
)
UNITS = dict.fromkeys(COUNTS, "Count") | {SIZE: "Bytes"}


class TopicMetrics(Counted):
    """What SNS publishes of one topic: nothing for a minute in which nothing happened. [topic-metrics]"""

    def __init__(self) -> None:
        super().__init__(UNITS, sizes=[SIZE])
