"""The open labs, innermost last: what moto's replaced methods and the patches on boto3 mean by "the lab"."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

open_labs: list[Lab] = []


def current_lab() -> Lab:
    """The innermost open lab; only to be asked while one is open."""
    return open_labs[-1]
