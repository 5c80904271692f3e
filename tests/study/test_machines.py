"""Machines share nothing that real ones don't: memory, draws at import, hash seed, names, the day."""

import datetime
import linecache
from itertools import count

import pytest

from labkit import Lab
from labkit.study.shift.jobs import SECOND, Jobs
from labkit.study.shift.machines import processes
from labkit.study.shift.shift import TAKEN_OVER, Moment, Shift

_files = count(1)


def cell(source, name="worker"):
    """The function that a cell of this source defines, as a notebook's kernel makes it."""
    file = f"<machines {next(_files)}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    scope = {"__name__": "__main__"}
    exec(compile(source, file, "exec"), scope)
    return scope[name]


def answers(source, hosts=("worker A", "worker B"), starts=1):
    """What the function returns in each process: one start after another on each machine."""
    function = cell(source)
    made = {host: processes(function, host) for host in hosts}
    return [made[host]()() for host in hosts for _ in range(starts)]


def test_memory_is_neither_another_machine_s_nor_the_next_process_s():
    """A module's list, a counter made at import, a default value, a function's attribute, a closure."""
    source = """
from itertools import count
SEEN, NUMBERS = [], count(1)
def made():
    inner = []
    def add():
        inner.append(1)
        return len(inner)
    return add
ADD = made()
def worker(given=[]):
    SEEN.append(1), given.append(1)
    worker.calls = getattr(worker, "calls", 0) + 1
    return len(SEEN), next(NUMBERS), len(given), worker.calls, ADD()
"""
    assert answers(source, starts=2) == [(1, 1, 1, 1, 1)] * 4


@pytest.mark.parametrize(
    ("imports", "drawn"),
    [
        ("import uuid", "str(uuid.uuid4())"),
        ("import random", "random.random()"),
        ("from secrets import token_hex", "token_hex(8)"),
        ("import os", "os.urandom(8)"),
        ("import os", 'f"{os.getpid()}-1"'),
        ("import random", '{"key": random.random()}'),
    ],
)
def test_what_a_module_draws_at_import_each_process_draws_for_itself(imports, drawn):
    found = answers(f"{imports}\nOWN = {drawn}\ndef worker():\n    return str(OWN)\n", starts=2)
    assert len(set(found)) == 4


def test_what_is_computed_from_a_draw_follows_it():
    """In the order of the cell, and one process sees one value however often it looks."""
    source = (
        "import uuid\nOWN = str(uuid.uuid4())\nKEY = 'key-' + OWN.upper()\ndef worker():\n    return OWN, KEY, KEY\n"
    )
    for own, key, again in answers(source):
        assert key == again == f"key-{own.upper()}"


def test_what_the_function_does_not_use_is_not_run_again():
    """A cell may open a lab, or do something that counts, beside the function."""
    source = """
DONE = []
def note(what):
    DONE.append(what)
    return what
LAB = note("opened")
KEY = note("used")
def worker():
    return KEY, len(DONE)
"""
    function = cell(source)
    assert processes(function, "worker A")()() == ("used", 2)
    assert function.__globals__["DONE"].count("opened") == 1


def test_a_seeded_draw_is_the_same_in_each_process():
    """Which is why such a key is none: machine B numbers its orders as machine A does."""
    source = "import random\nrandom.seed(7)\nOWN = random.random()\ndef worker():\n    return OWN, random.random()\n"
    assert len(set(answers(source, starts=2))) == 1
    assert len(set(answers(source.replace("random.seed(7)\n", ""), starts=2))) == 4


def test_random_numbers_of_one_machine_are_none_of_another_s_nor_of_the_notebook_s():
    """Nothing is drawn from the notebook's own generator, and a check draws the same each time."""
    import random

    before = random.getstate()
    source = "from random import choice, random\ndef worker():\n    return random(), choice('abcdefgh')\n"
    assert answers(source, starts=2) == answers(source, starts=2)
    assert random.getstate() == before


def test_a_constant_stays_what_the_learner_set_it_to():
    assert answers("WAIT = 20\nNAMES = ('a', 'b')\ndef worker():\n    return WAIT, NAMES\n") == [(20, ("a", "b"))] * 2


@pytest.mark.parametrize("value", ["'order-1'", "b'order-1'", "('order', 1)", "frozenset(['order'])"])
def test_each_process_has_a_hash_seed_of_its_own(value):
    """Within a process a hash is stable, of texts and of what holds them; numbers hash as they always do."""
    source = f"def worker():\n    return hash({value}), hash({value}), hash(7)\n"
    found = answers(source, starts=2)
    assert all(one == again and seven == 7 for one, again, seven in found)
    assert len({one for one, _, _ in found}) == 4


def test_a_hash_is_the_same_in_each_check_and_in_each_place():
    """Equal values hash equally, also within others, and the kernel's own seed has no say in it."""
    assert answers("def worker():\n    return hash('order-1')\n") == [224_450_030_053_595_146, 158_949_151_703_667_384]
    assert answers("def worker():\n    return hash((1, 'a')) == hash((1.0, 'a')), {'a': 1}['a']\n") == [(True, 1)] * 2


@pytest.mark.parametrize(
    "source",
    [
        "import socket\ndef worker():\n    return socket.gethostname()\n",
        "from socket import gethostname\ndef worker():\n    return gethostname()\n",
        "def worker():\n    import platform\n    return platform.node()\n",
        "def worker():\n    from platform import node as mine\n    return mine()\n",
        "import uuid\ndef worker():\n    return uuid.getnode()\n",
        "import os\ndef worker():\n    return os.uname().nodename\n",
        "import platform\ndef worker():\n    return platform.uname().node\n",
    ],
)
def test_a_machine_has_a_name_of_its_own_however_it_is_asked(source):
    """The next process on the same machine finds the same name."""
    first, same, other, other_same = answers(source, starts=2)
    assert first == same != other == other_same


@pytest.mark.parametrize(
    "source",
    [
        "import os\ndef worker():\n    return os.getpid()\n",
        "from os import getpid\ndef worker():\n    return getpid()\n",
        "def worker():\n    import os\n    return os.getpid()\n",
    ],
)
def test_each_process_has_a_process_id_of_its_own(source):
    assert len(set(answers(source, starts=2))) == 4


def test_what_is_not_the_learner_s_keeps_its_names():
    """Nothing is patched in the modules themselves."""
    import os
    import socket

    before = socket.gethostname(), os.getpid()
    answers("import os, socket\ndef worker():\n    return socket.gethostname(), os.getpid()\n")
    assert (socket.gethostname(), os.getpid()) == before


def test_a_start_after_a_death_and_a_day_is_another_process_on_another_day():
    """Seen from the answer, in a shift that is taken over."""
    seen = []

    def worker(note):
        note(datetime.date.today().isoformat(), hash("order-1"))

    class Story(Jobs):
        def __init__(self, lab):
            super().__init__(lab, ["order-1"])
            self.given = (self.note,)

        def note(self, day, hashed):
            seen.append((self.by, day, hashed))
            self.lab.scheduler.sleep(1000 * SECOND)

        def is_over(self):
            return False

    with Lab() as lab:
        shift = Shift(Story, 60, 1_000)
        shift(lab, worker, Moment(5.0, "worker A", TAKEN_OVER))
    assert [(by, day) for by, day, _ in seen] == [
        ("worker A", "2026-01-01"),
        ("worker B", "2026-01-01"),
        ("worker D", "2026-01-02"),
        ("worker E", "2026-01-02"),
    ]
    assert len({hashed for _, _, hashed in seen}) == 4
