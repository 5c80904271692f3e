"""SNS filter policies as rules: what SNS takes as one, which messages pass it, and why another doesn't.

Read on 2026-11-30: the pages sns-subscription-filter-policies, string-value-matching, numeric-value-matching,
attribute-key-matching, and-or-logic and subscription-filter-policy-constraints of AWS's guide; answers of AWS that a
public emulator recorded in May 2024; and for what both leave open the engine that AWS publishes, Event Ruler. What none
of them settles stands as *open* in the docstring of its place.
"""

from labkit.rules.filters.grammar import ATTRIBUTES, BODY, check_scope
from labkit.rules.filters.policy import Decision, Failure, FilterPolicy, check
from labkit.rules.filters.published import Published

__all__ = ["ATTRIBUTES", "BODY", "Decision", "Failure", "FilterPolicy", "Published", "check", "check_scope"]
