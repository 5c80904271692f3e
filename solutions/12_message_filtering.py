# %% [markdown]
# # 12 · Exercise: each service gets its events
#
# About `20` minutes. You need lesson 12, *Message filtering*.
#
# Three shops publish their events at one topic. Four services subscribe, each with a queue of its own, and tell you what
# they want. **Write their filter policies, so that each service gets what it wished for, and nothing else.**

# %%
from labkit import check, hint, solution, try_policy

# %% [markdown]
# ### The events
#
# Each event has attributes and a body. `shop` is `web`, `app` or `till`, and each shop writes its events in a way of its own:
#
# - in the attributes, the kind is `order`, `refund`, `visit` or `test`; **the app writes them with a capital**, `Order`, and **a till
#   writes none**. The country may be missing, too. The weight, in kg, is a Number; `total` is a String, by an old
#   mistake. An event with tags has them as a `String.Array`;
# - in the body, all shops write the same: `kind` in small letters, `total` as a number, and the customer's level.

# %%
events = {
    "web": {
        "Message": '{"event": "1", "kind": "order", "total": 1200, "customer": {"level": "new"}}',
        "MessageAttributes": {
            "shop": {"DataType": "String", "StringValue": "web"},
            "kind": {"DataType": "String", "StringValue": "order"},
            "country": {"DataType": "String", "StringValue": "ES"},
            "total": {"DataType": "String", "StringValue": "1200"},
            "weight": {"DataType": "Number", "StringValue": "2"},
            "tags": {"DataType": "String.Array", "StringValue": '["books", "glass-blue"]'},
        },
    },
    "app": {
        "Message": '{"event": "2", "kind": "order", "total": 20, "customer": {"level": "gold"}}',
        "MessageAttributes": {
            "shop": {"DataType": "String", "StringValue": "app"},
            "kind": {"DataType": "String", "StringValue": "Order"},
            "total": {"DataType": "String", "StringValue": "20"},
            "weight": {"DataType": "Number", "StringValue": "30"},
            "tags": {"DataType": "String.Array", "StringValue": '["fragile"]'},
        },
    },
    "till": {
        "Message": '{"event": "3", "kind": "refund", "total": 4800, "customer": {"level": "new"}}',
        "MessageAttributes": {
            "shop": {"DataType": "String", "StringValue": "till"},
            "country": {"DataType": "String", "StringValue": "PT"},
            "total": {"DataType": "String", "StringValue": "4800"},
            "weight": {"DataType": "Number", "StringValue": "0.5"},
        },
    },
}

# %% [markdown]
# ## The wishes
#
# - `warehouse`: the orders of web and app from Spain (`ES`) or Portugal (`PT`). What a till sells leaves with the customer.
# - `letters`: every event but visits and tests. Those of the tills, which have no kind among their attributes, are
#   welcome, whatever they are.
# - `fraud`: orders of all shops with a total from `1000` up, or of a new customer (level `new`) whatever the total.
# - `parcels`: what weighs from `2` up to, but not including, `30`, and has the tag `fragile`, or a tag that begins with `glass-`.
#
# `policies` returns, for each service by its name, what Subscribe takes: the `FilterPolicy`, and a `FilterPolicyScope` where
# it is not `MessageAttributes`. A policy may be a dict; the check writes it as JSON.

# %% tags=["solution:12-route-orders"]
def policies():
    ### BEGIN SOLUTION
    orders = [{"equals-ignore-case": "order"}]
    some = [{"anything-but": ["visit", "Visit", "test", "Test"]}, {"exists": False}]
    dear, new = {"total": [{"numeric": [">=", 1000]}]}, {"customer": {"level": ["new"]}}
    light, tags = [{"numeric": [">=", 2, "<", 30]}], ["fragile", {"prefix": "glass-"}]
    return {
        "warehouse": {"FilterPolicy": {"kind": orders, "country": ["ES", "PT"]}},
        "letters": {"FilterPolicy": {"kind": some}},
        "fraud": {"FilterPolicy": {"kind": ["order"], "$or": [dear, new]}, "FilterPolicyScope": "MessageBody"},
        "parcels": {"FilterPolicy": {"weight": light, "tags": tags}},
    }
    ### END SOLUTION

# %% [markdown]
# Try a policy before you hand it in; the table says what holds an event back.

# %%
try_policy(events, {"kind": ["order"]})

# %% [markdown]
# ### Check it
#
# The check subscribes four queues with your policies, publishes hundreds of events at a real topic of the lab, and looks at
# what arrived where: on an ordinary day, and with everything that AWS says may happen.

# %% tags=["check:12-route-orders"]
check("12-route-orders", policies)

# %% [markdown]
# ### If you are stuck
#
# There are `4` hints. Run the cell again for the next one, or name one: `hint("12-route-orders", 1)`.

# %%
hint("12-route-orders")

# %% [markdown]
# The solution opens when your answer is right, or after three different tries.

# %%
solution("12-route-orders")
