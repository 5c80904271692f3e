"""Probes: one small experiment a claim. It runs in a fresh lab, and must come out different in a wrong world.

A probe is a function in `experiments` under `@probe(claim, sentence, wrong=...)`; the sentence tells what was seen.
`claims_of` and `labkit claims` run each probe where the claim is true. That it fails where the claim is false is proved
by tests/probes, which run all of them there, and again by `labkit claims ID`.
"""

from labkit.probes.states import ClaimState, states
from labkit.probes.table import ClaimsTable, claims_of

__all__ = ["ClaimState", "ClaimsTable", "claims_of", "states"]
