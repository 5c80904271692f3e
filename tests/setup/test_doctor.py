"""The doctor: finds what is right, what is missing and what is wrong, and says what to do about each."""

import json
import socket
from collections import namedtuple

import pytest

from labkit import doctor
from labkit.aws.endpoint.journal import EndpointJournal
from labkit.words import LabError
from labkit.words import course as words
from tests.setup.conftest import ROOT

Disk = namedtuple("Disk", "free")


def test_every_finding_that_is_not_ok_comes_with_advice(course):
    findings = list(doctor.examine(course))
    programs = {"Chromium", "RabbitMQ", "PostgreSQL", "AWS CLI", "ActiveMQ"}
    ports = {"Port", "Serve port"}
    rest = {"Python", "Packages", "Disk space", "Write access", "Left behind"}
    assert programs | ports | rest == {each.name for each in findings}
    assert all(finding.advice for finding in findings if finding.state != "ok")


def test_a_wrong_finding_gives_exit_code_1_and_stands_in_the_json(course, capsys):
    assert doctor.command(["--json"]) == 1, "this small course has no constraints.txt"
    (packages,) = [each for each in json.loads(capsys.readouterr().out) if each["name"] == "Packages"]
    assert (packages["state"], packages["found"]) == ("wrong", "not found")
    assert doctor.command([]) == 1
    assert "!!  Packages" in capsys.readouterr().out


def test_the_text_says_that_no_network_is_needed_and_that_all_is_well():
    text = doctor.as_text([doctor.Examined("Python", "ok", "3.12")])
    assert "No network is needed" in text
    assert "Everything that the course needs is here" in text


def test_an_unknown_option_is_refused():
    with pytest.raises(LabError, match="--json"):
        doctor.command(["--verbose"])


def test_packages_in_their_pinned_versions_are_right(tmp_path, monkeypatch):
    monkeypatch.setattr(doctor, "version_of", lambda name: "1.0")
    monkeypatch.setattr(doctor, "needed_packages", lambda name: {"boto3", "moto"})
    pins = tmp_path / "constraints.txt"
    pins.write_text("# pins\nboto3==1.0\nmoto==1.0\n")
    assert doctor.packages(pins).state == "ok"
    pins.write_text("boto3==1.0\nmoto==1.1\n")
    assert doctor.packages(pins).found == "moto 1.0 (pinned: 1.1)"


def test_a_missing_package_is_wrong(tmp_path, monkeypatch):
    monkeypatch.setattr(doctor, "version_of", lambda name: None if name == "boto3" else "1.0")
    monkeypatch.setattr(doctor, "needed_packages", lambda name: {"boto3"})
    pins = tmp_path / "constraints.txt"
    pins.write_text("boto3==1.0\n")
    assert doctor.packages(pins).found == "boto3 not installed (pinned: 1.0)"
    monkeypatch.setattr(doctor, "version_of", lambda name: None)
    assert doctor.packages(pins).found == "labkit not installed"


def test_needs_are_followed_through_what_is_installed():
    needed = doctor.needed_packages("boto3")
    assert {"botocore", "jmespath", "urllib3", "python-dateutil", "six"} <= needed
    assert doctor.needed_packages("there-is-no-such-package") == set()


def test_a_pin_for_another_system_does_not_count():
    text = "colorama==0.4 ; sys_platform == 'nowhere'\nStomp.py==9.0.0\n"
    assert doctor.read_pins(text) == {"stomp-py": "9.0.0"}
    assert len(doctor.read_pins((ROOT / "constraints.txt").read_text())) > 100


def test_a_program_that_is_missing_comes_with_its_package_name(monkeypatch):
    monkeypatch.setattr(doctor.shutil, "which", lambda command, path=None: None)
    findings = [doctor.program(each) for each in doctor.OPTIONAL_PROGRAMS]
    assert [finding.state for finding in findings] == ["optional"] * len(findings)
    assert all("apt-get install" in finding.advice for finding in findings)


def test_a_program_is_found_where_debian_keeps_servers(monkeypatch):
    monkeypatch.setattr(doctor.shutil, "which", lambda command, path=None: path and f"/usr/sbin/{command}")
    assert doctor.OPTIONAL_PROGRAMS[1].path() == "/usr/sbin/rabbitmq-server"


def test_the_newest_postgresql_is_found_though_debian_puts_none_on_the_path(monkeypatch, tmp_path):
    for version in ("15", "17"):
        (tmp_path / version).mkdir()
        (tmp_path / version / "pg_ctl").touch(mode=0o755)
    monkeypatch.setattr(doctor, "DEBIAN_POSTGRESQL", str(tmp_path / "*"))
    which = doctor.shutil.which
    monkeypatch.setattr(
        doctor.shutil,
        "which",
        lambda command, path=None: which(command, path=path) if str(tmp_path) in str(path) else None,
    )
    (postgresql,) = [program for program in doctor.OPTIONAL_PROGRAMS if program.name == "PostgreSQL"]
    assert postgresql.path() == str(tmp_path / "17" / "pg_ctl")


def test_activemq_is_its_wheels(monkeypatch):
    monkeypatch.setattr(doctor, "version_of", lambda name: "1")
    assert doctor.activemq().state == "ok"
    monkeypatch.setattr(doctor, "version_of", lambda name: None)
    assert ".[mq]" in doctor.activemq().advice


def test_a_java_that_starts_later_than_it_could_is_told_with_its_reason(monkeypatch):
    monkeypatch.setattr(doctor, "version_of", lambda name: "1")
    monkeypatch.setattr(doctor.java_archive, "why_not", lambda: "Each start takes longer: nothing can be written.")
    assert (doctor.activemq().state, doctor.activemq().advice[:10]) == ("ok", "Each start")


def test_a_jar_that_is_not_the_pinned_one_is_wrong(monkeypatch):
    def refuse():
        raise LabError("not the file that the course was tested with")

    monkeypatch.setattr(doctor, "version_of", lambda name: "1")
    monkeypatch.setattr(doctor.java_archive, "why_not", refuse)
    assert (doctor.activemq().state, doctor.activemq().advice[:12]) == ("wrong", "not the file")


def test_a_full_disk_is_wrong(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda folder: Disk(free=50_000_000))
    finding = doctor.disk_space(tmp_path)
    assert (finding.state, finding.found) == ("wrong", "50 MB free")


def test_a_folder_that_cannot_be_written_is_wrong():
    from pathlib import Path

    assert doctor.write_access(Path("/proc")).state == "wrong"


def test_a_taken_port_is_no_problem(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setattr(doctor, "PORT", taken.getsockname()[1])
        finding = doctor.port()
    assert finding.state == "ok"
    assert "is taken" in finding.found


def test_a_taken_serve_port_comes_with_another_way(monkeypatch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setattr(doctor, "SERVE_PORT", other.getsockname()[1])
        taken = doctor.serve_port()
    assert (taken.state, taken.advice) == ("optional", words.SERVE_PORT)
    monkeypatch.setattr(doctor, "SERVE_PORT", 0)
    assert doctor.serve_port().state == "ok"


def test_queues_left_behind_are_counted(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert doctor.leavings().state == "ok"
    journal = EndpointJournal("labkit-0123abcd-", "http://127.0.0.1:1", "us-east-1", True)
    journal.about_to_create("orders")
    journal.leave()
    assert (doctor.leavings().state, doctor.leavings().found[-1]) == ("optional", "1")
