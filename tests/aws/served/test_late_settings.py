"""A served lab's changed settings arrive in its own real time."""

from labkit import Faults
from tests.aws.served.in_process import served
from tests.patience import wait_until

LATE = Faults(late_settings=1)
FAST = 600  # a minute of the lab in a tenth of a second


def shown(sqs, name):
    return sqs("GetQueueAttributes", QueueUrl=sqs.url, AttributeNames=[name])["Attributes"][name]


def test_a_changed_setting_arrives_by_itself():
    with served(faults=LATE, speed=FAST) as (lab, sqs):
        begun = lab.scheduler.now
        sqs("SetQueueAttributes", QueueUrl=sqs.url, Attributes={"VisibilityTimeout": "5"})
        wait_until(lambda: shown(sqs, "VisibilityTimeout") == "5", "the new timeout")
        assert lab.scheduler.now > begun
