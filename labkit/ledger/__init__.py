"""What is known about AWS, as checked data: quotas, claims, misconceptions, prices and the sources they were read in.

Nothing is read before it is asked for; what is read is checked, and a wrong record is refused by file, id and field.
"""

from labkit.ledger._claims import claim, claims, claims_of_lesson
from labkit.ledger._misconceptions import misconceptions
from labkit.ledger._prices import prices
from labkit.ledger._quotas import quota, quotas
from labkit.ledger._records import Claim, LedgerError, Misconception, Price, Quota, Source
from labkit.ledger._sources import sources

__all__ = [
    "Claim",
    "LedgerError",
    "Misconception",
    "Price",
    "Quota",
    "Source",
    "claim",
    "claims",
    "claims_of_lesson",
    "misconceptions",
    "prices",
    "quota",
    "quotas",
    "sources",
]
