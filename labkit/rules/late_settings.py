"""How late a changed setting of a queue acts, where `Faults` say so: within a minute, the retention within 15."""

from __future__ import annotations

from labkit.ledger import quota
from labkit.rules.chance import draw
from labkit.rules.faults import Faults
from labkit.rules.message import SECOND

LONGEST = quota("sqs.attributes.propagation")
LONGEST_OF_RETENTION = quota("sqs.retention.propagation")
RETENTION = "MessageRetentionPeriod"


def lateness(faults: Faults, setting: str, *change: object) -> int:
    """Microseconds until a change of a setting acts; `change` names it for chance. [queue-settings-late]"""
    if draw(*change, setting, "late") >= faults.late_settings:
        return 0
    longest = LONGEST_OF_RETENTION if setting == RETENTION else LONGEST
    return int(draw(*change, setting, "how late") * longest * SECOND)
