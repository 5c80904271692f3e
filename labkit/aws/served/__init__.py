"""The same rules behind HTTP on loopback, in real time."""

PORT = 4566  # LocalStack's, which other programs know already
