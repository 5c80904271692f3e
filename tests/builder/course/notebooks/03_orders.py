# %% [markdown]
# # Orders that come twice
#
# An order is hidden for {=vis-2} after a receive. {vis-3} Our worker needs `40 s` for $\frac{40}{s}$ of the work.

# %%
import sys

from IPython.display import display

# %% [markdown]
# ## One order

# %%
stock = {"order-1": 3}
print("orders:", stock)

# %%
print("checked", file=sys.stderr)
len(stock)

# %% [markdown]
# ## An order that is missing
# Looking it up fails, as it should.

# %%
stock = {"order-1": 3}

# %% tags=["raises-KeyError"]
stock["order-2"]

# %%
figure = {"data": [{"type": "bar", "y": list(stock.values())}], "layout": {}}
picture = "<img alt='one bar' src='data:image/svg+xml;base64,PHN2Zy8+'>"
display({"application/vnd.plotly.v1+json": figure, "text/html": picture, "text/plain": "one bar: 3"}, raw=True)

# %% [markdown]
# ## Claims of this lesson

# %%
rows = '<table><tr id="vis-2"><td>30 seconds</td></tr><tr id="vis-3"><td>shown</td></tr></table>'
display({"text/html": rows, "text/plain": "vis-2 shown\nvis-3 shown"}, raw=True)
