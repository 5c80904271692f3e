"""Predictions: committed, revealed, never in the way, and counted."""

import pytest

from labkit import predict, progress
from labkit.study.course.journal import journal
from labkit.words import LabError

ASK = ("03-comes-back", "When does it come back?", ["after 10 s", "after 30 s", "never"])


def test_an_unanswered_prediction_shows_its_question_and_blocks_nothing():
    asked = predict(*ASK)
    assert asked.plain().splitlines()[:4] == [ASK[1], "  1. after 10 s", "  2. after 30 s", "  3. never"]
    assert "Not answered yet" in asked.plain()
    assert predict.reveal("03-comes-back", "after 30 s").plain() == (
        "What happened: after 30 s.\nYou had not committed an answer."
    )
    assert journal().entries() == []


@pytest.mark.parametrize(
    ("option", "sure", "told"),
    [
        (2, 3, "You predicted it, and you were certain."),
        (1, 1, "You had said after 10 s, guessing."),
        (3, 3, "Being certain and wrong is where most is learned"),
    ],
)
def test_an_answer_is_compared_with_what_happened(option, sure, told):
    predict(*ASK)
    predict.answer("03-comes-back", option, sure)
    assert told in predict.reveal("03-comes-back", "after 30 s", why="The timeout.").plain()


def test_only_certain_and_wrong_is_told_so():
    predict(*ASK)
    predict.answer("03-comes-back", 1, sure=2)
    assert "certain" not in predict.reveal("03-comes-back", "after 30 s").plain()


def test_an_answer_can_change_until_the_reveal_and_not_after_it(course):
    asked = predict(*ASK)
    predict.answer("03-comes-back", 1)
    predict.answer("03-comes-back", 2)
    assert asked.committed() == [2, 2]
    predict.reveal("03-comes-back", "never")
    assert "what happened: never" in predict.answer("03-comes-back", 3).plain()
    assert asked.committed() == [2, 2]
    assert [entry["right"] for entry in journal().entries() if entry["kind"] == "revealed"] == [False]


def test_an_answer_is_there_again_after_a_restart(course):
    predict(*ASK)
    predict.answer("03-comes-back", 2, sure=3)
    predict._asked.clear()
    assert "You answered after 30 s (certain)." in predict(*ASK).plain()


def test_a_section_that_runs_alone_reveals_without_its_question():
    assert "What happened: never." in predict.reveal("03-comes-back", "never").plain()


def test_truths_and_options_may_be_numbers():
    predict("03-count", "How many?", [1, 2])
    predict.answer("03-count", 2)
    assert "You predicted it" in predict.reveal("03-count", 2).plain()


def test_both_forms_say_the_same_and_quote_code():
    asked = predict("03-id", "Is `<b>` kept?", ["yes", "no"], claims=["vis-2"])
    bundle = asked._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    assert "<code>&lt;b&gt;</code>" in bundle["text/html"]
    assert "See: vis-2." in predict.reveal("03-id", "yes").plain()


@pytest.mark.parametrize(
    ("use", "sentence"),
    [
        (lambda: predict("", "?", [1, 2]), "needs an id"),
        (lambda: predict("03-a", "?", [1]), "two different options"),
        (lambda: predict("03-a", "?", [1, 1, 2]), "two different options"),
        (lambda: predict("03-a", "?", "ab"), "two different options"),
        (lambda: predict.answer("03-b", 1), "run the cell with predict"),
        (lambda: (predict(*ASK), predict.answer(ASK[0], 4)), "options 1 to 3"),
        (lambda: (predict(*ASK), predict.answer(ASK[0], 1, sure="very")), "1 for guessing"),
        (lambda: (predict(*ASK), predict.reveal(ASK[0], "soon")), "none of the options"),
    ],
)
def test_bad_input_gets_one_sentence(use, sentence):
    with pytest.raises(LabError, match=sentence):
        use()


def test_progress_lists_certain_and_wrong_first():
    for id, option, sure in (("03-a", 1, 3), ("03-b", 2, 3), ("03-c", 2, 1)):
        predict(id, f"Question {id}?", ["yes", "no"])
        predict.answer(id, option, sure)
        predict.reveal(id, "yes")
    lines = progress().plain().splitlines()
    at = lines.index("Predictions")
    assert lines[at + 1].startswith("You were certain here")
    assert lines[at + 2] == "  - 03-b: Question 03-b? You said no; what happened: yes."
    assert [line.split() for line in lines[at + 3 : at + 6]] == [
        ["you", "were", "predictions", "came", "true", "share"],
        ["certain", "2", "1", "50", "%"],
        ["guessing", "1", "0", "0", "%"],
    ]
