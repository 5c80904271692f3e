"""What surrounds a lab - variables, profiles, files, proxies, older clients - stays outside, and nothing gets out."""

import os
import threading

import boto3
import botocore.httpsession
import botocore.session
import pytest
from botocore.config import Config

from labkit import Lab, LabError

TRAPS = {
    "AWS_ACCESS_KEY_ID": "AKIAREALREALREALREAL",
    "AWS_SECRET_ACCESS_KEY": "real",
    "AWS_SESSION_TOKEN": "real",
    "AWS_PROFILE": "production",
    "AWS_DEFAULT_PROFILE": "production",
    "AWS_REGION": "eu-west-1",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9/",
    "AWS_ENDPOINT_URL_SQS": "http://127.0.0.1:9/",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/real",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9/real",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere",
    "AWS_ROLE_ARN": "arn:aws:iam::999999999999:role/real",
    "AWS_CA_BUNDLE": "/nowhere.pem",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "AWS_USE_DUALSTACK_ENDPOINT": "true",
    "AWS_RETRY_MODE": "adaptive",
    "AWS_MAX_ATTEMPTS": "1",
    "AWS_DATA_PATH": "/nowhere",
    "AWS_SDK_UA_APP_ID": "real",
    "MOTO_ACCOUNT_ID": "999999999999",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "ALL_PROXY": "http://127.0.0.1:9",
}
FILES = {
    "config": """[default]
region = eu-west-1
endpoint_url = http://127.0.0.1:9/
retry_mode = adaptive
[profile production]
region = eu-west-1
endpoint_url = http://127.0.0.1:9/
role_arn = arn:aws:iam::999999999999:role/real
source_profile = default
""",
    "credentials": """[default]
aws_access_key_id = AKIAREALREALREALREAL
aws_secret_access_key = real
[production]
aws_access_key_id = AKIAREALREALREALREAL
aws_secret_access_key = real
""",
}


@pytest.fixture
def home_of_traps(tmp_path, monkeypatch):
    """A home folder with ~/.aws files that point elsewhere."""
    folder = tmp_path / ".aws"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("AWS_CONFIG_FILE", raising=False)
    monkeypatch.delenv("AWS_SHARED_CREDENTIALS_FILE", raising=False)


@pytest.fixture
def traps(home_of_traps, monkeypatch):
    """All of it at once."""
    for name, value in TRAPS.items():
        monkeypatch.setenv(name, value)


def first_call(client) -> tuple:
    """What a client is and answers."""
    got = client.create_queue(QueueName="orders")
    credentials = client._request_signer._credentials.get_frozen_credentials()
    return (
        got["QueueUrl"],
        got["ResponseMetadata"],
        client.meta.region_name,
        client.meta.endpoint_url,
        client.meta.config.retries,
        client.meta.config.proxies,
        credentials,
    )


def without_traps() -> tuple:
    with Lab() as lab:
        return first_call(lab.client("sqs"))


WAYS = {
    "lab.client": lambda lab: lab.client("sqs"),
    "boto3.client": lambda lab: boto3.client("sqs"),
    "Session": lambda lab: boto3.Session().client("sqs"),
    "Session of a profile": lambda lab: boto3.Session(profile_name="production").client("sqs"),
    "Session of a profile that does not exist": lambda lab: boto3.Session(profile_name="nobody").client("sqs"),
    "Session with real keys": lambda lab: boto3.Session("AKIAREAL", "real", "real").client("sqs"),
    "resource": lambda lab: boto3.resource("sqs").meta.client,
    "botocore": lambda lab: botocore.session.get_session().create_client("sqs"),
    "real keys": lambda lab: boto3.client("sqs", aws_access_key_id="AKIAREAL", aws_secret_access_key="real"),
    "proxies": lambda lab: boto3.client("sqs", config=Config(proxies={"https": "http://127.0.0.1:9"})),
}


@pytest.mark.parametrize("way", WAYS)
def test_no_variable_profile_file_or_proxy_changes_a_labs_client(way, traps):
    """Region, endpoint, retries, credentials and the whole answer are those of a clean machine."""
    with pytest.MonkeyPatch.context() as clean:
        for name in [*TRAPS, "HOME"]:
            clean.delenv(name)
        expected = without_traps()
    assert expected[2:4] == ("us-east-1", "https://sqs.us-east-1.amazonaws.com")
    with Lab() as lab:
        assert first_call(WAYS[way](lab)) == expected


@pytest.mark.parametrize("warm", [False, True], ids=["fresh", "configuration read before the lab"])
def test_a_session_made_before_the_lab_makes_clean_clients_in_it(home_of_traps, warm):
    """Also one that has read ~/.aws already; afterwards it has its own configuration back."""
    session = boto3.Session(profile_name="production") if warm else boto3.Session()
    if warm:
        assert session.region_name == "eu-west-1"
    before = dict(vars(session._session))
    expected = without_traps()
    with Lab():
        assert first_call(session.client("sqs")) == expected
    assert {name: vars(session._session)[name] for name in ("_config", "_profile_map", "_session_instance_vars")} == {
        name: before[name] for name in ("_config", "_profile_map", "_session_instance_vars")
    }
    assert boto3.Session(profile_name="production").region_name == "eu-west-1"


def test_a_region_that_the_learner_names_is_respected(lab):
    """By lab.client, by boto3 and by a session; each region has its own queues."""
    clients = [
        lab.client("sqs", region="eu-west-1"),
        boto3.client("sqs", region_name="eu-west-1"),
        boto3.Session(region_name="eu-west-1").client("sqs"),
    ]
    url = clients[0].create_queue(QueueName="orders")["QueueUrl"]
    assert [client.list_queues()["QueueUrls"] for client in clients] == [[url]] * 3
    assert "QueueUrls" not in lab.client("sqs").list_queues()


def test_each_account_has_its_own_queues(lab):
    """account= makes the calls come from there."""
    other = lab.client("sqs", account="111122223333")
    assert other.create_queue(QueueName="orders")["QueueUrl"].split("/")[-2] == "111122223333"
    assert "QueueUrls" not in lab.client("sqs").list_queues()
    assert lab.client("sts", account="111122223333").get_caller_identity()["Account"] == "111122223333"


def test_keys_that_the_labs_own_sts_gave_out_are_used(lab):
    """A role of another account is assumed: the client then works there, with long polls too."""
    role = "arn:aws:iam::111122223333:role/consumer"
    given = lab.client("sts").assume_role(RoleArn=role, RoleSessionName="consumer")["Credentials"]
    keys = {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }
    for make in (boto3.client, boto3.Session(**keys).client):
        there = make("sqs", **keys) if make is boto3.client else make("sqs")
        url = there.create_queue(QueueName="orders")["QueueUrl"]
        assert url.split("/")[-2] == "111122223333"
        there.receive_message(QueueUrl=url, WaitTimeSeconds=20)
    assert boto3.client("sts", **keys).get_caller_identity()["Arn"].endswith(":assumed-role/consumer/consumer")
    assert lab.clock.now().second == 40


def test_a_session_in_a_lab_knows_made_up_credentials_and_the_labs_region(traps):
    """What a program may ask of its session is not the machine's either."""
    with Lab() as lab:
        assert boto3.Session().get_credentials().access_key == "AKIAIOSFODNN7EXAMPLE"
        assert boto3.Session().region_name == lab.region
        assert boto3.Session().available_profiles == []


def test_the_learners_own_variables_outlive_the_lab(traps):
    """Only AWS's and moto's are set aside; they come back as they were."""
    before = dict(os.environ)
    with Lab():
        assert "AWS_PROFILE" not in os.environ
        os.environ["ORDERS_TABLE"] = "orders"
    assert os.environ.pop("ORDERS_TABLE") == "orders"
    assert dict(os.environ) == before


# Clients made elsewhere


def made_in_thread(make):
    made = []
    thread = threading.Thread(target=lambda: made.append(make()))
    thread.start()
    thread.join()
    return made[0]


EARLIER = {
    "boto3.client": lambda: boto3.client("sqs", region_name="us-east-1"),
    "Session": lambda: boto3.Session(region_name="us-east-1").client("sqs"),
    "resource": lambda: boto3.resource("sqs", region_name="us-east-1").meta.client,
    "in a thread": lambda: made_in_thread(lambda: boto3.client("sqs", region_name="us-east-1")),
}


@pytest.mark.parametrize("how", EARLIER)
def test_a_client_made_before_the_lab_is_refused_in_one_sentence(how):
    """It would have called the real AWS."""
    client = EARLIER[how]()
    with Lab(), pytest.raises(LabError, match=r"made before the lab was opened.*make it again"):
        client.list_queues()


def test_a_client_made_in_a_thread_during_the_lab_is_the_labs(lab):
    """Making it is fine, using it there is not."""
    client = made_in_thread(lambda: boto3.client("sqs"))
    assert client.list_queues()["ResponseMetadata"]["HTTPStatusCode"] == 200


@pytest.mark.parametrize("how", WAYS)
def test_a_labs_client_is_refused_after_close(how, home_of_traps):
    """However it was made, and also in the next lab."""
    lab = Lab()
    client = WAYS[how](lab)
    lab.close()
    for _ in range(2):
        with pytest.raises(LabError, match=r"belongs to a lab that is closed: run the cell"):
            client.list_queues()
    with Lab(), pytest.raises(LabError, match="belongs to a lab that is closed"):
        client.list_queues()
