"""A statement's Condition: every key of every operator must be met, one of several values is enough."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple

from labkit.rules.policy.operators import NULL, OPERATORS, Fits, Operator
from labkit.rules.policy.wildcards import Context, Piece, Value, has_variable, pieces, resolve

IF_EXISTS = "IfExists"


class Quantifier(Enum):
    """Which of a request's several values must fit."""

    ALL = "ForAllValues"
    ANY = "ForAnyValue"


class Unmet(NamedTuple):
    """The part of a condition that a request doesn't meet: operator, key and values as written, and what was given.

    `given` is None where the request doesn't have the key.
    """

    operator: str
    key: str
    values: tuple[str, ...]
    given: tuple[Value, ...] | None


@dataclass(frozen=True, slots=True)
class Condition:
    """One key under one operator."""

    written: str
    key: str
    name: str
    values: tuple[str, ...]
    operator: Operator | None
    is_null: bool
    quantifier: Quantifier | None
    if_exists: bool
    templates: tuple[tuple[Piece, ...], ...]
    # What the values fit, where no request must fill them in.
    fixed: tuple[Fits, ...] | None

    def unmet(self, context: Context) -> Unmet | None:
        """What is not met, or None."""
        given = context.get(self.name)
        return None if self._is_met(given or (), context) else Unmet(self.written, self.key, self.values, given)

    def _is_met(self, given: tuple[Value, ...], context: Context) -> bool:
        if self.operator is None or not self.values:
            # An operator that is none, or a key without values, which no service would have taken.
            return False
        if self.is_null:
            return any(fits(_is_empty(given)) for fits in self.fixed or ())
        if not given:
            return self._is_met_without_key(self.operator)
        if self.quantifier is not None and _is_empty(given):
            return self.quantifier is Quantifier.ALL
        return self._is_met_by(given, self.operator, context)

    def _is_met_without_key(self, operator: Operator) -> bool:
        if self.if_exists or self.quantifier is Quantifier.ALL:
            return True
        return operator.negated and self.quantifier is None

    def _is_met_by(self, given: tuple[Value, ...], operator: Operator, context: Context) -> bool:
        expected = self.fixed if self.fixed is not None else self._filled_in(operator, context)
        if expected is None:
            return False
        fitting = [_fits_one(operator.read(value), expected) for value in given]
        if self.quantifier is None:
            # AWS wants a quantifier for keys with several values. Without one here: any of them, negated none.
            return (True in fitting) != operator.negated
        if self.quantifier is Quantifier.ALL:
            return operator.negated not in fitting
        return (not operator.negated) in fitting

    def _filled_in(self, operator: Operator, context: Context) -> list[Fits] | None:
        """What the values fit in this request. A variable that it leaves open fits nothing, negated too: then None."""
        filled = [resolve(template, context) for template in self.templates]
        if operator.negated and None in filled:
            return None
        return [operator.fits(one) for one in filled if one is not None]


def _fits_one(found: Any, expected: Sequence[Fits]) -> bool:
    return found is not None and any(fits(found) for fits in expected)


def _is_empty(given: Iterable[Value]) -> bool:
    """Whether a key is missing or has nothing in it, which AWS counts alike for Null, ForAllValues and ForAnyValue."""
    return not any(given)


def conditions(element: Any, variables: bool) -> tuple[Condition, ...]:
    """Read a Condition element, whatever is in it."""
    if not isinstance(element, Mapping):
        return ()
    return tuple(
        _condition(written, key, given, variables)
        for written, keys in element.items()
        for key, given in (keys.items() if isinstance(keys, Mapping) else [("", None)])
    )


def _condition(written: str, key: str, given: Any, variables: bool) -> Condition:
    head, _, rest = written.rpartition(":")
    quantifier = next((one for one in Quantifier if one.value == head), None)
    if_exists = rest.endswith(IF_EXISTS)
    name = rest.removesuffix(IF_EXISTS)
    known = OPERATORS.get(name) if bool(head) == (quantifier is not None) else None
    is_null = name == NULL
    if is_null and (if_exists or quantifier):  # AWS has no such form
        known = None
    values = _values(given)
    wild = known is not None and known.wild
    filled = variables and known is not None and known.variables
    templates = tuple(pieces(value, wild, filled) for value in values)
    fixed = None
    if known is not None and not any(map(has_variable, templates)):
        fixed = tuple(known.fits(one) for template in templates if (one := resolve(template, {})) is not None)
    return Condition(written, key, key.lower(), values, known, is_null, quantifier, if_exists, templates, fixed)


def _values(given: Any) -> tuple[str, ...]:
    """The values as texts: JSON's numbers and booleans may stand without quotes. Others count as none."""
    many = given if isinstance(given, list) else [given]
    if not all(isinstance(one, str | int | float) for one in many):
        return ()
    return tuple(str(one).lower() if isinstance(one, bool) else str(one) for one in many)
