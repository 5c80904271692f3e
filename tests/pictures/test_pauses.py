"""Pauses between confirmations."""

import pytest

from labkit import LabError, pauses
from tests.pictures.conftest import SVG, Image

FLOWING = [number / 100 for number in range(60)]
LATE = [*FLOWING[:25], *(time + 5 for time in FLOWING[25:])]


def bars(picture):
    return [bar for bar in Image(picture.image()).svg.iter(f"{SVG}rect") if bar.get("height") == "26"]


def test_the_words_say_which_block_holds_the_pause():
    """And no length of it, which would differ from run to run."""
    assert str(pauses(LATE, block=20)).splitlines() == [
        "60 confirmations, 1 long pause.",
        "Orders 1 to 20: without one.",
        "Orders 21 to 40: a pause of more than 1 s.",
        "Orders 41 to 60: without one.",
    ]


def test_a_pause_breaks_its_block_by_a_hatched_gap():
    """Three blocks, and two more bars for the one that is broken."""
    picture = pauses(LATE, block=20)
    assert Image(picture.image()).alt == str(picture)
    assert len(bars(picture)) == 5 + 1  # the hatched one is drawn twice: its colour, its pattern
    assert len(bars(pauses(FLOWING, block=20))) == 3


@pytest.mark.parametrize(("times", "block"), [([], 20), ([1.0], 20), (FLOWING, 0)])
def test_too_few_times_are_refused_in_one_sentence(times, block):
    """What to give instead."""
    with pytest.raises(LabError, match="at least two confirmations"):
        pauses(times, block=block)
