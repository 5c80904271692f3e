"""Each standing run catches the answers that it is there for, and no other run of them does."""

import pytest

from labkit import Lab
from labkit.study.exercise import Exercise
from labkit.study.judge import play
from labkit.study.performing import in_a_lab
from labkit.study.shift import promises as shared
from labkit.study.shift.jobs import Jobs, given_as
from labkit.study.shift.playing import arrive
from labkit.study.shift.shift import DIES, Moment, Shift, moments
from labkit.study.shift.standing import Standing, standing
from labkit.words import told
from labkit.words.shift import Rests
from tests.study.test_machines import cell

ORDERS = {"order-1": 0.0, "order-2": 1.0, "order-3": 5.0, "order-4": 9.0}
EXPECTED = told("Every order is charged once, and its message is deleted then.")


class Away(ConnectionError):
    """The payment service is away."""


class Office(Jobs):
    """Charges orders, each charge in 3 s, once for each key."""

    failures = (Away,)

    def __init__(self, lab, late=0.0, fails_once=None):
        super().__init__(lab, list(ORDERS), fails_once)
        url = lab.client("sqs").create_queue(QueueName="orders")["QueueUrl"]
        arrive(lab, url, {order: second + late for order, second in ORDERS.items()})
        self.given = (lab.client("sqs"), url, *given_as(self.charge))

    def charge(self, order, key):
        """Charge an order."""
        self.may_fail("charge")
        self.do(order, 3)
        self.take_effect("charge", order, key)


JUDGE = shared.first_of(
    shared.begun(EXPECTED),
    shared.calm(400, EXPECTED),
    shared.singly("charge", EXPECTED),
    shared.done(EXPECTED),
    shared.deleted(EXPECTED),
)


def few(**more):
    return Shift(lambda lab: Office(lab, **more), 300, 1_200, forgiving=True, repeats=True)


RUNS = standing(few, JUDGE, fails={"charge": Away}, without={})
EXERCISE = Exercise("00-office", "An office", ["worker(sqs, queue_url, charge)"], RUNS, "", [], [], [], "")

HEAD = """
import datetime, random, socket, time, uuid
FIRST = str(uuid.uuid4())
DONE = set()
def worker(sqs, queue_url, charge):
    empty = 0
    while True:
        messages = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20).get("Messages", [])
        EMPTY
        for message in messages:
            order = message["Body"]
            BEFORE
            try:
                charge(order, KEY)
            except ConnectionError:
                CAUGHT
            DELETE
            DONE.add(order)
"""
DELETE = 'sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])'
PLAIN = {"EMPTY": "pass", "BEFORE": "pass", "KEY": "order", "CAUGHT": "continue", "DELETE": DELETE}
DEATH, DAY, FAILING, IDLE, TOGETHER = (
    Standing.DEATH, Standing.NEXT_DAY, Standing.FAILING, Standing.IDLE, Standing.TOGETHER,
)  # fmt: skip


def answer(**parts):
    """The text of the right answer with some parts changed."""
    source = HEAD
    for name, text in (PLAIN | parts).items():
        source = source.replace(name, text)
    return source


def caught(**parts):
    """The kinds of run in which the answer with these parts is not right."""
    functions = [cell(answer(**parts))]
    return {Standing(run.name) for run in RUNS if play(EXERCISE, run, functions).state != "right"}


def test_the_right_answer_passes_all_of_them():
    assert caught() == set()
    assert [Standing(run.name) for run in RUNS] == [DEATH, FAILING, IDLE, DAY, TOGETHER]


@pytest.mark.parametrize(
    "key", ["order + socket.gethostname()", "str(hash(order))", "order + FIRST", "f'{order} {random.random()}'"]
)
def test_a_key_that_is_another_process_s_is_found_when_a_machine_dies(key):
    """By its host name, its hash seed, or what it draws at import or anew; duplicates at two machines find it too."""
    assert {DEATH, DAY} <= caught(KEY=key) <= {DEATH, DAY, TOGETHER}


def test_a_key_with_a_date_is_found_a_day_later_alone():
    assert caught(KEY="f'{order} {datetime.date.today()}'") == {DAY}


def test_memory_does_not_outlive_its_process():
    """It knows what it has charged itself, and so takes another key each time."""
    forgets = f"if order in DONE:\n                {DELETE}\n                continue"
    assert {DEATH, DAY} <= caught(BEFORE=forgets, KEY="str(uuid.uuid4())") <= {DEATH, DAY, TOGETHER}


def test_a_delete_before_the_work_is_found_by_a_death_and_by_a_failure():
    assert caught(BEFORE=DELETE, DELETE="pass") == {DEATH, DAY, FAILING}


def test_a_failure_that_is_swallowed_is_found_where_something_fails():
    assert caught(CAUGHT="pass") == {FAILING}


def test_each_machine_fails_once_and_the_newcomer_of_the_outage_never():
    """So a retry survives, at once or later."""
    again = "time.sleep(1)\n                charge(order, order)"
    assert caught(CAUGHT=again) == set()
    performed = in_a_lab(RUNS[1], [cell(answer(CAUGHT=again))], None)
    assert performed.played._failed == {("charge", "worker A"), ("charge", "worker B")}
    assert {job.by for job in performed.played.jobs} == {"worker A", "worker B", "worker C"}


def test_a_list_of_machines_is_found_by_the_newcomer():
    """It joins in an outage, takes the place of a machine that died, and a day later there are others."""
    known = (
        f"if socket.gethostname() not in ('worker A', 'worker B'):\n                {DELETE}\n                continue"
    )
    assert caught(BEFORE=known) == {DEATH, FAILING, DAY}


def test_impatience_is_found_where_nothing_is_to_do_at_first():
    """After two empty answers it goes home."""
    leaves = "empty = 0 if messages else empty + 1\n        if empty == 2: time.sleep(10**6)"
    assert caught(EMPTY=leaves) == {IDLE}


def test_trust_in_a_delete_is_found_when_duplicates_come_among_new_messages():
    """What was deleted may come again: here its own memory makes it wait for ever."""
    assert caught(BEFORE="if order in DONE: time.sleep(10**6)") == {TOGETHER}


# How the runs are made


def test_a_story_excludes_runs_by_name_and_says_what_an_answer_rests_on():
    runs = standing(few, JUDGE, fails={}, without={IDLE: "It never waits."}, rests={TOGETHER: None})
    assert {Standing(run.name): run.rests for run in runs} == {DEATH: None, DAY: Rests.ONE_DAY, TOGETHER: None}


@pytest.mark.parametrize("most", [3, 4, 10, 1000])
def test_moments_of_death_are_drawn_by_seed_with_the_first_and_the_last_among_them(most):
    """They differ from seed to seed, and are the same for the same one; fewer instants than wanted are all taken."""
    performed = in_a_lab(RUNS[2], [cell(answer())], None)
    found = [moments(performed.record, performed.played, most, DIES, seed) for seed in (1, 1, 2)]
    every = moments(performed.record, performed.played, 10**6)
    assert found[0] == found[1]
    assert (found[0] != found[2]) == (most < len(every))
    assert all((some[0], some[-1]) == (every[0], every[-1]) for some in found)
    assert all(len(some) == len(set(some)) == min(most, len(every)) and set(some) <= set(every) for some in found)
    assert all(some == sorted(some) for some in found)


def test_a_machine_that_died_is_replaced_by_one_that_joins():
    with Lab() as lab:
        story = few()(lab, cell(answer()), Moment(1.5, "worker A", DIES))
    assert [job.by for job in story.jobs if job.died is not None] == ["worker A"]
    assert "worker C" in {job.by for job in story.jobs}
    assert "worker B" in {job.by for job in story.finished}
