"""The experiments, one module a topic; each function shows one claim and is named by it."""
