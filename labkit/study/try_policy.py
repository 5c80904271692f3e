"""`try_policy(messages, policy)`: a filter policy to type, which messages pass, and which key holds others back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from labkit.rules import Refused
from labkit.rules.filters import ATTRIBUTES, FilterPolicy, Published
from labkit.study.page import Code, Page, Part, Rows, Title
from labkit.words import error, say
from labkit.words import try_policy as words
from labkit.words.filters import why_not


class Tried(Page):
    """A policy and what it makes of each message; in a notebook that runs both can be changed."""

    def __init__(self, messages: Mapping[str, Mapping[str, Any]], policy: str, scope: str) -> None:
        self.policy, self.scope = policy, scope
        self._given = messages
        self._published = {
            name: Published(one.get("MessageAttributes", {}), one.get("Message", "")) for name, one in messages.items()
        }
        super().__init__(self._still())

    def answer(self, policy: str, scope: str) -> dict[str, Any]:
        """What SNS makes of a policy: its refusal, or of each message why it doesn't pass ("" where it does)."""
        try:
            compiled = FilterPolicy(policy.strip(), scope)
        except Refused as refused:
            return {"refused": say(words.REFUSED, code=refused.code, text=refused.message), "why": [], "count": ""}
        whys = [_why(compiled, one) for one in self._published.values()]
        return {"refused": "", "why": whys, "count": say(words.COUNT, passing=whys.count(""), messages=len(whys))}

    def shown(self) -> list[list[str]]:
        """Each message's name, and what a policy can look at, as the form shows it."""
        return [[name, _looked_at(one)] for name, one in self._given.items()]

    def _still(self) -> list[Part]:
        answer = self.answer(self.policy, self.scope)
        parts: list[Part] = [Title(say(words.TITLE, scope=self.scope)), Code(self.policy)]
        if answer["refused"]:
            return [*parts, answer["refused"]]
        rows = [
            (name, say(words.HELD if why else words.PASSES), why)
            for name, why in zip(self._given, answer["why"], strict=True)
        ]
        return [*parts, Rows([say(head) for head in words.HEADS], rows), answer["count"]]

    def live(self) -> dict[str, Any]:
        """The form to type in, where a notebook is open."""
        from labkit.study.form import policy_of

        return policy_of(self)


def try_policy(messages: Mapping[str, Mapping[str, Any]], policy: Any = "", scope: str = ATTRIBUTES) -> Tried:
    """Show which messages pass a filter policy, and of the others the key that fails and why.

    `messages` are by name what Publish takes (`Message`, `MessageAttributes`); `policy` is JSON as text, or what is
    to be written as JSON. Nothing is published and nothing is subscribed. Raises `LabError` for other messages or
    another scope; a policy that SNS refuses is shown with its refusal.
    """
    if not isinstance(messages, Mapping) or not all(isinstance(one, Mapping) for one in messages.values()):
        raise error(words.NOT_MESSAGES, given=messages)
    if scope not in words.SCOPES:
        raise error(words.NOT_A_SCOPE, given=scope)
    return Tried(messages, policy if isinstance(policy, str) else json.dumps(policy), scope)


def _why(policy: FilterPolicy, published: Published) -> str:
    failing = policy.decide(published).failing
    return "; ".join(why_not(one.why, one.key, one.found) for one in failing)


def _looked_at(message: Mapping[str, Any]) -> str:
    given = message.get("MessageAttributes", {}).items()
    told = [
        say(words.ATTRIBUTE, name=name, value=one.get("StringValue", ""), type=one.get("DataType", ""))
        for name, one in given
    ]
    return "\n".join([*told, say(words.BODY, body=message.get("Message", ""))])
