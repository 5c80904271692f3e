"""However a program with a broker ends, no process, port or folder of it is left."""

import os
import subprocess
import tempfile
from pathlib import Path

import pytest

from labkit.brokers.kept import wait_until
from labkit.brokers.places import PREFIX
from labkit.left_over import remove_left_over
from tests.brokers.leaving import Program, opened_by, processes_of
from tests.patience import FAR

ENDS = {
    "at its end": "",
    "after stop": "old.stop()",
    "with an exception": "raise RuntimeError",
    "at once": "os._exit(3)",
    "killed": "kill(os.getpid())",
    "killed with its broker frozen": "freeze(old, its[-1]); kill(os.getpid())",
    "after the broker was killed": "old.kill(); kill(os.getpid())",
    "killed with the keeper": "kill(keeper, os.getpid())",
    "killed with the keeper, its broker frozen": "freeze(old, its[-1]); kill(keeper, os.getpid())",
    "killed with the folder's keeper": "kill(folders, os.getpid())",
    "at once, the folder's keeper killed before": "kill(folders); os._exit(3)",
    "at its end, the folder's keeper killed before": "kill(folders)",
    "killed with all that its keeper started": "kill(*its, os.getpid())",
}


@pytest.mark.live
@pytest.mark.parametrize("then", ENDS.values(), ids=ENDS)
def test_nothing_is_left_of_a_program_that_ends(then):
    with Program(then) as program:
        program.process.wait(FAR)
        program.wait_until_gone()


KILLS = {
    "the keeper": "kill(keeper)",
    "the keeper of a frozen broker": "freeze(old, its[-1]); kill(keeper)",
    "the broker": "kill(its[-1])",
    "the guard": "kill(its[0])",
    "the guard of a frozen broker": "freeze(old, its[-1]); kill(its[0])",
}
AND_THEN = """
wait_until(lambda: not old.broker.is_running, "its end")
print(*old.states(), flush=True)
sys.stdin.readline()
old.start()
print(*old.states(), flush=True)
sys.stdin.read()
"""


@pytest.mark.live
@pytest.mark.parametrize("kills", KILLS.values(), ids=KILLS)
def test_when_one_process_is_killed_its_broker_goes_and_can_start_again(kills):
    with Program(f"{kills}{AND_THEN}") as program:
        program.comes_back()


@pytest.mark.live
def test_no_broker_outlives_every_python_and_the_next_start_removes_the_folder():
    """As after `killall -9 python`."""
    with Program("freeze(old, its[-1]); kill(keeper, folders, os.getpid())") as program:
        program.process.wait(FAR)
        wait_until(program.is_over, "the end of the frozen broker")
        remove_left_over.__wrapped__(PREFIX)
        assert program.is_gone()


@pytest.mark.live
def test_a_killed_program_whose_copy_lives_on_leaves_nothing():
    """A forked child holds the pipes open; the keeper sees that its own parent is gone."""
    then = "if os.fork() == 0:\n    sys.stdin.read(); os._exit(0)\nelse:\n    kill(os.getpid())"
    with Program(then) as program:
        program.process.wait(FAR)
        program.wait_until_gone()


@pytest.mark.live
def test_it_listens_on_loopback_alone_and_on_the_ports_of_its_protocols(old):
    """So no JMX and no web console listen either."""
    sockets = set().union(*(opened_by(process) for process in processes_of(os.getpid())))
    listening = {place for inode, place in listeners().items() if f"socket:[{inode}]" in sockets}
    assert {address for address, _ in listening} <= {"0100007F", "0000000000000000FFFF00000100007F"}
    assert {port for _, port in listening} == set(old.broker.ports.values())


def listeners():
    """(address in hex, port) of everything that listens, by its inode, as Linux lists it."""
    rows = [row.split() for name in ("tcp", "tcp6") for row in Path(f"/proc/net/{name}").read_text().splitlines()[1:]]
    return {row[9]: (row[1].split(":")[0], int(row[1].split(":")[1], 16)) for row in rows if row[3] == "0A"}


@pytest.mark.live
def test_no_secret_is_in_a_command_line_or_a_log(old):
    lines = subprocess.run(["ps", "-A", "-ww", "-o", "args"], capture_output=True, text=True, check=True).stdout
    assert "activemq_process.py" in lines
    (folder,) = Path(tempfile.gettempdir()).glob(f"{PREFIX}{os.getpid()}-*")
    texts = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert len(texts) > 3
    assert not [text for text in [lines.encode(), *texts] if old.settings.password.encode() in text]


@pytest.mark.live
def test_its_java_knows_the_names_of_this_machine_alone(old):
    (folder,) = Path(tempfile.gettempdir()).glob(f"{PREFIX}{os.getpid()}-*")
    known = [path.read_text().splitlines() for path in folder.glob("on-premises-*/hosts")]
    assert {line.split()[0] for lines in known for line in lines} == {"127.0.0.1"}


@pytest.mark.live
def test_it_works_in_its_own_folder_and_not_in_the_learners(old):
    """RabbitMQ was seen to write a Mnesia folder beside the lesson."""
    (folder,) = Path(tempfile.gettempdir()).glob(f"{PREFIX}{os.getpid()}-*")
    places = [os.readlink(f"/proc/{process}/cwd") for process in processes_of(os.getpid())]
    assert [place for place in places if place.startswith(f"{folder}/on-premises-")]


@pytest.mark.live
def test_its_folder_is_this_users_alone(old):
    folders = list(Path(tempfile.gettempdir()).glob(f"{PREFIX}{os.getpid()}-*"))
    assert [folder.stat().st_mode & 0o077 for folder in folders] == [0]


def test_a_folder_of_a_process_that_is_gone_is_swept_away():
    gone = subprocess.Popen(["true"])
    gone.wait()
    left, mine = (Path(tempfile.gettempdir()) / f"{PREFIX}{number}-test" for number in (gone.pid, os.getpid()))
    for folder in (left, mine):
        folder.mkdir()
    try:
        remove_left_over.__wrapped__(PREFIX)
        assert (left.exists(), mine.exists()) == (False, True)
    finally:
        mine.rmdir()


@pytest.mark.live
def test_ctrl_c_in_a_terminal_does_not_reach_the_broker(old):
    """A terminal signals its foreground group; keeper and broker each have another."""
    groups = subprocess.run(["ps", "-A", "-ww", "-o", "pgid,args"], capture_output=True, text=True, check=True).stdout
    of_brokers = {int(line.split()[0]) for line in groups.splitlines() if "labkit/brokers/" in line}
    assert len(of_brokers) >= 2
    assert os.getpgid(0) not in of_brokers


# The check of exercise 22 with an answer that never ends: its brokers run, and its producer's process as well.
CHECKING = """
import os, signal, sys, threading
from labkit.study.exercise import exercise
from labkit.study.exercises.survive_failover import Shop
run = Shop.run
def announced(shop, *given):
    print(shop._pair.nodes[0].ports["stomp+ssl"], file=sys.__stdout__, flush=True)
    threading.Timer(1, os.kill, [os.getpid(), signal.{signal}]).start()
    run(shop, *given)
Shop.run = announced
def produce(connect, orders):
    connect()
    while True:
        pass
exercise("22-survive-failover").runs[0].play(produce, produce)
"""


@pytest.mark.live
@pytest.mark.parametrize("signal", ["SIGKILL", "SIGINT"])
def test_a_check_of_exercise_22_that_is_cut_short_leaves_nothing(signal):
    with Program("", CHECKING.replace("{signal}", signal)) as program:
        program.process.wait(FAR)
        program.wait_until_gone()
