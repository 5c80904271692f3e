"""What a lab leaves behind when it is killed, and `labkit cleanup`."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from labkit import cli
from labkit.aws.endpoint.journal import EndpointJournal, left_behind
from tests.patience import FAR

KILLED = """
import os, sys
from labkit import Lab
lab = Lab(endpoint=sys.argv[1])
sqs = lab.client("sqs")
sqs.create_queue(QueueName="orders")
sqs.create_queue(QueueName="payments")
print(lab.prefix, flush=True)
os.kill(os.getpid(), 9)
"""


def crash(url):
    """Let a lab create two queues and be killed; returns its prefix."""
    told = subprocess.run([sys.executable, "-c", KILLED, url], capture_output=True, text=True, check=False)
    assert told.returncode == -signal.SIGKILL, told.stderr
    return told.stdout.strip()


def queues(served, prefix):
    """The queues with this prefix that there are."""
    return [name for name in served.queue_names() if name.startswith(prefix)]


@pytest.mark.live
def test_after_a_kill_everything_is_listed_deleted_and_forgotten(served, capsys):
    prefix = crash(served.url)
    assert len(queues(served, prefix)) == 2
    assert cli.main(["cleanup"]) == 0
    told = capsys.readouterr().out
    assert all(f"queue {prefix}{name}\n" in told for name in ("orders", "payments"))
    assert "Deleted 2 of 2" in told
    assert queues(served, prefix) == []
    assert cli.main(["cleanup"]) == 0
    assert capsys.readouterr().out == "Nothing is left behind.\n"


@pytest.mark.live
def test_a_lab_that_is_open_keeps_what_it_has(served, capsys):
    from labkit import Lab

    with Lab(endpoint=served.url) as lab:
        lab.client("sqs").create_queue(QueueName="orders")
        assert cli.main(["cleanup"]) == 0
        assert capsys.readouterr().out == "Nothing is left behind.\n"
        assert lab.client("sqs").get_queue_url(QueueName="orders")


@pytest.mark.live
def test_the_end_of_the_program_deletes_what_nobody_closed(served, journals):
    code = KILLED.replace("os.kill(os.getpid(), 9)", "")
    prefix = subprocess.run([sys.executable, "-c", code, served.url], capture_output=True, text=True, check=True).stdout
    assert queues(served, prefix.strip()) == []
    assert list(journals.iterdir()) == []


RUNS_FOR_EVER = """
import sys, time
from labkit import Lab
lab = Lab(endpoint=sys.argv[1])
lab.client("sqs").create_queue(QueueName="orders")
def worker():
    while True:
        time.sleep(3600)
for name in ("Ann", "Bob"):
    lab.start(worker, name=name)
print(lab.prefix, flush=True)
try:
    lab.run()
except KeyboardInterrupt:
    print("interrupted", lab.scheduler.actors)
"""


@pytest.mark.live
def test_ctrl_c_ends_a_run_and_its_actors_at_once_and_leaves_nothing(served, journals):
    command = [sys.executable, "-c", RUNS_FOR_EVER, served.url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        prefix = process.stdout.readline().strip()
        assert len(queues(served, prefix)) == 1
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=FAR)[0] == "interrupted []\n"
    assert queues(served, prefix) == []
    assert list(journals.iterdir()) == []


def journal(url, *, forgets=True, queues=("orders",)):
    """A journal as a killed lab leaves it."""
    left = EndpointJournal("labkit-0123abcd-", url, "us-east-1", forgets)
    for queue in queues:
        left.about_to_create(queue)
    left.leave()
    return left.path


def test_a_stopped_server_has_nothing_left_to_delete(capsys):
    path = journal("http://127.0.0.1:1")
    assert cli.main(["cleanup"]) == 0
    assert "there is nothing to delete" in capsys.readouterr().out
    assert not path.exists()


def test_a_server_that_keeps_things_is_tried_again_later(capsys):
    path = journal("http://127.0.0.1:1", forgets=False)
    assert cli.main(["cleanup"]) == 1
    assert "Nothing deleted at http://127.0.0.1:1" in capsys.readouterr().out
    assert path.exists()


@pytest.mark.parametrize("words", [[], ["--yes"], ["--profile", "sandbox"]])
def test_elsewhere_nothing_is_deleted_without_a_yes_and_an_account(capsys, words):
    path = journal("https://sqs.us-east-1.amazonaws.com")
    assert cli.main(["cleanup", *words]) == 1
    told = capsys.readouterr().out
    assert "queue orders" in told
    assert "labkit cleanup --yes --profile NAME" in told
    assert path.exists()


def test_a_name_is_on_the_disk_before_the_queue_is_made():
    open_journal = EndpointJournal("labkit-0123abcd-", "http://127.0.0.1:1", "us-east-1", True)
    open_journal.about_to_create("orders")
    lines = [json.loads(line) for line in Path(open_journal.path).read_text().splitlines()]
    assert lines[-1] == {"queue": "orders"}
    assert list(left_behind()) == []
    open_journal.leave()
    assert [left.queues for left in left_behind()] == [("orders",)]


@pytest.mark.parametrize(("torn", "queues"), [('{"queue": "pay', ("orders",)), ("", ("orders",))])
def test_a_line_that_the_crash_cut_short_was_never_created(torn, queues):
    path = journal("http://127.0.0.1:1")
    with path.open("a") as file:
        file.write(torn)
    assert [left.queues for left in left_behind()] == [queues]


def test_a_journal_cut_short_in_its_first_line_is_forgotten(capsys):
    path = journal("http://127.0.0.1:1", queues=())
    os.truncate(path, 5)
    assert cli.main(["cleanup"]) == 0
    assert capsys.readouterr().out == ""
    assert not path.exists()
