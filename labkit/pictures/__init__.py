"""Pictures of what happened in a lab; each is live, an image and words at once."""

from labkit.pictures.calls import calls_over_time
from labkit.pictures.fan_out import fan_out
from labkit.pictures.filter_matrix import filter_matrix
from labkit.pictures.fleet_size import fleet_size
from labkit.pictures.group_lanes import group_lanes
from labkit.pictures.hash_ring import hash_ring
from labkit.pictures.outcomes import outcomes_over_time
from labkit.pictures.pauses import pauses
from labkit.pictures.picture import Picture
from labkit.pictures.queue_depth import queue_depth
from labkit.pictures.readers import readers_over_time
from labkit.pictures.retries import retries
from labkit.pictures.shard_lineage import shard_lineage
from labkit.pictures.swimlanes import swimlanes
from labkit.pictures.what_if import what_if

__all__ = [
    "Picture",
    "calls_over_time",
    "fan_out",
    "filter_matrix",
    "fleet_size",
    "group_lanes",
    "hash_ring",
    "outcomes_over_time",
    "pauses",
    "queue_depth",
    "readers_over_time",
    "retries",
    "shard_lineage",
    "swimlanes",
    "what_if",
]
