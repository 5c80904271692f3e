"""However a program with a RabbitMQ ends, no node, no epmd, no port and no folder of it is left."""

import pytest

from tests.brokers.leaving import Program
from tests.conftest import program_or_skip

# Its first line is a port that must be closed at the end.
BEGIN = """
import os, signal, sys
from labkit.brokers.kept import wait_until
from labkit.brokers.rabbitmq import RabbitMQ
old = RabbitMQ("old", {"orders": "a-long-password"})
print(old._epmd_port, flush=True)
def kill_me():
    os.kill(os.getpid(), signal.SIGKILL)
"""
STARTS = "wait_until(lambda: (old.nodes[0]._folder / 'data').exists(), 'the first file of a node'); "
ENDS = {
    "at its end": "old.wait()",
    "killed with its node frozen": "old.wait(); old.freeze(1); kill_me()",
    "killed at once": "kill_me()",
    "killed while the node starts": STARTS + "kill_me()",
    "after the node was killed": "old.nodes[0].kill(); kill_me()",
}


@pytest.mark.live
@pytest.mark.parametrize("then", ENDS.values(), ids=ENDS)
def test_nothing_is_left_of_a_program_that_ends(then):
    program_or_skip("RabbitMQ")
    program = Program(then, BEGIN)
    program.process.wait(300)
    program.wait_until_gone()
    program.close()


@pytest.mark.live
def test_a_killed_program_takes_its_node_and_its_epmd_along():
    program_or_skip("RabbitMQ")
    program = Program("old.wait(); print('ready', flush=True); sys.stdin.read()", BEGIN)
    assert program.process.stdout.readline() == b"ready\n"
    assert len(program.processes()) >= 2, "what the next line waits for must be seen while it is there"
    program.process.kill()
    program.wait_until_gone()
    program.close()
