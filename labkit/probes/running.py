"""Runs an experiment in a world and tells in words what was seen."""

from __future__ import annotations

from dataclasses import dataclass
from string import Formatter
from typing import Any

from botocore.exceptions import ClientError

from labkit.probes.bench import Bench, Refuted, clock
from labkit.probes.registry import Probe
from labkit.probes.worlds import AS_DOCUMENTED, World
from labkit.words import probes as words
from labkit.words import say


@dataclass(frozen=True)
class Finding:
    """What one run of a probe showed: `seen` in words, and `expected` where the claim did not hold."""

    claim: str
    holds: bool
    seen: str
    expected: str


def run(probe: Probe, world: World = AS_DOCUMENTED) -> Finding:
    """Run an experiment in a fresh lab of the world; an unexpected refusal by AWS is a finding."""
    return finding(probe, *observe(probe, world))


def finding(probe: Probe, bench: Bench, stopped: str) -> Finding:
    """What an observation says of the claim."""
    expected = say(probe.told, **_values(probe.told, bench.expected))
    if stopped:
        return Finding(probe.claim, False, stopped, expected)
    holds = all(bench.expected[name] == seen for name, seen in bench.seen.items())
    return Finding(probe.claim, holds, say(probe.told, **_values(probe.told, bench.seen)), expected)


def observe(probe: Probe, world: World = AS_DOCUMENTED) -> tuple[Bench, str]:
    """Run an experiment and return its bench with what was seen, and in words what stopped it ("" when nothing did)."""
    bench = Bench(probe.options, world)
    try:
        probe.experiment(bench, **world.instead)
    except Refuted as refuted:
        return bench, str(refuted)
    except ClientError as refusal:
        return bench, _refusal(refusal)
    finally:
        bench.lab.close()
    return bench, ""


def _refusal(refusal: ClientError) -> str:
    """An unexpected refusal in words; what the mock could not do is no answer of AWS, and raised on."""
    code = refusal.response["Error"]["Code"]
    if code == "InternalFailure":
        raise refusal
    return say(words.UNEXPECTED, error=code)


def run_wrong(probe: Probe) -> Finding:
    """Run an experiment in its wrong world, where it has to come out different."""
    return run(probe, probe.wrong)


def names_in(sentence: str) -> set[str]:
    """The names that a sentence wants filled in."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def _values(sentence: str, values: dict[str, Any]) -> dict[str, _Value]:
    return {name: _Value(values.get(name, say(words.NOT_REACHED))) for name in names_in(sentence)}


class _Value:
    """A value in a sentence: `{at:clock}` is an instant, numbers get thousands, lists strokes, True and False words."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __format__(self, kind: str) -> str:
        value = self.value
        if isinstance(value, str):
            return value
        if isinstance(value, (list, tuple)):
            return " / ".join(format(_Value(one), kind) for one in value) or say(words.NONE)
        if kind == "clock":
            return clock(value)
        if isinstance(value, bool):
            return say(words.YES if value else words.NO)
        if value is None:
            return say(words.NEVER)
        return f"{value:,}" if isinstance(value, int) else f"{value:g}" if isinstance(value, float) else str(value)
