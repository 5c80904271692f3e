"""What is known about AWS, as checked data: quotas, claims, misconceptions, prices and the sources they were read in.

Every record is read from YAML when it is first asked for, and checked then.
"""

from labkit.ledger.quotas import quota, quotas
from labkit.ledger.records import LedgerError, Quota, Source
from labkit.ledger.sources import sources

__all__ = ["LedgerError", "Quota", "Source", "quota", "quotas", "sources"]
