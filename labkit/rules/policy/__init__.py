"""Who may do what: IAM's policy language and the decision over all policies that bear on a request.

Pure, and compiled once a policy. The IAM user guide was read on 2026-11-30 under
docs.aws.amazon.com/IAM/latest/UserGuide: reference_policies_evaluation-logic and its page across accounts,
reference_policies_elements_condition_operators, reference_policies_condition-logic-multiple-context-keys-or-values,
reference_policies_condition-single-vs-multi-valued-context-keys, reference_policies_elements_principal and
_notprincipal and _resource, reference_policies_variables. What it leaves open is said where it is decided.
"""

from labkit.rules.policy.calls import decide_call, decide_service_call
from labkit.rules.policy.conditions import Unmet
from labkit.rules.policy.decision import Attached, Decision, Kind, Looked, Outcome, decide
from labkit.rules.policy.document import Policy
from labkit.rules.policy.principals import Grant, Principal, PrincipalType
from labkit.rules.policy.refusal import refusal
from labkit.rules.policy.request import Request, context_of_call, context_of_service
from labkit.rules.policy.statement import Because, Effect, Miss, Statement

__all__ = [
    "Attached",
    "Because",
    "Decision",
    "Effect",
    "Grant",
    "Kind",
    "Looked",
    "Miss",
    "Outcome",
    "Policy",
    "Principal",
    "PrincipalType",
    "Request",
    "Statement",
    "Unmet",
    "context_of_call",
    "context_of_service",
    "decide",
    "decide_call",
    "decide_service_call",
    "refusal",
]
