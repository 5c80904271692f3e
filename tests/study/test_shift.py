"""What exercises share: work that arrives, workers that are started again, and the judging of it."""

import pytest
from botocore.exceptions import ClientError

from labkit import Faults, Lab
from labkit.rules.myths import myth
from labkit.study.record import watch
from labkit.study.shift import SECOND, Jobs, arrive, let_pass, start_workers
from labkit.study.shift.promises import count_calls, first_of, within
from labkit.study.shift.trail import repeated
from labkit.words import told
from labkit.words.shift import COUNTED_UNTIL, Mistake


@pytest.fixture
def lab():
    with Lab() as lab:
        yield lab


@pytest.fixture
def url(lab):
    return lab.client("sqs").create_queue(QueueName="orders")["QueueUrl"]


def since(lab, at):
    return (at - lab.history.start) / SECOND


def polling(lab, url, jobs):
    """A worker that does each order it receives, in 5 s, and deletes it."""
    sqs = lab.client("sqs")

    def worker():
        for message in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20).get("Messages", []):
            jobs.do(message["Body"], 5)
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    return worker


def test_work_arrives_at_its_second_and_is_done_once(lab, url):
    jobs = Jobs(lab, ["order-1", "order-2"])
    arrive(lab, url, {"order-2": 30, "order-1": 7.5})
    start_workers(lab, polling(lab, url, jobs), ())
    let_pass(jobs, 100, 1_000, over=jobs.is_over)
    assert [(job.name, since(lab, job.began)) for job in jobs.jobs] == [("order-1", 7.5), ("order-2", 30.0)]
    assert [since(lab, job.finished) for job in jobs.jobs] == [12.5, 35.0]
    assert jobs.is_over()
    assert jobs.unfinished == []
    assert since(lab, lab.scheduler.now) == pytest.approx(35.01)


def test_what_is_not_deleted_is_not_over(lab, url):
    jobs = Jobs(lab, ["order-1"])
    lab.client("sqs").send_message(QueueUrl=url, MessageBody="order-1")
    jobs.do("order-1", 1)
    assert jobs.unfinished == []
    assert not jobs.is_over()


def test_a_worker_that_returns_is_started_again_until_no_more_is_wanted(lab):
    starts = []
    start_workers(lab, lambda: starts.append(lab.scheduler.now), (), ["A"], until=lambda: len(starts) == 3)
    let_pass(Jobs(lab, []), 60, 1_000)
    assert [since(lab, at) for at in starts] == [0, 1, 2]
    assert lab.scheduler.actors == []


def test_a_refused_call_ends_the_run_unless_it_is_forgiven(lab, url):
    sqs = lab.client("sqs")

    def asks_too_much():
        sqs.receive_message(QueueUrl=url, WaitTimeSeconds=21)

    start_workers(lab, asks_too_much, (), ["A"], forgiving=True)
    let_pass(Jobs(lab, []), 3, 1_000)
    start_workers(lab, asks_too_much, (), ["B"])
    with pytest.raises(ClientError, match="WaitTimeSeconds"):
        let_pass(Jobs(lab, []), 3, 1_000)


def test_a_run_ends_with_too_many_events(lab, url):
    sqs = lab.client("sqs")
    start_workers(lab, lambda: sqs.receive_message(QueueUrl=url), (), ["A"])
    let_pass(Jobs(lab, []), 1_000_000, 20)
    assert len(lab.history.events) == 21


@pytest.mark.parametrize(("repeats", "times"), [(False, 2), (True, 4)])
def test_under_a_myth_a_second_time_decides_unless_repeats_are_right(repeats, times):
    """Under AWS's rules everything is played to the end, for the reasons are looked for in it."""
    with Lab(rules={"sqs": myth("extension-adds-up").rules}) as lab:
        jobs = Jobs(lab, ["order-1"])
        start_workers(lab, lambda: jobs.do("order-1", 10), (), ["A"])
        let_pass(jobs, 40, 1_000, repeats=repeats)
    assert len(jobs.jobs) == times


def test_the_first_job_done_twice_is_found(lab):
    jobs = Jobs(lab, ["order-1", "order-2"])
    assert repeated([jobs.do("order-1", 1), jobs.do("order-2", 1)]) is None
    again = jobs.do("order-2", 1)
    assert repeated(jobs.jobs) == (jobs.jobs[1], again)
    assert jobs.has_repeat()


def test_calls_of_workers_are_counted_and_told(lab, url):
    """Those of customers and of whoever set up the run are not theirs."""
    record_of = watch(lab)
    sqs = lab.client("sqs")
    arrive(lab, url, {"order-1": 1})
    start_workers(lab, lambda: sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20), (), ["worker A"])
    let_pass(Jobs(lab, []), 50, 1_000)
    record, expected = record_of(), told("At most {calls}.", calls=2)
    assert count_calls(record) == {"ReceiveMessage": 3}
    assert within(3, expected)(record, None) is None
    problem = within(2, expected)(record, None)
    (line,) = problem.came_back
    assert (line.sentence, line.values["calls"], line.values["parts"]) == (COUNTED_UNTIL, 3, "3 ReceiveMessage")
    assert (problem.expected, problem.mistake, problem.belief) == (expected, Mistake.ONE_AT_A_TIME, False)


def test_the_first_problem_is_the_one_told():
    judge = first_of(lambda record, played: None, lambda record, played: "second", lambda record, played: "third")
    assert judge(None, None) == "second"
    assert first_of()(None, None) is None


def test_arrivals_survive_what_aws_says_may_happen():
    """A lost answer is sent again by the SDK, and the customers go on."""
    with Lab(seed=3, faults=Faults(lost_response=0.3)) as lab:
        url = lab.client("sqs").create_queue(QueueName="orders")["QueueUrl"]
        arrive(lab, url, {f"order-{number}": number for number in range(1, 9)})
        let_pass(Jobs(lab, []), 60, 1_000)
        assert {change.body for change in lab.history.changes()} == {f"order-{number}" for number in range(1, 9)}
