# %% [markdown]
# # 11 · Exercise: one topic gets in, and nobody else
#
# About `25` minutes. You need lesson 11, *Fan-out*.
#
# A bookshop publishes its orders to the topic `orders`. Three services want them, each in a queue that there is already:
#
# - `parcels` has a policy: a partner's account may send returns there. **What stands in a policy must go on standing there.**
# - `letters` is encrypted with the shop's customer managed key, whose policy is the one that KMS writes by default.
# - `reports` is encrypted with `alias/aws/sqs`. You may give it another key, but
#   **`letters` and `reports` stay encrypted with KMS**.
#
# A fourth queue, `undelivered`, is there for what SNS can't deliver. It has neither a policy nor a key of KMS.
#
# **Each of the three gets each order, with the order's text alone as the body. What can't be delivered is kept in `undelivered`.
# Nobody else gets into any of the four**, be it another topic of yours, a topic of another account, or another account that
# sends itself. No other account may use the key, and your own must still be able to administer it.
#
# The page connects the queues at each start, and it starts on two machines, one after the other. A second start
# must not make any policy longer. Both together may take up to `80` API calls. A machine may die in the middle, and answers
# may get lost; then the next start has to mend it.

# %%
import json

from labkit import check, hint, solution

# %% [markdown]
# ## Your function
#
# `connect(sns, sqs, kms, topic, queue_urls, dead_url, key)` is given three boto3 clients, the topic's ARN, the URLs of the
# three queues, that of `undelivered`, and the ARN of the key. It returns when it is done. An error that it raises stops the check,
# which shows it.


# %% tags=["solution:11-let-the-topic-in"]
def connect(sns, sqs, kms, topic, queue_urls, dead_url, key):
    ### BEGIN SOLUTION
    lets = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}}
    use = lets | {"Action": ["kms:GenerateDataKey*", "kms:Decrypt"], "Resource": "*"}
    policy = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
    if use not in policy["Statement"]:
        policy["Statement"].append(use)
        kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(policy))
    for url in [dead_url, *queue_urls]:
        names = ["QueueArn", "Policy", "KmsMasterKeyId"]
        had = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        statements = json.loads(had["Policy"])["Statement"] if "Policy" in had else []
        send = lets | {"Action": "sqs:SendMessage", "Resource": had["QueueArn"]}
        send |= {"Condition": {"ArnEquals": {"aws:SourceArn": topic}}}
        if send not in statements:
            policy = json.dumps({"Version": "2012-10-17", "Statement": [*statements, send]})
            sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        if had.get("KmsMasterKeyId") == "alias/aws/sqs":
            sqs.set_queue_attributes(QueueUrl=url, Attributes={"KmsMasterKeyId": key})
        if url == dead_url:
            redrive = json.dumps({"deadLetterTargetArn": had["QueueArn"]})
            continue
        wants = {"RawMessageDelivery": "true", "RedrivePolicy": redrive}
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=had["QueueArn"], Attributes=wants)
    ### END SOLUTION


# %% [markdown]
# ### Check it
#
# The check starts the page in labs of its own. Then it publishes an order, lets strangers try all four queues, lets the partner
# send, deletes the queue `reports`, and publishes another order.

# %% tags=["check:11-let-the-topic-in"]
check("11-let-the-topic-in", connect)

# %% [markdown]
# ### If you are stuck
#
# There are `4` hints. Run the cell again for the next one, or name one: `hint("11-let-the-topic-in", 1)`.

# %%
hint("11-let-the-topic-in")

# %% [markdown]
# The solution opens when your answer is right, or after three different tries.

# %%
solution("11-let-the-topic-in")
