"""`labkit claims`."""

import json

import pytest

from labkit.ledger import claim, claims
from labkit.probes.command import main


def _json(capsys, *arguments):
    code = main([*arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_filters_narrow_the_list(capsys):
    """Lesson, state and verdict can be combined."""
    _, rows = _json(capsys, "--lesson", "3", "--state", "open")
    assert [row["id"] for row in rows] == ["vis-change-old-handle"]
    _, rows = _json(capsys, "--lesson", "02", "--verdict", "outdated")
    assert [row["id"] for row in rows] == ["std-9"]


def test_one_claim_is_shown_with_its_evidence(capsys):
    """A claim by its id: what was seen here, and what in the world in which it is false."""
    assert main(["vis-4"]) == 0
    text = capsys.readouterr().out
    assert "Received at 00:00:00.000, hidden at 00:00:29.999, received again at 00:00:30.000" in text
    assert "The visibility timer of a message in flight starts again at every poll" in text
    assert "Nothing was received at 00:00:30.000" in text
    assert "https://docs.aws.amazon.com/" in text


def test_one_claim_is_shown_with_what_is_known_of_it(capsys):
    """The planned experiment, where the statement came from and what a careful reader should know of it."""
    assert main(["retention-lowered"]) == 0
    lines = [line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines()]
    assert ["Experiment", claim("retention-lowered").probe] in lines
    assert ["Note", "A lab applies the change at once."] in lines
    assert ["Where", "it was said    misconception 13"] in lines


def test_the_list_is_grouped_and_counted(capsys):
    """The text form has the sections as headings and ends with the counts."""
    assert main(["--lesson", "03"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == claims()[0].section or not lines[0].startswith(" ")
    assert lines[-1] == "31 shown, 1 cited, 1 open"


def test_an_unknown_id_is_told_in_one_sentence(capsys):
    """A wrong id is answered with the nearest ones, and with code 2."""
    assert main(["vis-44"]) == 2
    assert "There is no claim 'vis-44'; did you mean" in capsys.readouterr().err


def test_an_unknown_lesson_is_told_in_one_sentence(capsys):
    """A lesson without claims is answered with those that have some, and with code 2."""
    assert main(["--lesson", "77"]) == 2
    assert "01, 02, 03" in capsys.readouterr().err


@pytest.mark.parametrize(("arguments", "code"), [(["--state", "lost"], 2), (["--help"], 0)])
def test_wrong_options_give_code_two(arguments, code, capsys):
    """What argparse refuses ends with its code, not with an exception."""
    assert main(arguments) == code
    assert "labkit claims" in "".join(capsys.readouterr())


def test_a_probe_that_fails_is_open_and_gives_code_one(failing_probe, capsys):
    """A claim that did not hold is listed as open, with what was expected, and the command fails."""
    assert main(["vis-1"]) == 1
    text = capsys.readouterr().out
    assert "open" in text
    assert "Expected" in text
