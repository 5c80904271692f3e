"""Sentences about labs and the clients made in them."""

CLOSED = "This lab is closed: run the cell with Lab(...) again and make your clients from the new lab."
PARKED = "Another lab was opened after this one, which waits meanwhile: close that lab first, or use that one."
IN_ACTOR = "{what} belongs in a cell, not inside actor {name!r}: an actor only uses its lab's clients and time.sleep."
CLOSED_CLIENT = (
    "This {service} client belongs to a lab that is closed: run the cell that opens the lab and makes the client again."
)
OUTER_CLIENT = "This {service} client belongs to another lab, which waits until the lab opened after it is closed: use a client of the open lab."
EARLIER_CLIENT = 'This {service} client was made before the lab was opened, so it would call the real AWS: make it again, for example boto3.client("{service}").'
NETWORK = "A lab never calls the real network, and {host} is not part of it: close the lab first if you mean to."
SERVICE = 'boto3 knows no AWS service called {given!r}{close}: write for example lab.client("sqs").'
CLOSE_MATCH = " (did you mean {names}?)"
NOT_AN_OPTION = "{where}({name}={given!r}): {expected}."
SEED = "give a whole number, for example Lab(seed=7)"
START = "give an aware datetime, for example datetime(2026, 1, 1, tzinfo=timezone.utc)"
FAULTS = "give Faults.none() or Faults.documented()"
FAILED_MOCK = "The mock of {service} could not do {operation} ({reason}): this is not an answer of AWS."
SWALLOWED = "An error inside the lab was swallowed by the mock while it handled {operation}: {reason}"
UNKNOWN_MESSAGE = "No message with the id {given!r} was sent in this lab: give a MessageId that send_message returned."
THREAD_CLIENT = "A lab's client"
RULES = 'give a class by service, for example {{"sqs": StandardQueue}}'
REGION = 'give the name of a region, for example "eu-west-1"'
ACCOUNT = 'give an account id of 12 digits as text, for example "111122223333"'
ACCESS = "Lab(access=...) goes with endpoint=..., the address of what is not this machine: a lab without one needs no credentials."
FUNCTION_NAME = "lab.function({given!r}, ...): give a name of 1 to 64 letters, digits, hyphens and underscores."
UNKNOWN_GROUP = (
    "This lab has no Auto Scaling group called {given!r}: create it first, then give its AutoScalingGroupName."
)
