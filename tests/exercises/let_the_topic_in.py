"""Answers of 11-let-the-topic-in."""

import json

from labkit.study.crash import Stopped
from labkit.words.let_the_topic_in import Mistake
from labkit.words.shift import Mistake as Shared
from tests.exercises.answers import Answers

ANSWERS = Answers(
    "11-let-the-topic-in",
    unprotected={},
    read="managed_key_kept",
    text="""
Not yet: one topic gets in, and nobody else
In the run “two starts, an order, strangers, and a queue that is deleted”:
What was called:
  - at 0.12 s: worker A: SetQueueAttributes() -> ok
  - at 0.13 s: worker A: Subscribe(Endpoint='reports', TopicArn='orders') -> ok
What came back:
  - queue reports does not hold order-1
  - queue reports is encrypted with alias/aws/sqs
What was expected:
  - Each queue gets each order, and the body is the order's text alone.
Why:
  - Queue reports is encrypted with `alias/aws/sqs`. SNS can't use the key that AWS manages, and nobody can change its policy: the queue needs the customer managed key, `KmsMasterKeyId`.
`hint('11-let-the-topic-in')` helps in steps.
""",
)
CONDITION = 'send |= {"Condition": {"ArnEquals": {"aws:SourceArn": topic}}}'
SERVICE = '"Principal": {"Service": "sns.amazonaws.com"}}'
SET = 'sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})'
PUT = 'kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(policy))'
LOOP = "for url in [dead_url, *queue_urls]:"
REKEY = 'Attributes={"KmsMasterKeyId": key}'
USE = 'use = lets | {"Action": ["kms:GenerateDataKey*", "kms:Decrypt"], "Resource": "*"}'
SUBSCRIBE = 'sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=had["QueueArn"], Attributes=wants)'
LATER = 'arn = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=had["QueueArn"])["SubscriptionArn"]\nfor name, value in wants.items():\n    sns.set_subscription_attributes(SubscriptionArn=arn, AttributeName=name, AttributeValue=value)'

ANSWERS.edits(
    ("everybody_for_this_topic", {SERVICE: '"Principal": "*"}'}, Mistake.KEY_OPEN),
    ("whoever_comes_by_this_topic", {'send = lets | {"Action"': 'send = {"Effect": "Allow", "Principal": "*", "Action"'}, None),
    ("key_for_this_topic", {USE: USE.replace('"*"}', '"*", "Condition": {"ArnLike": {"aws:SourceArn": topic}}}')}, None),
    ("arn_like", {"ArnEquals": "ArnLike"}, None),
    ("attributes_afterwards", {SUBSCRIBE: LATER}, None),
    ("any_key_use", {'["kms:GenerateDataKey*", "kms:Decrypt"]': '"kms:*"'}, None),
    ("no_policy", {SET: "pass"}, Mistake.NO_POLICY),
    ("first_queue", {LOOP: "for url in [dead_url, *queue_urls[:1]]:"}, Mistake.NOT_SUBSCRIBED),
    ("policy_of_the_first", {SET: f"if url in (dead_url, queue_urls[0]):\n    {SET}"}, Mistake.NO_POLICY),
    ("source_is_the_queue", {CONDITION: CONDITION.replace("topic}", 'had["QueueArn"]}')}, Mistake.WRONG_POLICY),
    ("resource_is_the_topic", {'"sqs:SendMessage", "Resource": had["QueueArn"]': '"sqs:SendMessage", "Resource": topic'}, Mistake.WRONG_POLICY),
    ("another_service", {"sns.amazonaws.com": "sqs.amazonaws.com"}, Mistake.WRONG_POLICY),
    ("my_account", {CONDITION: 'send |= {"Condition": {"StringEquals": {"aws:SourceAccount": topic.split(":")[4]}}}'}, Mistake.OPEN_TO_TOPICS),
    ("no_condition", {CONDITION: ""}, Mistake.OPEN_TO_TOPICS),
    ("everybody", {'send = lets | {"Action"': 'send = {"Effect": "Allow", "Principal": "*", "Action"', CONDITION: ""}, Mistake.OPEN_TO_ALL),
    ("statements_replaced", {"[*statements, send]": "[send]"}, Mistake.REPLACED),
    ("no_key_policy", {PUT: ""}, Mistake.NO_KEY_POLICY),
    ("half_of_the_key", {'["kms:GenerateDataKey*", "kms:Decrypt"]': '"kms:GenerateDataKey*"'}, Mistake.WRONG_KEY_POLICY),
    ("key_policy_replaced", {'policy["Statement"].append(use)': 'policy["Statement"] = [use]'}, Mistake.KEY_REPLACED),
    ("key_for_everybody", {USE: 'use = {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}'}, Mistake.KEY_OPEN),
    ("a_key_for_all", {'if had.get("KmsMasterKeyId") == "alias/aws/sqs":': "if True:"}, Mistake.PARTNER_LACKS_KEY),
    ("subscribes_all", {"continue": "pass"}, Mistake.DEAD_SUBSCRIBED),
    ("managed_key_kept", {'"alias/aws/sqs"': '"alias/none"'}, Mistake.MANAGED_KEY),
    ("encryption_off", {REKEY: 'Attributes={"KmsMasterKeyId": ""}'}, Mistake.PLAIN),
    ("sqs_encrypts", {REKEY: 'Attributes={"SqsManagedSseEnabled": "true"}'}, Mistake.PLAIN),
    ("envelope", {'"RawMessageDelivery": "true", ': ""}, Mistake.ENVELOPE),
    ("gifts_alone", {'"RawMessageDelivery": "true"': '"RawMessageDelivery": "true", "FilterPolicy": \'{"kind": ["gift"]}\''}, Mistake.FILTERED),
    ("no_redrive", {', "RedrivePolicy": redrive': ""}, Mistake.NO_DEAD_LETTERS),
    ("redrive_of_the_queue", {', "RedrivePolicy": redrive}': "}\nsqs.set_queue_attributes(QueueUrl=url, Attributes={'RedrivePolicy': json.dumps(json.loads(redrive) | {'maxReceiveCount': 3})})"}, Mistake.NO_DEAD_LETTERS),
    ("dead_without_policy", {SET: f"if url != dead_url:\n    {SET}"}, Mistake.DEAD_DENIED),
    ("adds_each_time", {"if send not in statements:": "if True:"}, Mistake.GROWS),
    ("key_grows", {'if use not in policy["Statement"]:': "if True:"}, Mistake.GROWS),
    ("waits_for_more", {SUBSCRIBE: f"{SUBSCRIBE}\nimport time\nwhile True:\n    time.sleep(1)"}, Mistake.STILL_AT_IT),
    ("looks_around", {SUBSCRIBE: f"{SUBSCRIBE}\nfor time in range(30):\n    sqs.list_queues()"}, Shared.MANY_CALLS),
    ("url_for_arn", {'Endpoint=had["QueueArn"]': "Endpoint=url"}, Stopped.REFUSED),
    ("policy_is_no_text", {'policy = json.dumps({"Version"': 'policy = dict({"Version"'}, Stopped.PARAMETERS),
)


@ANSWERS.right
def connect(sns, sqs, kms, topic, queue_urls, dead_url, key):
    """Sids as names for statements, and one dictionary of policies by what they are of."""
    region, account = topic.split(":")[3:5]
    condition = {"StringEquals": {"AWS:SourceArn": topic, "aws:SourceAccount": account}}

    def add(text, sid, actions, resource):
        policy = json.loads(text or '{"Version": "2012-10-17", "Statement": []}')
        kept = [one for one in policy["Statement"] if one.get("Sid") != sid]
        made = {"Sid": sid, "Effect": "Allow", "Principal": {"Service": ["sns.amazonaws.com"]}, "Action": actions}
        policy["Statement"] = [*kept, made | {"Resource": resource, "Condition": condition}]
        return json.dumps(policy)

    old = kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
    new = add(old, "orders", ["kms:GenerateDataKey", "kms:Decrypt"], "*")
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=new)
    dead = f"arn:aws:sqs:{region}:{account}:undelivered"
    for url in (*queue_urls, dead_url):
        name = url.rpartition("/")[2]
        had = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        given = {"Policy": add(had.get("Policy"), "orders", ["sqs:SendMessage"], had["QueueArn"])}
        if "KmsMasterKeyId" in had:
            given["KmsMasterKeyId"] = key
        sqs.set_queue_attributes(QueueUrl=url, Attributes=given)
        if name != "undelivered":
            attributes = {"RawMessageDelivery": "true", "RedrivePolicy": json.dumps({"deadLetterTargetArn": dead})}
            sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=had["QueueArn"], Attributes=attributes)
