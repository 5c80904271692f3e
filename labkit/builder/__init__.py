"""Builds the notebooks: NN_name.py (percent format) -> executed, byte-identical NN_name.ipynb.

Reads marks like {vis-2} from the ledger, refuses unproved numbers in prose and unnamed errors, and prints the norms.
"""

from labkit.builder.command import main
from labkit.builder.source import BuildError, Kind, Source, sources
from labkit.builder.work import build, differences

__all__ = ["BuildError", "Kind", "Source", "build", "differences", "main", "sources"]
