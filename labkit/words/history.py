"""Sentences about what happened in a lab: its table and the passport of one message."""

from labkit.causes import Step

# The table
CAPTION = "What happened in this lab. Lab time counts from {start} UTC."
COLUMNS = ("lab time", "who", "what", "queue", "message", "why or answer")
CALL = "call"
CHANGE = "change"
BECAME = "{before} → {after}"
SENT_AS = "sent → {after}"
MESSAGES = "{number} messages"
NO_ROWS = "Nothing has happened in this lab yet: send a message first."
NO_ROW_FITS = "No row fits {conditions}. This history has queues: {queues}; actors: {actors}; operations: {operations}."
NONE = "none"
MORE_ROWS = "{shown} of {total} rows are shown: .all() shows every row, .where(queue=...) some, [10:20] a part."
NO_FRAME = "table.frame() needs pandas, which is not installed: python3 lab.py installs it."

# What becomes of a published message, as the table's "what"
DELIVERY = "delivery"
STEPS = {
    Step.PUBLISHED: "published",
    Step.REPEATED: "published again",
    Step.FILTERED: "filtered out",
    Step.DELIVERED: "delivered",
    Step.REPLAYED: "replayed",
    Step.PAUSED: "held back, paused",
    Step.RETRIED: "delivery failed",
    Step.DEAD_LETTERED: "dead-lettered",
    Step.DISCARDED: "discarded",
}

# The passport of a published message
PUBLISHED = "Published message {name} (id {message}), topic {topic}"
PUBLISHED_DIRECTLY = "Published message {name} (id {message}), to {protocol} {endpoint}"
TAKEN_DIRECTLY = "{by} published it to {protocol} {endpoint}."
TAKEN = "{by} published it to topic {topic}."
TAKEN_AGAIN = "{by} published it to topic {topic}; {why}."
STEP_TOLD = "{protocol} {endpoint}: {why}."
FAN_OUT_COLUMNS = ("subscriber", "what became of it", "at", "tries", "the copy now")
FAN_OUT_CAPTION = "What became of the published message {name}"
COPY = "{state} in {queue}"
COPY_OF = "It is a copy of the message that was published to topic {topic} (id {message})."
NO_SUBSCRIBER = "The topic had no subscriber: nobody gets it."

# A message's passport
TITLE = "Passport of the message {body} (id {message})"
SENT = "{by} sent it to queue {queue}; it was visible at once."
SENT_DELAYED = "{by} sent it to queue {queue}, delayed until {until}."
RECEIVED = "{by} received it (receive {number}); it was in flight, hidden until {until}."
RECEIVED_VISIBLE = "{by} received it (receive {number}), but it was not hidden: others could receive it at once."
TIMEOUT_CHANGED = "{by} changed the visibility timeout; it was now hidden until {until}."
RETURNED = "The visibility timeout ended: it was visible again in queue {queue} after {length} in flight."
RETURNED_BY = "{by} returned it ({why}): it was visible again in queue {queue} after {length} in flight."
DELAY_ENDED = "The delay ended: it was visible in queue {queue}."
DELETED = "{by} deleted it."
EXPIRED = "Its retention period ended: it expired in queue {queue}."
EXPIRED_UNSEEN = "Its retention period ended: it expired in queue {queue} without ever being received."
PURGED = "{by} purged queue {queue}: it was gone."
DEAD_LETTERED = "It left queue {queue}: {why}."
MOVED = "It arrived in queue {queue}, {why}; it was visible."
REDRIVEN = "It left queue {queue}: {why}."
REDRIVEN_IN = "It arrived in queue {queue} as a new message with the id {id}, {why}; it was visible."
REDRIVEN_IN_DELAYED = (
    "It arrived in queue {queue} as a new message with the id {id}, {why}; it was delayed until {until}."
)
CALLED = "{by} called {operation}: {answer}."
OTHER = "{by}: {before} → {after} in queue {queue} ({why})."
STILL = "Now ({now}) it is {state} in queue {queue}, for {length} so far."
STILL_UNTIL = "Now ({now}) it is {state} in queue {queue}, for {length} so far, until {until} if nobody does anything."
GONE = "Now ({now}) it is {state}; it lived {length}."
SPENT = "Time spent: {parts}."
SPENT_PART = "{state} in {queue} {length}"
RECEIVES = "Received {number} times."
RECEIVED_ONCE = "Received once."
NEVER_RECEIVED = "Never received."
PASSPORT_COLUMNS = ("from", "to", "length", "state", "queue", "with or by", "receive")
PASSPORT_CAPTION = "The states of message {name}"
NOW = "now"
NOT_HIDDEN = "received, not hidden"
