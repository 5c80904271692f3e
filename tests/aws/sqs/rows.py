"""Where moto differs from AWS for SQS and SNS, row by row, and what became of each difference.

The rows carry the numbers of the project's survey of moto 5.2.5 (22 November 2026). A row is closed by the tests named
after it (`test_row_14_...`); what is not closed is told on the honesty card of a lesson or left to an issue, by name.
"""

from typing import NamedTuple

SECURITY = "Security"
STREAMS = "Streams"
PRODUCE_CONSUME_DELETE = "02_produce_consume_delete"
CHANCE = "Duplicates, reordering and short polls that see a part of the queue"


class Row(NamedTuple):
    """One difference: what it is about, the lesson that tells it and in which words, the issue that it is left to."""

    about: str
    told: str = ""
    words: str = ""
    left: str = ""


ROWS = {
    1: Row("order of receive is best effort", PRODUCE_CONSUME_DELETE, CHANCE),
    2: Row("a message may come more than once", PRODUCE_CONSUME_DELETE, CHANCE),
    3: Row("many consumers at once"),
    4: Row("a short poll asks a sample of the servers", PRODUCE_CONSUME_DELETE, CHANCE),
    5: Row("a long poll waits up to 20 s"),
    6: Row("a long poll while the clock stands"),
    7: Row("a long poll on a blocked FIFO group"),
    8: Row("retention"),
    9: Row("the size limit is in bytes and counts attributes"),
    10: Row("empty bodies and characters outside XML's set"),
    11: Row("ranges of attributes and parameters"),
    12: Row("unknown attributes and those of another queue type"),
    13: Row("a message is hidden for 12 h from its receive"),
    14: Row("stale receipt handles"),
    15: Row("ChangeMessageVisibility after the timeout ended"),
    16: Row("ChangeMessageVisibility on a deleted message, and texts that are no handle"),
    17: Row("about 120,000 messages in flight"),
    18: Row("counts lag behind by up to a minute", PRODUCE_CONSUME_DELETE, "The counters are approximate"),
    19: Row("PurgeQueue once in 60 s"),
    20: Row("a deleted queue's name is taken for 60 s"),
    21: Row("a dead-letter queue takes what was received too often"),
    22: Row("dead-letter queues: source ARN, limits, types"),
    23: Row("RedriveAllowPolicy"),
    24: Row("message move tasks"),
    25: Row("one bad entry fails alone"),
    26: Row("batch answers leave out empty lists"),
    27: Row("batch guards"),
    28: Row("message attributes"),
    29: Row("timestamps of a queue are whole seconds"),
    30: Row("one type of encryption at a time, and a KMS key that exists and is enabled; key policies are row 31"),
    31: Row("queue policies and keys' policies are enforced; identity-based policies are not asked yet", left=SECURITY),
    32: Row("policies that are no JSON"),
    33: Row("queues of other accounts: a policy that names the account lets it in; conditions and Deny are row 31"),
    34: Row("CloudWatch metrics of queues"),
    35: Row("the cost of a call does not grow with the queue"),
    36: Row("error texts"),
    37: Row("a group resumes from its head after the visibility timeout"),
    38: Row("a group comes up to its first message that is still invisible"),
    39: Row("as many as possible of one group come first"),
    40: Row("deduplication goes on after the delete"),
    41: Row("the answer to a duplicate"),
    42: Row("scopes of deduplication and of throughput"),
    43: Row("growing sequence numbers"),
    44: Row("expired receipt handles of FIFO queues are refused"),
    45: Row("no delay of single messages on FIFO queues"),
    46: Row("syntax of group and deduplication ids"),
    47: Row("a receive repeated with its ReceiveRequestAttemptId"),
    48: Row("throughput of FIFO queues"),
    49: Row("fair queues: a message group on a standard queue is a tenant"),
    50: Row("a queue that is gone costs neither who publishes nor another subscriber anything"),
    51: Row("dead-letter queues of subscriptions"),
    52: Row("a queue gets a topic's messages only if its policy lets SNS in"),
    53: Row("queues and topics of other accounts"),
    54: Row("raw delivery of bytes"),
    55: Row("more than ten attributes are not delivered raw"),
    56: Row("signatures verify, the subject included"),
    57: Row("empty messages, subjects and message structures"),
    58: Row("sizes in bytes, and up to 1 MiB"),
    59: Row("errors for ARNs"),
    60: Row("CreateTopic and Subscribe again, by meaning"),
    61: Row("protocols: which there are, and that each delivers; Firehose with the streams", left=STREAMS),
    62: Row("HTTP: confirmation, headers, retries, dead letters"),
    63: Row("tokens, and counts of a topic"),
    64: Row("sequence numbers of FIFO topics"),
    65: Row("deduplication at FIFO topics"),
    66: Row("a FIFO topic with a standard queue"),
    67: Row("which subscribers a FIFO topic takes"),
    68: Row("a message group on its way through a standard topic"),
    69: Row("archive and replay"),
    70: Row("operators of filter policies"),
    71: Row("filter policies on attributes"),
    72: Row("filter policies on the body"),
    73: Row("filter policies that are refused"),
    74: Row("a changed FilterPolicyScope"),
    75: Row("Lambda functions as subscribers; event source mappings with the streams", left=STREAMS),
    76: Row("text messages and mobile push"),
    77: Row(
        "encrypted topics; data protection, delivery logs and tracing: settings are kept, nothing follows",
        left=SECURITY,
    ),
}
