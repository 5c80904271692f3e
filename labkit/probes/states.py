"""What became of a claim: shown by a probe that ran here, cited from its sources, or open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from labkit.aws.lab import Lab
from labkit.ledger import Claim
from labkit.probes.registry import Probe, probes
from labkit.probes.running import Finding, run, run_wrong
from labkit.words import error, say
from labkit.words import probes as words

STATES = ("shown", "cited", "open")


@dataclass(frozen=True)
class ClaimState:
    """A claim, its probe if it has one, and what that probe found just now."""

    claim: Claim
    probe: Probe | None
    finding: Finding | None

    @property
    def state(self) -> str:
        """`shown`, `cited` or `open`; a claim whose probe failed is open."""
        if self.finding is None:
            return self.claim.state
        return "shown" if self.finding.holds else "open"

    @property
    def seen(self) -> str:
        """What the probe saw; without a probe, why the claim can only be cited."""
        if self.finding is not None:
            return self.finding.seen
        return say(self.claim.cited) if self.claim.cited else ""

    @property
    def against(self) -> str:
        """The wrong world in which the probe comes out different, in words; "" without a probe."""
        if self.probe is None:
            return ""
        return say(self.probe.wrong.told, **self.probe.wrong.values)

    def as_record(self) -> dict[str, Any]:
        """The row of `labkit claims --json`."""
        claim = self.claim
        return {
            "id": claim.id,
            "section": claim.section,
            "lesson": claim.lesson,
            "claim": claim.claim,
            "truth": claim.truth,
            "verdict": claim.verdict,
            "value": claim.value,
            "state": self.state,
            "evidence": claim.evidence,
            "seen": self.seen,
            "discriminates": self.probe is not None,
            "against": self.against,
            "source": [{"title": one.title, "url": one.url, "read": f"{one.read}"} for one in claim.sources],
        }


def states(claims: Iterable[Claim]) -> list[ClaimState]:
    """Run the probes of these claims, each in a fresh lab, and return what became of each claim."""
    known = probes()
    found = [(claim, known.get(claim.id)) for claim in claims]
    with Lab():  # the labs inside it open at a third of the price
        return [ClaimState(claim, probe, run(probe) if probe else None) for claim, probe in found]


def in_wrong_world(state: ClaimState) -> Finding | None:
    """What the claim's probe finds in its wrong world; None without a probe."""
    return None if state.probe is None else run_wrong(state.probe)


def check(found: Iterable[ClaimState]) -> None:
    """Raise `LabError` for the first claim whose probe failed, with what was seen and what was expected."""
    for one in found:
        if one.finding is not None and not one.finding.holds:
            finding = one.finding
            raise error(words.FAILED, claim=one.claim.id, seen=finding.seen, expected=finding.expected)


def summary(found: Iterable[ClaimState]) -> str:
    """How many claims are in each state: "41 shown, 3 cited, 1 open"."""
    counted = Counter(one.state for one in found)
    return say(words.SUMMARY, **{state: counted[state] for state in STATES})
