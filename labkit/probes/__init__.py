"""Probes: one small experiment a claim. It runs in a fresh lab, and must come out different in a wrong world."""

from labkit.probes.states import ClaimState, states
from labkit.probes.table import ClaimsTable, claims_of

__all__ = ["ClaimState", "ClaimsTable", "claims_of", "states"]
