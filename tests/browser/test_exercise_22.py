"""The exercise on real brokers, answered in a real kernel: its functions go from the cell to machines of their own."""

import pytest

from labkit.brokers.engines import why_not
from labkit.study.exercise import exercise as by_id
from labkit.study.hints import solution_text
from tests.browser.screens import photograph

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(why_not("activemq")), reason=why_not("activemq")),
]


def test_from_not_attempted_over_a_typo_to_right(open_notebook, screenshots):
    """The line with the typo is the cell's own, and what was right in the cell is right on real brokers."""
    solution = solution_text(by_id("22-survive-failover"))
    exercise = open_notebook("exercises/22_amazon_mq_migration.ipynb")
    exercise.run_all()
    write_here, look = exercise.find("def produce("), exercise.find("check(")
    assert "Not attempted" in exercise.cell(look).inner_text()

    exercise.write(write_here, solution.replace("receive()", "recieve()"))
    exercise.run(write_here)
    told = exercise.run(look).inner_text()
    assert "message = line.recieve()" in told
    assert "Did you mean receive?" in told
    photograph(exercise, screenshots)

    exercise.write(write_here, solution)
    exercise.run(write_here)
    assert "With 3 brokers killed" in exercise.run(look).inner_text()
    assert "line.wait_for_receipt(id)" in exercise.run(exercise.find("solution(")).inner_text()
    photograph(exercise, screenshots)
