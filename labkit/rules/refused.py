"""The one exception that rules raise: what AWS answers when it refuses a call."""

from __future__ import annotations


class Refused(Exception):
    """AWS refuses the call: `code` is AWS's error code, `message` AWS's wording."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
