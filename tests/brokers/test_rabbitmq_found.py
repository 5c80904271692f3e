"""Which RabbitMQ of a machine is used, and what it is told when it starts."""

import json
import stat

import pytest

from labkit import LabError
from labkit.brokers import rabbitmq_found, rabbitmq_settings
from labkit.brokers.engines import why_not
from labkit.brokers.rabbitmq import RabbitMQ
from labkit.brokers.rabbitmq_found import installed
from labkit.brokers.rabbitmq_settings import Installed, NodeSettings, Ports
from tests.brokers.rabbits import HOST, USERS

PLAIN = NodeSettings(("rabbit1@localhost",), USERS, (), "classic", "cookie", 4369)
CLUSTER = PLAIN._replace(names=tuple(f"rabbit{n}@localhost" for n in (1, 2, 3)), hosts=(HOST,), queue_type="quorum")


def program(path):
    """An empty file that may be run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o755)
    return path


def rabbitmq(home, version):
    """The files by which a RabbitMQ is recognised."""
    for name in (f"rabbit-{version}/it", "rabbit_common-9.9/it"):
        program(home / "plugins" / name)
    return program(home / "sbin/rabbitmq-server")


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    """A machine without RabbitMQ."""
    monkeypatch.setattr(rabbitmq_found, "DEBIAN", tmp_path / "usr/lib/rabbitmq")
    monkeypatch.setattr(rabbitmq_found, "PROGRAMS", "")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    return tmp_path


def test_without_one_the_learner_is_told_how_to_get_it(nowhere):
    assert "apt install rabbitmq-server" in why_not("rabbitmq")
    with pytest.raises(LabError, match="apt install rabbitmq-server"):
        RabbitMQ("orders", USERS)


def test_condas_comes_before_debians(nowhere, monkeypatch):
    rabbitmq(nowhere / "usr/lib/rabbitmq/lib/rabbitmq_server-3.10.8", "3.10.8")
    program(nowhere / "bin/epmd")
    script = rabbitmq(nowhere / "conda/lib/rabbitmq", "4.2.4")
    epmd = program(nowhere / "conda/lib/erlang/erts-15.2/bin/epmd")
    assert installed().version == "3.10.8"
    monkeypatch.setenv("CONDA_PREFIX", str(nowhere / "conda"))
    monkeypatch.setenv("PATH", "")
    assert installed()[:3] == (script, epmd, "4.2.4")


def test_debians_script_is_taken_from_its_library_and_its_wrapper_is_not(nowhere, monkeypatch):
    program(nowhere / "bin/epmd")
    wrapper = program(nowhere / "usr/lib/rabbitmq/bin/rabbitmq-script-wrapper")
    (nowhere / "bin/rabbitmq-server").symlink_to(wrapper)
    assert "apt install rabbitmq-server" in why_not("rabbitmq"), "the wrapper alone refuses everybody but root"
    script = rabbitmq(nowhere / "usr/lib/rabbitmq/lib/rabbitmq_server-3.10.8", "3.10.8")
    assert (installed().server, installed().version) == (script, "3.10.8")


def test_one_on_the_path_is_found_through_its_link(nowhere):
    program(nowhere / "bin/epmd")
    (nowhere / "bin/rabbitmq-server").symlink_to(rabbitmq(nowhere / "opt/rabbitmq/4.1", "4.1.0"))
    assert installed().version == "4.1.0"


def test_without_erlangs_port_mapper_the_learner_is_told(nowhere):
    rabbitmq(nowhere / "usr/lib/rabbitmq", "4.2.4")
    with pytest.raises(LabError, match="epmd"):
        installed()


def test_two_nodes_are_refused():
    with pytest.raises(LabError, match="1 or 3 nodes, not 2"):
        RabbitMQ("orders", USERS, nodes=2)


def written(folder, settings):
    rabbitmq_settings.write(folder, Ports(20001, 20002, 20003), settings)
    return (folder / "rabbitmq.conf").read_text()


def test_a_broker_in_the_cellar_listens_without_tls_on_loopback_alone(tmp_path):
    text = written(tmp_path, PLAIN)
    assert "listeners.tcp.1 = 127.0.0.1:20001" in text
    assert "listeners.ssl = none" in text
    assert "management.tcp.ip = 127.0.0.1" in text


def test_as_on_amazon_mq_there_is_tls_and_nothing_else(tmp_path):
    text = written(tmp_path, CLUSTER)
    assert "listeners.tcp = none" in text
    assert "listeners.ssl.1 = 127.0.0.1:20001" in text
    assert "management.tcp" not in text
    assert [line.split(" = ")[1] for line in text.splitlines() if ".classic_config.nodes." in line] == list(
        CLUSTER.names
    )


def test_no_password_is_in_any_file_and_the_cookie_is_this_users_alone(tmp_path):
    written(tmp_path, CLUSTER)
    (password,) = USERS.values()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 5
    assert not any(password.encode() in path.read_bytes() for path in files)
    assert stat.S_IMODE((tmp_path / ".erlang.cookie").stat().st_mode) == 0o400
    (host,) = json.loads((tmp_path / "definitions.json").read_text())["vhosts"]
    assert host["metadata"] == {"default_queue_type": "quorum"}


def test_nothing_of_the_learners_own_rabbitmq_reaches_a_node(monkeypatch, tmp_path):
    monkeypatch.setenv("RABBITMQ_NODENAME", "production")
    monkeypatch.setenv("ERL_FLAGS", "-setcookie production")
    found = Installed(tmp_path / "server", tmp_path / "epmd", "4.2.4", "/bin")
    environment = rabbitmq_settings.environment("rabbit1@localhost", tmp_path, Ports(1, 2, 3), PLAIN, found)
    assert "production" not in "".join(environment.values())
    assert environment["ERL_ZFLAGS"] == "-start_epmd false", "a daemon epmd would stay for ever"
