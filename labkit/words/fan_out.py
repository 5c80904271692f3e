"""Sentences in and under the picture of a published message."""

from labkit.causes import Step

TITLE = "{name}, published to topic {topic}"
TITLE_DIRECT = "{name}, published to {protocol} {endpoint}"
NO_TOPIC = "SNS, no topic"
GUIDE = "At the left the topic, in the middle one row a subscription, at the right the copy and where it is now. Solid line with a filled circle: delivered. Dotted line with a square: a filter policy kept it back. Dashed line with a hollow circle: the last try failed, and another one comes. Long dashes with a triangle: moved to the subscription's dead-letter queue. Thin line with a cross: discarded."
GUIDE_REPLAY = "Dashes and dots with a filled triangle: delivered from the topic's archive. Short dashes with a diamond: held back, because a replay with an end has paused the subscription."
TOPIC = "topic {topic}"
NOBODY = "no subscriber"
ROW = "{endpoint}: {what}, at {at}"
ROW_TRIES = "{endpoint}: {what}, at {at}, after {tries} tries"
BECAUSE = "{row} ({reason})"
COPY_NOW = "{row}; the copy is {copy}"
COUNTS = "{number} subscriptions: {parts}."
COUNT = "1 subscription: {parts}."
PART = "{number} {what}"
NOT_AN_ID = "{picture} draws a published message: write {picture}(lab, message_id) with the MessageId that Publish answered, not {given!r}."
NO_FAN_OUT = "The message {given!r} was sent to a queue, not published: lab.passport(message_id) draws its life."
ENDS = {
    Step.FILTERED: "filtered out",
    Step.DELIVERED: "delivered",
    Step.REPLAYED: "replayed",
    Step.PAUSED: "paused",
    Step.RETRIED: "failed, to be tried again",
    Step.DEAD_LETTERED: "dead-lettered",
    Step.DISCARDED: "discarded",
}
