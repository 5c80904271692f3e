"""The tags of a queue as AWS documents them, for CreateQueue and TagQueue alike."""

from __future__ import annotations

import re

from labkit.ledger import quota
from labkit.rules import Refused

INVALID = "InvalidParameterValue"
LONGEST_KEY = quota("sqs.queue_tags.key_length")
LONGEST_VALUE = quota("sqs.queue_tags.value_length")
MOST = quota("sqs.queue_tags.recommended_maximum")
RESERVED = "aws:"
# Letters and digits of any script, white space and these signs.
ALLOWED = re.compile(r"[\w\s.:/=+\-@]*")


def check(queue: str, tags: dict[str, str]) -> None:
    """Raise `Refused` for tags that a queue does not take. The wording about a value, signs and prefix is ours.

    AWS calls more than 50 tags not recommended; one call with more is refused, as in moto.
    """
    if len(tags) > MOST:
        raise Refused(INVALID, f"Too many tags added for queue {queue}.")
    for key, value in tags.items():
        if not 1 <= len(key) <= LONGEST_KEY:
            raise Refused(INVALID, f"Tag keys must be between 1 and {LONGEST_KEY} characters in length.")
        if len(value or "") > LONGEST_VALUE:
            raise Refused(INVALID, f"Tag values must be between 0 and {LONGEST_VALUE} characters in length.")
        for text in (key, value or ""):
            if text.startswith(RESERVED):
                raise Refused(INVALID, f"Tag keys and values must not start with the reserved prefix {RESERVED}")
            if not ALLOWED.fullmatch(text):
                signs = "can only include letters, digits, white space and _ . : / = + - @"
                raise Refused(INVALID, f"Tag keys and values {signs}")
