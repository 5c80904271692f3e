# %% [markdown]
# # 08 · Exercise: a fleet that keeps a promise
#
# About `25` minutes. You need lesson 08, *Scaling consumers*.
#
# A depot packs parcels. They wait in a queue, and the instances of an Auto Scaling group pack them, one at a time. Most of
# the day one instance is enough; then, within five minutes, a rush comes. The depot promises its customers how long a
# parcel may wait until somebody begins to pack it, and instances cost money by the minute.
#
# **Keep the promise, and spend no more than `320` instance-minutes a day.** There are two kinds of days. On an ordinary one a parcel takes
# `20 s`; on a day of gifts it takes `4 min`. Both promise `10 min`, both last two hours, and one function must do for both.

# %%
from labkit import check, hint, solution

# %% [markdown]
# ## Your policy
#
# Your function is called once, at the beginning of the day. It is given two boto3 clients, `autoscaling` and `cloudwatch`, and
#
# - `group` and `queue`, the names of the Auto Scaling group (one to `20` instances, group metrics enabled) and of the queue;
# - `seconds`, how long one parcel takes, and `promise`, how many seconds a parcel may wait.
#
# What it sets up then has to look after the day by itself. It may also go on with `time.sleep` in a loop, with no more than
# `1,000` API calls a day, but it need not. If its machine dies, your function is called again on another one.


# %% tags=["solution:08-keep-the-promise"]
def scale(autoscaling, cloudwatch, group, queue, seconds, promise):
    ### BEGIN SOLUTION
    def query(id, namespace, name, dimension, value):
        metric = {"Namespace": namespace, "MetricName": name, "Dimensions": [{"Name": dimension, "Value": value}]}
        return {"Id": id, "MetricStat": {"Metric": metric, "Stat": "Average"}, "ReturnData": False}

    metrics = [
        query("messages", "AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue),
        query("instances", "AWS/AutoScaling", "GroupInServiceInstances", "AutoScalingGroupName", group),
        {"Id": "backlog", "Expression": "messages / instances", "ReturnData": True},
    ]
    tracked = {"TargetValue": 0.8 * promise / seconds, "CustomizedMetricSpecification": {"Metrics": metrics}}
    autoscaling.put_scaling_policy(
        AutoScalingGroupName=group, PolicyName="backlog-per-instance", PolicyType="TargetTrackingScaling",
        TargetTrackingConfiguration=tracked, EstimatedInstanceWarmup=60,
    )
    ### END SOLUTION


# %% [markdown]
# ### Check it
#
# The check plays an ordinary day, a day of gifts, and an ordinary day with everything that AWS says may happen. It looks at
# what happened, not at how you wrote it.

# %% tags=["check:08-keep-the-promise"]
check("08-keep-the-promise", scale)

# %% [markdown]
# ### If you are stuck
#
# There are `4` hints. Run the cell again for the next one, or name one: `hint("08-keep-the-promise", 1)`.

# %%
hint("08-keep-the-promise")

# %% [markdown]
# The solution opens when your answer is right, or after three different tries.

# %%
solution("08-keep-the-promise")
