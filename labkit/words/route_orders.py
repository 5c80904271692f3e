"""Sentences of exercise 12-route-orders."""

from enum import Enum, unique

TITLE = "each service gets its events"
DAY = "a day of the three shops"
FAULTS = "everything that AWS says may happen"
HINTS = (
    "Which wishes can be decided by the attributes, and which one can't? What stands there as text, or is not there at all, "
    "decides which `FilterPolicyScope` a service needs.",
    "All keys of a policy must match, and for a key one of the values in its list is enough. `$or` takes a list of groups: "
    '`{{"kind": ["a"], "$or": [{{"x": ["b"]}}, {{"y": ["c"]}}]}}` is a, and b or c.',
    'A missing key matches one rule alone: `[{{...}}, {{"exists": false}}]`. A bound that is included is `>=` or `<=`. The app '
    'writes `Order`, so compare with `{{"equals-ignore-case": "order"}}`, or list both spellings.',
    "`fraud` looks into the body: kind is `order`, and `$or` of `total` from 1000 up and `customer` with `level` new. `parcels` "
    'needs one rule with both bounds, `{{"numeric": [">=", 2, "<", 30]}}`, and tags in a list.',
)
RIGHT = "Each of the four services gets its events, and no others."
TOLD = "{events} events, {copies} copies delivered to four services, each where it was wanted."

EXPECTED = "{service} gets what it wished for, and nothing else: {wish}"
WISHES = {
    "warehouse": "orders of web and app from Spain or Portugal",
    "letters": "every event but visits and tests, those of the tills included",
    "fraud": "orders with a total from 1000 up, or of a new customer",
    "parcels": "what weighs from 2 up to, but not including, 30, and has the tag fragile or one that begins with glass-",
}
FOUR = "A dict with the names of the four services, and for each one its FilterPolicy: {names}."
CALLED = "policies()"
SUBSCRIBED = "{service} subscribes with {scope}: {policy}"
PUBLISHED = "{event} is published with {attributes}, and the body {body}"
RETURNED = "policies() returned {given}"
REFUSED_BY = "SNS refused it with {code}: {text}"
GOT = "{event} reached {service}"
HELD = "{event} was held back from {service}: {why}"


@unique
class Mistake(Enum):
    """What an answer can do wrong in this exercise alone, each with the sentence that says why."""

    NOT_POLICIES = 'Return a dict of dicts, `{{"warehouse": {{"FilterPolicy": {{...}}}}, ...}}`, in which every policy can be JSON.'
    MISSING_SERVICE = "There is no `FilterPolicy` for {service}: without one, a subscription gets every message."
    TWO_OPERATORS = "One rule, that is one pair of braces, takes one operator. Two that are joined by *or* are two rules in the list; two bounds of a number stand in one `numeric`."
    NESTED = "The policy is nested, and attributes are not: such a policy needs the scope `MessageBody`."
    REFUSED = "A policy that SNS can't read is refused when it is set, and the subscription would not exist."
    WRONG_SCOPE = "The key `{key}` is not where the policy looks: it stands in the {place} of the message. One subscription compares the attributes or the body, not both."
    UNKNOWN_KEY = (
        "No event has a key `{key}`. Names of keys are compared case by case, and one inside another is nested."
    )
    MISSING_KEY = 'This event has no `{key}`, and what is missing matches no rule but `{{"exists": false}}`, not even `anything-but`.'
    AS_TEXT = "`{key}` is not of the type that the policy lists: a number as text is text, and no rule for numbers matches it, nor the other way round."
    CASE = 'Text is compared case by case, and `{found}` is another spelling: `{{"equals-ignore-case": ...}}`, or both spellings in the list.'
    BOUND_OUT = "`{key}` is exactly at the bound, which is wanted: `>=` and `<=` include it, `>` and `<` don't."
    BOUND_IN = "`{key}` is exactly at the bound, which is not wanted: `>` and `<` leave it out, `>=` and `<=` don't."
    BOUNDS_APART = 'Two rules in a list are joined by *or*, so each number of `{key}` matches one of them. Both bounds stand in one rule: `{{"numeric": [">=", 2, "<", 30]}}`.'
    OR_AS_AND = "Two keys in a policy must both match, and `{key}` did not. Where one of them is enough, put each in a group of its own inside `$or`."
    OR_TOO_WIDE = "`{key}` stands inside `$or`, so a message passes without it. What must hold in any case stands beside `$or`, or in each of its groups."
    FORGOTTEN = "The policy says nothing of `{key}`, so it takes any, and events without it too."
    HELD_BACK = "What the policy lists for `{key}` is too little: it holds this event back."
    LET_IN = "What the policy lists for `{key}` is too much: it lets this event pass."
