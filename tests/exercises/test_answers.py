"""Every shipped answer gets its verdict, and every wrong one the message that belongs to it."""

import importlib.util
from dataclasses import replace
from pathlib import Path

import pytest

from labkit.ledger import claims
from labkit.rules import Faults
from labkit.rules.myths import myths
from labkit.study.check import check
from labkit.study.exercise import exercise, exercises
from labkit.study.hints import solution_text
from labkit.study.judge import judge

HERE = Path(__file__).parent

# exercise -> answer -> (outcome, belief, what its message must say)
WRONG = {
    "03-heartbeat": {
        "no_heartbeat": ("wrong", None, ["stays hidden for its visibility timeout (here 30 s from the receive)"]),
        "no_heartbeat_no_delete": (
            "wrong",
            "receive-removes",
            ["true: Receiving a message removes it from the queue."],
        ),
        "adds_up": ("wrong", "extension-adds-up", ["The call at 10.02 s hid the message for 10 s", "only at 20.03 s"]),
        "once_at_the_start": (
            "wrong",
            None,
            ["hid the message for 60 s from that moment, so until 85.05 s; no further call"],
        ),
        "sends_again": ("wrong", None, ["New messages were sent to the queue"]),
        "rendered_twice": ("wrong", None, ["`render` was called twice for one receive"]),
        "batch_of_ten": ("crashed", None, ["by another one that received it when its visibility timeout had ended"]),
        "batch_of_ten_silent": (
            "wrong",
            None,
            ["worker A had received it already at 0.01 s and rendered something else"],
        ),
        "skips_known": ("wrong", None, ["everything that AWS says may happen", "each delivery needs its own delete"]),
        "skips_begun": ("wrong", None, ["nobody finished it and nobody gave it back"]),
        "thread": ("crashed", None, ["Lab time does not reach threads: make the call in the function itself"]),
        "too_seldom": (
            "wrong",
            None,
            ["first ChangeMessageVisibility came only at 55.04 s, after it had become visible again"],
        ),
        "list_of_scenes": ("wrong", "hidden-until-deleted", ["ChangeMessageVisibility came only at 165.05 s"]),
        "poll_to_keep": ("wrong", None, ["wedding.mov became visible again (the visibility timeout ended)"]),
        "zero": ("wrong", None, ["VisibilityTimeout=0 gives the message back at once"]),
        "forgot_delete": ("wrong", None, ["worker B finished goal.mov", "nothing told SQS so"]),
        "old_handle": ("wrong", "old-handle-deletes", ["DeleteMessage succeeded but deleted nothing"]),
        "delete_first": (
            "wrong",
            None,
            ["The message was deleted before its last scene", "the machine of worker A died"],
        ),
        "huge_at_receive": ("wrong", "crash-returns-message", ["that had been set to 600 s at 0.01 s"]),
        "huge_at_start": ("wrong", "crash-returns-message", ["set to 150 s at 0.02 s", "at 150.03 s: worker B began"]),
        "milliseconds": ("wrong", None, ["VisibilityTimeout counts seconds: 30000 of them are 8.3 hours"]),
        "every_scene": ("wrong", None, ["60 API calls: 51 ChangeMessageVisibility", "longer than one scene"]),
        "short_polls": ("wrong", None, ["361 ReceiveMessage", "a poll that waits"]),
        "idle": ("wrong", None, ["No message was ever received"]),
        "render_not_looped": ("wrong", None, ["`render(...)` renders while you loop over it"]),
        "minutes": ("crashed", None, ["VisibilityTimeout must be a whole number, not 0.5", "Line 10"]),
        "message_id": ("crashed", None, ["ChangeMessageVisibility got a MessageId"]),
        "no_messages_key": ("crashed", None, ["the answer has no key `Messages`"]),
        "typo_key": ("crashed", None, ["There is no key `ReceiptHandel` in it. Did you mean `ReceiptHandle`?"]),
        "typo_name": ("crashed", None, ["There is no name `mesage` here. Did you mean `message`?"]),
        "typo_method": ("crashed", None, ["no `change_mesage_visibility` in this SQS client"]),
        "wrong_parameter": ("crashed", None, ['Unknown parameter in input: "VisibiltyTimeout"']),
        "wrong_signature": ("crashed", None, ["The check calls `worker(sqs, queue_url, render)`"]),
        "whole_message": ("crashed", None, ['write render(message["Body"])']),
        "exits": ("crashed", None, ["It called sys.exit"]),
    }
}
CASES = [(id, name) for id, answers in WRONG.items() for name in answers]


def answer(id, kind, name):
    """The function of an answer's file, named as the exercise calls it."""
    path = HERE / id / kind / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"{kind}_{name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, exercise(id).signature.partition("(")[0])


def files(id, kind):
    return {path.stem for path in (HERE / id / kind).glob("*.py")}


@pytest.fixture(autouse=True)
def in_memory(monkeypatch):
    """No journal of anybody's is touched."""
    monkeypatch.delenv("LABKIT_COURSE", raising=False)


@pytest.mark.parametrize(("id", "name"), CASES, ids=lambda part: part)
def test_a_wrong_answer_gets_its_own_message(id, name):
    outcome, belief, told = WRONG[id][name]
    result = check(id, answer(id, "wrong", name))
    assert (result.outcome, result.myth) == (outcome, belief)
    assert [part for part in told if part not in result.plain()] == []


RIGHT = [(id, name) for id in exercises() for name in sorted(files(id, "right"))]


@pytest.mark.parametrize(("id", "name"), RIGHT, ids=lambda part: part)
def test_a_right_answer_passes_whatever_way_it_takes(id, name):
    result = check(id, answer(id, "right", name))
    assert result.right, result.plain()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 13))
@pytest.mark.parametrize(("id", "name"), RIGHT, ids=lambda part: part)
def test_a_right_answer_passes_whatever_chance_brings(id, name, seed):
    """A consumer that is right by AWS's promises is right under every order of duplicates and lost answers."""
    chosen = exercise(id)
    runs = [replace(run, seed=seed) for run in chosen.runs]
    assert judge(replace(chosen, runs=runs), answer(id, "right", name)).state == "right"


@pytest.mark.parametrize("id", exercises())
def test_an_exercise_is_judged_without_faults_and_with_all_that_aws_documents(id):
    faults = [run.faults for run in exercise(id).runs]
    assert faults[0] == Faults.none()
    assert Faults.documented() in faults


@pytest.mark.parametrize("id", exercises())
def test_what_an_exercise_names_exists(id):
    """Its claims are in the ledger, its myths among the rules, its solution in the course."""
    chosen = exercise(id)
    assert set(chosen.claims) <= {claim.id for claim in claims()}
    assert set(chosen.myths) <= set(myths())
    assert f"def {chosen.signature.partition('(')[0]}(" in solution_text(chosen)


@pytest.mark.parametrize("id", exercises())
def test_an_exercise_ships_enough_hints_right_and_wrong_answers(id):
    """Three hints, two right and three wrong answers at least, and no wrong one without its message."""
    assert len(exercise(id).hints) >= 3
    assert len(files(id, "right")) >= 2
    assert len(files(id, "wrong")) >= 3
    assert files(id, "wrong") == set(WRONG[id])


def test_a_message_belongs_to_one_mistake():
    """What tells a mistake is not said of another one, except where both make the same."""
    results = {name: check("03-heartbeat", answer("03-heartbeat", "wrong", name)).plain() for name in SAMPLE}
    for name in SAMPLE:
        phrase = WRONG["03-heartbeat"][name][2][0]
        assert [other for other, text in results.items() if phrase in text] == [name]


SAMPLE = ["no_heartbeat", "adds_up", "forgot_delete", "delete_first", "milliseconds", "every_scene", "typo_key"]
