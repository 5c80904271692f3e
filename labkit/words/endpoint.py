"""Sentences about labs on another endpoint and what they leave behind."""

NOT_AN_ADDRESS = (
    'Lab(endpoint={given!r}): give an address, for example "http://127.0.0.1:4566", which `labkit serve` prints.'
)
NO_SESSION = 'Lab(access=...): give the account as boto3.Session(profile_name="..."), not {given}.'
NO_ACCESS = "{url} is not this machine, so what runs there may cost somebody money: say whose account it is with access=boto3.Session(profile_name=...), or use `labkit serve`."
EMPTY_ACCESS = "The boto3.Session given as access= has no credentials or no region: name a profile that has both."
ACCESS_AT_HOME = "On this machine the credentials are made up: leave access= out."
NOBODY_THERE = (
    "Nothing answers at {url} ({reason}): start `labkit serve` in a terminal and give the address that it prints."
)
OPTION = "Lab(endpoint=..., {name}=...): {reason}."
START = "on another endpoint it is whatever time it is there, so leave start= out"
LATENCY = "there a call takes the time that it takes, so leave latency= out"
FAULTS = "what goes wrong there is not ours to choose, so leave faults= out, or start `labkit serve --faults`"
RULES = "there the rules are the service's own, so leave rules= out"
AGAIN = "A lab on another endpoint cannot be opened again as it was: its time is real and has passed."
ACCOUNT = "lab.client(account=...) works on `labkit serve` only: elsewhere the account is that of access=."
INSIDE = "A lab on another endpoint sees its own calls, not what happens inside a queue: use lab.table() for the calls, or a lab without endpoint for passports and pictures."
NOT_THERE = "{what} belongs in a lab without endpoint: on another endpoint, people and functions are that one's own."
NOT_DELETABLE = "A lab on another endpoint deletes what it made, and knows how to for SQS only: {service} {operation} belongs in a lab without endpoint."
NOT_OURS = "{address} is not a queue of this lab, whose queues all begin with {prefix}: it touches no other."
WAITS = "Waiting {length}, which takes {seconds:g} s."
CLOSING = "These queues could not be deleted and are noted for `labkit cleanup`: {queues} ({reason})."

SUMMARY = "[--yes] [--profile NAME]  delete what labs on another endpoint left behind after a crash"
USAGE = "Deletes the queues of labs on another endpoint that ended before they could delete them."
YES_MEANING = "delete also where it is not this machine"
PROFILE_MEANING = "the AWS profile of the account, where it is not this machine"
NOTHING_LEFT = "Nothing is left behind."
FOUND = "Left behind at {url}:"
QUEUE = "  queue {name}"
GONE = "Nothing answers at {url}; a stopped `labkit serve` keeps nothing, so there is nothing to delete."
UNREACHABLE = "Nothing deleted at {url} ({reason}): run `labkit cleanup` again when it answers."
SAY_YES = "{url} is not this machine: to delete there, run `labkit cleanup --yes --profile NAME` with the profile of that account."
DELETED = "Deleted {count} of {all}; the others had never been created or were gone."
