"""However a program with a broker ends, no process, port or folder of it is left."""

import os
import subprocess
import tempfile
from pathlib import Path

import pytest

from labkit.brokers.places import PREFIX, remove_left_over
from tests.brokers.leaving import Program, opened_by, processes_of

ENDS = {
    "at its end": "",
    "after stop": "old.stop()",
    "with an exception": "raise RuntimeError",
    "at once": "os._exit(3)",
    "killed": "os.kill(os.getpid(), signal.SIGKILL)",
    "killed with its broker frozen": "old.freeze(); os.kill(os.getpid(), signal.SIGKILL)",
    "after the broker was killed": "old.kill(); os.kill(os.getpid(), signal.SIGKILL)",
}


@pytest.mark.live
@pytest.mark.parametrize("then", ENDS.values(), ids=ENDS)
def test_nothing_is_left_of_a_program_that_ends(then):
    program = Program(then)
    program.process.wait(60)
    program.wait_until_gone()
    program.close()


@pytest.mark.live
def test_a_killed_program_whose_copy_lives_on_leaves_nothing():
    """A forked child holds the pipes open; the keeper sees that its own parent is gone."""
    program = Program(
        "if os.fork() == 0:\n    sys.stdin.read(); os._exit(0)\nelse:\n    os.kill(os.getpid(), signal.SIGKILL)"
    )
    program.process.wait(60)
    program.wait_until_gone()
    program.close()


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
    lines = subprocess.run(["ps", "-A", "-o", "args"], capture_output=True, text=True, check=True).stdout
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
        remove_left_over()
        assert (left.exists(), mine.exists()) == (False, True)
    finally:
        mine.rmdir()


@pytest.mark.live
def test_ctrl_c_in_a_terminal_does_not_reach_the_broker(old):
    """A terminal signals its foreground group; keeper and broker each have another."""
    groups = subprocess.run(["ps", "-A", "-o", "pgid,args"], capture_output=True, text=True, check=True).stdout
    of_brokers = {int(line.split()[0]) for line in groups.splitlines() if "labkit/brokers/" in line}
    assert len(of_brokers) >= 2
    assert os.getpgid(0) not in of_brokers
