"""Sentences of `try_policy`."""

SCOPES = ("MessageAttributes", "MessageBody")
LABELS = {
    "policy": "The filter policy, as JSON",
    "scope": "What it looks at",
    "message": "message",
    "passes": "passes",
    "held": "held back",
    "why": "why not",
}
TITLE = "A filter policy on {scope}"
COUNT = "{passing} of {messages} messages pass."
REFUSED = "SNS refuses this policy, and would go on with the one before. {code}: {text}"
PASSES = "yes"
HELD = "no"
HEADS = ("message", "passes", "why not")
ATTRIBUTE = "{name} = {value} ({type})"
BODY = "body: {body}"
NOT_MESSAGES = 'try_policy needs messages by name, each with what Publish takes, for example {{"order-1": {{"Message": "order-1"}}}}, not {given!r:.60}.'
NOT_A_SCOPE = 'try_policy(scope={given!r}): write "MessageAttributes" or "MessageBody".'
