# %% [markdown]
# # 05 · Exercise: charge once
#
# About `20` minutes. You need lesson 05, *Delivery guarantees*.
#
# A bookshop takes its orders through the queue `orders`. The body of each message is the order's id, such as `order-1`.
# Two workers on two machines charge the orders: each row of the DynamoDB table `payments` is collected by the bank at
# midnight.
#
# Machines die, answers get lost, deliveries come twice, DynamoDB is away for a moment, and now and then the till sends an
# order a second time. In the end **every order has exactly one payment**, and **no message is left** in the queue. For
# that no more than `500` API calls are made on a day.

# %%
from labkit import check, hint, solution

# %% [markdown]
# ## Your worker
#
# You are given three things:
#
# - `sqs`, a boto3 client, and `queue_url`, the address of the queue;
# - `dynamodb`, a boto3 client, with two tables. The key of `payments` is `payment_id`, and each payment has the
#   attribute `order_id`; both are texts, `{"S": "..."}`. The table `done`, with the key `order_id`, is there for notes of
#   your own.
#
# A worker that returns, or that ends because DynamoDB is away, is started again after one second, as supervisors do on
# AWS; an error that isn't announced here stops the check, which shows it. After a crash it starts on another machine, with
# nothing in its memory.

# %% tags=["solution:05-charge-once"]
def worker(sqs, queue_url, dynamodb):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            order = message["Body"]
            ### BEGIN SOLUTION
            try:
                dynamodb.put_item(
                    TableName="payments",
                    Item={"payment_id": {"S": order}, "order_id": {"S": order}},
                    ConditionExpression="attribute_not_exists(payment_id)",
                )
            except dynamodb.exceptions.ConditionalCheckFailedException:
                pass  # somebody has charged it already, perhaps this worker
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
            ### END SOLUTION

# %% [markdown]
# ### Check it
#
# The check runs your function on an ordinary morning, under every order of events with one fault in every place, the same
# with an order that was sent twice, and through a night with everything that AWS says may happen. When a schedule goes
# wrong, it tells the shortest one.

# %% tags=["check:05-charge-once"]
check("05-charge-once", worker)

# %% [markdown]
# ### If you are stuck
#
# There are `4` hints. Run the cell again for the next one, or name one: `hint("05-charge-once", 1)`.

# %%
hint("05-charge-once")

# %% [markdown]
# The solution opens when your answer is right, or after three different tries.

# %%
solution("05-charge-once")
