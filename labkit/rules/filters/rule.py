"""What a filter policy can ask of a value, one class an operator, and how the keys of a policy belong together."""

from __future__ import annotations

from dataclasses import dataclass

from labkit.rules.filters.values import Value


@dataclass(frozen=True, slots=True)
class Exactly:
    """The value itself."""

    value: Value


@dataclass(frozen=True, slots=True)
class IgnoringCase:
    """A string, in whichever case: `equals-ignore-case`."""

    text: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """A string that begins so."""

    text: str


@dataclass(frozen=True, slots=True)
class Suffix:
    """A string that ends so."""

    text: str


@dataclass(frozen=True, slots=True)
class Wildcard:
    """A string made of these parts in turn, with anything between them: `*ball` has the parts "" and "ball"."""

    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Network:
    """A string that is an IP address whose first bits are these: `cidr`. `version` is 4 or 6."""

    version: int
    bits: int
    first: int


@dataclass(frozen=True, slots=True)
class Range:
    """A number from `low` to `high`, both included, in hundred-thousandths: `numeric`."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class AnythingBut:
    """A value that none of these rules matches."""

    rules: tuple[Exactly | Prefix | Suffix | Wildcard, ...]


@dataclass(frozen=True, slots=True)
class Exists:
    """Whether the key has a value at all."""

    wanted: bool


Rule = Exactly | IgnoringCase | Prefix | Suffix | Wildcard | Network | Range | AnythingBut | Exists


@dataclass(frozen=True, slots=True)
class Key:
    """A key with the rules of its list, one of which must match. `level` is 1 at the top, 2 in an object, and so on."""

    path: str
    level: int
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Groups of which one must match: `$or`."""

    groups: tuple[Group, ...]


# What must match together.
Group = tuple[Key | Or, ...]
