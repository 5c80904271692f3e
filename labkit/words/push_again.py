"""Sentences of exercise 14-push-again."""

from enum import Enum, unique

TITLE = "a push that finds its telephone again"
DAY = "a day of five telephones"
FAULTS = "everything that AWS says may happen: answers get lost"

HINTS = (
    "What does an endpoint hold? `sns.get_endpoint_attributes(EndpointArn=endpoint)` tells it. Which two of these must be right for a "
    "push to arrive?",
    "`sns.set_endpoint_attributes(EndpointArn=known, Attributes={{'Token': token, 'Enabled': 'true'}})` sets both, whatever "
    "they were. An endpoint that was deleted answers NotFound: catch `sns.exceptions.NotFoundException`, and create one.",
    "`sns.create_platform_endpoint(PlatformApplicationArn=application, Token=token)` answers with the `EndpointArn`. It doesn't turn "
    "on what is off, so it is for customers without an endpoint.",
    "A push is `sns.publish(TargetArn=endpoint, Message=json.dumps(texts), MessageStructure='json')`. `texts` has a text for `APNS` "
    "and one for `GCM`, each made with `json.dumps` itself. `sns.exceptions.EndpointDisabledException` says that the endpoint is off.",
)
RIGHT = "Each app that is there reads its news, and each customer has kept the endpoint that there was."
TOLD = "{orders} pushes asked for, {mails} of them to an endpoint that was off, which an e-mail replaces; {calls} API calls."

OFFER = "Two for one until midnight"
ARN = "`register` returns the ARN of the customer's endpoint."
COME_BACK = "Both functions return when their work is done."
REACHED = "Each app that is on its telephone, and has started since its token changed, gets each push."
SHAPED = "Each push is the JSON of the telephone's push service, with the news as what the telephone shows."
HONEST = "`push` returns True, or False where the endpoint is off."
KEPT = "A customer whose endpoint still exists keeps it: it is subscribed to the shop's offers."
ONCE = "Nobody gets the same news twice."
WITHIN = "At most {budget} API calls a day."
RETURNED = "register returned {given}"
NOT_ENDED = "{name} was not done by the end of the day"
NOT_ARRIVED = "{order} did not arrive at {customer}'s app, whose token was {token}"
ENDPOINT = "the endpoint had the token {token!r} and was {state} when the push began"
IS_ON = "on"
IS_OFF = "off"
GOT = "{customer}'s telephone ({platform}) got: {text}"
SAID = "push returned {given} for {order}"
TWICE = "{order} arrived more than once"
NO_OFFER = (
    "{customer}'s app did not get the offer: the endpoint …{first} is subscribed to it, and register returned …{now}"
)


@unique
class Mistake(Enum):
    """What an answer can do wrong in this exercise alone, each with the sentence that says why."""

    NO_ARN = "What `register` returns is stored and given to `push`: return the ARN of the endpoint, `EndpointArn`."
    GONE = "The endpoint that `register` returned does not exist: where the known one has been deleted, create another."
    STILL_AT_IT = "A function did not come back: each is called once for what has come, and the server waits for it."
    OLD_TOKEN = "The endpoint of {customer} still has another token than the app brought at its last start: set it with `SetEndpointAttributes`."
    STILL_OFF = "The endpoint of {customer} has the right token and is off, so nothing reaches it: whoever registers must turn it on, with `Enabled`."
    NOT_PUBLISHED = (
        "`push` was called, and nothing was published for {customer}: `sns.publish(TargetArn=endpoint, ...)`."
    )
    OTHER_TEXT = (
        "Something was published, but the text that was given to `push` is not in what {customer}'s telephone got."
    )
    NO_PAYLOAD = "The message has nothing for {platform} of its own: with `MessageStructure='json'` it is an object with a text under each platform's name."
    WRONG_PAYLOAD = "What stands under {platform} is not the JSON that this push service shows; it is a text that holds JSON, so `json.dumps` it by itself."
    SAID_YES = "The endpoint was off when {order} was to be pushed, and `push` did not say so: the customer gets neither a push nor an e-mail."
    SAID_NO = "The endpoint was on, and SNS takes a push to it: return True, or the customer gets an e-mail besides."
    TWICE = "The news was published more than once although every call had an answer."
    NEW_ENDPOINT = "The customer has another endpoint now, and other teams have subscribed the one that there was: bring the token to that one."
