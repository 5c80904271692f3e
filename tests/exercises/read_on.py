"""Answers of 15-read-on."""

from labkit.study.crash import Stopped
from labkit.words.read_on import Mistake
from tests.exercises.answers import Answers

ANSWERS = Answers(
    "15-read-on",
    unprotected={},
    read="latest",
    text="""
Not yet: a reader that goes on
In the run “fourteen clicks, one of which is long work”:
What was called:
  - at 10.02 s: worker A: GetShardIterator(ShardId='shardId-…0', ShardIteratorType='LATEST') -> ok
  - at 392.67 s: worker A: GetShardIterator(ShardId='shardId-…0', ShardIteratorType='AFTER_SE...', StartingSequenceNumber='49670424...') -> ok
What came back:
  - 'click-1', in shardId-000000000000 since 10 s, was not handled
What was expected:
  - Each click in the stream is handled, from the oldest on.
Why:
  - `LATEST` begins behind all that is there when the iterator is asked for, so click-1 was never read. Without a checkpoint begin at `TRIM_HORIZON`, with one after it.
`hint('15-read-on')` helps in steps.
""",
)
FIRST, AFTER = '"TRIM_HORIZON"', '"AFTER_SEQUENCE_NUMBER"'
HANDLE, SAVE = 'handle(record["Data"].decode())', 'save(shard, record["SequenceNumber"])'
NEXT, SLEEP = 'places[shard] = answer["NextShardIterator"]', "time.sleep(1)"
LOAD = "if load(shard):"
BOTH = f"{HANDLE}\n                {SAVE}"

ANSWERS.edits(
    ("sleeps_longer", {SLEEP: "time.sleep(5)"}, None),
    ("few_a_call", {"ShardIterator=places.pop(shard)": "ShardIterator=places.pop(shard), Limit=1"}, None),
    ("iterators_each_round", {NEXT: "pass"}, Mistake.NEW_ITERATORS),
    ("latest", {FIRST: '"LATEST"'}, Mistake.LATEST),
    ("latest_after_all", {"start = {\"ShardIteratorType\": \"AFTER_SEQUENCE_NUMBER\", \"StartingSequenceNumber\": load(shard)}": 'start = {"ShardIteratorType": "LATEST"}'}, Mistake.LATEST),
    ("from_now_on", {'{"ShardIteratorType": "TRIM_HORIZON"}': '{"ShardIteratorType": "AT_TIMESTAMP", "Timestamp": time.time()}'}, Mistake.BY_TIME),
    ("iterator_kept", {"except kinesis.exceptions.ExpiredIteratorException:": "except KeyError:"}, Stopped.REFUSED),
    ("saves_first", {BOTH: f"{SAVE}\n{HANDLE}"}, Mistake.SAVED_FIRST),
    ("one_shard", {"for shard in shards:": "for shard in shards[:1]:"}, Mistake.ONE_SHARD),
    ("at_the_checkpoint", {AFTER: '"AT_SEQUENCE_NUMBER"'}, Mistake.AT_IT),
    ("always_the_oldest", {LOAD: "if False:"}, Mistake.FROM_START),
    ("never_saves", {SAVE: "pass"}, Mistake.NOT_SAVED),
    ("saves_each_batch", {BOTH: f"{HANDLE}\nlast = record", NEXT: 'if answer["Records"]:\n    save(shard, last["SequenceNumber"])\n' + NEXT}, Mistake.SAVED_LATE),
    ("short_pause", {SLEEP: "time.sleep(0.3)"}, Mistake.NO_PAUSE),
    ("no_pause", {SLEEP: "pass"}, Stopped.REFUSED),
    ("ends_when_empty", {NEXT: f'if not answer["Records"]:\n    return\n{NEXT}'}, Mistake.RETURNED),
    ("once_and_back", {SLEEP: "return"}, Mistake.RETURNED),
    ("bytes", {".decode()": ""}, Stopped.LAB),
    ("not_handled", {HANDLE: "print(record)"}, Mistake.NOT_HANDLED),
)


@ANSWERS.right
class Watches:
    """Looks at the age of its iterators, and keeps its places in numbers."""

    def read(kinesis, stream, load, save, handle):
        import time

        class Shard:
            def __init__(self, id):
                self.id, self.number, self.asked = id, load(id), None

            def begin(self):
                given = {"StreamName": stream, "ShardId": self.id, "ShardIteratorType": "TRIM_HORIZON"}
                if self.number is not None:
                    given |= {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "StartingSequenceNumber": self.number}
                self.place, self.asked = kinesis.get_shard_iterator(**given)["ShardIterator"], time.time()

            def round(self):
                if self.asked is None or time.time() - self.asked > 240:
                    self.begin()
                answer = kinesis.get_records(ShardIterator=self.place, Limit=1)
                self.place, self.asked = answer["NextShardIterator"], time.time()
                for record in answer["Records"]:
                    handle(str(record["Data"], "utf-8"))
                    self.number = record["SequenceNumber"]
                    save(self.id, self.number)

        shards = [Shard(one["ShardId"]) for one in kinesis.describe_stream(StreamName=stream)["StreamDescription"]["Shards"]]
        while True:
            for shard in shards:
                shard.round()
            time.sleep(1.5)
