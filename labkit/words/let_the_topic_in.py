"""Sentences of exercise 11-let-the-topic-in."""

from enum import Enum, unique

TITLE = "one topic gets in, and nobody else"
DAY = "two starts, an order, strangers, and a queue that is deleted"
FAULTS = "everything that AWS says may happen: answers get lost"

HINTS = (
    "Connect one queue, publish, and look at `lab.passport(message_id)`: it says of each queue whether its policy or its "
    "key has denied the delivery.",
    "Each of the four queues needs a statement that allows `sqs:SendMessage` to the service `sns.amazonaws.com`, with a "
    "condition on `aws:SourceArn`. `Policy` is one attribute: read it with GetQueueAttributes, add to its `Statement`, and "
    "write it back.",
    "The key's policy (`kms.get_key_policy(KeyId=key, PolicyName='default')`) needs a statement for `kms:GenerateDataKey*` "
    "and `kms:Decrypt`. No policy lets SNS use `alias/aws/sqs`: set `KmsMasterKeyId` of that queue to `key`.",
    "Subscribe takes `Attributes={{'RawMessageDelivery': 'true', 'RedrivePolicy': ...}}`; the latter is a JSON text with the "
    "`deadLetterTargetArn`. Add a statement only if it is not there: `if statement not in statements`.",
)
RIGHT = "The topic gets in everywhere, what can't be delivered is kept, and nobody else gets in."
TOLD_DAY = "Each of {queues} queues has the order, no stranger got in, and undelivered keeps what has no queue any more; {calls} API calls."
TOLD_FAULTS = "With lost answers the same."

ALL = "Each queue gets each order, and the body is the order's text alone."
ENCRYPTED = "The queues letters and reports are encrypted with a key of KMS."
CLOSED = "Nobody but the topic orders, and the partner at parcels, may send to a queue."
PARTNER = "What stood in a policy before stands there still: the partner may send to parcels."
KEY = "The key's own account can administer it, and no other account may use it."
KEPT = "What can't be delivered lies in the queue undelivered."
SAME = "A second start changes no policy."
RETURNS = "connect returns."
WITHIN = "At most {budget} API calls, both starts together."
HAS_NOT = "queue {queue} does not hold {order}"
HOLDS = "queue {queue} does not hold {order}, but {body!r}"
POLICY = "statements in the policy of {of}: {policy}"
NONE = "none"
THE_KEY = "the key"
KEY_OF = "queue {queue} is encrypted with {key}"
NO_KEY_OF = "queue {queue} is not encrypted with KMS any more"
TOPIC_GOT_IN = "topic {who} has sent to queue {queue}"
ACCOUNT_GOT_IN = "account {who} has sent to queue {queue}"
REFUSED = "the partner's SendMessage to parcels was refused: {error}"
PARCELS_KEY = "queue parcels is encrypted with a key of KMS, which the partner may not use"
HOLDS_TOO = "queue {queue} holds {order}, which was delivered everywhere"
ADMIN_OUT = "account {account} may do nothing with the key any more"
STRANGER_IN = "account {account} may decrypt with the key"
NOT_KEPT = "queue reports was deleted and an order was published: queue undelivered holds nothing"
STATEMENTS = "the policy of {of} has {first} statements after one start, and {last} after two"
NOT_BACK = "connect was called and did not come back"


@unique
class Mistake(Enum):
    """What an answer can do wrong in this exercise alone, each with the sentence that says why."""

    NOT_SUBSCRIBED = "Queue {queue} has no subscription to the topic that `connect` was given."
    FILTERED = "The filter policy of the subscription keeps {order} back."
    NO_POLICY = "Queue {queue} is subscribed, and no policy lets SNS in: each delivery is denied in silence."
    WRONG_POLICY = "Queue {queue} has a policy, but no statement in it lets SNS send there for this topic: look at `Principal`, `Action`, `Resource` and `Condition`. `aws:SourceArn` is the topic's ARN, `Resource` the queue's."
    MANAGED_KEY = "Queue {queue} is encrypted with `alias/aws/sqs`. SNS can't use the key that AWS manages, and nobody can change its policy: the queue needs the customer managed key, `KmsMasterKeyId`."
    NO_KEY_POLICY = (
        "Queue {queue} lets SNS in, but the key that encrypts it doesn't: its policy names the account alone."
    )
    WRONG_KEY_POLICY = "The key's policy was changed, and still SNS may not use it for queue {queue}: it needs both `kms:GenerateDataKey*` and `kms:Decrypt`, for `sns.amazonaws.com`."
    ENVELOPE = "The body is SNS's envelope, which the workers can't read: the subscription needs raw message delivery."
    NOT_DELIVERED = "SNS could not deliver {order} to {queue}."
    PLAIN = "Queue {queue} gets the orders now, because it is not encrypted with KMS any more: it needs the customer managed key, and the key's policy must let SNS use it."
    OPEN_TO_ALL = "The policy of queue {queue} lets in whoever asks: `Principal` `*` without a condition is everybody, in any account."
    OPEN_TO_TOPICS = "The policy of queue {queue} lets SNS in for other topics: `aws:SourceAccount`, or no condition, is not one topic. Name yours as `aws:SourceArn`."
    REPLACED = "SetQueueAttributes replaces the whole policy, and the statement for the partner was in it: read the policy, add a statement, and write it back."
    PARTNER_LACKS_KEY = "Queue parcels is encrypted with the shop's key now, which the partner's account may not use: on AWS whoever sends to such a queue needs the key."
    KEY_REPLACED = "PutKeyPolicy replaces the whole policy, and with it the statement by which the account administers its key: read, add, write back."
    KEY_OPEN = "The key's policy lets any account use it: name the service `sns.amazonaws.com` as the `Principal`."
    NO_DEAD_LETTERS = "The subscription of queue {queue} does not name undelivered as its dead-letter queue, so SNS discards what it can't deliver there: `RedrivePolicy` is an attribute of each subscription. A queue's own is for messages that were received too often."
    DEAD_DENIED = "The subscription has a dead-letter queue, but that queue's policy does not let SNS in: it needs the same statement as the others."
    DEAD_SUBSCRIBED = "Queue undelivered is subscribed to the topic itself, so it gets every order: it is for what could not be delivered."
    GROWS = "Each start adds a statement that is there already: add one only if the policy lacks it."
    STILL_AT_IT = "`connect` did not come back: the page waits for it."
