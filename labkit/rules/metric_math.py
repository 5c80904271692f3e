"""CloudWatch's metric math, as far as scaling on a queue needs it: arithmetic, comparisons, FILL, IF, MIN, MAX, SUM."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence

from labkit.rules.refused import Refused

Series = Mapping[int, float]
_OPERATORS: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_OVER_ALL: dict[str, Callable[[Sequence[float]], float]] = {
    "SUM": sum,
    "MIN": min,
    "MAX": max,
    "AVG": lambda values: sum(values) / len(values),
}


def evaluate(expression: str, series: Mapping[str, Series], times: Sequence[int]) -> dict[int, float]:
    """Return the value of an expression at each of `times` at which it has one; `series` are its ids.

    Where a series has no data point, or a divisor is zero, the result has none. Raises `Refused` (ValidationError)
    for an expression outside this part of metric math. [metric-math]
    """
    tree = _tree(expression)
    found: dict[int, float] = {}
    for place, at in enumerate(times):
        value = _Reader(expression, series, times, place).value(tree)
        if value is not None:
            found[at] = float(value)
    return found


def names(expression: str) -> set[str]:
    """The ids that an expression names. Raises `Refused` (ValidationError) for one that cannot be read."""
    return {node.id for node in ast.walk(_tree(expression)) if isinstance(node, ast.Name)}


def _tree(expression: str) -> ast.expr:
    try:
        return ast.parse(expression.replace("^", "**"), mode="eval").body
    except SyntaxError:
        raise _unreadable(expression) from None


def _unreadable(expression: str) -> Refused:
    return Refused("ValidationError", f"Error in expression '{expression}': Invalid syntax")


class _Reader:
    """Reads an expression at one instant; None is a missing data point, and what is made with one is missing too."""

    def __init__(self, expression: str, series: Mapping[str, Series], times: Sequence[int], place: int) -> None:
        self.expression, self.series, self.times, self.place = expression, series, times, place

    def value(self, node: ast.expr) -> float | None:
        match node:
            case ast.Constant(value=int() | float() as number):
                return number
            case ast.Name(id=name) if name in self.series:
                return self.series[name].get(self.times[self.place])
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                value = self.value(operand)
                return None if value is None else -value
            case ast.BinOp(left=left, op=kind, right=right):
                return self._apply(kind, left, right)
            case ast.Compare(left=left, ops=[kind], comparators=[right]):
                return self._apply(kind, left, right)
            case ast.Call(func=ast.Name(id=name), args=args):
                return self._call(name, args)
        raise _unreadable(self.expression)

    def _apply(self, kind: ast.AST, left: ast.expr, right: ast.expr) -> float | None:
        a, b = self.value(left), self.value(right)
        if type(kind) not in _OPERATORS:
            raise _unreadable(self.expression)
        if a is None or b is None:
            return None
        try:
            return _OPERATORS[type(kind)](a, b)
        except (ZeroDivisionError, OverflowError):
            return None

    def _call(self, name: str, args: list[ast.expr]) -> float | None:
        match name, args:
            case "FILL", [series, ast.Name(id="REPEAT")]:
                return self._last(series)
            case "FILL", [series, other]:
                value = self.value(series)
                return self.value(other) if value is None else value
            case "IF", [condition, yes, no]:
                chosen = self.value(condition)
                return None if chosen is None else self.value(yes if chosen else no)
            case _, [ast.List(elts=parts)] if name in _OVER_ALL:
                values = [value for part in parts if (value := self.value(part)) is not None]
                return _OVER_ALL[name](values) if values else None
        raise _unreadable(self.expression)

    def _last(self, series: ast.expr) -> float | None:
        earlier = (_Reader(self.expression, self.series, self.times, place) for place in range(self.place, -1, -1))
        return next((value for reader in earlier if (value := reader.value(series)) is not None), None)
