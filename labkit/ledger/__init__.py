"""What is known about AWS, as checked data: quotas, claims, misconceptions, prices and the sources they were read in.

Nothing is read before it is asked for; what is read is checked, and a wrong record is refused by file, id and field.
"""

from labkit.ledger._numbers import price, prices, quota, quotas
from labkit.ledger._reading import sources
from labkit.ledger._records import Claim, LedgerError, Misconception, Price, Quota, Source
from labkit.ledger._statements import cited, claim, claims, claims_of_lesson, misconceptions

__all__ = [
    "Claim",
    "LedgerError",
    "Misconception",
    "Price",
    "Quota",
    "Source",
    "cited",
    "claim",
    "claims",
    "claims_of_lesson",
    "misconceptions",
    "price",
    "prices",
    "quota",
    "quotas",
    "sources",
]
