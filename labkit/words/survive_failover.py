"""Sentences of exercise 22-survive-failover."""

from enum import Enum, unique

TITLE = "survive three failovers"
ORDINARY = "an ordinary day: {orders} orders, nothing goes wrong"
OUTAGES = "a day on which the serving broker is killed three times and the consumer's machine loses power at one step after another"

HINTS = (
    "A line that breaks takes what was on its way with it, and says nothing. What does a broker send back once it has a "
    "message in its store, and what should the producer do with an order for which that never came?",
    "Send, then `line.wait_for_receipt(id)`. If it is False, the order may be there or not: get a new line with `connect()` "
    "and send the *same* order with the *same* id again, until there is a receipt. `send` raises ConnectionError on a "
    "line that is over. And look at the third parameter of `send`: what is not `persistent` dies with the broker.",
    "So an order can arrive twice, and a message can be delivered twice. The consumer writes an order into the books only if "
    "its id is not there (`message.id in books`), and acknowledges in both cases, after the books. A variable is no "
    "place to remember it: it is gone with the machine.",
    "Put `line = connect()` in front of a `try` with your loop in it, catch ConnectionError, and begin again with a new "
    "line: what was not acknowledged comes again.",
)
RIGHT = "Each order is in the books once, though brokers died, receipts and acknowledgements got lost, and a machine failed."
TOLD_ORDINARY = "On an ordinary day: {orders} orders, {rows} lines in the books."
TOLD_OUTAGES = "With {kills} brokers killed and the consumer's machine failed {failures} times: {orders} orders, {rows} lines in the books."

# The programs and what they did

PRODUCER = "producer"
CONSUMER = "consumer"
AGAIN = "consumer, started again"
CALL = "{who}: {call}({about}){fate}"
NOTHING_MORE = ""
FATES = {
    "lost": ", and the broker was killed before it arrived",
    "stored": ", the broker stored it and was killed before its receipt arrived",
    "cut": ", and then the line broke",
    "acknowledged": ", and then the machine lost power",
    "power": ", and the machine lost power before anything came of it",
    "written": ", it was written, and then the machine lost power",
}
NO_CALLS = "there was no call"
STANDBY = "a standby broker"

NOT_BOOKED = "{body!r}: ordered {ordered}, in the books {booked}"
LEFT_OVER = "{left} messages are still in the queue"
SILENT = "the {who} made no call for {seconds} s and was ended"
GONE = "the process of the {who} ended itself"
RESTLESS = "after {calls} calls the day was ended"
ONCE = "Each order once in the books, and an empty queue."


@unique
class Mistake(Enum):
    """What an answer can do wrong in this exercise, each with the sentence that says why."""

    SILENT = "Something in it waits for what never comes, or runs in a circle: every way through the loop has to use the line."
    GONE = "Something in it ends the whole process, such as os._exit: use return instead."
    RESTLESS = "It repeats a step that changes nothing: after a line is over only connect() helps, and None or False from a line is no order."
    OTHER_RECEIPT = "`wait_for_receipt` was asked for an id under which nothing was sent, so it waited for nothing: give it the id that `send` was given, `line.send(body, id, ...)`."
    NEVER_SENT = "The producer never sent it: it has to send every order that it is given."
    NO_RECEIPT = "It was on its way when the line broke, and nobody asked for its receipt. Only `wait_for_receipt` tells whether the broker has it: without one, send it again on a new line."
    NOT_AGAIN = "It was on its way when the line broke, so `wait_for_receipt` was False, and it was not sent again: get a new line, and send it until there is a receipt."
    NOT_PERSISTENT = "The broker had it in its memory alone: without `persistent=True` a message dies with its broker, and the standby finds only what is in the store."
    ACK_FIRST = "The acknowledgement says that the work is done. It came before the line in the books, and then the machine lost power: write first, acknowledge afterwards."
    SAME_BODY = "Two customers ordered the same print. It was taken for a repetition, because the bodies are equal: what is the same in a repetition, and in nothing else, is the order's id."
    NOT_WRITTEN = "The consumer received it and never wrote it into the books."
    NOT_FETCHED = (
        "It is or was in the queue, and the consumer never received it: it has to go on until there is nothing left."
    )
    NOT_ORDERED = "A line of the books is an order's id and its body, as the producer was given them: `line.send(body, id, ...)`, `books.add(message.id, message.body)`."
    OTHER_ID = "The line in the books has an id that the producer was not given for it, so nobody can see that it is the same order: the id stays what it was, at every step."
    TWICE = "An order is sent again when its receipt got lost, and delivered again when its acknowledgement did. The second time must change nothing: look whether its id is in the books."
    MEMORY = "The consumer knew in its own memory what it had written, and that was gone with the machine. The books are there for every machine: `message.id in books`."
    NO_ACK = "They were received, but nothing told the broker that they are done: it keeps a message until it is acknowledged, also one that was a repetition."
