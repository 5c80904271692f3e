"""Which endpoints a lab may use; nothing here reaches the network."""

import boto3
import pytest

from labkit import Lab, LabError
from labkit.aws.endpoint.address import reach


@pytest.mark.parametrize("given", ["127.0.0.1:4566", "sqs", "", 4566, "ftp://127.0.0.1"])
def test_what_is_no_address_is_refused(given):
    with pytest.raises(LabError, match="give an address"):
        Lab(endpoint=given)


def test_another_machine_needs_an_account_that_is_named():
    with pytest.raises(LabError, match=r"may cost somebody money.*access=boto3.Session"):
        Lab(endpoint="https://sqs.us-east-1.amazonaws.com")


def test_credentials_are_given_as_a_session_that_has_some(monkeypatch):
    with pytest.raises(LabError, match="not tuple"):
        reach("https://sqs.us-east-1.amazonaws.com", ("AKIA", "secret"))
    monkeypatch.setattr(boto3.Session, "get_credentials", lambda session: None)
    with pytest.raises(LabError, match="no credentials or no region"):
        reach("https://sqs.us-east-1.amazonaws.com", boto3.Session(region_name="us-east-1"))


def test_elsewhere_the_credentials_are_those_that_were_given():
    session = boto3.Session("KEY", "secret", region_name="eu-west-1")
    endpoint = reach("https://sqs.eu-west-1.amazonaws.com/", session)
    assert endpoint.credentials["aws_access_key_id"] == "KEY"
    assert (endpoint.url, endpoint.region, endpoint.on_this_machine) == (
        "https://sqs.eu-west-1.amazonaws.com", "eu-west-1", False,
    )  # fmt: skip


def test_an_endpoint_that_does_not_answer_says_what_to_start():
    with pytest.raises(LabError, match=r"Nothing answers at http://127.0.0.1:1 .*start `labkit serve`"):
        Lab(endpoint="http://127.0.0.1:1")


def test_access_without_an_endpoint_is_refused():
    with pytest.raises(LabError, match="goes with endpoint="):
        Lab(access=boto3.Session())
