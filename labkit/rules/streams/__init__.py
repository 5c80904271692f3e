"""What a data stream of Kinesis promises: where a record goes, in which order it is read, how much a shard takes."""

from labkit.rules.streams.record import Record
from labkit.rules.streams.shard import Shard
from labkit.rules.streams.stream import Stream

__all__ = ["Record", "Shard", "Stream"]
