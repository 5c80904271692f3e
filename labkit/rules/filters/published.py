"""A message as filter policies see it, read once for all the policies of a topic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from labkit.causes import Mismatch
from labkit.rules.filters.values import NUMBER, NotJson, Value, number, read, scalars, value

# AWS's page on constraints names String, String.Array and Number. Of Number.Array its page on numbers has an example.
ARRAYS = ("String.Array", "Number.Array")
COMPARED = ("String", "Number", *ARRAYS)
Values = Mapping[str, tuple[Value, ...]]


class Published:
    """A message's attributes, `{name: {"DataType": ..., "StringValue": ...}}`, and its body.

    Nothing in either raises: what SNS doesn't compare has no values. Open: that such an attribute, a Binary one for
    example, counts as none also for `exists`.
    """

    def __init__(self, attributes: Mapping[str, Mapping[str, Any]] | None = None, body: str = "") -> None:
        self._given = attributes or {}
        self._text = body

    @property
    def has_attributes(self) -> bool:
        """Whether it has any attribute, compared or not."""
        return bool(self._given)

    @cached_property
    def attributes(self) -> Values:
        """The values of each attribute that SNS compares; none of an array that is empty or is none."""
        return {
            name: tuple(_values(attribute))
            for name, attribute in self._given.items()
            if attribute.get("DataType") in COMPARED and isinstance(attribute.get("StringValue"), str)
        }

    @cached_property
    def properties(self) -> Values:
        """The values of each leaf of the body, by its path with dots; those of a list are together.

        Open: whether SNS asks that the values of two keys stand in the same element of a list. Here they needn't.
        """
        return _leaves(self._body) if isinstance(self._body, dict) else {}

    @cached_property
    def _body(self) -> Any:
        try:
            return read(self._text)
        except NotJson as problem:
            return problem

    def why_no_attribute(self, name: str) -> Mismatch:
        """Why an attribute has no values."""
        if name not in self._given:
            return Mismatch.MISSING
        return Mismatch.MALFORMED if name in self.attributes else Mismatch.IGNORED_TYPE

    def why_no_property(self, path: str) -> Mismatch:
        """Why a property of the body has no values: it isn't there, or it is an object or an empty list."""
        if isinstance(self._body, NotJson):
            return Mismatch.NOT_JSON
        if not isinstance(self._body, dict):
            return Mismatch.NOT_AN_OBJECT
        return Mismatch.NO_LEAF if path in _inner(self._body) else Mismatch.MISSING


def _values(attribute: Mapping[str, Any]) -> Iterator[Value]:
    kind, text = attribute["DataType"], attribute["StringValue"]
    if kind == "String":
        yield text
    elif kind == "Number" and NUMBER.fullmatch(text):
        yield number(text)
    elif kind in ARRAYS:
        yield from _elements(text)


def _elements(text: str) -> Iterator[Value]:
    try:
        array = read(text)
    except NotJson:
        return
    if isinstance(array, list):
        yield from scalars(array)


def _leaves(body: dict[str, Any]) -> Values:
    found: dict[str, list[Value]] = {}
    for path, node in _nodes(body):
        if not isinstance(node, (dict, list)):
            found.setdefault(path, []).append(value(node))
        elif not node:
            found.setdefault(path, [])  # it has no value, but the body isn't without properties
    return {path: tuple(values) for path, values in found.items()}


def _inner(body: dict[str, Any]) -> set[str]:
    return {path for path, node in _nodes(body) if isinstance(node, (dict, list))}


def _nodes(body: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Everything in a body but itself, in its order, with its path; without recursion, for a body may be deep."""
    waiting: list[tuple[str, Any]] = [(name, body[name]) for name in reversed(body)]
    while waiting:
        path, node = waiting.pop()
        yield path, node
        if isinstance(node, dict):
            waiting += [(f"{path}.{name}", node[name]) for name in reversed(node)]
        elif isinstance(node, list):
            waiting += [(path, one) for one in reversed(node)]
