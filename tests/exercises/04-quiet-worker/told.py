"""Wrong answer -> (outcome, belief, what its message must say)."""

TOLD = {
    "today": ("wrong", None, ["in the first ", "ReceiveMessage without a wait: each answers at once"]),
    "tight_loop": ("wrong", None, ["ReceiveMessage without a wait: each answers at once"]),
    "one_second": ("wrong", None, ["Each empty poll came back after 1 s, so an idle hour alone takes 3,600"]),
    "sleeps": ("wrong", None, ["From 0.01 s to 15.01 s worker A did not ask"]),
    "naps_and_waits": ("wrong", None, ["to 1815.95 s worker A did not ask", "a long poll waits inside SQS"]),
    "stops_for_good": (
        "wrong",
        None,
        ["nobody began order-3", "a worker that has not been told to stop keeps receiving"],
    ),
    "wait_for_an_hour": ("crashed", None, ["WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20"]),
    "wrong_parameter": ("crashed", None, ['Unknown parameter in input: "ReceiveMessageWaitTimeSeconds"']),
    "never_asks": ("wrong", None, ["more calls after it had been told: ask `told_to_stop()` before each poll"]),
    "batch_of_ten": ("wrong", None, ["It had received 9 messages in one call and went on to the last of them"]),
    "drops_the_rest": (
        "wrong",
        "crash-returns-message",
        ["At 5.03 s worker A had received it, and returned without making it or giving it back"],
    ),
    "drops_the_last": (
        "wrong",
        "crash-returns-message",
        ["At 15.07 s worker A had received it, and returned without making it or giving it back"],
    ),
    "sends_back": ("wrong", None, ["New messages were sent to the queue: an order that is sent again is made again"]),
    "sleeps_when_told": ("wrong", None, ["It made no further call and did not return"]),
    "forgot_delete": ("wrong", "receive-removes", ["The order was made, but nothing told SQS so"]),
    "never_handles": ("wrong", None, ["`handle` was never called with their Body"]),
    "no_brackets": ("wrong", None, ["no API call at all", "needs the brackets: `told_to_stop()`"]),
    "handles_message": ("crashed", None, ['write handle(message["Body"])']),
    "no_messages_key": ("crashed", None, ["the answer has no key `Messages`"]),
}
