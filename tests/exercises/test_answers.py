"""Every shipped answer gets its verdict and its code, and every protective part of a solution is missed."""

from dataclasses import replace

import pytest

from labkit.brokers.engines import why_not
from labkit.ledger import claims
from labkit.rules import Faults
from labkit.rules.myths import myths
from labkit.study.check import check
from labkit.study.exercise import exercise, exercises
from labkit.study.hints import ROOT, solution_text
from labkit.study.judge import judge
from labkit.study.performing import in_real_time
from tests.exercises.answers import answers_of
from tests.exercises.mutations import mutations


def is_real(id):
    """Whether an exercise's answer runs outside every lab, on real brokers."""
    return any(run.perform is in_real_time for run in exercise(id).runs)


def case(id, *more, name, is_repeat=False):
    """A parameter of a test; one that needs a broker which is missing is skipped, and in CI that is a failure.

    What repeats in real time what another answer has shown is slow.
    """
    marks = [pytest.mark.live] if is_real(id) else []
    marks += [pytest.mark.slow] if is_real(id) and is_repeat else []
    reason = why_not("activemq") if is_real(id) else ""
    marks += [pytest.mark.skip(reason=reason)] if reason else []
    return pytest.param(id, *more, marks=marks, id=f"{id}-{name}")


IN_LABS = [id for id in exercises() if not is_real(id)]


@pytest.mark.verdicts
@pytest.mark.parametrize(
    ("id", "answer"), [case(id, one, name=one.name) for id in exercises() for one in answers_of(id).all]
)
def test_an_answer_gets_its_verdict_its_code_and_its_belief(id, answer):
    result = check(id, *answer.functions)
    assert (result.outcome, result.mistake, result.myth) == (answer.outcome, answer.code, answer.belief), result.plain()


@pytest.mark.verdicts
@pytest.mark.parametrize(
    ("id", "part", "source"),
    [case(id, part, source, name=part, is_repeat=True) for id in exercises() for part, source in mutations(answers_of(id).solution)],
)
def test_a_part_of_the_solution_is_missed_when_it_is_gone(id, part, source):
    """Unless the exercise's answers say why it protects nothing."""
    answers = answers_of(id)
    result = check(id, *answers.functions(source))
    assert result.right == (part in answers.unprotected), result.plain()
    assert (result.mistake is None) == result.right


@pytest.mark.parametrize("id", exercises())
def test_an_exercise_ships_enough_answers_hints_and_reasons(id):
    """Two right answers and three wrong ones at least, each once; no reason for a part that isn't there."""
    answers = answers_of(id)
    codes = [one.code for one in answers.all]
    assert codes.count(None) >= 3
    assert len([code for code in codes if code is not None]) >= 3
    assert len({one.name for one in answers.all}) == len(answers.all)
    assert set(answers.unprotected) <= {part for part, _ in mutations(answers.solution)}
    assert len(exercise(id).hints) >= 3


@pytest.mark.parametrize("id", exercises())
def test_every_limit_that_can_fail_an_answer_stands_in_the_story(id):
    """As a number between backticks, in the text above the learner's cell."""
    source = (ROOT / exercise(id).source).read_text("utf-8")
    assert exercise(id).limits
    assert [limit for limit in exercise(id).limits if f"`{limit}`" not in source] == []


@pytest.mark.parametrize("id", [case(id, name="read") for id in exercises()])
def test_a_message_is_read_whole(id):
    """One wrong answer of each exercise, as the learner reads it."""
    answers = answers_of(id)
    (chosen,) = [one for one in answers.all if one.name == answers.read]
    assert check(id, *chosen.functions).plain() == answers.text.strip()


@pytest.fixture(autouse=True)
def in_memory(monkeypatch):
    """No journal of anybody's is touched."""
    monkeypatch.delenv("LABKIT_COURSE", raising=False)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 13))
@pytest.mark.parametrize(
    ("id", "answer"),
    [case(id, one, name=one.name) for id in IN_LABS for one in answers_of(id).all if one.code is None],
)
def test_a_right_answer_passes_whatever_chance_brings(id, answer, seed):
    """A consumer that is right by AWS's promises is right under every order of duplicates and lost answers."""
    chosen = exercise(id)
    runs = [replace(run, seed=seed) for run in chosen.runs if run.faults != Faults.none()]
    assert judge(replace(chosen, runs=runs), *answer.functions).state == "right"


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
