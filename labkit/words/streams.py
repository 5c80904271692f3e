"""Sentences in and under the pictures of streams."""

UNKNOWN_STREAM = "This lab has no stream called {given!r}; it has: {names}."
NONE = "none"

# The hash ring
RING = "The hash keys of stream {stream}: {shards}, {keys}"
SHARD, SHARDS = "1 open shard", "{number} open shards"
KEY, KEYS = "1 partition key", "{number} partition keys"
RING_GUIDE = "The ring is all hash keys, from 0 at the top clockwise round to 2^128. An arc is an open shard, named inside with its share of the ring and the records that it keeps; shards beside each other differ in colour and width. A dot is a partition key at its MD5 hash, named outside with how many records of it are kept."
ARC = "{shard} has {share:.0%} of the hash keys, from {start:.3f} to {end:.3f} of the ring, and keeps {records}"
RECORD, RECORDS = "1 record", "{number} records"
AT = "{key}: {records}, at {at:.3f}, in {shard}"
KEYS_LEFT_OUT = "{number} more keys are not drawn."
EXPLICIT = "{records} went elsewhere by an ExplicitHashKey."
ARC_LABEL = "{shard}: {share:.0%}, {records}"
KEY_LABEL = "{key} ({number})"
ARC_KEY, DOT_KEY = "open shard", "partition key"

# Readers
READERS = "Records written and read"
READERS_GUIDE = "The long dashes count the records that were written so far, each other line what one reader has read so far, a record that was read again among them. The distance between a line and the dashes is what that reader has yet to read."
WRITTEN = "written"
READERS_AXIS = "records so far"
READERS_LINE = "{name}: {total}, {steps}"
READERS_STEP = "{number} by {at}"
NOTHING = "Nothing was written into a stream or read from one yet."
