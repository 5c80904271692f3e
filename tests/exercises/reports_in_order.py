"""Answers of 16-reports-in-order."""

from labkit.study.crash import Stopped
from labkit.words.reports_in_order import Mistake
from tests.exercises.answers import Answers

ANSWERS = Answers(
    "16-reports-in-order",
    unprotected={
        "strict=True": "PutRecords answers for each record",
        "if answer['FailedRecordCount']": "a second after each call is slower, and right",
    },
    read="all_at_once",
    text="""
Not yet: no truck drives backwards
In the run “48 reports of six trucks, some of them with a photo”:
What was called:
  - at 10.01 s: PutRecords of 48 records, 8 failed
  - at 11.02 s: PutRecords of 8 records, 4 failed
What came back:
  - shardId-000000000000: brown 2 stands behind brown 8
What was expected:
  - In the stream no report of a truck stands behind a later one of that truck.
Why:
  - brown 2 and brown 8 were in one call. A record can fail, or the whole call be repeated, and then the one that stands behind it in the call stands before it in the stream. Put a truck's next report when the one before is there.
`hint('16-reports-in-order')` helps in steps.
""",
)
DONE, KEY, DATA = 'if "ErrorCode" not in one:\n                ', '"PartitionKey": truck', '"Data": data'
SOME, ALL = "Records=[records[0] for records in some]", "some = [records for records in waiting.values() if records]"
SLEEP = "time.sleep(1)"

ANSWERS.edits(
    ("waits_longer", {SLEEP: "time.sleep(3)"}, None),
    ("does_not_look", {'if "ErrorCode" not in one:': "if one:"}, Mistake.DROPPED),
    ("does_not_wait", {SLEEP: "pass"}, Mistake.AT_ONCE),
    ("one_truck_a_call", {ALL: "some = [next(records for records in waiting.values() if records)]"}, Mistake.FEW_IN_EACH),
    ("one_key", {KEY: '"PartitionKey": "trucks"'}, Mistake.OTHER_KEY),
    ("key_of_the_report", {KEY: '"PartitionKey": str(data[:8])'}, Mistake.OTHER_KEY),
    ("as_text", {DATA: '"Data": repr(data)'}, Stopped.REFUSED),
    ("without_photos", {DATA: '"Data": data[:5]'}, Mistake.OTHER_DATA),
    ("first_trucks", {"for truck, data in reports:": "for truck, data in reports[:45]:"}, Mistake.NOT_SENT),
    ("never_returns", {SLEEP: f"{SLEEP}\ntime.sleep(500)"}, Mistake.STILL_AT_IT),
    ("no_key", {f", {KEY}": ""}, Stopped.REFUSED),
)

ANSWERS.bodies(
    {"time": __import__("time")},
    ("puts_nothing", "print(len(reports))", Mistake.NOTHING_PUT),
    (
        "all_at_once",
        """
records = [{"Data": data, "PartitionKey": truck} for truck, data in reports]
while records:
    answers = kinesis.put_records(StreamName=stream, Records=records)["Records"]
    records = [one for one, answer in zip(records, answers) if "ErrorCode" in answer]
    time.sleep(1)
""",
        Mistake.SAME_CALL,
    ),
    (
        "once_and_away",
        """
records = [{"Data": data, "PartitionKey": truck} for truck, data in reports]
for first in range(0, len(records), 6):
    kinesis.put_records(StreamName=stream, Records=records[first:first + 6])
""",
        Mistake.DROPPED,
    ),
    (
        "failed_at_the_end",
        """
records = [{"Data": data, "PartitionKey": truck} for truck, data in reports]
failed = []
for first in range(0, len(records), 6):
    some = records[first:first + 6]
    answers = kinesis.put_records(StreamName=stream, Records=some)["Records"]
    failed += [one for one, answer in zip(some, answers) if "ErrorCode" in answer]
while failed:
    time.sleep(2)
    some, failed = failed[:6], failed[6:]
    answers = kinesis.put_records(StreamName=stream, Records=some)["Records"]
    failed += [one for one, answer in zip(some, answers) if "ErrorCode" in answer]
""",
        Mistake.WENT_AHEAD,
    ),
    (
        "one_by_one",
        """
for truck, data in reports:
    kinesis.put_record(StreamName=stream, Data=data, PartitionKey=truck)
""",
        Stopped.REFUSED,
    ),
)


@ANSWERS.right
def put_in_order(kinesis, stream, reports):
    """Waits for the whole round before the next one, which is slower and right."""
    import time

    rounds = {}
    for truck, data in reports:
        number = int(data.split(b" ")[1])
        rounds.setdefault(number, []).append({"PartitionKey": truck, "Data": data})
    for number in sorted(rounds):
        left = rounds[number]
        while left:
            answers = kinesis.put_records(StreamName=stream, Records=left)["Records"]
            left = [one for one, answer in zip(left, answers, strict=True) if answer.get("ErrorCode")]
            if left:
                time.sleep(1.5)
