"""Why a message did not pass a filter policy: one sentence a key."""

from __future__ import annotations

from collections.abc import Sequence

from labkit.causes import Mismatch
from labkit.words import say

WHY = {
    Mismatch.MISSING: "{key}: the message has none",
    Mismatch.NOTHING_AT_ALL: "{key}: it may be missing, but the message has nothing at all to compare",
    Mismatch.IGNORED_TYPE: "{key}: SNS doesn't compare attributes of this type",
    Mismatch.MALFORMED: "{key}: its text is not what its type says",
    Mismatch.NOT_JSON: "{key}: the message body isn't JSON",
    Mismatch.NOT_AN_OBJECT: "{key}: the message body isn't a JSON object",
    Mismatch.NO_LEAF: "{key}: it is an object or an empty list, which has no value of its own",
    Mismatch.EMPTY: "{key}: it must have a value, and the message has {found}",
    Mismatch.PRESENT: "{key}: it must be missing, and the message has {found}",
    Mismatch.WRONG_TYPE: "{key}: the policy lists no value of the type of {found}",
    Mismatch.NOT_LISTED: "{key}: the policy does not list {found}",
    Mismatch.EXCLUDED: "{key}: the policy excludes {found}",
}


def why_not(why: Mismatch, key: str, found: Sequence[str]) -> str:
    """Return why a message did not match one key of a policy; `found` are the values that it has there."""
    return say(WHY[why], key=key, found=", ".join(found))
