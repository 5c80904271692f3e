"""The size of a fleet over time."""

import xml.etree.ElementTree as ElementTree

import pytest

from labkit import Lab, LabError, fleet_size
from labkit.pictures.fleet_size import sizes
from tests.aws.monitored import create_group, instances

MINUTE = 60_000_000


@pytest.fixture
def lab():
    with Lab(seed=7) as lab:
        yield lab


def test_the_words_tell_queue_and_group(lab):
    sqs = lab.client("sqs")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    autoscaling = create_group(lab, desired=2)
    for number in range(3):
        sqs.send_message(QueueUrl=url, MessageBody=f"order-{number}")
    lab.clock.advance("2 min")
    autoscaling.set_desired_capacity(AutoScalingGroupName="workers", DesiredCapacity=1)
    lab.clock.advance("2 min")
    assert str(fleet_size(lab)).splitlines() == [
        "Messages that wait, and instances that work.",
        "Lab time 0 s to 4 min.",
        "orders:",
        "visible: at most 3 (first at 0 s), 3 at the end",
        "  0 s 3, 30 s 3, 1 min 3, 1 min 30 s 3, 2 min 3, 2 min 30 s 3, 3 min 3, 3 min 30 s 3, 4 min 3",
        "workers:",
        "launched: at most 2 (first at 0 s), 1 at the end",
        "  0 s 2, 30 s 2, 1 min 2, 1 min 30 s 2, 2 min 1, 2 min 30 s 1, 3 min 1, 3 min 30 s 1, 4 min 1",
        "in service: at most 2 (first at 1 min), 1 at the end",
        "  0 s 0, 30 s 0, 1 min 2, 1 min 30 s 2, 2 min 1, 2 min 30 s 1, 3 min 1, 3 min 30 s 1, 4 min 1",
    ]


def test_the_last_numbers_are_those_of_the_group(lab):
    autoscaling = create_group(lab, desired=3)
    lab.clock.advance("1 min")
    lab.client("ec2").terminate_instances(InstanceIds=instances(autoscaling)[:2])
    ((launched, working),) = sizes(lab.history.calls(), lab.history.start).values()
    assert (launched[-1], working[-1]) == ((0, 3), (MINUTE, 1))
    assert (len(instances(autoscaling, "Pending")), len(instances(autoscaling))) == (2, 1)


def test_the_image_is_well_formed_and_names_its_lines(lab):
    create_group(lab)
    lab.clock.advance("2 min")
    picture = fleet_size(lab)
    ElementTree.fromstring(picture.svg)
    assert "in service 2" in picture.svg
    assert {trace["name"] for trace in picture.plotly["data"]} == {"launched", "in service"}


def test_without_a_group_there_is_nothing_to_draw(lab):
    assert str(fleet_size(lab)) == "There is nothing to draw: this lab has no Auto Scaling group yet."


def test_what_is_no_lab_gets_one_sentence():
    with pytest.raises(LabError, match="fleet_size"):
        fleet_size("orders")
