"""However a program with a RabbitMQ ends, no node, no epmd, no port and no folder of it is left."""

import pytest

from tests.brokers.leaving import Program
from tests.conftest import program_or_skip

# Its first line is a port that must be closed at the end.
BEGIN = """
import os, sys
from labkit.brokers.kept import wait_until
from labkit.brokers.rabbitmq import RabbitMQ
from tests.brokers.leaving import children, freeze, kill
old = RabbitMQ("old", {"orders": "a-long-password"})
node, me = old.nodes[0], os.getpid()
keepers = [kept._keeper.pid for kept in (node._kept, old._epmd._kept)]
print(old._epmd.port, flush=True)
"""
STARTS = "wait_until(lambda: (node._folder / 'data').exists(), 'the first file of a node'); "
FROZEN = "old.wait(); freeze(old, children(keepers[0])[-1]); "
ENDS = {
    "at its end": "old.wait()",
    "killed with its node frozen": FROZEN + "kill(me)",
    "killed at once": "kill(me)",
    "killed while the node starts": STARTS + "kill(me)",
    "after the node was killed": "node.kill(); kill(me)",
    "killed with both keepers, the node frozen": FROZEN + "kill(*keepers, me)",
    "killed with both keepers at once": "kill(*keepers, me)",
    "killed with both keepers while the node starts": STARTS + "kill(*keepers, me)",
}


@pytest.mark.live
@pytest.mark.parametrize("then", ENDS.values(), ids=ENDS)
def test_nothing_is_left_of_a_program_that_ends(then):
    program_or_skip("RabbitMQ")
    with Program(then, BEGIN) as program:
        program.process.wait(300)
        program.wait_until_gone()


@pytest.mark.live
def test_a_killed_program_takes_its_node_and_its_epmd_along():
    program_or_skip("RabbitMQ")
    with Program("old.wait(); print('ready', flush=True); sys.stdin.read()", BEGIN) as program:
        assert program.process.stdout.readline() == b"ready\n"
        assert len(program.processes()) >= 2, "what the next line waits for must be seen while it is there"
        program.process.kill()
        program.wait_until_gone()


KILLS = {
    "both keepers": "kill(*keepers)",
    "both keepers, the node frozen": FROZEN + "kill(*keepers)",
    "the leading processes while the node starts": STARTS + "kill(*(children(keeper)[-1] for keeper in keepers))",
}
AND_THEN = """
wait_until(lambda: not (node.is_running or old._epmd.is_running), "the end of both")
print(*old.states(), flush=True)
sys.stdin.readline()
old.start()
old.wait()
print(*old.states(), flush=True)
sys.stdin.read()
"""


@pytest.mark.live
@pytest.mark.parametrize("kills", KILLS.values(), ids=KILLS)
def test_when_keepers_or_leading_processes_are_killed_all_goes_and_can_start_again(kills):
    program_or_skip("RabbitMQ")
    with Program(f"{kills}{AND_THEN}", BEGIN) as program:
        program.comes_back()
