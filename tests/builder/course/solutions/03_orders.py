# %% [markdown]
# # Exercise: count the orders
#
# An order is hidden for {=vis-2}.

# %% tags=["solution:count-orders"]
def count_orders(stock):
    """How many pieces are in stock."""
    ### BEGIN SOLUTION
    return sum(stock.values())
    ### END SOLUTION


# %% tags=["check:count-orders"]
try:
    print("right" if count_orders({"order-1": 3, "order-2": 2}) == 5 else "wrong")
except NotImplementedError:
    print("not attempted")
