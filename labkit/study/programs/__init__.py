"""Programs of an answer on machines of their own, and the lines by which they reach real brokers."""
