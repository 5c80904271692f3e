"""Sentences about a fleet of consumers in virtual time."""

ORDERS = "orders={given!r}: give a whole number from 1 on."
INSTANCES = "minimum={minimum!r}, maximum={maximum!r}: give whole numbers with 1 <= minimum <= maximum."
LENGTHS = "{name}={given!r}: give a length of more than zero."
FAULTS = "faults={given!r}: give Faults.none(), Faults.documented() or Faults(...)."
LOST = "A fleet makes no calls, so no answer can get lost: give Faults(...) with lost_response=0."
POLICY = 'policy={given!r}: give TargetTracking(...), StepScaling(...), or "none" for a fleet of constant size.'
SEED = "seed={given!r}: give a whole number."
NOT_RUN = "This fleet has not run yet: call fleet.run() first."
NO_OPTION = "A fleet has no option {given!r}; it has {names}."

TOLD = """{orders} orders in {over}, {work} of work each; {minimum} to {maximum} instances, {policy}.
Done: {deleted} of {orders} orders after {took}; most waiting: {most}; most instances: {instances}.
Half of the orders were received within {half}, 99 of 100 within {nearly}, the last one after {longest}.
Calls: {calls}, of them {empty} receives that found nothing. Instance hours: {hours}."""
TRACKING = "target tracking at {target} messages per instance"
STEPS = "step scaling from {threshold} messages on"
CONSTANT = "no scaling"

FACT_ORDERS = "orders done"
FACT_TOOK = "time until the last was done"
FACT_MOST = "most messages waiting"
FACT_INSTANCES = "most instances"
FACT_HOURS = "instance hours"
FACT_NEARLY = "wait of 99 in 100"
FACT_CALLS = "calls"
