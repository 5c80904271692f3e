"""Wrong answer -> (outcome, belief, what its message must say)."""

TOLD = {
    "batch_crashes": ("wrong", None, ["order-6 was not sent", "received together with the bad order"]),
    "batch_of_ten": ("wrong", None, ["so a batch takes longer than its last messages are hidden"]),
    "by_hand": ("wrong", None, ["it was in the dead-letter queue", "sent to the dead-letter queue by hand"]),
    "deletes_first": ("wrong", None, ["The message was deleted before its books were sent"]),
    "forgot_delete": ("wrong", None, ["The books were sent, but nothing told SQS so"]),
    "gives_back_at_once": (
        "wrong",
        None,
        ["the payment service is away", "Its three tries lay within 2.04 s, because it was given back at once"],
    ),
    "hides_it": ("wrong", None, ["A change of its visibility timeout hid it for 3600 s"]),
    "idle": ("wrong", None, ["No message was ever received"]),
    "key_counts": ("wrong", None, ["with the key 'payment-5'", "The key was another one at the second try"]),
    "key_handle": ("wrong", None, ["Both keys are receipt handles, and each receive brings another one"]),
    "key_message_id": ("wrong", "redrive-keeps-id", ["the printer is repaired", "Both keys are message ids"]),
    "no_key": ("crashed", None, ["pay() missing 1 required positional argument: 'key'"]),
    "only_looks": ("wrong", None, ["neither `pay` nor `send` was called"]),
    "sends_again": ("wrong", None, ["an order that is sent again is a new message"]),
    "swallows": ("wrong", None, ["nobody will ever hear of this order again"]),
    "tries_in_a_loop": ("wrong", None, ["order-11 was not sent", "a worker that waits for the bad order"]),
    "whole_message": ("crashed", None, ['write pay(message["Body"], ...)']),
}
