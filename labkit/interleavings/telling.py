"""A schedule in at most six sentences."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import NamedTuple

from botocore.exceptions import ClientError

from labkit.causes import VISIBLE
from labkit.interleavings.operations import COMES_BACK, DUPLICATE, LOST, PLACE, CallStep, EffectStep, Nap, Operation
from labkit.interleavings.stage import CRASH, NOBODY, Choice, Stage
from labkit.interleavings.story import Verdict, Wrong
from labkit.rules import SECOND
from labkit.words import interleavings as words
from labkit.words import say

MOST_SENTENCES = 6
ENOUGH = 25


class Act(NamedTuple):
    """Something worth telling: who did it (empty: time), in words, and whether the machine came to its end by it."""

    by: str
    text: str
    ends: bool = False


def name_of(body: str) -> str:
    """Return a message's name: its body, or the first value in it if it is JSON; of SNS's envelope, what is inside."""
    try:
        read = json.loads(body)
    except ValueError:
        read = None
    if isinstance(read, dict) and read.get("Type") == "Notification" and isinstance(read.get("Message"), str):
        return name_of(read["Message"])
    first = str(next(iter(read.values()))) if isinstance(read, dict) and read else body
    return first if len(first) <= ENOUGH else f"{first[:ENOUGH]}..."


def told(stage: Stage, moves: tuple[Choice, ...], judge: Callable[[Stage], Wrong | None], wrong: Wrong) -> list[str]:
    """Run a schedule once more and tell it up to the point from which its end does not change any more."""
    narrator = _Narrator(stage)
    stage.begin()
    ends = [judge(stage)]
    acts: list[list[Act]] = []
    for move in moves:
        acts.append(narrator.act(move))
        ends.append(judge(stage))
    is_left = wrong.code is Verdict.STILL_LEFT
    decided = max((place for place, end in enumerate(ends) if end != wrong), default=-1) + 1
    shown = acts[:decided] if decided and not is_left else _without_repeats(acts)
    return [*_sentences([act for some in shown for act in some]), say(words.SO, wrong=wrong)]


def _without_repeats(acts: list[list[Act]]) -> list[list[Act]]:
    """What is missing at the end has been missing all the time: tell everything, but nothing that only comes again."""
    texts = [[(act.by[:1], act.text) for act in some] for some in acts]
    before = [{one for earlier in texts[:place] for one in earlier} for place in range(len(texts))]
    last = max((place for place, some in enumerate(texts) if not before[place].issuperset(some)), default=-1)
    return acts[: last + 1]


class _Narrator:
    """Lets a stage move and says what happened."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._received: dict[str, str] = {}

    def act(self, move: Choice) -> list[Act]:
        """Let one move happen; return what is worth telling of it."""
        stage = self._stage
        if move.who == NOBODY:
            return self._time(move)
        consumer = stage.consumers[move.who]
        name, operation = consumer.name, consumer.pending
        if move.what == CRASH:
            stage.do(move)
            return [Act(name, say(words.DIED), ends=True)]
        handle = self._handles(operation)
        deletes = [stage.message_of(one) is not None for one in handle]
        stage.do(move)
        text = self._done(operation, move.what, deletes)
        if text and move.what == LOST:
            text = say(words.LOST, act=text)
        ended = next((one.failure for one in stage.events[-2:] if one.failure is not None and one.name == name), None)
        acts = [Act(name, text)] if text else []
        return [*acts, Act(name, say(words.ENDED, code=_code(ended)), ends=True)] if ended is not None else acts

    def _time(self, move: Choice) -> list[Act]:
        stage = self._stage
        due = stage.due_by(None)
        held = [one for one in stage.world.rules.stored() if one.number in due]
        stage.do(move)
        stage.world.rules.settle(stage.world.stepper.now)
        seconds = round((held[0].due - held[0].received) / SECOND)
        sentence = words.VISIBLE_AGAIN if len(held) == 1 else words.VISIBLE_AGAIN_MANY
        assert all(one.state == VISIBLE for one in held)
        return [Act("", say(sentence, seconds=seconds, messages=_names([one.body for one in held])))]

    # Operations

    def _handles(self, operation: Operation | None) -> list[str]:
        if not isinstance(operation, CallStep):
            return []
        entries = operation.parameters.get("Entries", [operation.parameters])
        return [entry["ReceiptHandle"] for entry in entries if "ReceiptHandle" in entry]

    def _done(self, operation: Operation | None, what: str, deletes: list[bool]) -> str:
        if isinstance(operation, EffectStep):
            return say(words.EFFECT, name=operation.name, args=", ".join(map(_short, operation.args)))
        if isinstance(operation, Nap):
            return say(words.SLEPT)
        if not isinstance(operation, CallStep):
            return ""
        if operation.operation == "ReceiveMessage":
            return self._receive(operation, what)
        if operation.failure is not None and operation.service == "sqs":
            return say(words.REFUSED, code=_code(operation.failure), operation=operation.operation)
        if operation.operation.startswith("DeleteMessage"):
            return self._delete(operation, what, deletes)
        if operation.operation.startswith("ChangeMessageVisibility"):
            entry = operation.parameters.get("Entries", [operation.parameters])[0]
            return say(words.EXTENDED, messages=self._of(operation), seconds=entry.get("VisibilityTimeout", 0))
        return (
            self._row(operation)
            if operation.service == "dynamodb"
            else say(words.CALLED, operation=operation.operation)
        )

    def _receive(self, call: CallStep, what: str) -> str:
        messages = (call.answer or {}).get("Messages", [])
        if not messages:
            return ""
        again = all(message["MessageId"] in self._received for message in messages)
        another = not again and all(message["Body"] in self._received.values() for message in messages)
        for message in messages:
            self._received[message["MessageId"]] = message["Body"]
            self._stage.world.bodies[message["ReceiptHandle"]] = message["Body"]
        if what == DUPLICATE:
            sentence = words.NOT_HIDDEN
        elif what.startswith(PLACE):
            sentence = words.OTHER_GROUP if self._stage.is_fifo else words.OUT_OF_ORDER
        else:
            sentence = words.RECEIVED_AGAIN if again else words.RECEIVED_ANOTHER if another else words.RECEIVED
        return say(sentence, messages=_names([message["Body"] for message in messages]))

    def _delete(self, call: CallStep, what: str, deletes: list[bool]) -> str:
        if what == COMES_BACK:
            return say(words.COMES_BACK, messages=self._of(call))
        if all(deletes):
            return say(words.DELETED, messages=self._of(call))
        return say(words.DELETED_NOTHING, messages=self._of(call))

    def _of(self, call: CallStep) -> str:
        bodies = self._stage.world.bodies
        return _names([bodies[handle] for handle in self._handles(call) if handle in bodies])

    def _row(self, call: CallStep) -> str:
        given = call.parameters
        if call.operation == "TransactWriteItems":
            return say(words.NO_TRANSACTION if call.failure else words.TRANSACTION)
        item = given.get("Item") or given.get("Key")
        if item is None:
            return say(words.CALLED, operation=call.operation)
        table = given["TableName"]
        names = {"row": self._row_name(table, item), "table": table}
        if call.failure is not None:
            return say(words.REFUSED_ROW, **names)
        if call.operation == "GetItem":
            return say(words.FOUND_ROW if "Item" in (call.answer or {}) else words.FOUND_NO_ROW, **names)
        return say(words.REMOVED if call.operation == "DeleteItem" else words.WROTE, **names)

    def _row_name(self, table: str, item: dict[str, dict[str, str]]) -> str:
        """The message that a row is about, or else its key."""
        sent = {name_of(body) for body in self._stage.world.bodies.values()}
        values = [str(value) for attribute in item.values() for value in attribute.values()]
        key = item.get(self._stage.world.story.tables.get(table, ""), {"S": "a row"})
        return next((value for value in values if value in sent), str(next(iter(key.values()))))


def _code(failure: BaseException | None) -> str:
    return str(failure.response["Error"]["Code"]) if isinstance(failure, ClientError) else type(failure).__name__


def _names(bodies: list[str]) -> str:
    names = [name_of(body) for body in bodies]
    return say(words.AND).join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= ENOUGH else f"{text[:ENOUGH]}..."


# Acts to sentences


def _sentences(acts: list[Act]) -> list[str]:
    """One sentence for what a machine does without another's interruption; what time did before stands at its start."""
    turns: list[tuple[str, str, list[Act]]] = []
    before = ""
    for act in acts:
        if not act.by:
            before = act.text
        elif turns and turns[-1][1] == act.by and not before:
            turns[-1][2].append(act)
        else:
            turns.append((before, act.by, [act]))
            before = ""
    told = [
        _sentence(*turn, turn[1] in [one[1] for one in turns[:nth]] and not turn[0]) for nth, turn in enumerate(turns)
    ]
    while len(told) > MOST_SENTENCES - 1:
        shortest = min(range(len(told) - 1), key=lambda place: len(told[place]) + len(told[place + 1]))
        told[shortest : shortest + 2] = [f"{told[shortest].removesuffix('.')}; {told[shortest + 1]}"]
    return told


def _sentence(before: str, by: str, acts: list[Act], goes_on: bool) -> str:
    subject = say(words.GOES_ON if goes_on else words.NEW_CONSUMER if len(by) > 1 else words.CONSUMER, name=by)
    rest = [act.text for act in acts if not act.ends]
    last = say(words.THEN, end=acts[-1].text) if acts[-1].ends else ""
    told = say(words.AND).join([", ".join(rest[:-1]), rest[-1]]) if len(rest) > 1 else "".join(rest)
    whole = ", ".join(part for part in (f"{subject} {told}".strip(), last) if part)
    whole = f"{before} {whole[0].lower()}{whole[1:]}" if before else whole
    return f"{whole}."
