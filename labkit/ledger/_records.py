"""The records of the ledger: what a source, a quota, a claim, a misconception and a price are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlsplit

DOCUMENTING = ("docs.aws.amazon.com", "docs.amazonaws.cn", "aws.amazon.com")


class LedgerError(ValueError):
    """A record is wrong, or the ledger does not hold what was asked for; one sentence says which."""


@dataclass(frozen=True)
class Source:
    """Something that was read, and when. `how`: a `page` of AWS, the text in botocore's service `model`, a `recording`
    of answers by AWS, a `thread` that quotes such an answer, or an `article` by others: what people believe, or pay.
    """

    key: str
    title: str
    url: str
    read: date
    how: str

    @property
    def documents(self) -> bool:
        """Whether this is AWS's own documentation; answers on re:Post are not, and neither is what others write."""
        return self.how in ("page", "model") and urlsplit(self.url).hostname in DOCUMENTING


@dataclass(frozen=True)
class Quota:
    """One number that AWS documents, in `unit`; `sources` are keys of `sources()`."""

    name: str
    value: int
    unit: str
    statement: str
    sources: tuple[str, ...]
    read: date

    @property
    def service(self) -> str:
        """The service the quota belongs to, such as `sqs`."""
        return self.name.partition(".")[0]


@dataclass(frozen=True)
class Claim:
    """A statement about AWS and what became of it: `verdict` judges `claim`, `truth` says what holds.

    `value` is the number of the truth with its unit, `quota` where the rules take it from, `origin` where the
    statement came from, `probe` the experiment that could show it, `cited` why none runs here, `note` what a careful
    reader should know.
    """

    id: str
    section: str
    lesson: str | None
    claim: str
    truth: str
    verdict: str
    status: str
    value: str | None
    quota: str | None
    sources: tuple[Source, ...]
    evidence: str
    origin: str
    probe: str | None
    cited: str | None
    note: str | None

    @property
    def state(self) -> str:
        """`cited`, or `open` when it could not be confirmed. Only a probe that ran makes a claim `shown`."""
        return "cited" if self.status == "confirmed" else "open"


@dataclass(frozen=True)
class Misconception:
    """What learners believe, what is true, and the claims it concerns.

    `experiment` says how to show it; `runs` names the class of `labkit.rules.myths` in whose world the belief is true.
    """

    id: str
    belief: str
    truth: str
    experiment: str | None
    runs: str | None
    lesson: str | None
    claims: tuple[str, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Price:
    """What AWS charged in one Region on one day for one `unit` of `per` things; `free` things a month cost nothing."""

    name: str
    value: Decimal
    currency: str
    unit: str
    per: int
    free: int
    region: str
    date: date
    source: Source

    def of_a_month(self, things: int) -> Decimal:
        """The bill for so many things in one month, with two decimals."""
        charged = max(0, things - self.free) * self.value / self.per
        return charged.quantize(Decimal("0.01"))
