"""Sentences of exercise 03-heartbeat."""

TITLE = "a heartbeat for long work"
STORY = (
    "A studio renders videos that customers upload. Each upload is a message in the queue `uploads`, whose visibility "
    "timeout is the default of 30 s. Two workers run on two machines. `render(name)` renders one video in scenes of 5 s "
    "each; a wedding takes 90 s, others less or more, and nobody knows how long before the last scene is done. "
    "Rendering costs money, so no video may be rendered twice; customers wait, so when a machine dies another worker "
    "must begin its video again within 60 s."
)
BUDGET = "At most {calls} API calls for the three videos of an evening, both workers together."
EVENING = "an ordinary evening: three videos of 90, 25 and 140 s"
DEATH = "a machine dies 42 s into a video of 90 s"
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
TOLD_DEATH = "A machine died: its video was begun again {seconds:.0f} s later."
TOLD_FAULTS = "With everything that AWS says may happen: nothing lost, {again} of {jobs} videos rendered again. At least once is what a standard queue promises."

NO_VIDEO = 'render needs a video\'s name, not {given}: write render(message["Body"]).'
ONCE = "Each video is rendered once."
ALL = "All {count} videos are rendered to their last scene, and their messages are deleted then."
IN_TIME = "Another worker begins the video again within 60 s of the machine's death, and finishes it."
WITHIN = "At most {budget} API calls until the last video is done."

FINISHED = "at {at:.2f} s: {by} finished {video}"
BEGAN_AGAIN = "at {at:.2f} s: {by} began {video} again"
SHOWN = "at {at:.2f} s: {video} became visible again ({why})"
DIED = "at {at:.2f} s: the machine of {by} died in the middle of {video}"
NOBODY = "nobody began {video} again"
NOTHING_RENDERED = "no scene was rendered"
UNFINISHED = "{video} was not rendered to its end by anybody"
LEFT = "{video} was rendered, but its message is still in the queue at the end"

WHY_NO_HEARTBEAT = "A received message stays hidden for its visibility timeout (here {timeout} s from the receive), however busy its consumer is. After that anybody can receive it. `ChangeMessageVisibility` hides it for longer."
WHY_HEARTBEAT_LATE = "The call at {at:.2f} s hid the message for {seconds} s from that moment, so until {end:.2f} s; {then}. The seconds count from each call and do not add up."
THEN_NONE = "no further call came, and rendering was not over"
THEN_LATE = "the next call came only at {at:.2f} s"
WHY_ZERO = "VisibilityTimeout=0 gives the message back at once: the next receive may be another worker's."
WHY_NO_DELETE = "The video was finished, but nothing told SQS so: a received message comes back unless `DeleteMessage` is called with its receipt handle."
WHY_OLD_HANDLE = (
    "DeleteMessage succeeded but deleted nothing: the receipt handle was not the one of the latest receive."
)
WHY_DELETED_EARLY = "DeleteMessage tells SQS that the work is done. The message was deleted before its last scene, so when the machine died nobody had it any more: delete after the work."
WHY_HIDDEN_LONG = "SQS does not notice a crash: the message stays hidden until its visibility timeout ends, and that had been set to {seconds} s at {at:.2f} s. A shorter timeout that is extended while the work goes on recovers sooner."
WHY_SLOW_POLL = "The message was visible from {at:.2f} s on, but no living worker polled: keep receiving while there is nothing to do."
WHY_LOST = "The video was received, but nobody finished it and nobody gave it back."
WHY_NOT_LOOPED = (
    '`render(...)` renders while you loop over it, one scene at a time: `for scene in render(message["Body"]):`.'
)
WHY_NOT_RECEIVED = (
    "No message was ever received: call `sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)` in a loop."
)
WHY_NOT_RENDERED = "Messages were received, but `render` was never called with their Body."
WHY_STOPPED = "Your worker stopped taking messages before all videos were done."
WHY_POLLS = "Most calls were ReceiveMessage: a poll that waits (`WaitTimeSeconds=20`) answers as soon as there is a message and costs one call instead of hundreds."
WHY_BEATS = "Most calls were ChangeMessageVisibility: each one can hide the message for longer than one scene, so fewer are needed."
WHY_CALLS = "Look for calls that bring nothing."
WHY_SENT = "New messages were sent to the queue: a video that is sent again is rendered again."
WHY_BACK = "On a standard queue a message can be delivered again after it was deleted or while it is in flight; each delivery needs its own delete."
WHY_DELETED_UNDONE = "The message was deleted although its video was never rendered to the end: DeleteMessage says that the work is done."
WHY_FIRST_LATE = "The message was hidden for {timeout} s from its receive, so until {end:.2f} s; the first ChangeMessageVisibility came only at {at:.2f} s, after it had become visible again."
WHY_UNIT = "VisibilityTimeout counts seconds: {seconds} of them are {hours:.1f} hours, and for so long nobody can receive the message after a crash."
WHY_HELD = "{by} had received it already at {at:.2f} s and rendered something else first; the visibility timeout ended at {end:.2f} s, and from then on it was anybody's. Each message of a batch needs its own time: receive as many as you can work on at once."
WHY_RENDERED_TWICE = "`render` was called twice for one receive of the message."
