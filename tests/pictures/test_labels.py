"""Labels of pictures of any history: nothing crosses or covers them; those of the lessons have a test of their own."""

from hypothesis import given, settings
from hypothesis import strategies as st

from labkit import calls_over_time, swimlanes
from tests.history.events import Written
from tests.pictures.stored import struck

BY = st.sampled_from(["Ann", "Bob", "a-worker-with-a-name"])
ENDS = st.sampled_from(["deleted", "expired", "dead-lettered", "visible"])


@st.composite
def histories(draw):
    """Up to five messages, each received up to five times for a moment or a minute."""
    written = Written()
    for number in range(draw(st.integers(1, 5))):
        message, at = f"id-{number}", draw(st.floats(0, 100))
        written.sent(at, message)
        for nth in range(1, draw(st.integers(2, 6))):
            by, at = draw(BY), at + draw(st.floats(0, 100))
            ended = at + draw(st.sampled_from([0.01, 1, 30, 60]))
            written.call(at, by, "ReceiveMessage", message, received=1)
            written.received(at, message, by, nth, ended).back(ended, message, nth)
            at = ended
        written.change(at, message, "visible", draw(ENDS), by="Ann")
    return written.history


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(histories())
def test_no_label_of_any_history_is_struck_through_or_covered(history):
    drawn = [swimlanes(history), calls_over_time(history), calls_over_time(history, by="actor")]
    assert [struck(picture.svg) for picture in drawn] == [[], [], []]
