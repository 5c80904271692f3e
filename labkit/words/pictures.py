"""Sentences in and under pictures."""

from labkit.causes import Effect, Mismatch

# Axes
SINCE_START = {
    "s": "seconds since the lab's start",
    "min": "minutes since the lab's start",
    "h": "hours since the lab's start",
    "d": "days since the lab's start",
}

# All pictures
NOTHING = "There is nothing to draw: no message has been sent {where} yet."
NO_CALLS = "There is nothing to draw: no call has been made yet."
IN_QUEUE = "to queue {queue}"
IN_LAB = "in this lab"
NOT_A_LAB = "{picture} draws a lab, not {given!r}: write {picture}(lab)."
UNKNOWN_QUEUE = "No message has been in a queue called {queue!r}; there were messages in: {queues}."
FROM_TO = "Lab time {start} to {end}."

# Swim-lanes
LANES = "The lives of {number} messages"
LANE = "The life of 1 message"
OF_QUEUE = " in queue {queue}"
LANES_GUIDE = "One lane a message, in order of sending; the legend names every mark. A message is in flight with the consumer named in the bar. Who works on it is drawn below, in that consumer's colour and pattern: SQS does not see it, so work may go on when the message is no longer theirs."
LEFT_OUT = "The first {shown} of {total} messages are drawn. The {left} others: {fates}."
STAY = "{state} {began} to {ended}"
STAY_WITH = "in flight {began} to {ended} with {by} (receive {receive})"
STAY_NOW = "{state} since {began}"
STAY_WITH_NOW = "in flight since {began} with {by} (receive {receive})"
IN_NAMED_QUEUE = " in {queue}"
RECEIVED_AT = "receive {receive} by {by} at {at}"
NOT_HIDDEN = "receive {receive} by {by} at {at} (not hidden)"
ENDED = "{how} at {at}"
TOTALS = "Receives in all: {receives}. Messages: {fates}."
FATE = "{number} {state}"
VISIBLE = "visible"
DELAYED = "delayed"
IN_FLIGHT_WITH = "in flight: {by}"
NTH_RECEIVE = "nth receive"
AT_WORK = "at work"
WIDENED = "drawn wider than it lasts"
SEVERAL = "several of its kind"
IDLE_DELETE = "delete that deleted nothing"
IDLE_CHANGE = "change that changed nothing"
IDLE_SEND = "send that stored nothing"
OTHER_END = "gone in another way"
WORKED = "{by} at work {began} to {ended}"
IDLE_CALLS = {
    Effect.OLD_RECEIPT: "delete by {by} at {at} deleted nothing (an older receipt handle)",
    Effect.NOTHING_TO_DELETE: "delete by {by} at {at} deleted nothing (the message was gone)",
    Effect.TIMEOUT_HAD_ENDED: "change of visibility by {by} at {at} changed nothing (its timeout had ended)",
    Effect.DUPLICATE: "send by {by} at {at} stored nothing (the same deduplication id)",
    Effect.REFUSED: "{operation} by {by} at {at} refused ({error})",
}

# Marks: what they look like. A lesson's text names them so, and a test looks for them in its pictures.
ALL_MARKS = "Marks: {marks}."
MARK = "{mark}: {name}"
BAR = "bar"
MARKS = {
    "visible": "solid line",
    "delayed": "dotted line",
    "work": "thin bar below",
    "bowtie": "bow tie",
    "several": "larger mark",
    "number": "number in a circle",
    "x-thin": "cross",
    "diamond-open": "hollow diamond",
    "square-open": "hollow square",
    "triangle-down": "triangle pointing down",
    "triangle-up": "triangle pointing up",
    "star-open": "hollow star",
    "circle": "filled circle",
    "circle-open": "hollow circle",
    "circle-x-open": "circle with a cross",
    "square-x-open": "square with a cross",
    "diamond-x-open": "diamond with a cross",
    "hexagram-open": "star of six points",
}
DRAWN_AS = "drawn as {marks} marks"
DRAWN_AS_ONE = "drawn as 1 mark"
LANE_DRAWN_AS = "{lane}: {signs} signs, {drawn}."

# Group lanes
GROUPS = "{number} message groups"
GROUP = "1 message group"
GROUPS_GUIDE = "One lane a message group. the legend names every mark. Messages of the group in flight together are named in a bar; its colour and pattern say with whom. While it lasts, nothing that follows in the group is handed out. Visible messages, a line above the bars, wait while somebody holds an earlier one. Who works is drawn below the bars, in the same colour and pattern."
GROUP_STAY = "{names} in flight {began} to {ended} with {by}"
GROUP_WORKED = "{name}: {told}"
GROUP_UNTOUCHED = "nothing received yet; messages: {number}"
GROUP_WAITING = "visible"
GROUPS_LEFT_OUT = "{shown} of {total} groups are drawn."
NO_GROUPS = (
    "group_lanes draws message groups, and no message of this lab has one: send with MessageGroupId to a FIFO queue."
)

# Queue depth
DEPTH = "Messages in queue {queue}"
DEPTHS = "Messages in {number} queues"
DEPTH_GUIDE = "Steps: how many messages are visible (solid), in flight (dashed) and delayed (dotted). A label at the right names each line with its last number."
DEPTH_LINE = "{state}: at most {most} (first at {at}), {last} at the end"
DEPTH_AT = "at {at}: {counts}"
DEPTH_QUEUES_LEFT_OUT = "{shown} of {total} queues are drawn; name another: queue_depth(lab, queue=...)."
COUNT_AXIS = "messages"

# Fleet size
FLEET = "Messages that wait, and instances that work"
FLEET_GUIDE = "One panel a queue: visible messages. One panel a group: the instances that it has launched (dotted) and those of them that are in service (solid)."
FLEET_AT = "  {numbers}"
LAUNCHED = "launched"
IN_SERVICE = "in service"
NO_GROUP = "There is nothing to draw: this lab has no Auto Scaling group yet."
INSTANCES = "instances"
NOT_RUN_YET = "There is nothing to draw: this fleet has not run yet. Call fleet.run() first."

# Calls over time
CALLS_BY = "{number} API calls by {by}"
CALLS_GUIDE = "One lane a kind of call or a caller; the legend names every mark. Calls at nearly the same time are one larger mark, with their number where there is room. At the right: all calls of the lane, and as how many marks they are drawn where that can't be counted."
CALLS_LANE = "{number} calls"
CALLS_LANE_ONE = "1 call"
CALLS_EMPTY = "{number} empty receives"
CALLS_EMPTY_ONE = "1 empty receive"
CALLS_REFUSED = "{number} refused"
CALLS_WHEN = "first at {first}, last at {last}"
CALLS_PER_SLICE = "in each {length}: {numbers}"
OF_THEM_EMPTY = ", {number} empty"
CALLS_LEFT_OUT = "{left} more lanes with {calls} calls are left out."
BY_WHAT = 'calls_over_time(by={given!r}): write by="operation" or by="actor".'
OK_CALL = "call"
EMPTY_CALL = "empty receive"
REFUSED_CALL = "refused"

# Outcomes over time
# Entries are counted: whether each is a request, the lesson knows.
OUTCOMES = "{number} outcomes over time"
OUTCOME = "1 outcome"
OUTCOMES_GUIDE = "Steps: how many ended in each way, counted in slices of {length}. A label at the right names each line with its last number."
OUTCOMES_LINE = "{outcome}: {total} in all; in each slice {numbers}"
OUTCOMES_AXIS = "outcomes in {length}"
LIMIT = "limit"
LIMIT_LINE = "limit: {number} in each slice"
LIMIT_OF_A_SLICE = "outcomes_over_time(limit={given!r}): give a whole number of requests a slice, for example limit=5."
NO_OUTCOMES = "There is nothing to draw: the list of outcomes is empty. Run the cell that fills it."
STEP = "outcomes_over_time(step={given!r}): give the length of a slice in seconds, for example step=20."
NOT_OUTCOMES = 'outcomes_over_time draws pairs of seconds and words, such as (12.5, "page: served"), not {given!r}.'

# The same seed, one setting changed
WHAT_IF = 'What if "{setting}" were another? The same seed and the same code, {number} values.'
WITH_VALUE = "{setting}: {value}"
FACTS = "{value}: {facts}."
INSTEAD = "{value} instead of {base}: {differences}."
NOTHING_CHANGES = "{value} instead of {base}: nothing changes."
DIFFERENCE = "{what}: {after} (was {before})"
FACT = "{what}: {number}"
NOT_RUN = "Not run yet: {values}."
NEVER = "never"
AT = "at {at}"
RUNNING = "Running the code with this value ..."
SLIDER_GUIDE = (
    "Move the slider with the mouse or the arrow keys. Above: {setting} {base}. Below: the value that you choose."
)
WHAT_IF_LAB = (
    "what_if needs a lab first: what_if(lab, story, setting, values), where story(lab, value) is your function."
)
WHAT_IF_STORY = "what_if needs a function as its second argument, story(lab, value), not {given!r}."
WHAT_IF_SETTING = 'what_if needs the name of the setting as its third argument, for example "visibility timeout in seconds", not {given!r}.'
WHAT_IF_VALUES = "what_if needs at least two different values to compare, for example [30, 60], not {given!r}."
FAILED_VALUE = "{error}: {message}"

# What is compared, in this order
SENT = "messages sent"
RECEIVES = "receives"
MORE_THAN_ONCE = "messages received more than once"
DELETED = "deleted"
EXPIRED = "expired"
DEAD_LETTERED = "dead-lettered"
LEFT = "left at the end"
LAST_DELETE = "last delete"
CALLS = "API calls"
EMPTY_RECEIVES = "empty receives"

PAUSES = "{number} confirmations, {pauses} long pause"
PAUSES_GUIDE = "Each block is {block} confirmed orders, from left to right. A hatched gap: somewhere in the block that it breaks nothing was confirmed for more than {seconds} s; how long is not drawn."
PAUSE = "a pause"
PAUSES_AXIS = "confirmed orders"
PAUSE_IN = "Orders {first} to {last}: a pause of more than {seconds} s."
FLOWING_IN = "Orders {first} to {last}: without one."
NOT_TIMES = "pauses draws the times of at least two confirmations, in seconds, such as [12.5, 12.6], not {given!r}."

# The filter matrix
MATRIX = "{messages}, {subscriptions}"
MATRIX_MESSAGES = "{number} messages"
MATRIX_MESSAGE = "1 message"
MATRIX_SUBSCRIPTIONS = "{number} subscriptions"
MATRIX_SUBSCRIPTION = "1 subscription"
MATRIX_GUIDE = "One row a message, in order of publishing; one column a subscription. A plain box: delivered. A hatched box: held back by the filter policy of the subscription; in it the key that failed, and why in short."
MATRIX_GUIDE_FAILED = " A crossed box: no filter policy held the message back, but it could not be delivered."
MATRIX_TO = "to {names}"
NOBODY = "nobody"
MATRIX_HELD = "held back from {name}: {why}"
MATRIX_TOTALS = "Delivered in all: {numbers}."
MATRIX_LEFT_OUT = "{shown} of {total} messages are drawn."
DELIVERED = "delivered"
HELD_BACK = "held back"
NOT_DELIVERED = "not delivered"
NOTHING_PUBLISHED = "There is nothing to draw: nothing has been published to a topic with a subscription yet."
UNKNOWN_TOPIC = "Nothing has been published to a topic called {topic!r}."
BRIEFLY = {
    Mismatch.MISSING: "missing",
    Mismatch.NOTHING_AT_ALL: "nothing to compare",
    Mismatch.IGNORED_TYPE: "type not compared",
    Mismatch.MALFORMED: "malformed",
    Mismatch.NOT_JSON: "body is no JSON",
    Mismatch.NOT_AN_OBJECT: "body is no object",
    Mismatch.NO_LEAF: "has no value",
    Mismatch.EMPTY: "empty",
    Mismatch.PRESENT: "must be missing",
    Mismatch.WRONG_TYPE: "another type",
    Mismatch.NOT_LISTED: "not listed",
    Mismatch.EXCLUDED: "excluded",
}
