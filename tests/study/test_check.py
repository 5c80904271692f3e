"""Four outcomes, never mixed up; an answer that attacks the check does not pass; what never ends is stopped."""

import os
import sys
import traceback
from abc import abstractmethod
from pathlib import Path

import pytest

from labkit import Lab, LabError, check, hint, solution
from labkit.clock.watch import Watch
from labkit.history.log import History
from labkit.study.course.journal import journal
from labkit.study.exercise import exercise, exercises
from labkit.study.fingerprint import fingerprint
from labkit.study.record import changed_labkit

ID = "03-heartbeat"
FAKES = "Right: a heartbeat for long work"


def stub(sqs, queue_url, render):
    raise NotImplementedError


def empty(sqs, queue_url, render):
    """Nothing yet."""


def no_heartbeat(sqs, queue_url, render):
    for message in sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20).get("Messages", []):
        list(render(message["Body"]))
        sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])


def careful(sqs, queue_url, render):
    for message in sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20).get("Messages", []):
        handle = message["ReceiptHandle"]
        for scene in render(message["Body"]):
            if scene % 5 == 0:
                sqs.change_message_visibility(QueueUrl=queue_url, ReceiptHandle=handle, VisibilityTimeout=40)
        sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=handle)


@pytest.mark.parametrize("function", [stub, empty])
def test_what_is_not_written_yet_is_not_attempted(function):
    result = check(ID, function)
    assert result.outcome == "not attempted"
    assert "raise NotImplementedError()" in result.plain()
    assert journal().entries()[-1]["outcome"] == "not attempted"
    assert "code" not in journal().entries()[-1]


def test_a_stub_in_the_middle_of_the_code_is_not_attempted():
    def worker(sqs, queue_url, render):
        while sqs.receive_message(QueueUrl=queue_url):
            raise NotImplementedError()

    assert check(ID, worker).outcome == "not attempted"


def test_a_wrong_answer_is_told_in_four_parts():
    lines = check(ID, no_heartbeat).plain().splitlines()
    heads = ["What was called:", "What came back:", "What was expected:", "Why:"]
    assert [line for line in lines if line in heads] == heads
    assert all(lines[lines.index(head) + 1].startswith("  - ") for head in heads)


def test_the_same_answer_gets_the_same_bytes():
    assert check(ID, no_heartbeat)._repr_mimebundle_() == check(ID, no_heartbeat)._repr_mimebundle_()


def test_two_beliefs_fit_and_neither_is_named():
    """Without a heartbeat an answer would be right if receiving removed, and if the timeout never ended."""
    result = check(ID, no_heartbeat)
    assert result.myth is None
    assert "would be right if" not in result.plain()


def test_a_check_inside_an_open_lab_leaves_that_lab_as_it_was():
    with Lab(seed=1) as lab:
        sqs = lab.client("sqs")
        url = sqs.create_queue(QueueName="orders")["QueueUrl"]
        before, events = lab.clock.now(), len(lab.history.events)
        check(ID, careful)
        assert (lab.clock.now(), len(lab.history.events)) == (before, events)
        assert sqs.list_queues()["QueueUrls"] == [url]


# Answers that attack the check


def test_printing_a_result_is_shown_as_what_the_function_printed():
    def worker(sqs, queue_url, render):
        print(FAKES)
        sys.exit(0)

    result = check(ID, worker)
    assert result.outcome == "crashed"
    assert result.plain().splitlines()[0] == "Stopped by an error: a heartbeat for long work"
    assert f"(this is its own text, not the check's):\n    {FAKES}" in result.plain()


@pytest.mark.parametrize("kind", [SystemExit, GeneratorExit, BaseException, MemoryError, RecursionError])
def test_no_exception_ends_the_check_or_passes_it(kind):
    def worker(sqs, queue_url, render):
        raise kind

    assert check(ID, worker).outcome == "crashed"


def test_ctrl_c_is_nobody_s_answer():
    def worker(sqs, queue_url, render):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(ID, worker)
    assert journal().entries() == []


@pytest.mark.parametrize(
    "attack",
    [
        lambda lab: lab.history.events.clear(),
        lambda lab: lab.history.events.pop(0),
        lambda lab: setattr(lab, "history", History(lab.history.start)),
        lambda lab: setattr(lab.history, "events", list(lab.history.events)),
        lambda lab: lab.history.events.append(lab.history.events[-1]),
        lambda lab: lab.history.next_order() and [lab.history.next_order() for _ in range(9)],
        lambda lab: object.__setattr__(lab.history.events[0], "by", "nobody"),
    ],
)
def test_a_history_that_was_changed_is_not_judged(attack):
    done = []

    def worker(sqs, queue_url, render):
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        if not done:
            done.append(attack(sqs._labkit_lab))
        return answer

    with pytest.raises(LabError, match="history was changed from outside"):
        check(ID, worker)
    assert journal().entries() == []


def nothing_wrong(*_):
    return None


@pytest.mark.parametrize(
    ("owner", "name"),
    [("labkit.study.judge", "play"), ("labkit.aws.lab.Lab", "settle"), ("labkit.study.performing", "Lab")],
)
def test_a_changed_labkit_judges_nothing(monkeypatch, owner, name):
    """Before the check, whatever was patched: a module's function, a method, a class."""
    check(ID, stub)
    monkeypatch.setattr(f"{owner}.{name}", nothing_wrong)
    with pytest.raises(LabError, match=f"labkit itself was changed .*{name}"):
        check(ID, careful)


def test_what_labkit_imports_from_python_itself_is_no_change(monkeypatch):
    """Some of the standard library, such as abc, is frozen into the interpreter and has no file."""
    monkeypatch.setattr("labkit.study.judge.abstractmethod", abstractmethod, raising=False)
    assert changed_labkit() == []


def test_labkit_changed_by_the_answer_judges_nothing(monkeypatch):
    from labkit.study.exercises import heartbeat

    def worker(sqs, queue_url, render):
        monkeypatch.setattr(heartbeat, "recovered", nothing_wrong)
        no_heartbeat(sqs, queue_url, render)

    with pytest.raises(LabError, match="labkit itself was changed"):
        check(ID, worker)


def test_takes_that_were_never_rendered_do_not_count():
    """The renderer does not hand out the list that is judged."""

    def worker(sqs, queue_url, render):
        assert not hasattr(render, "__self__")
        render.takes = []
        no_heartbeat(sqs, queue_url, render)

    assert check(ID, worker).outcome == "wrong"


@pytest.mark.parametrize("hides_errors", [False, True])
def test_an_answer_that_never_ends_is_stopped_and_told(monkeypatch, hides_errors):
    """In a process of its own: what hides every error is left where it is, and nothing is traced after that."""
    monkeypatch.setattr(Watch, "limit", 0.1)

    def worker(sqs, queue_url, render):
        while True:
            try:
                sqs.recieve_message(QueueUrl=queue_url)
            except AttributeError:
                continue
            except Exception:
                if not hides_errors:
                    raise

    def story():
        result = check(ID, worker)
        assert result.outcome == "crashed"
        assert "computed for" in result.plain()

    assert exit_code_of(story) == 0


def exit_code_of(story):
    """Run a story in a child process; 0 when it ends without an error, which is printed otherwise."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 1
    try:
        story()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


# What is asked wrongly


@pytest.mark.parametrize("given", [None, "worker", 3, Lab])
def test_check_asks_for_the_function_itself(given):
    with pytest.raises(LabError, match=r"write check\('03-heartbeat', worker\)"):
        check(ID, given)


def test_check_wants_a_plain_function():
    def generator(sqs, queue_url, render):
        yield from render("goal.mov")

    with pytest.raises(LabError, match="generator uses yield or async"):
        check(ID, generator)


@pytest.mark.parametrize("ask", [check, hint, solution])
def test_what_needs_an_exercise_lists_them_when_none_is_named(ask):
    with pytest.raises(LabError, match="the exercises are 01-time-budget"):
        ask()


def test_an_unknown_exercise_is_answered_with_close_ones():
    with pytest.raises(LabError, match="did you mean 03-heartbeat"):
        check("03-hartbeat", careful)
    with pytest.raises(LabError, match="the exercises are 01-time-budget"):
        exercise(3)


def test_an_exercise_is_found_by_its_id_in_a_file_of_that_name():
    from labkit.study import exercises as package

    (folder,) = package.__path__
    files = {path.stem.lstrip("0123456789_").replace("_", "-") for path in Path(folder).glob("*.py")} - {"init--"}
    assert files == {id.partition("-")[2] for id in exercises()}


def test_a_try_is_told_from_another_by_its_code_alone():
    def one(sqs):
        return 30  # seconds

    def same(sqs):

        return 30

    def other(sqs):
        return 60

    assert fingerprint(one) == fingerprint(same) != fingerprint(other)


def test_a_changed_helper_is_another_try():
    names = {}
    for number in (1, 2):
        scope = {"__name__": "cell"}
        exec(f"def helper(): return {number}\ndef worker(sqs): return helper()", scope)
        names[number] = fingerprint(scope["worker"])
    assert names[1] != names[2]
