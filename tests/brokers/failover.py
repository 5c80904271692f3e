"""kill -9 of the active broker while confirmed orders flow, by the lesson's own application.

`python -m tests.brokers.failover 20` repeats it and tells each run's counts; the last line is the sum.
"""

import importlib.util
import itertools
import sys
import threading
import time
from pathlib import Path
from typing import NamedTuple

from labkit import Lab
from labkit.brokers import AmazonMQ
from labkit.brokers.kept import wait_until
from tests.brokers.conftest import create

ORDERS, KILLED_AFTER, AFTERWARDS = 400, 150, 20
PATIENCE = 90  # seconds
APP = Path(__file__).parents[2] / "notebooks" / "orders_app.py"


class Counted(NamedTuple):
    """What became of the orders; `gap` is the longest time between two confirmations, in seconds."""

    confirmed: int
    lost: int
    twice: int
    gap: float


def orders_app():
    """The application's module, from the lesson's folder."""
    spec = importlib.util.spec_from_file_location("orders_app", APP)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def kill_while_sending(pair, orders=ORDERS):
    """Send `orders`, or more if the kill comes late; receive until every confirmed order is there."""
    app = orders_app().OrdersApp
    producer, consumer = app(*pair.settings), app(*pair.settings)
    consumer.subscribe("/queue/orders")
    confirmed, times, received = [], [], []
    killed = threading.Event()

    def produce():
        after = 0
        while len(confirmed) < orders or after < AFTERWARDS:
            number = len(confirmed) + 1
            producer.send("/queue/orders", "a print", f"order-{number}")
            confirmed.append(f"order-{number}")
            times.append(time.monotonic())
            after += killed.is_set()

    sending = threading.Thread(target=produce)
    sending.start()
    wait_until(lambda: len(confirmed) >= min(KILLED_AFTER, orders // 2), "the first confirmations")
    pair.kill()
    killed.set()
    until = time.monotonic() + PATIENCE
    while (sending.is_alive() or not set(confirmed) <= set(received)) and time.monotonic() < until:
        if message := consumer.receive(0.2):
            received.append(message.headers["order"])
            consumer.ack(message)
    sending.join(PATIENCE)
    for each in (producer, consumer):
        each.close()
    lost = set(confirmed) - set(received)
    gap = max(after - before for before, after in itertools.pairwise(times))
    return Counted(len(confirmed), len(lost), len(received) - len(set(received)), gap)


def main(times):
    """Repeat it, each time with brokers of its own; returns the number of lost orders."""
    runs = []
    for number in range(1, times + 1):
        with Lab(seed=22) as lab:
            pair = AmazonMQ(lab, create(lab))
        with pair:
            runs.append(kill_while_sending(pair))
        print(number, runs[-1], flush=True)
    lost = sum(run.lost for run in runs)
    print(f"{times} runs, {sum(run.confirmed for run in runs)} confirmed, {lost} lost")
    return lost


if __name__ == "__main__":
    sys.exit(bool(main(int(sys.argv[1]))))
