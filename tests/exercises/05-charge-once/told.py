"""Wrong answer -> (outcome, belief, what its message must say)."""

MORNING = "an ordinary morning: three orders"
EVERY_ORDER = "every order of events: two orders"
DIED = "wrote order-1 into payments, and then its machine died"

TOLD = {
    "new_key": ("wrong", None, [EVERY_ORDER, DIED, "Each delivery wrote a payment under another `payment_id`"]),
    "receipt_handle": ("wrong", None, [DIED, "Each delivery wrote a payment under another `payment_id`"]),
    "memory": ("wrong", None, [DIED, "What a machine remembers is gone when it dies"]),
    "message_id": (
        "wrong",
        None,
        ["received another message with order-1", "two messages, and each has a MessageId of its own"],
    ),
    "delete_first": (
        "wrong",
        None,
        ["Consumer A received order-1 and deleted order-1, and then its machine died", "deleted before the payment"],
    ),
    "looks_first": (
        "wrong",
        None,
        ["found no order-1 in done and wrote order-1 into payments", "the next one finds no note"],
    ),
    "notes_first": (
        "wrong",
        None,
        ["was refused by the condition on order-1 in done", "The note said that the order was done before it was paid"],
    ),
    "stops_when_paid": (
        "wrong",
        None,
        ["and then ended with ConditionalCheckFailedException", "has to delete the message all the same"],
    ),
    "keeps_when_paid": (
        "wrong",
        None,
        ["order-1 came back again and again, because nobody deleted it", "has to delete the message all the same"],
    ),
    "forgot_delete": ("wrong", "receive-removes", [MORNING, "The order was paid, but nothing told SQS so"]),
    "forgot_order_id": ("wrong", None, [MORNING, "a payment has no order_id", "The bank needs to know"]),
    "only_notes": ("wrong", None, ["PutItem(TableName='done')", "no payment was written"]),
    "never_receives": ("wrong", None, ["No message was ever received"]),
    "asks_for_ever": ("wrong", None, ["after 398 calls the orders were not paid yet"]),
    "sends_back": ("wrong", None, ["an order that is sent again is charged again"]),
    "plain_value": ("crashed", None, ["Item.payment_id must be a dict, not order-1"]),
    "no_key": ("crashed", None, ["Missing the key payment_id in the item"]),
}
