"""Wrong answer -> (outcome, belief, what its message must say)."""

TOLD = {
    "goes_on": (
        "wrong",
        "one-of-a-group-at-once",
        ["worker B was told about order-4 placed: not now", "of a batch that you hold already, you keep the order"],
    ),
    "deletes_whatever": ("wrong", None, ["deleted although its event had not been booked: `apply` returned False"]),
    "delete_first": ("wrong", None, ["The message was deleted before its event was booked, so when the machine died"]),
    "batch_of_ten": ("crashed", None, ["Reason: The receipt handle has expired.", "Line 13 of your code"]),
    "batch_of_three": ("wrong", None, ["In the run “a slow day", "The visibility timeout of the batch ended at 73.05 s"]),
    "never_asks": ("wrong", None, ["worker B had booked `order-2 paid` when its machine died", "ask `is_applied(event)`"]),
    "own_memory": ("wrong", None, ["worker B had booked `order-2 paid` when its machine died", "ask `is_applied(event)`"]),
    "one_at_a_time": ("wrong", None, ["At most 55 API calls until the last event is booked", "can bring several messages"]),
    "tight_loop": ("wrong", None, ["550 ReceiveMessage", "a poll that waits (`WaitTimeSeconds=20`)"]),
    "forgot_delete": ("wrong", None, ["order-1 placed was booked, but its message is still in the queue at the end"]),
    "sorts": (
        "wrong",
        "one-of-a-group-at-once",
        ["Work through the messages of a receive in the order in which they come"],
    ),
    "applies_message": ("crashed", None, ['write apply(message["Body"])']),
    "only_looks": ("wrong", None, ["`apply` was never called with their Body"]),
    "no_messages_key": ("crashed", None, ["the answer has no key `Messages`"]),
    "eleven": ("crashed", None, ["MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10"]),
    "nothing": ("not attempted", None, ["Write your answer where the cell above says"]),
}
