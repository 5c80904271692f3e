"""The same rules behind HTTP on loopback, in real time."""
