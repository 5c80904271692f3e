"""Groups through plain boto3: instances take time, protection holds, and what runs on an instance ends with it."""

import time

import pytest
from botocore.exceptions import ClientError

from labkit import LabError
from tests.aws.monitored import START, create_group, group, instances


def refused(method, **parameters):
    with pytest.raises(ClientError) as failure:
        method(**parameters)
    return failure.value.response["Error"]["Code"], failure.value.response["Error"]["Message"]


def set_desired(autoscaling, number):
    autoscaling.set_desired_capacity(AutoScalingGroupName="workers", DesiredCapacity=number)


def protect(autoscaling, ids, protected=True):
    autoscaling.set_instance_protection(AutoScalingGroupName="workers", InstanceIds=ids, ProtectedFromScaleIn=protected)


def test_an_instance_is_in_service_a_minute_after_its_launch(lab):
    autoscaling = create_group(lab)
    lab.clock.advance("59 s")
    assert (len(instances(autoscaling, "Pending")), instances(autoscaling)) == (2, [])
    lab.clock.advance("1 s")
    assert len(instances(autoscaling)) == 2


def test_the_activities_tell_each_launch_and_termination(lab):
    autoscaling = create_group(lab, desired=1)
    lab.clock.advance("5 min")
    set_desired(autoscaling, 0)
    down, up = autoscaling.describe_scaling_activities(AutoScalingGroupName="workers")["Activities"]
    assert (up["StatusCode"], (up["EndTime"] - up["StartTime"]).seconds) == ("Successful", 60)
    assert "a user request created an AutoScalingGroup changing the desired capacity from 0 to 1." in up["Cause"]
    assert (
        "a user request explicitly set group desired capacity changing the desired capacity from 1 to 0."
        in (down["Cause"])
    )
    assert "shrinking the capacity from 1 to 0." in down["Cause"]


def test_the_desired_capacity_stays_within_the_sizes_of_the_group(lab):
    autoscaling = create_group(lab, least=1, most=4)
    given = {"AutoScalingGroupName": "workers"}
    assert refused(autoscaling.set_desired_capacity, **given, DesiredCapacity=5) == (
        "ValidationError",
        "New SetDesiredCapacity value 5 is above max value 4 for the AutoScalingGroup.",
    )
    assert refused(autoscaling.set_desired_capacity, **given, DesiredCapacity=0)[1].startswith(
        "New SetDesiredCapacity value 0 is below min value 1"
    )
    assert refused(autoscaling.update_auto_scaling_group, **given, DesiredCapacity=9)[0] == "ValidationError"
    with pytest.raises(ClientError, match="between the specified min size:2 and max size:3"):
        create_group(lab, "others", least=2, most=3, desired=1)


def test_a_protected_instance_survives_until_its_protection_ends(lab):
    autoscaling = create_group(lab)
    lab.clock.advance("1 min")
    busy, _ = instances(autoscaling)
    protect(autoscaling, [busy])
    set_desired(autoscaling, 0)
    assert instances(autoscaling) == [busy]
    assert group(autoscaling)["DesiredCapacity"] == 0
    failed = autoscaling.describe_scaling_activities(AutoScalingGroupName="workers")["Activities"]
    assert "protected from scale-in" in next(one for one in failed if one["StatusCode"] == "Failed")["StatusMessage"]
    protect(autoscaling, [busy], False)
    assert instances(autoscaling) == []


def test_an_instance_terminated_by_hand_is_replaced(lab):
    autoscaling = create_group(lab)
    lab.clock.advance("1 min")
    gone, stays = instances(autoscaling)
    lab.client("ec2").terminate_instances(InstanceIds=[gone])
    lab.clock.advance("1 min")
    there = instances(autoscaling)
    assert len(there) == 2
    assert stays in there
    assert gone not in there


def test_a_group_with_instances_is_deleted_only_by_force(lab):
    autoscaling = create_group(lab)
    code, _ = refused(autoscaling.delete_auto_scaling_group, AutoScalingGroupName="workers")
    assert code == "ResourceInUse"
    autoscaling.delete_auto_scaling_group(AutoScalingGroupName="workers", ForceDelete=True)
    assert autoscaling.describe_auto_scaling_groups()["AutoScalingGroups"] == []
    states = [
        instance["State"]["Name"]
        for reservation in lab.client("ec2").describe_instances()["Reservations"]
        for instance in reservation["Instances"]
    ]
    assert set(states) == {"terminated"}


# What runs on an instance


def test_each_instance_runs_the_worker_under_its_own_id(lab, log):
    autoscaling = create_group(lab)

    def worker(instance):
        log.append((instance, time.time() - START.timestamp()))

    lab.start_on("workers", worker, boot="20 s")
    lab.run()
    assert log == [(instance, 20) for instance in instances(autoscaling)]


def test_a_worker_given_later_runs_on_the_instances_that_are_there(lab, log):
    create_group(lab)
    lab.clock.advance("5 min")
    lab.start_on("workers", lambda: log.append(time.time() - START.timestamp()))
    lab.run()
    assert log == [300, 300]


def test_a_terminated_instance_stops_in_the_middle_and_its_message_comes_back(lab, sqs, orders, log):
    autoscaling = create_group(lab, desired=1)

    def worker(instance):
        while True:
            for message in sqs.receive_message(QueueUrl=orders, WaitTimeSeconds=20).get("Messages", []):
                time.sleep(20)
                log.append(instance)
                sqs.delete_message(QueueUrl=orders, ReceiptHandle=message["ReceiptHandle"])

    lab.start_on("workers", worker)
    sent = sqs.send_message(QueueUrl=orders, MessageBody="order-1")["MessageId"]
    lab.clock.advance("70 s")
    (first,) = instances(autoscaling)
    set_desired(autoscaling, 0)
    lab.clock.advance("30 s")
    set_desired(autoscaling, 1)
    lab.clock.advance("5 min")
    (second,) = instances(autoscaling)
    assert log == [second] != [first]
    states = [change.after for change in lab.history.changes() if change.message == sent]
    assert states == ["visible", "in flight", "visible", "in flight", "deleted"]


def test_an_instance_may_terminate_itself(lab, log):
    autoscaling = create_group(lab, desired=1)

    def worker(instance):
        autoscaling.terminate_instance_in_auto_scaling_group(InstanceId=instance, ShouldDecrementDesiredCapacity=True)
        log.append("asked")
        time.sleep(1)
        log.append("never")

    lab.start_on("workers", worker)
    lab.run("5 min")
    assert log == ["asked"]
    assert group(autoscaling)["Instances"] == []


def test_a_failing_worker_stops_the_run_with_its_own_error(lab):
    create_group(lab, desired=1)

    def worker():
        raise ValueError("no such order")

    lab.start_on("workers", worker)
    with pytest.raises(ValueError, match="no such order"):
        lab.run("5 min")


def test_a_group_that_is_not_there_gets_one_sentence(lab):
    lab.client("autoscaling")
    with pytest.raises(LabError, match="no Auto Scaling group called 'workers'"):
        lab.start_on("workers", print)


@pytest.mark.parametrize("worker", [None, 3, lambda one, two: None])
def test_what_is_no_worker_gets_one_sentence(lab, worker):
    create_group(lab)
    with pytest.raises(LabError):
        lab.start_on("workers", worker)


def test_closing_ends_the_workers(lab, sqs, orders):
    create_group(lab)
    lab.start_on("workers", lambda: time.sleep(1_000_000))
    lab.clock.advance("2 min")
    actors = list(lab.scheduler.actors)
    lab.close()
    assert [actor.state for actor in actors] == ["ended", "ended"]


def test_images_are_found_by_id_and_as_a_whole(lab):
    ec2 = lab.client("ec2")
    (image,) = ec2.describe_images(ImageIds=["ami-12c6146b"])["Images"]
    assert image["ImageId"] == "ami-12c6146b"
    assert len(ec2.describe_images(Owners=["amazon"])["Images"]) > 100


@pytest.mark.parametrize(
    ("method", "given"),
    [
        ("attach_instances", {"InstanceIds": ["i-1"]}),
        ("enter_standby", {"InstanceIds": ["i-1"], "ShouldDecrementDesiredCapacity": True}),
        ("set_instance_protection", {"InstanceIds": ["i-1"], "ProtectedFromScaleIn": True}),
        ("suspend_processes", {}),
        ("enable_metrics_collection", {"Granularity": "1Minute"}),
    ],
)
def test_a_group_that_is_not_there_is_refused_whatever_is_asked_of_it(lab, method, given):
    with pytest.raises(ClientError, match="AutoScalingGroup name not found") as refused:
        getattr(lab.client("autoscaling"), method)(AutoScalingGroupName="nobody", **given)
    assert refused.value.response["Error"]["Code"] == "ValidationError"
