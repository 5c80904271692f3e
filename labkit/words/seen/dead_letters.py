"""Dead-letter queues (lesson 06): what their experiments saw, and where they come out different."""

EVIDENCE = {
    # What moves a message
    "missing-dead-letter-queues": "Three receives of a poison message and an order that is deleted brought {received} messages; in the dead-letter queue: {dead}",
    "redrive-without-queue": "A message that nobody can process was received {received} times in {seconds} s, then it expired; visible / in flight / delayed: {counts}",
    "redrive-counts-receives": "Three looks with VisibilityTimeout 0 brought {received} messages; in the dead-letter queue: {dead}",
    "redrive-number": "maxReceiveCount 3, a receive every 30 s: {received} messages",
    "redrive-next-receive": "In queue / dead-letter queue an hour after the last receive allowed: {before}; after a long poll of {waited} s: {after}",
    "redrive-lapsed-timeout": "Work of {work} s on a queue of {seconds} s: charged {charges} times, and in the dead-letter queue: {dead}",
    "redrive-one-receive": "100 orders whose consumer never fails, a tenth of all answers lost; dead letters with a maxReceiveCount of 1: {one}, of 5: {five}",
    "redrive-back-of-queue": "Two receives of one order, then another is sent; the third receive brought {third}, and then came {bodies}",
    "redrive-breaks-order": "A group of three steps, of which the first failed: the consumer got {bodies}; in the dead-letter queue: {dead}",
    "redrive-not-sent": "Three messages moved and one sent by hand: NumberOfMessagesSent of the dead-letter queue {sent}, visible {visible}",
    # What a dead-letter queue may be
    "redrive-range": "maxReceiveCount {numbers}: {answers}",
    "redrive-same-type": "Standard names FIFO / FIFO names standard: {answers}",
    "redrive-allow": "denyAll, two queues name it: {denied}; byQueue with one of them: {by_queue}",
    # What a message keeps
    "redrive-keeps-send-time": "Moved at {moved:clock} to a queue that keeps messages for four days: there / gone at {gone:clock}: {there}",
    "redrive-keeps-receive-count": "ApproximateReceiveCount twice in the queue, then in the dead-letter queue: {counts}; the same message id: {same}; DeadLetterQueueSourceArn names {source}",
    # The way back
    "redrive-new-message": "Before and after a redrive: the same message id: {same}; sent {younger} s later; receive counts {counts}",
    "redrive-rate": "Two messages per second: {moved} were back after 2.5 s; {above} per second: {answer}",
    "redrive-oldest-first": "Three dead letters, one per second, and an order sent at 00:00:01.500: {bodies}",
    "redrive-one-task": "A task of three seconds, another one started at 0 / 1 / 10 s: {answers}",
    "redrive-task-ends": "The destination was deleted after two of five messages: {status}, {reason}; left in the dead-letter queue: {left}",
    "redrive-task-cancel": "Cancelled after {moved} of five messages: {statuses}; ten seconds later in queue / dead-letter queue: {left}",
    "redrive-unknown-source": "A message sent by hand, no destination: {status}, {reason}; with a destination: {then}",
    "redrive-needs-source": "A task on a queue that is nobody's dead-letter queue: {answer}",
}
WORLDS = {
    "keeps its place": "a world in which a message keeps its place however often it is received",
    "gives up": "a world in which SQS gives up on a message after three receives",
    "newest first": "a world in which a redrive starts with the newest message",
    "no redrive policy": "a world in which a redrive policy has no effect",
    "rate ignored": "a world in which a redrive moves everything as fast as it can",
    "task protects its destination": "a world in which a queue cannot be deleted while a task moves messages to it",
    "moves count as sent": "a world in which a message that SQS moves counts as sent",
    "cancel undoes": "a world in which cancelling a task takes back what it has moved",
    "source is known": "a world in which SQS knows where every dead letter came from",
    "allowed to all": "a world in which every queue may name every other one",
}
CITED = {
    "redrive-task-length": "The rules end such a task; a probe would prove only that they were written so.",
    "redrive-allow-existing": "AWS does not say it; a lab can only show what was chosen here.",
    "redrive-deleted-queue": "AWS does not say it; a lab can only show what was chosen here.",
}
