"""`every_order(consumer, story)`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from labkit.clock.watch import Watch
from labkit.interleavings.bounds import Bounds, up_to
from labkit.interleavings.machine import machines
from labkit.interleavings.search import Found, Search
from labkit.interleavings.stage import Stage
from labkit.interleavings.story import Story
from labkit.interleavings.world import World
from labkit.rules import StandardQueue


class Checked:
    pass


def every_order(consumer: Callable[..., Any], story: Story, bounds: Bounds = Bounds()) -> Found:
    world = World(story)
    scheduler = world.stepper
    with world.lab, Watch(scheduler._stuck, scheduler._abandon):
        make = machines(consumer)
        for one in up_to(bounds):
            search = Search(Stage(world, make, one), lambda stage: story.wrong(stage.end()))
            found = search.run()
            print(one, found.schedules, found.pruned, found.failure)
            if found.failure:
                break
    return found
