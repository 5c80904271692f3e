"""Sentences that all exercises share; an order is named by the body of its message, never by a story's noun."""

from enum import Enum, unique

NO_CALLS = "no API call at all"
COUNTED_UNTIL = "{calls} API calls by {at:.2f} s: {parts}"

NOTHING_DONE = "nothing was begun"
CAME = "at {at:.2f} s: {body} came"
BEGAN = "at {at:.2f} s: {by} began {body}"
BEGAN_AGAIN = "at {at:.2f} s: {by} began {body} again"
NOBODY_BEGAN = "nobody began {body}"
NOT_DONE = "{body} was not done by anybody"
NOT_DONE_BUT = "{body} was not done by anybody: at the end its message was {state} in queue {queue}"
LEFT = "{body} was done, but its message is still in the queue at the end"
HAPPENED = "at {at:.2f} s: {by}: {kind} for {body}"
HAPPENED_UNDER = "at {at:.2f} s: {by}: {kind} for {body} under the key {key!r}"
STOPPED = "{calls} API calls by {at:.2f} s, then the run was stopped"

# Standing runs, the same for every exercise

RUN_DEATH = "a machine dies, at one moment after another, and a new one takes its place"
RUN_STOP = "told to stop, at one moment after another"
RUN_NEXT_DAY = "all machines die, and others take over a day later"
RUN_FAILING = "what your function calls fails once on each machine"
RUN_IDLE = "nothing is there to do at first"
RUN_TOGETHER = "duplicates come together with new messages, in another order"
TOLD_STANDING = "Nothing is lost and nothing is wrong when this happens: {run}."


@unique
class Rests(Enum):
    """What an answer rests on that AWS doesn't promise, each with its sentence."""

    ONE_DAY = "It rests on the day: what one process began, another one goes on with later, and with another date."
    ONE_PROCESS = "It rests on one process: its memory, its hash seed and its machine's name are another process's not."
    QUIET_NIGHT = (
        "It rests on a quiet night: a standard queue may bring any message again, at any time, also between new ones."
    )
    DELETES_FIRST = (
        "It deletes a message before its work is done: if the machine dies in between, SQS has nothing to bring again."
    )


@unique
class Mistake(Enum):
    """What an answer can do wrong in any story, each with the sentence that says why."""

    NOT_RECEIVED = (
        "No message was ever received: call `sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)` in a loop."
    )
    RECEIVED_NOTHING = "ReceiveMessage was called, {calls} times, and brought nothing: ask again, and wait in the call with `WaitTimeSeconds=20`."
    NOT_HANDLED = "Messages were received, but their Body never reached what you were given ({names})."
    REFUSED = "AWS refused {operation} with {error}, and your function went on."
    NOT_SENT = "boto3 did not send {operation}, because its parameters do not fit, and your function went on."
    SENT_AGAIN = "New messages were sent to the queue: what is sent again is a new message, to be done again, and its receives are counted from the beginning."
    TWICE_FOR_ONE = "{by} began {body} twice after one receive of its message."
    NOT_ITS_OWN = "{by} began {body} without having received its message."
    HELD_TOO_LONG = "{by} had received it before {first} did, and began it when others had it already: a message waits in your batch while its visibility timeout runs."
    DUPLICATE = "A standard queue delivers at least once: SQS brought {body} a second time, and nothing in your function expects that."
    GIVEN_BACK = "Its visibility timeout was set to 0, so anybody could receive it again at once."
    DIED = "The machine that had it died, and another one received it again: whatever was done by then happens twice unless it can be recognised."
    TOO_LATE = "The message was visible again {hidden:.0f} s after its receive, because its visibility timeout ended before the work did. Receive what you can finish in time, or extend it."
    EXTENDED_TOO_LITTLE = "Its visibility timeout was extended, but it ended at {back:.2f} s, before the work did."
    EXTENSION_FAILED = "The message was visible again {hidden:.0f} s after its receive: ChangeMessageVisibility failed with {error} and did nothing, and your function went on."
    DELETED_TOO_LATE = (
        "DeleteMessage came after its visibility timeout had ended: anybody could receive it from {back:.2f} s on."
    )
    NO_DELETE = "The work was done, but nothing told SQS so: a received message comes back unless `DeleteMessage` is called with its receipt handle."
    NO_SECOND_DELETE = "{body} came again after a DeleteMessage, as a standard queue may bring it, or a sender that knows of no answer; that delivery nobody deleted: each one needs its own delete, with its own receipt handle."
    OLD_RECEIPT = "DeleteMessage was called, but not for the latest receive of this message: each delivery needs its own delete, with its own receipt handle."
    DELETE_REFUSED = "AWS refused DeleteMessage with {error}, so the message came back."
    DELETE_FAILED = "DeleteMessageBatch raised no error, but its answer has `Failed` entries: a batch can fail in part, and a message of which no entry succeeded comes back. Look at `Failed`, and give each entry the receipt handle of its message."
    DELETED_UNDONE = (
        "The message was deleted although nobody had begun its work: DeleteMessage says that the work is done."
    )
    DELETED_FIRST = "The message was deleted before its work was done, so SQS could not bring it again when that failed. Delete after the work."
    DELETED_FAILED = "The message was deleted although its work had not succeeded: an exception that is caught is no success. Delete after the work."
    DEAD_LETTERED = "Nothing was wrong with it, but it was received {receives} times without a delete, and so it ended among the dead letters."
    HIDDEN = "At {at:.2f} s it was hidden for {seconds:.0f} s: until then nobody can receive it."
    NOBODY = "The message was received, but nobody did its work and nobody gave it back."
    NOT_TAKEN = "SQS was asked after {body} had come, but nobody received it."
    NOT_ASKING = "Nobody asked for messages after {body} had come: a worker that waits for one message, stops at it, or stops at an empty answer leaves the others waiting. Keep receiving until you are told to stop."
    KEY_IS_MESSAGE_ID = "Both keys are message ids, and each message has another one: what is sent or moved again is a new message. Take a key that belongs to the order."
    KEY_IS_HANDLE = (
        "Both keys are receipt handles, and each receive brings another one. Take a key that belongs to the order."
    )
    KEY_CHANGES = "The key was another one at the second try, so nobody could know that it was the same {body}. Take a key that belongs to it, whoever asks and whenever."
    KEY_SHARED = "The key had been used for another one, so this {kind} for {body} changed nothing. Take a key that belongs to it alone."
    ENDLESS = "The same was done again and again without time for anything else: leave a failed message alone until its visibility timeout ends."
    NO_WAIT = "Most calls were ReceiveMessage without a wait: each answers at once, mostly with nothing, and is billed like any other. With `WaitTimeSeconds` the call itself waits."
    SHORT_WAIT = "Each empty poll came back after {wait} s, so an idle hour alone takes {polls:,} of them. A wait of 20 s takes 180, and costs no delay: a message ends the wait."
    MANY_CALLS = "Most calls were {operation}: look for those that bring nothing."
    BROUGHT_AGAIN = "Most calls were ReceiveMessage, and most of what they brought had been received before: handle and delete each message of an answer, not only some of them."
    ONE_AT_A_TIME = "Most calls were ReceiveMessage, and each brings one message: with `MaxNumberOfMessages` one call can bring up to ten."
    MANY_EXTENSIONS = (
        "Most calls were ChangeMessageVisibility: each one can hide the message for longer, so fewer are needed."
    )
    MANY_DELETES = "Most calls were DeleteMessage, one for each message: `delete_message_batch` deletes up to ten of which the work is done."
