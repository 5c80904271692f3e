"""lab.again: a fresh lab with the same options."""

from datetime import UTC, datetime

from labkit import Faults, Lab


def options(lab):
    return (lab.seed, lab.history.start, lab.latency, lab.faults, lab.rules)


def test_again_opens_an_empty_lab_with_the_same_options_at_the_same_start():
    """Whatever happened in the first one."""
    start = datetime(2027, 5, 6, tzinfo=UTC)
    with Lab(seed=3, start=start, latency="20 ms", faults=Faults(sample=0.5)) as lab:
        lab.client("sqs").create_queue(QueueName="orders")
        lab.clock.advance("1 h")
        with lab.again() as fresh:
            assert options(fresh) == options(lab)
            assert fresh.clock.now() == start
            assert fresh.client("sqs").list_queues().get("QueueUrls") is None
        assert lab.clock.now() == datetime(2027, 5, 6, 1, tzinfo=UTC)
        assert len(lab.client("sqs").list_queues()["QueueUrls"]) == 1


def test_again_takes_changes():
    """One option replaced, all others kept."""
    with Lab(seed=3, latency="20 ms") as lab, lab.again(seed=4) as other:
        assert (other.seed, other.latency) == (4, lab.latency)


def test_a_closed_lab_can_be_had_again():
    """Its options outlive it."""
    with Lab(seed=3) as lab:
        pass
    with lab.again() as fresh:
        assert fresh.seed == 3
