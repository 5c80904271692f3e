"""Whatever a learner types wrong gets one sentence that says what to do, as a LabError that shows no traceback."""

from datetime import UTC, datetime, timedelta

import pytest

import labkit
from labkit import Faults, Lab, LabError
from labkit.aws.process import process


def refusal(work) -> str:
    with pytest.raises(LabError) as refused:
        work()
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert LabError._labkit_plain_
    return sentence


OPTIONS = {
    "seed": ["7", 7.0, None, True],
    "start": [datetime(2026, 1, 1), "2026-01-01", 0, None],
    "faults": ["documented", True, Faults],
    "rules": [[], {"sqs": "StandardQueue"}, {"sqss": object}, "sqs"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in OPTIONS.items() for value in values])
def test_a_wrong_option_of_a_lab_is_refused(name, value):
    """The sentence repeats what was typed and gives an example; no lab is open afterwards."""
    assert refusal(lambda: Lab(**{name: value})).startswith(f"Lab({name}={value!r}): give ")
    assert process.lab is None


@pytest.mark.parametrize("latency", ["fast", -1, "-10 ms", None, [], timedelta(seconds=-1)])
def test_a_wrong_latency_is_refused(latency):
    """As every length of time is."""
    assert "give a length" in (said := refusal(lambda: Lab(latency=latency))) or "write" in said


@pytest.mark.parametrize("service", ["sqss", "SQS", "simple queue service", "", "sqs ", None, 5, b"sqs", "ssq"])
def test_a_wrong_service_name_is_refused_with_the_nearest(lab, service):
    """lab.client and boto3.client alike."""
    said = refusal(lambda: lab.client(service))
    assert said.startswith(f"boto3 knows no AWS service called {service!r}")
    assert said.endswith('write for example lab.client("sqs").')
    if isinstance(service, str) and len(service) in (3, 4):
        assert "did you mean" in said


@pytest.mark.parametrize("account", ["123", 123456789012, "12345678901a", "", "1234567890123", ["1"]])
def test_a_wrong_account_is_refused(lab, account):
    """Twelve digits as text."""
    assert refusal(lambda: lab.client("sqs", account=account)).startswith(
        f"lab.client(account={account!r}): give an account id of 12 digits as text"
    )


@pytest.mark.parametrize("region", ["mars", "", 1, "us-east-1a", "US-EAST-1", "mars-north-1"])
def test_a_wrong_region_is_refused(lab, region):
    """The name of a region that AWS has."""
    assert refusal(lambda: lab.client("sqs", region=region)).startswith(f"lab.client(region={region!r}): give ")


@pytest.mark.parametrize("by", [-1, "-31 s", timedelta(days=-1)])
def test_time_never_goes_back(lab, by):
    """A negative length is refused."""
    assert "Time only moves forward" in refusal(lambda: lab.clock.advance(by))


@pytest.mark.parametrize(
    "by", ["soon", "", None, [], "5 apples", "s", "1 s 2", object, 1e99, float("nan"), True, "five s"]
)
def test_a_length_that_cannot_be_read_is_refused(lab, by):
    """With four examples."""
    assert 'write "31 s", "5 min", "2 h", "14 days", a number of seconds or a timedelta' in refusal(
        lambda: lab.clock.advance(by)
    )


def test_every_use_of_a_closed_lab_is_refused():
    """And says which cell to run again."""
    lab = Lab()
    lab.close()
    for use in (lab.run, lambda: lab.client("sqs"), lambda: lab.start(print), lambda: lab.clock.advance(1)):
        assert "This lab is closed: run the cell with Lab(...) again" in refusal(use)


def test_an_unknown_message_is_refused(lab):
    """The passport says where ids come from."""
    assert "No message with the id 'order-1' was sent in this lab" in refusal(lambda: lab.passport("order-1"))


@pytest.mark.parametrize("message", [None, 5, ["x"]])
def test_a_message_id_that_is_no_text_is_refused(lab, message):
    """The same sentence."""
    assert "No message with the id" in refusal(lambda: lab.passport(message))


def test_a_name_that_labkit_does_not_have_is_an_attribute_error():
    """Python's own kind of error, with all names that there are."""
    with pytest.raises(AttributeError, match=r"labkit has no 'Labb'; it has .*Lab, LabError"):
        _ = labkit.Labb
    assert set(dir(labkit)) >= {"Faults", "Lab", "LabError"}


@pytest.mark.parametrize("rate", [-0.1, 2, "often", None])
def test_a_wrong_fault_rate_is_refused(rate):
    """With the range."""
    with pytest.raises(ValueError, match="give a rate from 0"):
        Faults(duplicate=rate)


def test_an_instant_in_the_past_is_refused(lab):
    """The sentence shows both instants."""
    said = refusal(lambda: lab.run(until=datetime(2025, 12, 31, tzinfo=UTC)))
    assert (
        said
        == "It is already 2026-01-01 00:00:00+00:00 in this lab, after 2025-12-31 00:00:00+00:00: give a later instant."
    )
