"""Sentences that labkit adds to what Jupyter shows."""

UNKNOWN_NAME = "No cell that you ran has made `{name}` yet: run the notebook's first code cell and the first one of this section, then this cell again."
