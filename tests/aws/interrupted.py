"""Run as a program: strikes Ctrl-C at seeded instants of one story and prints what was found after each.

An instant is the n-th line that Python runs in the watched files, so that the same instant is struck every time.
"""

import json
import random
import signal
import sys
import time
import traceback
from collections import Counter
from datetime import datetime
from functools import cache

from labkit import Lab
from labkit.aws.process import process
from labkit.clock.guard import guard
from labkit.clock.switch import switch

PLACES = {
    "the cell": ("/tests/aws/interrupted.py",),
    "an actor": ("/tests/aws/interrupted.py",),
    "moto": ("/moto/",),
    "botocore": ("/botocore/",),
    "scheduler": ("/labkit/clock/",),
    "rules": ("/labkit/rules/",),
    "calls": (
        "/labkit/aws/calls.py",
        "/labkit/aws/gate.py",
        "/labkit/aws/door.py",
        "/labkit/aws/way.py",
        "/labkit/aws/sqs/",
        "/labkit/aws/shapes.py",
        "/labkit/aws/seeding.py",
    ),
    "open": ("/labkit/aws/",),
    "close": ("/labkit/aws/", "/labkit/clock/"),
}
ended: list[str] = []


class Striker:
    """A trace function that counts the lines run at each place and strikes at the n-th of one (None: only counts)."""

    def __init__(self, place: str, instant: int | None) -> None:
        self.place, self.instant, self.lines, self.struck_in = place, instant, Counter(), ""

    def __call__(self, frame, event, argument):
        places = _places(frame.f_code.co_filename, None if self.instant is None else self.place)
        if event == "call":
            return self if places else None
        if event == "line" and not _is_threshold(frame):
            for place in places:
                self._count(place, frame)
        return self

    def _count(self, place: str, frame) -> None:
        if not _is_there(place, frame):
            return
        self.lines[place] += 1
        if self.lines[place] - 1 == self.instant:
            code = frame.f_code
            self.struck_in = f"{code.co_filename.rsplit('/', 2)[-1]}:{frame.f_lineno} {code.co_name}"
            sys.settrace(None)
            signal.raise_signal(signal.SIGINT)


@cache
def _places(filename: str, only: str | None) -> list[str]:
    """The places that a file may belong to; only the one that is struck is counted on the way to its instant."""
    wanted = PLACES if only is None else {only: PLACES[only]}
    return [place for place, files in wanted.items() if any(part in filename for part in files)]


def _is_there(place: str, frame) -> bool:
    if place in ("an actor", "the cell"):
        return frame.f_code.co_name == ("worker" if place == "an actor" else "story")
    if place in ("open", "close"):
        return _runs_in(frame, "_open" if place == "open" else "_close_quietly")
    return True


def _is_threshold(frame) -> bool:
    """The first line of `with`: Python itself has no way to say what happens there."""
    return frame.f_code.co_name in ("__enter__", "__exit__") and frame.f_lineno <= frame.f_code.co_firstlineno + 4


def _runs_in(frame, name: str) -> bool:
    while frame is not None:
        if frame.f_code.co_name == name and frame.f_code.co_filename.endswith("/labkit/aws/lab.py"):
            return True
        frame = frame.f_back
    return False


def story(lab: Lab, striker: Striker | None) -> list:
    """Orders sent and consumed by two workers, one of which never ends by itself."""
    sqs = lab.client("sqs")
    url = sqs.create_queue(QueueName="orders", Attributes={"VisibilityTimeout": "3"})["QueueUrl"]
    seen = []

    def worker(name):
        sys.settrace(striker)
        try:
            while True:
                got = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=2)
                for message in got.get("Messages", []):
                    time.sleep(1)
                    seen.append(sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"]))
        finally:
            ended.append(name)

    for name in ("worker A", "worker B"):
        lab.start(worker, name, name=name)
    for number in range(3):
        seen.append(sqs.send_message(QueueUrl=url, MessageBody=f"order-{number}"))
        time.sleep(0.5)
    lab.run(until="4 s")
    return [seen, lab.history.changes()]


def strike(place: str, instant: int | None) -> dict:
    """One run of the story; returns what Ctrl-C did and what it left."""
    ended.clear()
    striker = Striker(place, instant)
    found = {"place": place, "surfaced": False, "usable": True, "conserved": True, "survivors": []}
    lab = None
    sys.settrace(striker)
    try:
        with Lab(seed=7) as lab:
            try:
                story(lab, striker)
            except KeyboardInterrupt as interrupt:
                sys.settrace(None)
                found["surfaced"] = True
                found.update(examine(lab, interrupt))
    except KeyboardInterrupt:
        found["surfaced"] = True
    finally:
        sys.settrace(None)
    left = [actor.name for actor in lab.scheduler.actors] if lab else []
    return found | {"at": striker.struck_in, "lines": striker.lines, "left": left, "after": after()}


def examine(lab: Lab, interrupt: BaseException) -> dict:
    """An interrupted lab still works, and no message is lost or doubled by the interrupt itself."""
    in_run = "_loop" in frames(interrupt)
    survivors = [actor.name for actor in lab.scheduler.actors] if in_run else []
    sqs = lab.client("sqs")
    url = sqs.create_queue(QueueName="payments")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="payment-1")
    before = lab.clock.now()
    time.sleep(60)
    works = (lab.clock.now() - before).total_seconds() == 60 and sqs.receive_message(QueueUrl=url)["Messages"]
    kinds = Counter()
    for change in lab.history.changes():
        kinds["sent"] += change.before is None
        kinds["gone"] += change.after in ("deleted", "expired", "purged")
    stored = sum(int(count(sqs, url)) for url in sqs.list_queues()["QueueUrls"])
    return {
        "survivors": survivors,
        "in run": in_run,
        "usable": bool(works),
        "conserved": kinds["sent"] == kinds["gone"] + stored,
    }


def frames(error: BaseException) -> list[str]:
    """The names of the functions that an exception came through."""
    return [summary.name for summary in traceback.extract_tb(error.__traceback__)]


def count(sqs, url: str) -> int:
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return sum(int(attributes[f"ApproximateNumberOfMessages{kind}"]) for kind in ("", "NotVisible", "Delayed"))


def after() -> str:
    """Whether the process is as it was."""
    here = (process.lab, switch.is_on, guard.held, guard.pending, guard._users, datetime.now().year > 2000)
    if (
        here != (None, False, False, False, 0, True)
        or signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    ):
        return repr(here)
    if signal.getitimer(signal.ITIMER_REAL)[0] or abs(time.time() - REAL - (time.perf_counter() - BEGAN)) > 5:
        return "lab time"
    return "as before"


REAL, BEGAN = time.time(), time.perf_counter()


def main(seed: int, each: int) -> None:
    strike("nowhere", None)
    with Lab(seed=7) as lab:
        expected = repr(story(lab, None))
    chance = random.Random(seed)
    lines = strike("nowhere", None)["lines"]
    for place in PLACES:
        for _ in range(each):
            print(json.dumps(strike(place, chance.randrange(lines[place]))), flush=True)
    with Lab(seed=7) as lab:
        print(json.dumps({"same story afterwards": repr(story(lab, None)) == expected}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
