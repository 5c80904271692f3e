"""A fleet of consumers that scales, driven by the rules alone: for sizes that calls cannot reach."""

from labkit.fleet.fleet import Fleet, Minute
from labkit.fleet.options import Options

__all__ = ["Fleet", "Minute", "Options"]
