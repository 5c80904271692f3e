"""Sentences about the check of an exercise: its outcomes, and exceptions told in words."""

NOT_A_FUNCTION = (
    "check needs your function itself: write check({id!r}, {names}), with the name and no brackets after it."
)
NOT_PLAIN = "{name} uses yield or async, so calling it does nothing yet: write a plain function that calls boto3."
CHANGED_LABKIT = (
    "labkit itself was changed ({names}), so nothing can be judged: restart the kernel and leave it as it is."
)
TAMPERED = (
    "The lab's history was changed from outside while your function ran, so nothing can be judged: "
    "let the function use only what it is given."
)

# The five outcomes

NOT_ATTEMPTED = "Not attempted: {title}"
WRONG = "Not yet: {title}"
CRASHED = "Stopped by an error: {title}"
RIGHT = "Right: {title}"
RIGHT_BUT = "Right, but not on what AWS promises: {title}"
RESTS = "What it rests on:"
HOW_TO_START = (
    "Write your answer where the cell above says `raise NotImplementedError()`, run that cell, then this one."
)
RAN_IN = "In the run “{run}”:"
CALLED = "What was called:"
CAME_BACK = "What came back:"
EXPECTED = "What was expected:"
WHY = "Why:"
MET = "Exceptions on the way:"
CAUGHT = "at {at:.2f} s, {by}, line {number}: `{line}`. {told} Your function caught it and went on."
ENDED = "at {at:.2f} s, {by}, line {number}: `{line}`. {told} It ended the function, which was started again."
SETTINGS = "What your function set on the queue:"
SETTING = "at {at:.2f} s, {by}: {name} = {value}"
MYTH = "Your code would be right if this were true: {belief} It is not so. {truth}"
REPLAY = (
    "To watch it through boto3: `result = check({id!r}, worker)`, then `lab = result.replay()` and `swimlanes(lab)`."
)
NO_REPLAY = "There is no schedule to replay: replay() belongs to a check that found one that goes wrong."
NEXT = "`hint({id!r})` helps in steps."
SEE = "See: {claims}."
PRINTED = "Your function printed (this is its own text, not the check's):"
MORE_LINES = "... ({count} lines in all)"
LINE = "Line {number} of your code:"
LAST_CALL = "The last call before it: {call}."
NO_CALL = "It had made no API call before."

# Exceptions

CALLED_AS = "The check calls `{signature}`, and Python could not: {text}."
PARAMETERS = "boto3 did not send the call, because its parameters do not fit: {text}."
NAME = "There is no name `{name}` here.{close}"
TYPE = "{name} must be {wanted}, not {value}"
TYPES = {"int": "a whole number", "str": "text", "list": "a list", "dict": "a dict", "bool": "True or False"}
MEANT = " Did you mean {names}?"
ATTRIBUTE = "There is no `{name}` in this {kind}.{close}"
KEY = "There is no key `{key}` in it.{close}"
NO_MESSAGES = 'When nothing was received, the answer has no key `Messages`: read it with `answer.get("Messages", [])`.'
NOT_ASKED_FOR = (
    'A message has `{key}` only if the receive asked for them: add `{parameter}=["All"]` to `receive_message`.'
)
ATTRIBUTES_NOT_ASKED_FOR = (
    'A message has `Attributes` only if the receive asked for them: add `MessageSystemAttributeNames=["All"]` to '
    '`receive_message`. For those of a queue, add `AttributeNames=["All"]` to `get_queue_attributes`.'
)
EXIT = "It called sys.exit (or exit), which ends the whole program: use return instead."
OTHER = "Python says {kind}: {text}."
ID_FOR_HANDLE = '{operation} got a MessageId. It needs the receipt handle of this receive: `message["ReceiptHandle"]`.'
NO_HANDLE = (
    '{operation} got something that is no receipt handle: pass `message["ReceiptHandle"]` of the latest receive.'
)
GONE = "ChangeMessageVisibility was called for a message that is deleted already: by this worker too early, or by another one that received it when its visibility timeout had ended."
EXPIRED = "{operation} came after the visibility timeout of its message had ended, and a FIFO queue takes its receipt handle no more. The timeout counts from the receive, for all messages of a batch: receive what you can finish in time, or extend it."
NO_THREADS = "Lab time does not reach threads: make the call in the function itself, between two steps of its work."
REFUSED = "AWS refused {operation} with {code}: {text}"

# The command

USAGE = "Say which exercise, and if you like in which file: labkit check 03-heartbeat [FILE]"
NO_ANSWER = "There is no function `{name}` in {file}: write it there, or name another file."
UNREADABLE = "{file} cannot be read ({reason}): name a notebook (.ipynb) or a Python file."
NOT_PYTHON = "The definitions in {file} cannot be run ({reason}): correct that first."
