"""Sentences about every order of events: refusals, and a schedule told."""

OTHER_CLIENT = "This {service} client does not belong to the check: use the client that your function is given."
NO_REST = "After {calls} calls your function had not come to rest: a consumer polls, works and deletes, and does not call on and on while nothing changes."
NOT_THE_SAME = "Your function did something else when the same events came again: let it depend only on what it is given, not on chance, the clock or memory that another run can see."
CATCHES_ALL = "Your function catches every exception, also the one that ends its machine: write `except Exception` or, better, the exception that you mean."
NOT_A_STORY = "every_order needs a function and a story: write every_order(worker, story), with the function's name and no brackets after it."
NOT_PLAIN = "{name} uses yield or async, so calling it does nothing yet: write a plain function that calls boto3."
ARGUMENTS = "{name} is called as {name}({given}), and it does not take that ({reason})."
NOTHING_TO_REPLAY = "There is nothing to replay: no schedule went wrong."

# The result

HELD = "No schedule goes wrong. {schedules:,} different ones were run: all of {bounds}."
PRUNED = "({pruned:,} more were stopped half-way, because they differ from one of these only in the order of steps that have nothing to do with each other.)"
FAILED = "A schedule goes wrong, and no shorter one does:"
FOUND_AFTER = "Found after {schedules:,} schedules, among those of {bounds}."
BOTH = ", and all of "
BOUNDS = "{messages}, {consumers} and {faults}"
REPLAY = "To watch it through boto3: lab = found.replay(); swimlanes(lab)"
MESSAGES = ("1 message", "{count} messages")
CONSUMERS = ("1 consumer", "{count} consumers")
FAULTS = ("no fault", "1 fault", "up to {count} faults")

# What a consumer does

CONSUMER = "Consumer {name}"
GOES_ON = "Consumer {name} went on and"
NEW_CONSUMER = "Consumer {name}, started anew without its memory,"
RECEIVED = "received {messages}"
RECEIVED_AGAIN = "received {messages} as well"
RECEIVED_ANOTHER = "received another message with {messages}"
NOT_HIDDEN = "received {messages} (a copy that SQS did not hide)"
OTHER_GROUP = "received {messages} (its group came first this time)"
OUT_OF_ORDER = "received {messages} (SQS handed it out before its turn)"
DELETED = "deleted {messages}"
DELETED_NOTHING = (
    "asked to delete {messages}, with a receipt handle that was no longer the latest, so nothing was deleted"
)
COMES_BACK = "deleted {messages} (a server that was away kept a copy)"
EFFECT = "called {name}({args})"
WROTE = "wrote {row} into {table}"
REMOVED = "removed {row} from {table}"
FOUND_ROW = "found {row} in {table}"
FOUND_NO_ROW = "found no {row} in {table}"
REFUSED_ROW = "was refused by the condition on {row} in {table}"
TRANSACTION = "made its writes in one transaction"
NO_TRANSACTION = "was refused the transaction by its condition"
EXTENDED = "set the visibility timeout of {messages} to {seconds} s"
SLEPT = "slept"
CALLED = "called {operation}"
REFUSED = "got {code} from {operation}"
LOST = "{act} (the answer was lost, so the SDK made the call again)"
DIED = "its machine died"
ENDED = "ended with {code}"
AND = " and "
THEN = "and then {end}"

# What time does

VISIBLE_AGAIN = "{seconds} s after its receive {messages} was visible again, and"
VISIBLE_AGAIN_MANY = "When their visibility timeout of {seconds} s had ended, {messages} were visible again, and"
SO = "So {wrong}."
SAID = "{text}"
STILL_LEFT = "{messages} came back again and again, because nobody deleted it"
