"""What probes tell: one sentence a claim for what was seen, one a world in which it has to come out different."""

NEVER = "never"
NONE = "none"
YES = "yes"
NO = "no"
DAYS = "day {days}, {text}"
AT_LEAST = "at least {number}"
NOT_REACHED = "(not reached)"
NOTHING_RECEIVED = "Nothing was received at {at}"
UNEXPECTED = "A call was refused with {error}"
EVIDENCE = {
    # Visibility timeout
    "vis-1": "Of two receives the first returned {first} message, the second {second}",
    "vis-2": "VisibilityTimeout of a new queue: {attribute}; received at 00:00:00.000, received again at {back:clock}",
    "vis-3": "One consumer works for {work} s: after {seconds} s another one receives the message ({received} received)",
    "vis-4": "Received at 00:00:00.000, hidden at {hidden_at:clock}, received again at {back:clock}; another handle: {other_handle}; ApproximateReceiveCount {counts}",
    "vis-5": "Two consumers that need {work} s on a queue of {seconds} s charged one order {charges} times",
    "vis-7": "A consumer crashes after its receive: the next one gets the message {short:clock} later, or {long:clock} later with a timeout of an hour",
    "vis-8": "Jobs of 15 s: {short} runs with a timeout of 10 s, {long} with one of 20 s",
    "vis-starts-at-receive": "Sent at 00:00:00.000, received at 01:00:00.000, received again at {back:clock}",
    "vis-per-message": "Three receives in a row, none deleted: {bodies}",
    "vis-new-handle": "Two receives of one message: {handles} receipt handles, {ids} message id",
    "vis-receive-count": "ApproximateReceiveCount at three receives: {counts}",
    "vis-first-receive-time": "Seconds from SentTimestamp to ApproximateFirstReceiveTimestamp, at receives at {receives:clock}: {after}",
    "vis-late-delete": "Deleted {late} s after the receive; visible / in flight / delayed afterwards: {counts}",
    "vis-stale-delete": "Received twice, deleted by the first handle: {answer}; received again at {back:clock}",
    "vis-zero-receive": "A receive with VisibilityTimeout 0, then two without: {numbers} messages",
    "vis-receive-override": "Received with VisibilityTimeout 120 on a queue of {timeout} s: back at {back:clock}; received without: back at {then:clock}",
    "vis-in-flight": "Visible / in flight / delayed: {hidden} after the receive, {later} after the timeout",
    "vis-queue-maximum": "VisibilityTimeout 0, {longest} and one second more: {answers}",
    # Changing it
    "vis-6": "10 s set at {set_at:clock}: received again at {back:clock}",
    "vis-change-from-call": "10 s set at {set_at:clock} on a queue of {timeout} s: received again at {back:clock}",
    "vis-change-shortens": "5 s set at {set_at:clock} on a queue of {timeout} s: received again at {back:clock}",
    "vis-change-forgotten": "100 s set at the first receive: received again at {first:clock}, and the next time at {second:clock}",
    "vis-zero-change": "0 s set at 00:00:01.000: received again at {back:clock}",
    "vis-twelve-hours": "An hour after the receive {seconds} s are set: {answers}",
    "vis-change-range": "{seconds} s are set: {answers}",
    "vis-change-too-late": "60 s set 10 s after the timeout: {answer}; the next receive returned {there} message",
    "vis-change-deleted": "Changed after the delete: {code}, {text}",
    "vis-change-no-handle": "{code}: {text}",
    "vis-change-batch": "{changed} messages changed to 60 s in one call, still hidden after 59 s, back at {back:clock}; with one entry more: {above}",
    "vis-heartbeat": "A job of {job} s with a heartbeat every 20 s on a queue of {timeout} s: another consumer polled {polls} times; received by it: {back}",
    "vis-heartbeat-stops": "Crash at 00:00:50.000 after a heartbeat at 00:00:40.000 that set {timeout} s: received again at {back:clock}",
    # Integration
    "intro-2": "A payment of 2 s: the caller waits {by_call} s for a call and {by_message} s for a message",
    "async-1": "Payments down for {down} s behind a direct call: {failed} of {orders} orders failed, and a customer waited {slowest} s",
    "async-2": "Payments down for {down} s behind a queue: {failed} of {orders} orders failed, a customer waited {slowest} s; {backlog} messages waited at the end of the outage, {left} are left, {paid} orders are paid",
    "async-3": "Ten messages, two consumers: {handled} handled, {orders} different ones",
    "async-4": "One publish, two subscribed queues received: {copies}",
    "async-5": "Read from TRIM_HORIZON: {first}; read again: {second}",
    "async-6": "Two orders a second, a second of work each: after 5 s {one} wait behind one consumer; two consumers keep up: {two}",
    # Retention
    "std-6": "MessageRetentionPeriod of a new queue: {attribute}; a second before the end of it {before} message, at the end {after}",
    "std-7": "MessageRetentionPeriod {seconds}: {answers}",
    "retention-minimum": "MessageRetentionPeriod {seconds}: {answers}",
    "retention-lowered": "A message two hours old: {before} visible / in flight / delayed; after the period was set to an hour {after}",
    "retention-from-send": "A period of an hour, received after 59 minutes ({before} message); after 61 minutes {after}",
    "produce-2": "Received without a delete: {back} message came back an hour later; at the end of {days} days {expired}",
    "produce-3": "order-1 sent on day 0, order-3 on day {sent_on}, nobody receives before day {received_on}; found: {found}",
    # Queues
    "std-5": "25 messages and a limit lowered from {real} in flight to {low}: visible / in flight / delayed: {counts}",
    "queue-counters": "Five sent, two of them delayed, one received; visible / in flight / delayed: {counts}",
    "purge-removes-all": "Visible / in flight / delayed: {before} before the purge, {after} after it; a minute later {later} messages",
    "purge-once-a-minute": "Purged at {seconds:clock}: {answers}",
    "queue-recreate": "Created again {seconds:clock} after the delete: {answers}",
    "queue-create-again": "Created again without attributes: same URL: {same}; with another DelaySeconds: {code}, {text}",
    "queue-unknown": "{code}: {text}",
    "queue-name": "Names of {longest} letters, of one more, and with a slash: {answers}",
    "queue-attribute-range": "{refused} values outside of their range refused with InvalidAttributeValue, {accepted} largest values accepted",
    "queue-attribute-unknown": "An attribute Nope, FifoQueue on a standard queue: {answers}",
    # Sending
    "std-9": "Messages of {sizes} bytes: {answers}",
    "send-too-large": "One byte too many: {code}, {text} Stored: {stored}",
    "send-queue-size": "MaximumMessageSize {smallest}: that many bytes and one more: {sent}; a setting one lower: {lower}",
    "send-size-in-bytes": "{characters} times é: {answers}",
    "send-size-attributes": "Bodies of {sizes} bytes, the first without, the others with one attribute: {answers}",
    "send-empty-body": "Bodies of no and of one character: {answers}",
    "send-allowed-characters": "{allowed} bodies with tab, line feed, umlaut, emoji, U+E000, U+FFFD accepted; U+0000, U+001F, U+FFFE: {refused}",
    "produce-4": "JSON and an attribute came back unchanged: {same}; a body with U+0000: {nul}",
    "send-ten-attributes": "{numbers} attributes: {answers}",
    "send-attribute-value": "12.50 as Number, abc as Number, an empty String: {answers}",
    "send-attribute-name": "Names {names}: {answers}",
    "send-message-id": "One send and two receives: {ids} message id; MD5 of the body each time: {digests}",
    # Batches
    "produce-1": "A batch of {most} entries: {reported} reported; one more: {above}; stored with one single send: {stored}",
    "batch-too-many": "One entry too many sent, deleted, changed: {answers}; {text} Still stored: {stored}",
    "batch-total-size": "Four entries of {size} bytes: {four}; one byte more: {more}; stored: {stored}",
    "batch-partial-failure": "HTTP status {status}, Successful: {sent}; Failed: {failed}; stored: {stored}",
    "batch-absent-keys": "Keys of a good answer and of a bad one: {keys}",
    "batch-distinct-ids": "{code}: {text}",
    "batch-empty": "{code}: {text}",
    "batch-entry-id": "Ids of {longest} letters, of one more, with a colon, empty: {answers}",
    "delete-batch": "{most} handles, one of them garbage: {deleted} deleted, failed: {failed}; visible / in flight / delayed: {left}; one entry more: {above}",
    # Delays
    "delay-hides": "Sent with DelaySeconds 45, first received at {received:clock}",
    "delay-maximum": "DelaySeconds {delays}: of a message {messages}; of a queue {queues}",
    "delay-of-message-wins": "A queue with 60 s, one message sent with 0: received at once {now}; the other after 60 s: {later}",
    "delay-not-retroactive": "60 s set to 0 after the first send: {second} received at once, order-1 at {first:clock}",
    # Receiving
    "consume-2": "An hour without a call: {visible} message visible; ApproximateReceiveCount at the first receive {count}",
    "consume-3": "{sent} messages: a default receive returns {default}, one for {number} returns {most}; one more: {above}",
    "receive-default-one": "Five messages, a receive that does not say how many: {received}",
    "receive-range": "MaxNumberOfMessages {numbers}: {answers}",
    "receive-absent-key": "Messages in an empty answer: short poll {short}, long poll {long}",
    "receive-keeps": "Visible / in flight / delayed after a receive: {counts}; after the timeout {again} received again",
    "receive-attributes-on-request": "A receive that asks for nothing returns {without}, one that asks: {asking}",
    "receive-short-poll": "A receive from an empty queue returned {received} messages at {now:clock}",
    "receive-wait-limit": "An empty queue, WaitTimeSeconds {longest}: {received} messages at {now:clock}; WaitTimeSeconds {outside}: {answers}",
    "receive-wait-ends-early": "Another actor sends after 1 s: a receive that waits 20 s returned {received} message at {now:clock}",
    "receive-wait-of-call-wins": "A queue that waits 10 s: a call with 0 answered at {with_zero:clock}, one without at {without:clock}",
    "receive-fewer": "Three messages, eight short polls that ask half of the servers (a teaching rate): {short}; fewer than three at least once: {fewest}; a long poll: {long}",
    "empty-answer": "Two messages received: the next receive returned {received}; visible / in flight / delayed: {counts}",
    # Deleting
    "consume-5": "Received, deleted by its handle: after the timeout {received} messages",
    "delete-by-handle": "Deleted by the message id: {by_id}; visible / in flight / delayed: {left}",
    "delete-is-final": "Visible / in flight / delayed after the delete: {counts}; received again: {back}",
    "delete-twice": "Deleted twice by one handle: {answers}",
    "delete-copy-returns": "50 messages deleted, with a server away during one delete of ten (a teaching rate): {again} received again",
    "delete-other-queue": "{code}: {text}",
    # Consumers
    "std-3": "Sent while there was no consumer; an hour later one received {received}",
    "std-10": "50 messages, one receive of ten does not hide (a teaching rate): {different} received, {twice} of them more than once",
    "std-11": "30 messages sent, one of five may swap its place (a teaching rate): {received} received, {early} of them before an earlier one",
    "duplicate-within-timeout": "Three receives of ten do not hide (a teaching rate): at {now:clock} {both} messages are in the hands of two consumers",
    "consume-4": "One message delivered twice: {payments} rows without a unique key, {payments_once} with one",
    "multi-1": "Four consumers, eight orders of one second: {seconds} s, {orders} orders done, {shares} by each",
    "multi-2": "The first consumer never deletes; done by another one after the timeout: {done}",
    "multi-3": "One slow and one quick consumer; the order of deletes: {order}",
    "multi-4": "Never deleted; ApproximateReceiveCount at each receive: {counts}",
    "multi-5": "Four orders of one second with 1, 2 and 4 consumers: {seconds} s",
    "redelivery-breaks-order": "The first consumer takes order-1 and fails; the order of deletes: {order}",
    # In flight
    "in-flight-short-poll": "A limit lowered from {real} to {low}: the next receive: {at_limit}; after one delete {after_delete} message",
    "in-flight-long-poll": "A limit lowered from {real} to {low}: a long poll returned {received} messages, with {visible} visible",
}
WORLDS = {
    "moto alone": "moto without labkit's rules",
    "myth": "a world in which this is true: “{belief}”",
    "other default": "a world in which {name} of a new queue is {value}",
    # Other rules
    "not hidden": "a world in which a received message is not hidden",
    "counts from send": "a world in which the visibility timeout counts from the send",
    "one at a time": "a world in which a queue hands out one message at a time, as a FIFO queue does in one group",
    "never expires": "a world in which a message is kept until it is deleted",
    "retention as sent": "a world in which a new retention period holds for new messages",
    "receiving renews": "a world in which a receive starts the retention period again",
    "delay retroactive": "a world in which a changed delay also moves messages that are in the queue",
    "purge spares in flight": "a world in which a purge leaves what is in flight",
    "change ignored": "a world in which a received message stays hidden for its first timeout, whatever is set later",
    "change only extends": "a world in which a timeout can be extended and not shortened",
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
}
CITED = {
    "intro-1": "A premise of the topic, not a behaviour that could turn out otherwise.",
    "std-1": "History cannot be run.",
    "std-2": "How AWS operates and stores cannot be seen from outside.",
    "std-4": "A lab in virtual time proves nothing about throughput.",
    "std-8": "A lab in virtual time proves nothing about latency.",
    "produce-5": "A lab in virtual time proves nothing about throughput.",
    "queue-counters-lag": "A lab counts exactly; AWS says that its counters lag.",
    "consume-1": "Lambda and EventBridge Pipes are not run here.",
    "vis-change-old-handle": "Reports contradict each other, and AWS does not say.",
}

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
