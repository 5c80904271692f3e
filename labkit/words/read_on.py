"""Sentences of exercise 15-read-on."""

from enum import Enum, unique

TITLE = "a reader that goes on"
DAY = "fourteen clicks, one of which is long work"
FAULTS = "everything that AWS says may happen: answers get lost"
HINTS = (
    "What of a shard is still good after a crash, or after six minutes in which you did not read: an iterator, or a "
    "sequence number? Write down from where you begin in a shard without a checkpoint, with one, and after a long pause.",
    "`kinesis.list_shards(StreamName=stream)['Shards']` has a `ShardId` each. `kinesis.get_shard_iterator(StreamName=stream, "
    "ShardId=shard, ShardIteratorType='AFTER_SEQUENCE_NUMBER', StartingSequenceNumber=load(shard))` goes on after a "
    "checkpoint; where there is none, `TRIM_HORIZON` begins at the oldest.",
    "For each record: `handle` first, then `save`. Catch `kinesis.exceptions.ExpiredIteratorException` around "
    "`get_records`, and ask for a new iterator from the checkpoint. Read each shard once a round, and sleep a second "
    "between rounds; an empty answer is no end.",
)
RIGHT = "Each click is handled, whenever the machine dies, and however long a pause is."
TOLD = "A day: {clicks} clicks, each handled once, with {calls} API calls."
TOLD_FAULTS = "With lost answers: each click is handled once."

ALL = "Each click in the stream is handled, from the oldest on."
ONCE = "A click is handled once; after a crash one click, not yet saved, may be handled again."
STAYS = "`read` goes on for as long as its machine lives."
WITHIN = "At most {budget} API calls a day."
NOTHING = "no click was handled"
BEGAN = "at {at:.2f} s: {by} began {click!r}"
BEGAN_AGAIN = "at {at:.2f} s: {by} began {click!r} again"
MISSING = "{click!r}, in {shard} since {at:.0f} s, was not handled"
COUNTED = "{calls} calls ({parts}) by {at:.0f} s"
RETURNED = "`read` returned"
NO_CLICK = 'handle needs the text of a click, not {given}: write handle(record["Data"].decode()).'
NO_CHECKPOINT = "save needs a shard's id and a sequence number as Kinesis answers them, not {shard} and {number}."


@unique
class Mistake(Enum):
    """What an answer can do wrong in this exercise alone, each with the sentence that says why."""

    NOT_READ = "`get_records` was not called: it brings the records of one shard from an iterator on."
    NOT_HANDLED = "Records were read that did not reach `handle`: call it for each record of each answer."
    ONE_SHARD = "{click} is in {shard}, and no iterator of that shard was asked for: a stream is read shard by shard."
    LATEST = "`LATEST` begins behind all that is there when the iterator is asked for, so {click} was never read. Without a checkpoint begin at `TRIM_HORIZON`, with one after it."
    BY_TIME = "The shard of {click} was read from a time on, and that is later than the click. A checkpoint says exactly where you were."
    SAVED_FIRST = "The checkpoint of {click}, or of one behind it, was saved before {click} was handled, and the machine died: whoever goes on begins after the checkpoint. Handle first, then save."
    STOPPED = (
        "Nothing was read any more when {click} was there. An open shard has no end, also where an answer is empty."
    )
    NOT_SAVED = "Nothing was saved, so whoever goes on finds no checkpoint: call `save` after each click."
    FROM_START = "{click} had been saved, and its shard was read again from before it: begin after what `load` brings."
    AT_IT = "`AT_SEQUENCE_NUMBER` begins with the record of the checkpoint itself, which was handled: `AFTER_SEQUENCE_NUMBER` begins behind it."
    SAVED_LATE = "{click} was handled and not saved when the machine died, and others with it: save after each click, not after several."
    NO_PAUSE = "A quiet shard answers at once, with nothing: sleep between rounds. AWS recommends a second, and refuses more than five reads of a shard in one."
    NEW_ITERATORS = "Each read was made with a new iterator, which is a call more. An answer of `get_records` brings the next iterator: ask for a new one where there is none, or where it has expired."
    RETURNED = "`read` came back, perhaps at an empty answer: that is no end. It is started again after a second, and clicks wait for that long."
