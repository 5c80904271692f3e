"""Every probe holds here and comes out different in its wrong world; no claim of a lesson is left without either.

Each is observed once for all tests of this file; what runs again on purpose says so.
"""

import json
import sys
from cProfile import Profile
from functools import cache
from pstats import Stats

import pytest
from botocore.exceptions import ClientError

from labkit.ledger import claims, claims_of_lesson
from labkit.probes import command, wrong_answers, wrong_rules
from labkit.probes.registry import probe, probes
from labkit.probes.running import finding, names_in, observe, run, run_wrong
from labkit.probes.states import states
from labkit.probes.worlds import MOCK_ALONE, World

# lesson -> how many of its claims are shown
SHOWN = {
    "01": 7,
    "02": 76,
    "03": 31,
    "04": 11,
    "09": 12,
    "07": 37,
    "06": 23,
    "05": 14,
    "08": 16,
    "08b": 8,
    "10": 23,
    "11": 26,
    "12": 21,
    "13": 28,
    "14": 20,
    "15": 21,
    "16": 12,
    "22": 5,
    "22b": 2,
}
TAUGHT = {claim.id: claim for lesson in SHOWN for claim in claims_of_lesson(lesson)}


@cache
def observed(claim):
    """What the experiment of a claim saw in a fresh lab, and what stopped it."""
    return observe(probes()[claim])


def _found(probe):
    return finding(probe, *observed(probe.claim))


@pytest.mark.verdicts
@pytest.mark.parametrize("claim", probes())
def test_each_probe_sees_what_aws_documents(claim):
    """In a fresh lab the experiment of each claim comes out as AWS says."""
    found = _found(probes()[claim])
    assert found.holds, f"seen: {found.seen}; expected: {found.expected}"


@pytest.mark.verdicts
@pytest.mark.parametrize("claim", probes())
def test_each_probe_comes_out_different_in_its_wrong_world(claim):
    """Each probe can fail: in moto alone, under a myth, or in a world in which the claim is false."""
    finding = run_wrong(probes()[claim])
    assert not finding.holds, f"also seen in {probes()[claim].wrong.told}: {finding.seen}"


@pytest.mark.parametrize("claim", probes())
def test_each_sentence_tells_all_that_was_seen(claim):
    """What a probe compares stands in its sentence, and its sentence names nothing else."""
    bench, stopped = observed(claim)
    assert not stopped
    assert set(bench.seen) == names_in(probes()[claim].told)


def test_every_claim_is_listed(capsys, monkeypatch):
    """`labkit claims --json` gives an object for each claim, with the fields that others build on."""
    monkeypatch.setattr(sys.modules["labkit.probes.states"], "run", _found)
    assert command.main(["--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["id"] for row in rows] == [claim.id for claim in claims()]
    fields = {"id", "section", "claim", "verdict", "state", "evidence", "discriminates", "source"}
    assert all(fields <= set(row) for row in rows)
    assert {row["evidence"] for row in rows} == {"documented", "recorded"}
    assert {row["id"] for row in rows if row["state"] == "shown" and row["discriminates"]} == set(probes())


def test_each_claim_of_the_lessons_has_a_probe_or_a_reason():
    """No claim of a lesson is left without a probe or a reason why it can only be cited."""
    cited = {claim.id for claim in TAUGHT.values() if claim.cited}
    assert set(TAUGHT) - set(probes()) == cited


def test_at_least_sixty_five_claims_are_shown():
    """The counts that the lessons promise."""
    taught = {claim.lesson for claim in claims() if claim.lesson}
    counted = {lesson: sum(claim.id in probes() for claim in claims_of_lesson(lesson)) for lesson in taught}
    assert counted == SHOWN
    assert sum(counted.values()) >= 65


def test_a_probe_wants_a_claim_of_the_ledger():
    """A probe for an unknown claim is refused with the nearest ids."""
    with pytest.raises(ValueError, match="no claim 'vis-99'"):
        probe("vis-99", "Seen: {it}", wrong=MOCK_ALONE)


def test_the_same_probe_sees_the_same_twice():
    """Evidence is deterministic, with chance as without."""
    for claim in ("vis-4", "std-10", "receive-fewer", "async-2"):
        assert run(probes()[claim]) == run(probes()[claim])


def test_what_the_mock_cannot_do_is_no_finding():
    """A Python error behind the mock is raised, not taken for a refutation."""

    def breaks(call, operation, given):
        raise ClientError({"Error": {"Code": "InternalFailure", "Message": "the mock failed"}}, operation)

    with pytest.raises(ClientError, match="the mock failed"):
        run(probes()["vis-1"], World("broken", answers=lambda: breaks))


def test_an_unexpected_refusal_is_a_finding():
    """Where a call is refused that AWS accepts, the finding names the error."""

    def refuses(call, operation, given):
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, operation)

    finding = run(probes()["vis-1"], World("refused", answers=lambda: refuses))
    assert not finding.holds
    assert finding.seen == "A call was refused with AccessDenied"


def test_a_lab_that_is_open_is_left_as_it_was():
    """Probes run in labs of their own; the learner's lab keeps its time and its history."""
    from labkit import Lab

    with Lab() as lab:
        lab.client("sqs").create_queue(QueueName="orders")
        before = (lab.clock.now(), lab.history.in_order())
        assert states(claims_of_lesson("03"))[0].state == "shown"
        assert (lab.clock.now(), lab.history.in_order()) == before
        assert "QueueUrls" in lab.client("sqs").list_queues()


@pytest.mark.parametrize("claim", ["async-3", "multi-1", "receive-wait-ends-early", "vis-5", "std-9", "queue-counters"])
def test_moto_alone_is_no_broken_world(claim):
    """Where moto does what AWS does, with actors and waiting as well, a probe holds in moto alone."""
    finding = run(probes()[claim], MOCK_ALONE)
    assert finding.holds, finding.seen


def test_moto_alone_is_refused_while_a_lab_is_open():
    """Inside a lab moto is not alone, so a wrong world of that kind cannot be opened there."""
    from labkit import Lab

    with Lab(), pytest.raises(AssertionError, match="while a lab is open"):
        run(probes()["vis-1"], MOCK_ALONE)


def test_a_lesson_takes_little_time():
    """A probe of the longest lesson needs at most three times as many steps as one of the smallest, on average.

    Steps are calls of functions, which are the same on every machine; a processor's time is not.
    """
    lesson = [claim for claim in claims_of_lesson("02") if claim.id in probes()]
    smallest = [claim for claim in claims_of_lesson("03") if claim.id == "vis-1"]
    for some in (smallest, lesson):  # what only a first time needs is none of a probe's own steps
        states(some)
    each = [_steps(states, some) / len(some) for some in (smallest, lesson)]
    assert each[1] < 3 * each[0]


def _steps(function, argument):
    profile = Profile()
    profile.runcall(function, argument)
    return Stats(profile).total_calls


def test_each_world_of_another_rule_is_used():
    """A wrong world that no probe needs is deleted."""
    used = [one.wrong for one in probes().values()]
    for module in (wrong_rules, wrong_answers):
        worlds = [one for one in vars(module).values() if isinstance(one, World)]
        assert worlds
        assert all(one in used for one in worlds)


def test_all_claims_have_a_state():
    """Every claim of the ledger that no lesson teaches yet is cited or open."""
    found = states(claim for claim in claims() if claim.lesson is None)
    assert {one.state for one in found} == {"cited", "open"}
