"""The shortest schedule, told in at most six sentences, and shown again through boto3."""

from enum import Enum, auto

import pytest

from labkit import LabError, swimlanes
from labkit.history import Call
from labkit.interleavings import Bounds, Story, Verdict, Wrong, every_order
from labkit.interleavings.machine import machines
from labkit.interleavings.search import Search, schedule
from labkit.interleavings.stage import Stage
from labkit.interleavings.telling import name_of
from labkit.interleavings.world import StoryLab
from tests.interleavings.stories import (
    CHARGE,
    IN_GROUPS,
    PAY,
    charged_once,
    conditional,
    delete,
    delete_first,
    naive,
    receive,
)
from tests.interleavings.stories import never_deletes as forgets

TWO_TABLES = Story(
    ["order-1"],
    lambda end: None if len(end.rows["payments"]) == 1 else f"order-1 has {len(end.rows['payments'])} payments",
    tables={"done": "order_id", "payments": "payment_id"},
)


def looks_then_acts(sqs, url, dynamodb):
    while True:
        for message in receive(sqs, url):
            key = {"order_id": {"S": message["Body"]}}
            if "Item" not in dynamodb.get_item(TableName="done", Key=key):
                dynamodb.put_item(TableName="done", Item=key)
                dynamodb.put_item(TableName="payments", Item={**key, "payment_id": {"S": message["ReceiptHandle"]}})
            delete(sqs, url, message)


def dies_of_a_refusal(sqs, url, dynamodb):
    while True:
        for message in receive(sqs, url):
            order = {"order_id": {"S": message["Body"]}}
            dynamodb.put_item(TableName="payments", Item=order, ConditionExpression="attribute_not_exists(order_id)")
            delete(sqs, url, message)


def by_tens(sqs, url, charge):
    while True:
        for message in receive(sqs, url, MaxNumberOfMessages=10):
            charge(message["Body"])
            delete(sqs, url, message)


TOLD = {
    naive: (
        CHARGE,
        [
            "Consumer A received order-1 and called charge('order-1'), and then its machine died.",
            "30 s after its receive order-1 was visible again, and consumer A2, started anew without its memory, "
            "received order-1 as well and called charge('order-1').",
            "So order-1 was charged 2 times.",
        ],
    ),
    delete_first: (
        CHARGE,
        [
            "Consumer A received order-1 and deleted order-1, and then its machine died.",
            "So order-1 was charged 0 times.",
        ],
    ),
    forgets: (
        Story(["order-1"], lambda end: None, effects=["charge"]),
        [
            "Consumer A received order-1 and called charge('order-1').",
            "30 s after its receive order-1 was visible again, and consumer A received order-1 as well.",
            "So order-1 came back again and again, because nobody deleted it.",
        ],
    ),
    looks_then_acts: (
        TWO_TABLES,
        [
            "Consumer A received order-1, found no order-1 in done and wrote order-1 into done, "
            "and then its machine died.",
            "30 s after its receive order-1 was visible again, and consumer A2, started anew without its memory, "
            "received order-1 as well, found order-1 in done and deleted order-1.",
            "So order-1 has 0 payments.",
        ],
    ),
}


@pytest.mark.parametrize("consumer", TOLD, ids=lambda consumer: consumer.__name__)
def test_a_failure_is_told_and_shown_again_through_boto3(consumer):
    story, sentences = TOLD[consumer]
    checked = every_order(consumer, story)
    assert checked.sentences == sentences
    with checked.replay() as lab:
        assert {call.operation for call in lab.history.events if isinstance(call, Call)} >= {"ReceiveMessage"}
        assert "order-1" in str(swimlanes(lab)._repr_mimebundle_())


class Payments(Enum):
    TOO_MANY = auto()


def counted_by_code(sentence):
    """A story of labkit's own: what is wrong is a code and numbers, told by a sentence."""

    def wrong(end):
        times = len(end.calls["charge"])
        return Wrong(Payments.TOO_MANY, sentence, {"order": end.sent[0], "times": times}) if times > 1 else None

    return Story(["order-1"], wrong, effects=["charge"])


def test_a_story_with_codes_is_judged_by_them_and_told_by_its_sentence():
    found = every_order(naive, counted_by_code("{order} was charged {times} times"))
    other = every_order(naive, counted_by_code("{times} charges! Of {order}."))
    assert found.wrong == other.wrong
    assert (found.wrong.code, found.wrong.values) == (Payments.TOO_MANY, {"order": "order-1", "times": 2})
    assert [one.sentences[-1] for one in (found, other)] == [
        "So order-1 was charged 2 times.",
        "So 2 charges! Of order-1.",
    ]
    assert found.sentences[:-1] == other.sentences[:-1]
    found.replay().close()


@pytest.mark.verdicts
def test_what_nobody_deletes_has_a_code_of_its_own():
    never = every_order(forgets, Story(["order-1"], lambda end: None, effects=["charge"]), Bounds(1, 1, 0))
    assert (never.wrong.code, never.wrong.values) == (Verdict.STILL_LEFT, {"messages": "order-1"})


def test_a_refusal_that_ends_a_consumer_is_told():
    story = Story(["order-1"], lambda end: None, tables={"payments": "order_id"})
    checked = every_order(dies_of_a_refusal, story)
    told = " ".join(checked.sentences)
    assert "was refused by the condition on order-1 in payments" in told
    assert "and then ended with ConditionalCheckFailedException" in told
    checked.replay().close()


def once_but(count):
    """Wrong is the second charge of an order in a certain number of calls."""
    return lambda end: charged_once(end) if len(end.calls["charge"]) >= count else None


def test_no_failure_takes_more_than_six_sentences():
    for consumer, story in (
        (naive, CHARGE),
        (delete_first, CHARGE),
        (by_tens, Story(CHARGE.messages, once_but(4), ["charge"])),
    ):
        checked = every_order(consumer, story, Bounds(2, 2, 1))
        assert not checked.right
        assert len(checked.sentences) <= 6
        checked.replay().close()


def test_what_held_is_told_with_its_bounds():
    checked = every_order(conditional, PAY, Bounds(1, 2, 1))
    bounds = "all of 1 message, 2 consumers and 1 fault."
    assert str(checked).startswith(f"No schedule goes wrong. {checked.schedules} different ones were run: {bounds}")
    with pytest.raises(LabError, match="nothing to replay"):
        checked.replay()


def test_a_message_is_named_by_the_first_value_of_its_json():
    assert name_of('{"order": "order-1", "total": 20}') == "order-1"
    assert name_of("order-1") == "order-1"
    assert name_of("x" * 40) == "x" * 25 + "..."


def every_schedule(consumer, story, bounds):
    """Each schedule of a search with the end that it reaches."""
    found = []
    world = StoryLab(story)
    with world.lab, world.at_work():
        stage = Stage(world, machines(consumer), bounds)
        Search(stage, lambda stage: found.append((schedule(stage), stage.end()))).run()
    return found


def by_boto3(consumer, story, bounds, moves):
    """The end of a schedule that runs through boto3 and moto."""
    world = StoryLab(story, quick=False)
    with world.lab:
        stage = Stage(world, machines(consumer), bounds)
        with world.at_work():
            stage.begin()
            for move in moves:
                stage.do(move)
            end = stage.end()
            stage.close()
    return end


@pytest.mark.parametrize(
    ("consumer", "story", "bounds"),
    [
        (naive, CHARGE, Bounds(1, 1, 1)),
        pytest.param(naive, CHARGE, Bounds(2, 2, 1), marks=pytest.mark.slow),
        pytest.param(conditional, PAY, Bounds(1, 2, 1), marks=pytest.mark.slow),
        pytest.param(dies_of_a_refusal, PAY, Bounds(1, 2, 1), marks=pytest.mark.slow),
        pytest.param(by_tens, CHARGE, Bounds(2, 1, 1), marks=pytest.mark.slow),
        pytest.param(naive, IN_GROUPS, Bounds(3, 1, 1), marks=pytest.mark.slow),
    ],
)
def test_every_schedule_ends_through_boto3_as_in_the_search(consumer, story, bounds):
    found = every_schedule(consumer, story, bounds)
    assert len(found) > 5
    for moves, end in found:
        assert by_boto3(consumer, story, bounds, moves) == end
