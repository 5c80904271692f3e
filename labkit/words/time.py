"""Sentences about virtual time and actors."""

LENGTH = 'I cannot read {given!r} as a length of time: write "31 s", "5 min", "2 h", "14 days", a number of seconds or a timedelta.'
NEGATIVE = "Time only moves forward in a lab, and {given!r} is negative: give a length of zero or more."
PAST = "It is already {now} in this lab, after {given}: give a later instant."
NAIVE = "{given} has no time zone: give an aware datetime such as datetime(2026, 1, 1, tzinfo=timezone.utc)."
UNTIL = 'run(until={given!r}): give a length ("5 min"), an aware datetime, a function of no arguments, or nothing.'
PREDICATE = "run(until={name}): a function given here takes no arguments, because run asks it again and again."
NOT_CALLABLE = (
    "lab.start needs a function to run, not {given!r}: write lab.start(worker), without brackets after worker."
)
ARGUMENTS = (
    "lab.start({name}, ...): {name} cannot be called with {count} ({reason}): write lab.start(worker, argument, ...)."
)
ONE_ARGUMENT = "1 argument"
MANY_ARGUMENTS = "{count} arguments"
GENERATOR = "{name} is not an ordinary function: an actor is a plain function that calls time.sleep and boto3."
TOO_MANY_CALLS = (
    "Actor {name!r} made {calls:,} calls while the lab clock stood still at {now}: let it sleep or use WaitTimeSeconds."
)
STUCK = (
    "Actor {name!r} computed for {seconds} real seconds without the lab clock moving from {now}: let it sleep or stop."
)
IDLE = 'Nothing has changed since {since}, but {names} would go on for ever: give the run an end, for example lab.run(until="5 min").'
IN_ACTOR = "{what} does not work inside actor {name!r}, because lab time would stop: {instead}."
THREAD = (
    "{what} was used in another thread, where lab time does not reach: write lab.start(worker) instead of a thread."
)
RUN_IN_ACTOR = "lab.run belongs in a cell, not inside actor {name!r}: an actor waits with time.sleep."
INSTEAD_THREAD = "start the work with lab.start(function)"
INSTEAD_SLEEP = "wait with time.sleep or a long poll"
INSTEAD_PLAIN = "write it as a plain function and start it with lab.start(function)"
INSTEAD_SOCKET = "a lab has no network, so call AWS through boto3"
THREAD_LAB = "A lab"
NAME = 'lab.start(..., name={given!r}): give a name as text, for example name="worker A".'
