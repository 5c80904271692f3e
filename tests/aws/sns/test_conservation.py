"""Whatever happens to a topic's subscribers, each message ends at each of them once, and costs no other anything."""

import json
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from labkit import Lab
from labkit.aws.sns import delivering
from labkit.aws.sns.outcomes import Failed
from labkit.causes import Obstacle, Step
from tests.aws.letting import let_sns

ENDS = {Step.DELIVERED, Step.FILTERED, Step.DEAD_LETTERED, Step.DISCARDED}
QUEUES = ("a", "b", "c")
FUZZED = settings(derandomize=True, database=None, deadline=None, max_examples=40)
SETUPS = st.fixed_dictionaries({
    "lets": st.booleans(), "filters": st.booleans(), "dies": st.booleans(), "away": st.integers(0, 6),
    "dead": st.booleans(),
})  # fmt: skip
MESSAGES = st.lists(st.sampled_from(["book", "tea"]), min_size=1, max_size=6)


def subscribe(sns, sqs, topic, name, setup, fifo):
    given_queue = {"FifoQueue": "true"} if fifo else {}
    ending = ".fifo" if fifo else ""
    url = sqs.create_queue(QueueName=name + ending, Attributes=given_queue)["QueueUrl"]
    dead = sqs.create_queue(QueueName=f"{name}-dead{ending}", Attributes=given_queue)["QueueUrl"]
    target = let_sns(sqs, dead, topic)
    if setup["lets"]:
        let_sns(sqs, url, topic)
    attributes = {"RawMessageDelivery": "true"}
    if setup["filters"]:
        attributes["FilterPolicy"] = json.dumps({"store": ["book"]})
    if setup["dead"]:
        attributes["RedrivePolicy"] = json.dumps({"deadLetterTargetArn": target})
    arn = f"arn:aws:sqs:us-east-1:123456789012:{name}{ending}"
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=attributes)
    return url


def received(sqs, url):
    """All that is in a queue, in the order in which it comes."""
    found = []
    while got := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        found += [one["Body"] for one in got]
        for one in got:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
    return found


class Away:
    """Queues that fail their first tries, as AWS's own service may: counted down a name."""

    def __init__(self, setups):
        self.left = {name: setup["away"] for name, setup in setups.items()}
        self.deliver, self.policy_of = delivering.ENDPOINTS["sqs"]

    def __call__(self, lab, notice, subscription):
        name = subscription.endpoint.rpartition(":")[2].removesuffix(".fifo")
        if self.left[name] > 0:
            self.left[name] -= 1
            return Failed(Obstacle.UNAVAILABLE, "500")
        return self.deliver(lab, notice, subscription)


def played(setups, messages, fifo):
    """The steps of each subscriber by message, and what its queue and its dead letters hold."""
    away = Away(setups)
    before, delivering.ENDPOINTS["sqs"] = delivering.ENDPOINTS["sqs"], (away, away.policy_of)
    try:
        with Lab(seed=7) as lab:
            sns, sqs = lab.client("sns"), lab.client("sqs")
            attributes = {"FifoTopic": "true", "ContentBasedDeduplication": "true"} if fifo else {}
            topic = sns.create_topic(Name="orders.fifo" if fifo else "orders", Attributes=attributes)["TopicArn"]
            urls = {name: subscribe(sns, sqs, topic, name, setup, fifo) for name, setup in setups.items()}
            for number, store in enumerate(messages):
                if number == len(messages) // 2:
                    for name, setup in setups.items():
                        if setup["dies"]:
                            sqs.delete_queue(QueueUrl=urls[name])
                group = {"MessageGroupId": "Ann"} if fifo else {}
                kind = {"store": {"DataType": "String", "StringValue": store}}
                sns.publish(TopicArn=topic, Message=f"{number} {store}", MessageAttributes=kind, **group)
            lab.clock.advance("10 min")
            steps = lab.history.deliveries()
            alive = {name: received(sqs, url) for name, url in urls.items() if not setups[name]["dies"]}
            ending = ".fifo" if fifo else ""
            dead = {name: received(sqs, urls[name].replace(name + ending, f"{name}-dead{ending}")) for name in setups}
            return steps, alive, dead
    finally:
        delivering.ENDPOINTS["sqs"] = before


@FUZZED
@given(st.fixed_dictionaries(dict.fromkeys(QUEUES, SETUPS)), MESSAGES, st.booleans())
def test_published_is_delivered_or_filtered_or_dead_or_discarded(setups, messages, fifo):
    steps, alive, dead = played(setups, messages, fifo)
    assert Counter(one.step for one in steps)[Step.PUBLISHED] == len(messages)
    for name in QUEUES:
        mine = [one for one in steps if (one.endpoint or "").removesuffix(".fifo") == name]
        ended = Counter(one.message for one in mine if one.step in ENDS)
        assert ended == Counter(one.message for one in steps if one.step is Step.PUBLISHED), "each once"
        got = [one.body for one in mine if one.step is Step.DELIVERED]
        if name in alive:
            assert sorted(alive[name]) == sorted(got)
        buried = [one.body for one in mine if one.step is Step.DEAD_LETTERED]
        assert sorted(dead[name]) == sorted(buried)
        if fifo:
            assert got == sorted(got), "a group's messages are delivered in order, whatever is tried again"
            assert alive.get(name, got) == got


@FUZZED
@given(SETUPS, st.fixed_dictionaries(dict.fromkeys(QUEUES[1:], SETUPS)), MESSAGES, st.booleans())
def test_no_subscribers_failure_changes_anothers_deliveries(own, others, messages, fifo):
    healthy = {"lets": True, "filters": False, "dies": False, "away": 0, "dead": False}
    _, beside, _ = played({"a": own} | others, messages, fifo)
    _, alone, _ = played({"a": own} | dict.fromkeys(others, healthy), messages, fifo)
    assert beside.get("a") == alone.get("a")
