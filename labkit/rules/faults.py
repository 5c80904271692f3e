"""What AWS leaves to chance, as rates that a lab can turn on."""

from __future__ import annotations

from dataclasses import dataclass

from labkit.ledger import quota
from labkit.rules.chance import draw
from labkit.rules.message import SECOND

LONGEST = quota("sqs.attributes.propagation")
LONGEST_OF_RETENTION = quota("sqs.retention.propagation")
RETENTION = "MessageRetentionPeriod"


@dataclass(frozen=True)
class Faults:
    """How often SQS and the network do what AWS says may happen (each rate from 0 to 1).

    `duplicate`: a receive hands a message out without hiding it. `undelete`: a deleted message comes back once.
    `reorder`: a message swaps its place with later ones. `sample`: share of the servers that a short poll leaves out.
    `lost_response`: a call takes effect but its answer never arrives, so that the SDK sends it again.
    `late_settings`: a setting changed by SetQueueAttributes acts, and is shown, only within the time AWS gives itself.
    """

    duplicate: float = 0.0
    undelete: float = 0.0
    reorder: float = 0.0
    sample: float = 0.0
    lost_response: float = 0.0
    late_settings: float = 0.0

    def __post_init__(self) -> None:
        for name, rate in vars(self).items():
            if not isinstance(rate, (int, float)) or not 0 <= rate <= 1:
                raise ValueError(f"Faults({name}={rate!r}): give a rate from 0 (never) to 1 (each time).")

    @classmethod
    def none(cls) -> Faults:
        """Nothing goes wrong by chance: the default of a lab, and friendlier than AWS."""
        return cls()

    @classmethod
    def documented(cls) -> Faults:
        """Everything AWS says may happen to messages and calls, at teaching rates, which AWS does not publish.

        Settings act at once: a lab that is about late ones asks for `late_settings`. [std-10] [std-11]
        """
        return cls(duplicate=0.05, undelete=0.02, reorder=0.2, sample=0.3, lost_response=0.02)


def lateness(faults: Faults, setting: str, *change: object) -> int:
    """Microseconds until a changed setting of a queue acts; `change` names it for chance. [queue-settings-late]"""
    if draw(*change, setting, "late") >= faults.late_settings:
        return 0
    longest = LONGEST_OF_RETENTION if setting == RETENTION else LONGEST
    return int(draw(*change, setting, "how late") * longest * SECOND)
