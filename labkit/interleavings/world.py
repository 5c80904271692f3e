"""The AWS in which schedules run: a lab whose chance is decided, quick for a search, ordinary for a replay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from botocore.client import BaseClient
from botocore.exceptions import ClientError, ParamValidationError
from botocore.validate import ParamValidator
from moto.dynamodb.models import dynamodb_backends
from moto.sqs.models import sqs_backends

from labkit.aws import calls, shapes
from labkit.aws.adapter import Origin
from labkit.aws.adapters import adapters
from labkit.aws.attempts import CallName
from labkit.aws.lab import Lab
from labkit.aws.sqs import data_plane, handles
from labkit.aws.sqs.stores import rules_of
from labkit.causes import Effect
from labkit.clock.guard import guard
from labkit.clock.watch import Watch
from labkit.interleavings.directed import POSSIBLE, directed
from labkit.interleavings.stepper import Stepper
from labkit.rules import Change, FifoQueue, Receipt, StandardQueue
from labkit.words import error
from labkit.words import interleavings as words

if TYPE_CHECKING:
    from labkit.interleavings.story import Story

SEED = 7
_validator = ParamValidator()


class DirectedLab(Lab):
    """A lab in which a schedule decides who moves, what gets lost and what AWS leaves to chance."""

    def _begin_time(self, start: int) -> Stepper:
        return Stepper(start)

    def __init__(self, world: StoryLab, rules: type) -> None:
        self._world = world
        super().__init__(SEED, latency=0, faults=POSSIBLE, rules={"sqs": directed(rules, lambda: world.fault)})

    def own(self, client: Any) -> None:
        """Let every client of this lab wait for its turn."""
        super().own(client)
        client._make_api_call = partial(self._world.call, client)

    def check_client(self, client: Any) -> None:
        """Raise `LabError` for a client that does not belong here."""
        if getattr(client, "_labkit_lab", None) is not self:
            raise error(words.OTHER_CLIENT, service=client.meta.service_model.service_name)

    def loses_response(self, call: CallName) -> bool:
        """Whether the schedule lets the answer to this attempt get lost."""
        lost = self._world.loses_answer and call.attempt == 1
        if lost:
            # The SDK's second request is a poll of its own on AWS, which waits for as long as the first one would.
            self._world.wait_as_asked()
        return lost


class QuietLab(DirectedLab):
    """The same without a history, for thousands of schedules."""

    def loses_response(self, call: CallName) -> bool:
        """The world makes a call again whose answer gets lost."""
        return False

    def record(self, changes: list[Change], by: str | None = None) -> None:
        """Forget it."""

    def note_effect(self, effect: Effect, message: str | None = None, seconds: int | None = None) -> None:
        """Forget it."""


class StoryLab:
    """One lab with the story's queue and tables. `fault` and `loses_answer` belong to the step that runs now."""

    def __init__(self, story: Story, rules: type | None = None, quick: bool = True) -> None:
        self.story = story
        self.fault = ""
        self.loses_answer = False
        self.bodies: dict[str, str] = {}
        self.on_call: Callable[[Any, str, dict[str, Any]], Any] = self.make
        usual = FifoQueue if story.is_fifo else StandardQueue
        self.lab = (QuietLab if quick else DirectedLab)(self, rules or usual)
        assert isinstance(self.lab.scheduler, Stepper)
        self.stepper = self.lab.scheduler
        self._quick = quick
        self._asked: tuple[Any, str, dict[str, Any]]
        self.sqs = self.lab.client("sqs")
        self.dynamodb = self.lab.client("dynamodb") if story.tables else None
        self._set_up()
        self.rules = rules_of(self.queue, self.lab)
        self.start = self.stepper.now
        self._receipts: dict[str, Receipt | None] = {}

    def _set_up(self) -> None:
        story = self.story
        attributes = dict(story.attributes)
        if story.is_fifo:
            attributes.setdefault("FifoQueue", "true")
        given = {"Attributes": attributes} if attributes else {}
        self.url = self.sqs.create_queue(QueueName=story.queue, **given)["QueueUrl"]
        backend = sqs_backends[self.lab.account][self.lab.region]
        self.queue = backend.queues[story.queue]
        for name, key in story.tables.items():
            assert self.dynamodb is not None
            self.dynamodb.create_table(
                TableName=name,
                KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
                BillingMode="PAY_PER_REQUEST",
            )

    def begin(self, messages: int) -> None:
        """Go back to the start: the first messages wait, the tables are empty."""
        self.fault, self.loses_answer = "", False
        self.lab.caller = "you"
        for table in self.tables.values():
            table.items = defaultdict(dict)
        if not self._quick:
            for entry in self.story.entries(messages):
                self.sqs.send_message(QueueUrl=self.url, **entry)
            self.rules = rules_of(self.queue, self.lab)
            return
        self.stepper.now = self.start
        self.queue.__dict__.pop("rules", None)
        self.rules = rules_of(self.queue, self.lab)
        for entry in self.story.entries(messages):
            data_plane.send(self.lab, self.queue, entry)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Between steps labkit works and holds Ctrl-C back; a consumer that computes on and on is stopped."""
        was = guard.hold()
        try:
            with Watch(self.stepper._stuck, self.stepper._abandon):
                yield
        finally:
            guard.restore(was)

    # Calls

    def call(self, client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        """Check a call's parameters as boto3 does, then let it wait for its turn."""
        was = guard.hold()
        try:
            check(client, operation, parameters)
            return self.on_call(client, operation, parameters)
        finally:
            guard.restore(was)

    def make(self, client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        """Make a call now."""
        self._asked = client, operation, parameters
        if not self._quick:
            return by_boto3(client, operation, parameters)
        if self.loses_answer:
            # Whatever it was: the SDK tries again. No time passes for that, a schedule says when it does.
            with suppress(ClientError):
                self._call(client, operation, parameters)
        return self._call(client, operation, parameters)

    def _call(self, client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        """Through the same door, without what a lab adds for its history: that is a quarter of a schedule's time."""
        lab, model = self.lab, client.meta.service_model
        self.wait_as_asked()
        actor = self.stepper.current()
        name = CallName(lab.seed, lab.caller, model.service_name, operation, 1)
        lab.calls_now[actor] = name
        try:
            return calls.make(lab, client, name, parameters)
        finally:
            del lab.calls_now[actor]

    def wait_as_asked(self) -> None:
        """Let the time pass that a long poll waits before it is answered; for any other call none."""
        client, operation, parameters = self._asked
        adapter = adapters().get(client.meta.service_model.service_name)
        if adapter is not None:
            origin = Origin(client._labkit_account, client.meta.region_name)
            adapter.before_call(self.lab, origin, operation, parameters)

    # Looking

    @property
    def tables(self) -> dict[str, Any]:
        """moto's tables, which are other objects after a transaction that was refused."""
        if not self.story.tables:
            return {}
        tables = dynamodb_backends[self.lab.account][self.lab.region].tables
        return {name: tables[name] for name in self.story.tables}

    def receipt_of(self, handle: object) -> Receipt | None:
        """Return the delivery that a receipt handle stands for, or None."""
        if not isinstance(handle, str):
            return None
        if handle not in self._receipts:
            self._receipts[handle] = handles.receipt(self.rules.owner, handle)
        return self._receipts[handle]


def by_boto3(client: Any, operation: str, parameters: dict[str, Any]) -> Any:
    """Make a call through boto3, the lab and moto."""
    was = guard.held
    guard.restore(False)
    try:
        return BaseClient._make_api_call(client, operation, parameters)
    finally:
        if was:
            guard.hold()


def check(client: Any, operation: str, parameters: dict[str, Any]) -> None:
    """Raise botocore's own ParamValidationError for parameters that boto3 would not send."""
    model = client.meta.service_model.operation_model(operation)
    with suppress(shapes.NotPlain, shapes.Unsupported):
        shapes.of_operation(model)[0](parameters)
        return
    report = _validator.validate(parameters, model.input_shape)
    if report.has_errors():
        raise ParamValidationError(report=report.generate_report())
