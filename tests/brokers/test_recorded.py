"""Where no broker can run, lesson 22 shows its recording, is not built, and is never reported as run."""

import pytest

from labkit.brokers.engines import why_not_run
from tests.brokers.recordings import ROOT, hide, is_reported_as_not_run, run, shows_what_was_recorded

LESSON = ROOT / "notebooks" / "22_amazon_mq_migration.ipynb"


@pytest.fixture
def without_activemq(tmp_path, monkeypatch):
    hide("jmspy", tmp_path, monkeypatch)


def test_a_tag_names_the_engine_that_a_cell_needs():
    assert why_not_run([{"metadata": {"tags": ["raises-ClientError", "solution:1"]}}, {"metadata": {}}]) == ""
    with pytest.raises(KeyError):
        why_not_run([{"metadata": {"tags": ["needs-another"]}}])


@pytest.mark.live
def test_the_lessons_cells_show_what_was_recorded(without_activemq):
    others = shows_what_was_recorded(LESSON, "needs-activemq", more_than=15)
    assert [stored.id for stored, run_here in others[4:] if run_here.outputs != stored.outputs] == []


@pytest.mark.live
def test_it_is_reported_as_not_run(without_activemq, monkeypatch):
    is_reported_as_not_run(LESSON, "ActiveMQ is not installed here (missing: jmspy)", monkeypatch)


@pytest.mark.live
def test_it_is_not_built_from_a_recording(without_activemq):
    before = LESSON.read_bytes()
    code, text = run("-m", "labkit.cli", "build", "22")
    assert code == 1
    assert "can only be built where its broker runs: ActiveMQ is not installed here" in text
    assert LESSON.read_bytes() == before
