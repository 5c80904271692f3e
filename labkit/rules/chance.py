"""Chance and identifiers as pure functions of names, so that one more call elsewhere changes nothing."""

from __future__ import annotations

from hashlib import blake2b
from uuid import UUID


def digest(*names: object, size: int = 16) -> bytes:
    """Return `size` bytes (at most 64) that depend on the names and their order, and on nothing else."""
    return blake2b("\x1f".join(map(str, names)).encode(), digest_size=size).digest()


def draw(*names: object) -> float:
    """Return a number in [0, 1) that depends on the names alone.

    `draw(seed, "orders", "duplicate", message_number, receive_number)` is one throw of the dice with a name.
    """
    return int.from_bytes(digest(*names, size=7), "big") / (1 << 56)


def identifier(*names: object) -> str:
    """Return a version 4 UUID as text that depends on the names alone."""
    return str(UUID(bytes=digest(*names), version=4))
