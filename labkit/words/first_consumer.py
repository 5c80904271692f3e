"""Sentences of exercise 02-first-consumer."""

TITLE = "your first consumer"
MORNING = "a morning: 60 orders wait, two more come later"
FAULTS = "everything that AWS says may happen"
HINTS = (
    "SQS pushes nothing, and forgets nothing that you don't delete: receive, bake, delete, for as long as there is a shop.",
    "`sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=20)` brings up to ten messages, and "
    'waits inside SQS when there are none. Then the answer has no key `Messages`: read `answer.get("Messages", [])`.',
    "One call deletes up to ten: `delete_message_batch` takes `Entries`, each with an `Id` of its own in this call and the "
    "`ReceiptHandle` of its message. Call it after the baking, and not at all when there is nothing to delete.",
)
RIGHT = "Every order is baked, none is left in the queue, and few calls did it."
TOLD = "{orders} orders baked with {calls} API calls."
NO_ORDER = 'bake needs an order, not {given}: write bake(message["Body"]).'
ALL = "All orders are baked, and their messages are deleted then."
WITHIN = "At most {budget} API calls."
