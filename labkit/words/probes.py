"""What probes tell: one sentence a claim for what was seen, one a world in which it has to come out different."""

NEVER = "never"
NONE = "none"
YES = "yes"
NO = "no"
DAYS = "day {days}, {text}"
AT_LEAST = "at least {number}"
NOT_REACHED = "(not reached)"
NOTHING_RECEIVED = "nothing was received at {at}"
UNEXPECTED = "a call was refused with {error}"
EVIDENCE = {
    # Visibility timeout
    "vis-1": "of two receives the first returned {first} message, the second {second}",
    "vis-2": "VisibilityTimeout of a new queue: {attribute}; received at 00:00:00.000, received again at {back:clock}",
    "vis-3": "one consumer works for {work} s: after {seconds} s another one receives the message ({received} received)",
    "vis-4": "received at 00:00:00.000, hidden at {hidden_at:clock}, received again at {back:clock}; another handle: {other_handle}; ApproximateReceiveCount {counts}",
    "vis-5": "two consumers that need {work} s on a queue of {seconds} s charged one order {charges} times",
    "vis-7": "a consumer crashes after its receive: the next one gets the message {short:clock} later, or {long:clock} later with a timeout of an hour",
    "vis-8": "jobs of 15 s: processed {short} times with a timeout of 10 s, {long} time with one of 20 s",
    "vis-starts-at-receive": "sent at 00:00:00.000, received at 01:00:00.000, received again at {back:clock}",
    "vis-per-message": "three receives in a row, none deleted: {bodies}",
    "vis-new-handle": "two receives of one message: {handles} receipt handles, {ids} message id",
    "vis-receive-count": "ApproximateReceiveCount at three receives: {counts}",
    "vis-first-receive-time": "seconds from SentTimestamp to ApproximateFirstReceiveTimestamp, at a receive after 10 s and at one after 40 s: {after}",
    "vis-late-delete": "deleted 40 s after the receive; visible, in flight, delayed afterwards: {counts}",
    "vis-stale-delete": "received twice, deleted by the first handle: {answer}; received again at {back:clock}",
    "vis-zero-receive": "a receive with VisibilityTimeout 0, then two without: {numbers} messages",
    "vis-receive-override": "received with VisibilityTimeout 120 on a 30 s queue: back at {back:clock}; received without: back at {then:clock}",
    "vis-in-flight": "visible, in flight, delayed: {hidden} after the receive, {later} after the timeout",
    "vis-queue-maximum": "VisibilityTimeout 0, {longest} and one second more: {answers}",
    # Changing it
    "vis-6": "10 s set at 00:00:25.000: received again at {back:clock}",
    "vis-change-from-call": "10 s set at 00:00:15.000 on a 30 s queue: received again at {back:clock}",
    "vis-change-shortens": "5 s set at 00:00:05.000 on a 30 s queue: received again at {back:clock}",
    "vis-change-forgotten": "100 s set at the first receive: received again at {first:clock}, and the next time at {second:clock}",
    "vis-zero-change": "0 s set at 00:00:01.000: received again at {back:clock}",
    "vis-twelve-hours": "an hour after the receive {seconds} s are set: {answers}",
    "vis-change-range": "-1, {above} and 0 s are set: {answers}",
    "vis-change-too-late": "60 s set 10 s after the timeout: {answer}; the next receive returned {there} message",
    "vis-change-deleted": "changed after the delete: {code}, {text}",
    "vis-change-no-handle": "{code}: {text}",
    "vis-change-batch": "{changed} messages changed to 60 s in one call, still hidden after 59 s, back at {back:clock}; with an eleventh entry: {eleven}",
    "vis-heartbeat": "a job of {job} s with a heartbeat every 20 s on a 30 s queue: {polls} other receives returned {received} messages",
    "vis-heartbeat-stops": "crash at 00:00:50.000 after a heartbeat at 00:00:40.000 that set 30 s: received again at {back:clock}",
}
WORLDS = {
    "moto alone": "moto without labkit's rules",
    "other default": "a world in which {name} of a new queue is {value}",
    # Other rules
    "not hidden": "a world in which a received message is not hidden",
    "hidden until deleted": "a world in which a received message stays hidden until its consumer deletes it",
    "counts from send": "a world in which the visibility timeout counts from the send",
    "notices crash": "a world in which SQS notices within 5 seconds that a consumer is gone",
    "restarts at poll": "a world in which the visibility timeout starts again at each receive of anybody",
    "one at a time": "a world in which a queue hands out one message at a time, as a FIFO queue does in one group",
    "receiving removes": "a world in which receiving a message removes it",
    "never expires": "a world in which a message is kept until it is deleted",
    "receiving renews": "a world in which a receive starts the retention period again",
    "delay retroactive": "a world in which a changed delay also moves messages that are in the queue",
    "purge spares in flight": "a world in which a purge leaves what is in flight",
    "change ignored": "a world in which a received message stays hidden for its first timeout, whatever is set later",
    "change adds up": "a world in which a changed timeout is added to what is left",
    "change only extends": "a world in which a timeout can be extended and not shortened",
    "change remembered": "a world in which a changed timeout is kept for the next receives",
    "late delete fails": "a world in which a delete after the timeout fails, as on a FIFO queue",
    # Other answers
    "never refused": "a world in which SQS accepts what it refuses",
    "cut": "a world in which a message that is too large is cut",
    "empty list": "a world in which the answer of an empty receive has an empty list of Messages",
    "lost without consumer": "a world in which a message that nobody waits for is dropped",
    "pushed": "a world in which SQS pushes a message to a consumer as soon as it is sent",
    "takes whole wait": "a world in which a long poll takes its whole wait",
    "delete does nothing": "a world in which a delete has no effect",
    "zero does nothing": "a world in which setting a timeout of 0 has no effect",
    "counts all": "a world in which ApproximateNumberOfMessages counts all messages of the queue",
    "second delete fails": "a world in which deleting a second time fails",
    "reading removes": "a world in which reading records removes them from the stream",
    "one subscriber": "a world in which a topic delivers to one subscriber",
    "new id": "a world in which each receive brings a new message id",
    "one handle": "a world in which a message has one receipt handle for its life",
    "counts failures": "a world in which ApproximateReceiveCount counts failures",
    "latest receive time": "a world in which the time of the first receive changes with each receive",
    "ten by default": "a world in which a receive returns up to ten messages by default",
    "attributes always": "a world in which a receive returns all attributes without being asked",
    "delay ignored": "a world in which DelaySeconds of a message has no effect",
    "queue wait wins": "a world in which the wait of the queue overrides the wait of the call",
    "queue timeout wins": "a world in which the timeout of the queue overrides the timeout of the call",
    # Other experiments
    "a queue between": "the same experiment with a queue between the two services",
    "a direct call": "the same experiment with a direct call between the two services",
    "no link": "the same experiment without a link between the two services",
}
CITED: dict[str, str] = {}

FAILED = "Claim {claim} did not hold in this run. Seen: {seen}. Expected: {expected}."
SUMMARY = "{shown} shown, {cited} cited, {open} open"
CLAIM = "Claim"
STATEMENT = "What holds"
STATE = "State"
EVIDENCE_HEAD = "Evidence"
SOURCE = "Source"
SOURCE_TEXT = "Source: {title}, {url} (read {read})"
NOTES_SAID = "The notes said: “{claim}” ({verdict})"
SEEN = "Seen:"
TRUTH = "What holds"
VERDICT = "Verdict"
EXPECTED = "Expected"
WRONG_WORLD = "Different in"
SEEN_THERE = "Seen there"
COMMAND = "Every claim of the course with its state: shown (its probe ran just now), cited or open."
HELP_ID = "show this claim with its evidence, and run its probe in its wrong world too"
HELP_JSON = "print a list of objects"
HELP_LESSON = "claims of one lesson, for example 03"
HELP_STATE = "claims in one state"
HELP_VERDICT = "claims of one verdict on the source notes"
