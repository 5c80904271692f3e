"""Misconceptions as rules: a queue of AWS's with one method overridden, in whose world the belief is true.

What each class believes stands in the ledger's misconceptions, whose entry names the class under `runs`.
"""

from labkit.rules.myths.myth import Myth, myth, myths

__all__ = ["Myth", "myth", "myths"]
