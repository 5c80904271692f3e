"""What an answer caught or was refused on its way is told with its line, what it caught knowingly where it explains."""

import sys

import pytest

from labkit.rules import Faults
from labkit.study.check import check
from labkit.study.crash import Stopped
from labkit.study.exercise import exercise
from labkit.study.met import met
from labkit.words.shift import Mistake
from tests.exercises.answers import answers_of

ID = "06-dead-letters"
GUARD, SEND, PAY = "except (ConnectionError, ValueError):", "send(order)", "pay(order, order)"
DELETE = 'sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])'
GUARDED = f"try:\n    {DELETE}\nexcept {{}}:\n    pass".replace('"ReceiptHandle"]', '"Handle"]')
HEAD = "Exceptions on the way:"


def told(**edits):
    """The part about exceptions, of the solution with these edits; and the mistake's code."""
    answers = answers_of(ID)
    result = check(ID, *answers.functions(answers.edited(edits["edits"])))
    lines = result.plain().splitlines()
    start = lines.index(HEAD) + 1 if HEAD in lines else len(lines)
    return result.mistake, [line[4:] for line in lines[start:] if line.startswith("  - ")]


def test_a_name_error_that_was_swallowed_is_told_with_its_line():
    mistake, lines = told(edits={GUARD: "except Exception:", SEND: "send(ordr)"})
    assert mistake is Mistake.DEAD_LETTERED
    (line,) = [line for line in lines if "ordr" in line]
    assert line == (
        "at 1.01 s, worker A, line 8: `send(ordr)`. There is no name `ordr` here. "
        "Did you mean `order` or `worker`? Your function caught it and went on."
    )


@pytest.mark.parametrize("broad", ["Exception", "KeyError", "(LookupError, OSError)"])
def test_a_key_error_that_was_swallowed_is_told_where_work_is_left(broad):
    """Also if it was caught knowingly: the message was to be deleted there."""
    mistake, lines = told(edits={DELETE: GUARDED.format(broad)})
    assert mistake is Mistake.NO_DELETE
    (line,) = [line for line in lines if "Handle" in line]
    assert "There is no key `Handle` in it. Did you mean `ReceiptHandle`?" in line


def test_what_was_caught_unknowingly_comes_first():
    _, lines = told(edits={DELETE: GUARDED.format("Exception")})
    assert ["`Handle`" in line for line in lines] == [True, False]


def test_a_refused_call_that_was_swallowed_is_told():
    refused = f"sqs.delete_message(QueueUrl=queue_url, ReceiptHandle='x')\n{PAY}"
    mistake, lines = told(edits={GUARD: "except:", PAY: refused})
    assert mistake is Mistake.NOT_HANDLED
    assert [("no receipt handle" in line, "caught it" in line) for line in lines] == [(True, True)]


def test_what_an_answer_is_right_to_catch_is_not_held_against_it():
    """The same two exceptions are met, and neither explains a key that changes."""
    assert told(edits={PAY: 'pay(order, message["ReceiptHandle"])'})[1] == []
    assert told(edits={PAY: 'pay(order, message["ReceiptHandle"])', GUARD: "except Exception:"})[1] != []


def test_what_was_raised_again_was_not_caught():
    """Neither as itself nor as the reason of another that ended the function; a right answer is not searched at all."""
    again = "except Exception:\n    raise\nfinally:\n    message.get(1)\nif False:"
    other = "except Exception as wrong:\n    raise type(wrong)(order) from wrong\nif False:"
    for guard in (again, other):
        assert told(edits={GUARD: guard, DELETE: ""}) == (Mistake.NO_DELETE, [])


def test_a_call_that_aws_refused_and_that_ended_the_function_is_told_where_it_was_started_again():
    """At night, and in standing runs, a supervisor survives what AWS answers."""
    refused = DELETE.replace("delete_message", "change_message_visibility").replace(
        '"])', '"], VisibilityTimeout=43_201)'
    )
    answers = answers_of(ID)
    functions = answers.functions(answers.edited({DELETE: refused}))
    night = next(run for run in exercise(ID).runs if run.faults != Faults.none())
    found = met(exercise(ID), night, functions, None)
    assert [(one.was_caught, one.crash.code, one.crash.line) for one in found] == [(False, Stopped.REFUSED, refused)]


def test_settings_that_the_answer_changed_are_told():
    """They hold for calls that don't name them."""
    setting = "sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={'VisibilityTimeout': '2'})"
    answers = answers_of(ID)
    told = check(ID, *answers.functions(answers.edited({PAY: f"{setting}\n{PAY}"})))
    assert not told.right
    assert "What your function set on the queue:\n  - at 0.02 s, worker A: VisibilityTimeout = 2\n" in told.plain()


def test_a_tracer_that_was_there_is_there_again():
    def tracer(frame, event, about):
        return None

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        told(edits={DELETE: ""})
        assert sys.gettrace() is tracer
    finally:
        sys.settrace(before)
