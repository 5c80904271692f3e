"""Sentences of exercise 03-heartbeat."""

from enum import Enum, unique

TITLE = "a heartbeat for long work"
EVENING = "an ordinary evening: three videos of 90, 25 and 140 s"
DEATH = "a machine dies, at one moment after another of a video of 90 s"
FAULTS = "everything that AWS says may happen: duplicates, lost answers, another order"

HINTS = (
    "Look at the time between `receive_message` and `delete_message` for the wedding: 90 s. For how long does the queue "
    "hide a message that somebody has received?",
    "`render` hands you a scene every 5 s. Between two scenes your worker can tell SQS that it is still at work: "
    "`sqs.change_message_visibility(QueueUrl=..., ReceiptHandle=..., VisibilityTimeout=...)`. The seconds count from that "
    "call; they do not add up.",
    "One call after each scene is safe but goes beyond the budget. Which scenes are enough, if each call hides the "
    "message for 30 s more? Leave some seconds to spare: a timeout that ends at the instant of the next call is too late.",
    "A long timeout saves calls, but after a crash the message stays hidden until it ends. With 60 s from now and a "
    "call every 40 s (every eighth scene) the worst case after a crash is still within 60 s. Delete the message after "
    "the last scene, with the receipt handle of this receive.",
)
RIGHT = "Each video was rendered once, a dead machine's video was taken over in time, and nothing was lost."
TOLD_EVENING = "In an ordinary evening: {videos} videos, each rendered once, with {calls} API calls (budget {budget})."
TOLD_DEATH = "A machine died, at one moment after another: its video was begun again within {seconds} s."
TOLD_FAULTS = "With everything that AWS says may happen: nothing lost, {again} of {jobs} videos rendered again. At least once is what a standard queue promises."

NO_VIDEO = 'render needs a video\'s name, not {given}: write render(message["Body"]).'
ONCE = "Each video is rendered once."
ALL = "All videos are rendered to their last scene, and their messages are deleted then."
IN_TIME = "Another worker begins the video again within {seconds} s of the machine's death."
WITHIN = "At most {budget} API calls until the last video is done."

DIED = "at {at:.2f} s: the machine of {by} died in the middle of {body}"
BEGAN_AGAIN = "at {at:.2f} s: {by} began {body} again"
NOBODY = "nobody began {body} again"


@unique
class Mistake(Enum):
    """What an answer can do wrong in this exercise alone, each with the sentence that says why."""

    NOT_LOOPED = (
        '`render(...)` renders while you loop over it, one scene at a time: `for scene in render(message["Body"]):`.'
    )
    FIRST_LATE = "The message was hidden for {hidden:.0f} s from its receive, so until {back:.2f} s; the first ChangeMessageVisibility came only at {late:.2f} s, after it had become visible again."
    NEXT_LATE = "The call at {at:.2f} s hid the message for {seconds:.0f} s from that moment, so until {back:.2f} s; the next call came only at {late:.2f} s. The seconds count from each call and do not add up."
    NO_FURTHER = "The call at {at:.2f} s hid the message for {seconds:.0f} s from that moment, so until {back:.2f} s; no further call came, and rendering was not over."
    HIDDEN_LONG = "SQS does not notice a crash: the message stays hidden until its visibility timeout ends, which was {seconds:.0f} s from {at:.2f} s on. A shorter timeout that is extended while the work goes on recovers sooner."
    SECONDS = "VisibilityTimeout counts seconds: {seconds:.0f} of them are {hours:.1f} hours, and for so long nobody can receive the message after a crash."
    NOT_POLLED = "The message was visible from {at:.2f} s on, and nobody received it in time: a worker that has nothing to do keeps asking, with a poll that waits."
