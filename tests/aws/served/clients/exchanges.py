"""What a client sent and what it was answered, free of what differs from run to run, so that it can be sent again."""

from __future__ import annotations

import json
import re
from typing import NamedTuple
from urllib.parse import quote

ADDRESS = "@address@"
HANDLE = re.compile(r'<(?:Receipt|Task)Handle>([^<]+)<|"(?:Receipt|Task)Handle": ?"([^"]+)"')
CODE = re.compile(r"<Code>([^<]*)</Code>")
NAMES = re.compile(r'<(\w+)[ />]|"(\w+)": ')


class Exchange(NamedTuple):
    """One request as it was on the wire, and the status, code and names in what it was answered."""

    method: str
    path: str
    kind: str
    target: str
    service: str
    agent: str
    body: str
    status: int
    code: str
    names: list


class Places:
    """The address and the handles of a run, in the order in which they were given out."""

    def __init__(self, address):
        self.known = {ADDRESS: address}

    def note(self, answer):
        """Note the handles that an answer gives out."""
        for groups in HANDLE.findall(answer):
            value = next(filter(None, groups))
            if value not in self.known.values():
                self.known[f"@handle {len(self.known)}@"] = value

    def taken_out(self, text):
        """The text with names in the place of what differs from run to run."""
        for name, value in self.known.items():
            text = text.replace(value, name).replace(quote(value, safe=""), quote(name, safe=""))
        return text

    def put_in(self, text):
        """The text with what its names stand for in this run."""
        for name, value in self.known.items():
            text = text.replace(name, value).replace(quote(name, safe=""), quote(value, safe=""))
        return text


def told(status, headers, text):
    """The status, code and names of an answer."""
    code = ""
    if status >= 400:
        query = headers.get("x-amzn-query-error", "").partition(";")[0]
        code = query or (CODE.findall(text) or [""])[0] or json.loads(text)["__type"].rpartition("#")[2]
    return status, code, sorted({next(filter(None, pair)) for pair in NAMES.findall(text)} - {"message"})
