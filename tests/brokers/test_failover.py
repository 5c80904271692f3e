"""No confirmed order is lost when the active broker is killed while orders flow."""

import pytest

from tests.brokers import failover


@pytest.mark.live
def test_no_confirmed_order_is_lost_when_the_active_broker_is_killed(pair):
    counted = failover.kill_while_sending(pair, 100)
    assert counted.confirmed >= 100
    assert counted.lost == 0
    assert pair.wait() == 2


@pytest.mark.live
def test_what_was_confirmed_is_there_after_a_kill_and_a_start(old):
    """And what was sent without a promise is not: the measure would see a loss."""
    app = failover.orders_app().OrdersApp(*old.settings)
    for number in range(10):
        app.send("/queue/orders", "", f"kept-{number}")
        app.line.connection.send("/queue/orders", "", headers={"order": f"lost-{number}"}, receipt=f"lost-{number}")
        assert app.line.wait_for(lambda number=number: f"lost-{number}" in app.line.receipts)
    old.kill()
    old.start()
    app.connect()
    app.subscribe("/queue/orders")
    received = {app.receive(20).headers["order"] for _ in range(10)}
    assert received == {f"kept-{number}" for number in range(10)}
    assert old.waiting("orders") == 10


@pytest.mark.slow
@pytest.mark.live
def test_twenty_repetitions_lose_nothing():
    assert failover.main(20) == 0


def test_the_application_is_one_file_without_aws_or_labkit():
    text = failover.APP.read_text("utf-8")
    assert "boto" not in text
    assert "labkit" not in text
