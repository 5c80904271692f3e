"""Where no RabbitMQ can be spoken to, lesson 22b shows its recording, and is never reported as run."""

import pytest

from tests.brokers.recordings import ROOT, hide, is_reported_as_not_run, shows_what_was_recorded

LESSON = ROOT / "notebooks" / "22b_rabbitmq.ipynb"


@pytest.fixture
def without_pika(tmp_path, monkeypatch):
    hide("pika", tmp_path, monkeypatch)


@pytest.mark.live
def test_the_lessons_cells_show_what_was_recorded(without_pika):
    shows_what_was_recorded(LESSON, "needs-rabbitmq", more_than=15)


@pytest.mark.live
def test_it_is_reported_as_not_run(without_pika, monkeypatch):
    is_reported_as_not_run(LESSON, "An application speaks to RabbitMQ with pika", monkeypatch)
