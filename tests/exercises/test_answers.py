"""Every shipped answer gets its verdict, and every wrong one the message that belongs to it."""

import importlib.util
from dataclasses import replace
from pathlib import Path

import pytest

from labkit.brokers.engines import why_not
from labkit.ledger import claims
from labkit.rules import Faults
from labkit.rules.myths import myths
from labkit.study.check import check
from labkit.study.exercise import exercise, exercises
from labkit.study.hints import solution_text
from labkit.study.judge import judge
from labkit.study.performing import in_real_time

HERE = Path(__file__).parent


def module_at(path):
    spec = importlib.util.spec_from_file_location(f"{path.parent.name}_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def is_real(id):
    """Whether an exercise's answer runs outside every lab, on real brokers."""
    return any(run.perform is in_real_time for run in exercise(id).runs)


def case(id, name):
    """A parameter of a test; one that needs a broker which is missing is skipped, and in CI that is a failure."""
    marks = [pytest.mark.live] if is_real(id) else []
    reason = why_not("activemq") if is_real(id) else ""
    return pytest.param(id, name, marks=[*marks, *([pytest.mark.skip(reason=reason)] if reason else [])])


IN_LABS = [id for id in exercises() if not is_real(id)]
WRONG = {id: module_at(HERE / id / "told.py").TOLD for id in exercises()}
CASES = [case(id, name) for id, answers in WRONG.items() for name in answers]


def answer(id, kind, name):
    """The functions of an answer's file, named as the exercise calls them."""
    module = module_at(HERE / id / kind / f"{name}.py")
    return [getattr(module, function) for function in exercise(id).names]


def files(id, kind):
    return {path.stem for path in (HERE / id / kind).glob("*.py")}


@pytest.fixture(autouse=True)
def in_memory(monkeypatch):
    """No journal of anybody's is touched."""
    monkeypatch.delenv("LABKIT_COURSE", raising=False)


@pytest.mark.verdicts
@pytest.mark.parametrize(("id", "name"), CASES, ids=lambda part: part)
def test_a_wrong_answer_gets_its_outcome_and_belief(id, name):
    outcome, belief, _ = WRONG[id][name]
    result = check(id, *answer(id, "wrong", name))
    assert (result.outcome, result.myth) == (outcome, belief)


@pytest.mark.parametrize(("id", "name"), CASES, ids=lambda part: part)
def test_a_wrong_answer_gets_its_own_message(id, name):
    told = WRONG[id][name][2]
    result = check(id, *answer(id, "wrong", name))
    assert [part for part in told if part not in result.plain()] == []


RIGHT = [case(id, name) for id in exercises() for name in sorted(files(id, "right"))]


@pytest.mark.verdicts
@pytest.mark.parametrize(("id", "name"), RIGHT, ids=lambda part: part)
def test_a_right_answer_passes_whatever_way_it_takes(id, name):
    result = check(id, *answer(id, "right", name))
    assert result.right, result.plain()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 13))
@pytest.mark.parametrize(
    ("id", "name"), [(id, name) for id in IN_LABS for name in sorted(files(id, "right"))], ids=lambda part: part
)
def test_a_right_answer_passes_whatever_chance_brings(id, name, seed):
    """A consumer that is right by AWS's promises is right under every order of duplicates and lost answers."""
    chosen = exercise(id)
    runs = [replace(run, seed=seed) for run in chosen.runs]
    assert judge(replace(chosen, runs=runs), *answer(id, "right", name)).state == "right"


@pytest.mark.parametrize("id", IN_LABS)
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
    assert [name for name in chosen.names if f"def {name}(" not in solution_text(chosen)] == []


@pytest.mark.parametrize("id", exercises())
def test_an_exercise_ships_enough_hints_right_and_wrong_answers(id):
    """Three hints, two right and three wrong answers at least, and no wrong one without its message."""
    assert len(exercise(id).hints) >= 3
    assert len(files(id, "right")) >= 2
    assert len(files(id, "wrong")) >= 3
    assert files(id, "wrong") == set(WRONG[id])


def test_a_message_belongs_to_one_mistake():
    """What tells a mistake is not said of another one, except where both make the same."""
    results = {name: check("03-heartbeat", *answer("03-heartbeat", "wrong", name)).plain() for name in SAMPLE}
    for name in SAMPLE:
        phrase = WRONG["03-heartbeat"][name][2][0]
        assert [other for other, text in results.items() if phrase in text] == [name]


SAMPLE = ["no_heartbeat", "adds_up", "forgot_delete", "delete_first", "milliseconds", "every_scene", "typo_key"]
