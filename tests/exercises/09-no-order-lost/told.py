"""What each wrong answer must be told: outcome, belief, and parts of its message."""

LOST = "deleted before its order was committed"
UNSTORED = "deleted although its order was never stored"
BURNED = ["moved to the dead-letter queue, after 5 receives", "not the order bad"]

TOLD = {
    "delete_first": ("wrong", None, ["the machine of worker A died before its commit", LOST]),
    "deletes_in_the_end": ("wrong", None, ["order-11 is not in the table", LOST]),
    "deletes_only": ("wrong", None, ["order-1 is not in the table", UNSTORED]),
    "stores_the_first": ("wrong", None, ["order-2 is not in the table", UNSTORED]),
    "remembers": ("wrong", None, ["the machine of worker A died before its commit", UNSTORED]),
    "message_id_as_key": ("wrong", None, ["is two messages, each with an id of its own"]),
    "new_id_as_key": ("wrong", None, ["The id must be the same at each delivery and in each copy"]),
    "handle_as_key": ("wrong", None, ["with the id AQEB", "The id must be the same at each delivery"]),
    "counts_messages": ("wrong", None, ["60 orders are stored, and 62 prints", "`.rowcount` of the insert is 1 or 0"]),
    "replaces": ("wrong", None, ["60 orders are stored, and 62 prints", "`.rowcount` of the insert is 1 or 0"]),
    "message_id_as_name": ("wrong", None, ["which is no order", "`name` is the order as it stands in the message's Body"]),
    "forgets_stock": ("wrong", None, ["60 orders are stored, and 0 prints", "has to take as many off the stock"]),
    "one_by_one": ("wrong", None, ["60 commits", "receive up to 10 messages in one call"]),
    "hot_retry": ("wrong", None, ["transactions were refused in the first", "Wait between two tries"]),
    "bare_except": ("wrong", None, ["transactions were refused in the first", "Wait between two tries"]),
    "again_and_again": ("wrong", None, ["601 transactions in the first", "delete its messages and go on"]),
    "lets_go": ("wrong", None, BURNED),
    "busy_ends_it": ("wrong", None, ["a migration locks the table", *BURNED]),
    "gives_back": ("wrong", None, ["a migration locks the table", *BURNED]),
    "hides_for_hours": ("wrong", None, ["by a visibility timeout of 43000 s", "nor that the database is back"]),
    "hides_at_receive": ("wrong", "crash-returns-message", ["by a visibility timeout of 7200 s", "a machine has died"]),
    "forgot_delete": ("wrong", "receive-removes", ["in the queue dead-letters", "nothing told SQS so"]),
    "only_receives": ("wrong", None, ["no transaction has inserted an order"]),
    "never_receives": ("wrong", None, ["No message was ever received"]),
    "plain_insert": ("crashed", None, ["Python says IntegrityError: UNIQUE constraint failed: orders.id"]),
    "commits_by_hand": ("crashed", None, ["with database.transaction()", "leave commit and rollback to the `with`"]),
    "typo_in_sql": ("crashed", None, ["Python says OperationalError: no such table: order_s"]),
    "no_messages_key": ("crashed", None, ["the answer has no key `Messages`"]),
}
