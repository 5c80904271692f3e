"""In which order the nodes of a RabbitMQ come back: no two of them may be in the act of starting at the same time."""

from unittest.mock import Mock

import pytest

from labkit.brokers import rabbitmq
from labkit.brokers.rabbitmq import RabbitMQ
from tests.brokers.rabbits import USERS


class Node:
    """A node as it behaves: it serves when it is looked at, and a paused one starts together with the next one."""

    happened: list
    paused: set

    def __init__(self, name, _):
        self.name, self.state, self.ended_early = name, "stopped", False

    @property
    def is_running(self):
        return self.state != "stopped"

    def start(self):
        self.happened.append(sorted({self.name, *self.paused}))
        self.state = "active"

    def stop(self):
        self.happened.append(f"end of {self.name}")
        self.kill()

    def kill(self):
        self.paused.discard(self.name)
        self.state = "stopped"

    def freeze(self):
        self.state = "silent"

    def remove(self):
        pass

    def pause(self):
        self.paused.add(self.name)
        self.state = "waiting"


@pytest.fixture
def cluster(monkeypatch):
    """Three nodes that run; nothing of their start is noted."""
    monkeypatch.setattr(Node, "happened", [], raising=False)
    monkeypatch.setattr(Node, "paused", set(), raising=False)
    monkeypatch.setattr(
        Node, "sees", lambda _: {node.name for node in made.nodes if node.state == "active"}, raising=False
    )
    monkeypatch.setattr(rabbitmq, "RabbitMQNode", Node)
    monkeypatch.setattr(rabbitmq, "PATIENCE", 0.1)
    monkeypatch.setattr(rabbitmq, "installed", lambda: None)
    monkeypatch.setattr(rabbitmq, "Epmd", Mock)
    made = RabbitMQ("order", USERS, nodes=3)
    Node.happened.clear()
    yield made
    made.stop()


def test_a_node_that_was_killed_comes_back_beside_two_that_go_on(cluster):
    cluster.kill(2)
    cluster.start()
    assert Node.happened == [["rabbit2@localhost"]]


def test_a_paused_node_is_started_anew_before_the_others_and_never_beside_them(cluster):
    cluster.kill(1)
    cluster.kill(2)
    cluster.nodes[2].pause()
    cluster.start()
    assert Node.happened == [
        "end of rabbit3@localhost",
        ["rabbit3@localhost"],
        ["rabbit1@localhost"],
        ["rabbit2@localhost"],
    ]


def test_one_that_is_about_to_pause_counts_as_paused_and_a_frozen_one_as_absent(cluster):
    cluster.freeze(1)
    cluster.kill(2)
    cluster.start()
    assert Node.happened == ["end of rabbit3@localhost", ["rabbit3@localhost"], ["rabbit2@localhost"]]
    assert cluster.states() == ["silent", "active", "active"]
