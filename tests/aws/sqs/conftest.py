"""Both doors to SQS, for tests of what must come out the same through either."""

from contextlib import nullcontext

import pytest

from labkit.aws.door import door


@pytest.fixture(params=["in process", "over HTTP"])
def either_door(request):
    """The door that every call of the test takes; in process is where a call may be answered without a request."""
    with door.shut() if request.param == "over HTTP" else nullcontext():
        yield request.param
