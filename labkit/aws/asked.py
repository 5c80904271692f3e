"""One call as a service sees it, whichever door it came through: in process or over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from labkit.aws.records import Records

Given = dict[str, Any]


class Asked(NamedTuple):
    """Who asks for what: `given` holds the parameters as the wire carries them, `address` is where they were sent.

    Not `signed` is a link that anybody may open, such as one in a message of SNS.
    """

    operation: str
    account: str
    region: str
    given: Given
    address: str
    signed: bool = True


# What answers one operation: AWS's own shape, or an error of moto's that says how AWS refuses.
Answering = Callable[["Records", Asked], Given]
