"""How SNS refuses a filter policy: its sentence, and the place in the policy where its JSON reader stood.

SNS writes the policy anew without spaces before it reads the rules, and names the place in that text (recorded answers
of 2024). Of a string it has read no more than the opening quote unless it needed the text.
"""

from __future__ import annotations

import json
from typing import Any

from labkit.rules.refused import Refused

INVALID = "InvalidParameter"
# A text of more characters is cut there, by the habit of that JSON reader; not recorded for SNS.
LONGEST_SHOWN = 500
Steps = tuple[str | int, ...]


class Refusal:
    """Makes the refusals of one policy. At Subscribe the wrong parameter is the attributes as a whole."""

    def __init__(self, tree: Any, *, subscribing: bool) -> None:
        self._tree = tree
        self._parameter = "Invalid parameter: Attributes Reason: " if subscribing else "Invalid parameter: "

    def plain(self, sentence: str) -> Refused:
        """A refusal that names no place."""
        return Refused(INVALID, f"{self._parameter}FilterPolicy: {sentence}")

    def nested(self) -> Refused:
        """A nested policy on attributes: the one sentence that is not said of the policy but of its scope."""
        reason = "Filter policy scope MessageAttributes does not support nested filter policy"
        return Refused(INVALID, f"{self._parameter}{reason}")

    def opened(self, sentence: str, *steps: str | int) -> Refused:
        """A refusal where a value begins: behind its bracket or quote, or behind the whole of a number or keyword."""
        value = self._at(steps)
        begun = 1 if isinstance(value, (str, list, dict)) else len(_compact(value))
        return self._placed(sentence, self._start(steps) + begun)

    def closed(self, sentence: str, *steps: str | int) -> Refused:
        """A refusal behind the end of a value."""
        return self._placed(sentence, self._start(steps) + len(_compact(self._at(steps))))

    def following(self, sentence: str, number: int, *steps: str | int) -> Refused:
        """A refusal where the given element of a list begins, or behind the list if it has no such element."""
        return self.opened(sentence, *steps, number) if number < len(self._at(steps)) else self.closed(sentence, *steps)

    def _placed(self, sentence: str, read: int) -> Refused:
        text = _compact(self._tree)
        cut = f"[truncated {len(text) - LONGEST_SHOWN} chars]" if len(text) > LONGEST_SHOWN else ""
        source = f'[Source: (String)"{text[:LONGEST_SHOWN]}"{cut}; line: 1, column: {read + 1}]'
        return self.plain(f"{sentence}\n at {source}")

    def _at(self, steps: Steps) -> Any:
        value = self._tree
        for step in steps:
            value = value[step]
        return value

    def _start(self, steps: Steps) -> int:
        """How many characters stand before a value."""
        before, value = 0, self._tree
        for step in steps:
            before += 1  # the bracket
            if isinstance(value, list):
                before += sum(len(_compact(one)) + 1 for one in value[: int(step)])
            else:
                before += _length_before(value, step)
            value = value[step]
        return before


def token(value: Any) -> str:
    """What SNS's reader has of a value that it didn't expect: a bracket, or the whole text of a number or keyword."""
    if isinstance(value, (dict, list)):
        return "{" if isinstance(value, dict) else "["
    return _compact(value)


def _length_before(members: dict[str, Any], name: str | int) -> int:
    length = 0
    for other, value in members.items():
        length += len(_compact(other)) + 1
        if other == name:
            break
        length += len(_compact(value)) + 1
    return length


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
