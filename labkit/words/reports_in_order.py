"""Sentences of exercise 16-reports-in-order."""

from enum import Enum, unique

TITLE = "no truck drives backwards"
DAY = "48 reports of six trucks, some of them with a photo"
FAULTS = "everything that AWS says may happen: answers get lost"
HINTS = (
    "Which record of a call may fail, and what of the same truck is in that call behind it? Write down what the stream has of a truck if its second of three records fails and you put it again.",
    "`answer = kinesis.put_records(StreamName=stream, Records=records)` does not raise for a record that failed. `answer['Records']` has an entry for each record, in the same order; one with an `'ErrorCode'` has failed.",
    "Have one record of each truck in a call, the first that the stream has not got yet. A truck whose record failed is in the next call with the same record; wait a second before it, as the shard has had enough for now.",
)
RIGHT = "Every report is in the stream, and each truck's are in order, whatever fails."
TOLD = "{reports} reports are in the stream, each truck's in order, after {calls} API calls."

ALL = "Every report is in the stream, under its truck as the partition key, and `put_in_order` returns then."
IN_ORDER = "In the stream no report of a truck stands behind a later one of that truck."
WITHIN = "At most {budget} API calls."
CALLED = "at {at:.2f} s: {operation} of {number} records, {failed} failed"
MISSING = "report {report} is not in the stream"
BACKWARDS = "{shard}: {report} stands behind {later}"
UNDER = "{report} has the partition key {key!r}"
STRANGE = "the stream has a record {data!r}"
COUNTED = "{calls} API calls by {at:.2f} s"
STILL_THERE = "`put_in_order` had not come back after {seconds} s"


@unique
class Mistake(Enum):
    """What an answer can do wrong in this exercise alone, each with the sentence that says why."""

    NOTHING_PUT = "Nothing was put: `put_in_order` has to call `put_records` or `put_record`."
    NOT_SENT = "{report} was in no call: every report of the list has to be put."
    DROPPED = "{report} was in a call that succeeded, and failed in it: PutRecords answers for each record by itself, and one with an `ErrorCode` is not in the stream. Put it again."
    OTHER_KEY = "Readers know a truck by its partition key, and a key keeps its shard: put each report under its truck."
    OTHER_DATA = "What was put is no report of the list: `Data` is the report's bytes as they are."
    SAME_CALL = "{report} and {later} were in one call. A record can fail, or the whole call be repeated, and then the one that stands behind it in the call stands before it in the stream. Put a truck's next report when the one before is there."
    WENT_AHEAD = "{later} was put while {report} was not in the stream yet: what has failed has to be put again before anything of the same truck that comes after it."
    AT_ONCE = "What had failed was put again at once, and failed again: a shard takes so much in a second, and the rest of the second has to pass."
    FEW_IN_EACH = "PutRecords takes many records: have one of each truck in a call."
    STILL_AT_IT = "`put_in_order` is called once, with all reports, and returns when they are in the stream."
